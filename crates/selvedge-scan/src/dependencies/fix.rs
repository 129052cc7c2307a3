//! The smallest change that removes a problem: which version, whose line to edit, which command to run.

use selvedge_model::{ByteRange, Edit, Remediation};
use selvedge_package::{Component, Ecosystem, Manifest, Relation};

use super::Case;

/// Direct dependencies that are named as the ones to raise; more are counted.
const PARENTS_SHOWN: usize = 3;

/// What to do about the component at `index`. `clear` is the lowest version without any known problem, `fixed`
/// the lowest one without the problem at hand.
pub(crate) fn advise(case: &Case<'_>, index: u32, clear: Option<&str>, fixed: Option<&str>) -> Remediation {
    let component = &case.manifest.components[index as usize];
    let Some(target) = clear.or(fixed) else { return without_fix(component) };
    let mut steps = Vec::new();
    let still = if clear.is_none() { " (other advisories of it stay open)" } else { "" };
    let command = command(case.manifest, component, target);
    match component.relation {
        Relation::Transitive => {
            let parents = direct_parents(case.manifest, index);
            let through =
                if parents.is_empty() { String::new() } else { format!(", which {} in", brings(&parents)) };
            steps.push(raised(component, target, still, &through, command.as_deref()));
            if !parents.is_empty() {
                let named = parents.first().map_or("", |parent| parent.name.as_str());
                let more = if parents.len() > 1 { " (or the others)" } else { "" };
                steps.push(format!(
                    "If {named}{more} does not allow {target}, raise it to a version that does{}.",
                    overriding(case.manifest, component, target)
                ));
            }
        }
        Relation::Root | Relation::Direct | Relation::Unknown => {
            steps.push(raised(component, target, still, "", command.as_deref()));
        }
    }
    let edits = edit(case, component, target).into_iter().collect();
    Remediation { steps, edits }
}

fn raised(component: &Component, target: &str, still: &str, through: &str, command: Option<&str>) -> String {
    let from = component.version.as_deref().map_or(String::new(), |version| format!(" from {version}"));
    let command = command.map_or(String::new(), |command| format!(": `{command}`"));
    format!("Raise {}{through}{from} to {target} or later{still}{command}", component.name)
}

fn without_fix(component: &Component) -> Remediation {
    Remediation::steps([
        format!("No fixed version of {} is known. Look whether the affected part is used, and replace it if so.", component.name),
        "If the risk is acceptable for now, add an exception with an owner, a reason and an end, or a VEX statement.".to_owned(),
    ])
}

/// `a and b bring`, `a brings`.
fn brings(parents: &[&Component]) -> String {
    let names: Vec<&str> = parents.iter().take(PARENTS_SHOWN).map(|parent| parent.name.as_str()).collect();
    let more = parents.len().saturating_sub(PARENTS_SHOWN);
    match (names.as_slice(), more) {
        ([only], 0) => format!("{only} brings"),
        (names, 0) => format!("{} and {} bring", names[..names.len() - 1].join(", "), names[names.len() - 1]),
        (names, more) => format!("{} and {more} more bring", names.join(", ")),
    }
}

/// The direct dependencies from which there is a way to the component, in the order of the file.
fn direct_parents(manifest: &Manifest, index: u32) -> Vec<&Component> {
    let mut above: Vec<Vec<u32>> = vec![Vec::new(); manifest.components.len()];
    for (parent, component) in manifest.components.iter().enumerate() {
        for child in &component.dependencies {
            if let Some(list) = above.get_mut(*child as usize) {
                list.push(parent as u32);
            }
        }
    }
    let mut seen = vec![false; manifest.components.len()];
    let mut pending = vec![index];
    while let Some(at) = pending.pop() {
        for parent in &above[at as usize] {
            if !std::mem::replace(&mut seen[*parent as usize], true) {
                pending.push(*parent);
            }
        }
    }
    let direct = |(at, component): &(usize, &Component)| seen[*at] && component.relation == Relation::Direct;
    manifest.components.iter().enumerate().filter(direct).map(|(_, component)| component).collect()
}

/// The command of the package manager that raises one package.
fn command(manifest: &Manifest, component: &Component, target: &str) -> Option<String> {
    let name = component.binary_name.as_deref().unwrap_or(&component.name);
    let is_direct = component.relation == Relation::Direct;
    Some(match manifest.format {
        "cargo-lock" => match &component.version {
            Some(version) => format!("cargo update -p {name}@{version} --precise {target}"),
            None => format!("cargo update -p {name}"),
        },
        "cargo-toml" => format!("cargo add {name}@{target}"),
        "package-lock" | "npm-shrinkwrap" | "package-json" if is_direct => {
            format!("npm install {name}@{target}")
        }
        "package-lock" | "npm-shrinkwrap" => format!("npm update {name}"),
        // The file is the same for both; Berry has another command.
        "yarn-lock" => format!("yarn upgrade {name}@{target}` (Berry: `yarn up {name}@{target}"),
        "pnpm-lock" => format!("pnpm update {name}@{target} --depth Infinity"),
        "bun-lock" => format!("bun update {name}"),
        "poetry-lock" => format!("poetry update {name}"),
        "uv-lock" => format!("uv lock --upgrade-package {name}=={target}"),
        "pdm-lock" => format!("pdm update {name}"),
        "pipfile-lock" => format!("pipenv upgrade {name}=={target}"),
        "requirements-txt" => format!("pip install '{name}=={target}'"),
        "go-mod" => format!("go get {name}@{} && go mod tidy", go_version(target)),
        "gemfile-lock" => format!("bundle update --conservative {name}"),
        "composer-lock" => format!("composer update {name} --with {name}:{target}"),
        "gradle-lockfile" => format!("./gradlew dependencies --update-locks {name}"),
        "nuget-packages-lock" | "msbuild-project" => format!("dotnet add package {name} --version {target}"),
        "pubspec-lock" => format!("dart pub upgrade {name}"),
        "mix-lock" => format!("mix deps.update {name}"),
        "swift-package-resolved" => {
            format!("swift package update {}", name.rsplit('/').next().unwrap_or(name))
        }
        "podfile-lock" => format!("pod update {name}"),
        _ => return system_command(component, name),
    })
}

fn system_command(component: &Component, name: &str) -> Option<String> {
    Some(match component.ecosystem {
        Ecosystem::Debian | Ecosystem::Ubuntu => format!("apt-get install --only-upgrade {name}"),
        Ecosystem::Alpine | Ecosystem::Wolfi | Ecosystem::Chainguard => format!("apk upgrade {name}"),
        Ecosystem::OpenSuse | Ecosystem::Suse => format!("zypper update {name}"),
        Ecosystem::ArchLinux => "pacman -Syu".to_owned(),
        ecosystem if ecosystem.is_distribution() => format!("dnf upgrade {name}"),
        _ => return None,
    })
}

fn go_version(version: &str) -> String {
    if version.starts_with('v') { version.to_owned() } else { format!("v{version}") }
}

/// How the package manager lets the project overrule what a parent asks for.
fn overriding(manifest: &Manifest, component: &Component, target: &str) -> String {
    let name = &component.name;
    match manifest.format {
        "package-lock" | "npm-shrinkwrap" => {
            format!(", or set `\"overrides\": {{\"{name}\": \"{target}\"}}` in package.json")
        }
        "yarn-lock" => {
            format!(", or set `\"resolutions\": {{\"{name}\": \"{target}\"}}` in package.json")
        }
        "pnpm-lock" => format!(", or set `overrides: {{ \"{name}\": \"{target}\" }}` for pnpm"),
        "maven-pom" => format!(", or pin {name} to {target} in dependencyManagement"),
        "uv-lock" => format!(", or add `{name}>={target}` to `tool.uv.constraint-dependencies`"),
        _ => String::new(),
    }
}

/// The edit that raises the version where the project itself writes it: only where the old version stands
/// exactly once in the line, so that nothing else is changed.
fn edit<'a>(case: &Case<'a>, component: &'a Component, target: &str) -> Option<Edit> {
    let writes_versions = matches!(
        case.manifest.format,
        "requirements-txt"
            | "go-mod"
            | "maven-pom"
            | "msbuild-project"
            | "nuget-central-packages"
            | "gradle-version-catalog"
    );
    let version = component.version.as_deref().filter(|_| writes_versions)?;
    let editable = matches!(component.relation, Relation::Direct | Relation::Unknown);
    let written = case.written(component);
    if !editable || written.bytes.is_empty() || component.span.line == 0 {
        return None;
    }
    let (start, end) = (component.span.start as usize, component.span.end as usize);
    let (before, after) = written.bytes.split_at_checked(start)?;
    let from = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let to = after.iter().position(|byte| *byte == b'\n').map_or(written.bytes.len(), |at| start + at);
    let line = std::str::from_utf8(written.bytes.get(from..to.max(end))?).ok()?;
    let mut places = line.match_indices(version).filter(|(at, _)| stands_alone(line, *at, version.len()));
    let (at, _) = places.next()?;
    if places.next().is_some() {
        return None;
    }
    let range = ByteRange::new(from + at, from + at + version.len());
    let replacement = if component.ecosystem == Ecosystem::Go && version.starts_with('v') {
        go_version(target)
    } else {
        target.to_owned()
    };
    Some(Edit { path: written.path.to_owned(), range, replacement })
}

/// Whether the match is not part of a longer version.
fn stands_alone(line: &str, at: usize, length: usize) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '+';
    let before = line[..at].chars().next_back().is_some_and(part);
    let after = line[at + length..].chars().next().is_some_and(part);
    !before && !after
}
