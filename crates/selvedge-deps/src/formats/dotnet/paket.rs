//! `paket.lock` and `paket.dependencies`, the files of the Paket package manager.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Scope};

use crate::draft::Draft;
use crate::names::Names;
use crate::requirement::Requirement;
use crate::syntax::lines::{Line, lines};
use crate::{Files, Format, PackageFile, Parsed};

/// `paket.lock`.
pub(super) const LOCK: Format = Format {
    id: "paket-lock",
    matches: |path| path.rsplit('/').next() == Some("paket.lock"),
    parse: parse_lock,
};

/// `paket.dependencies`.
pub(super) const DEPENDENCIES: Format = Format {
    id: "paket-dependencies",
    matches: |path| path.rsplit('/').next() == Some("paket.dependencies"),
    parse: parse_dependencies,
};

/// Address of the public registry.
const REGISTRY: &str = "nuget.org";

/// Statements of `paket.dependencies` that name no package.
const SETTINGS: &[&str] = &[
    "cache",
    "clitool",
    "condition",
    "content",
    "copy_content_to_output_dir",
    "copy_local",
    "external_lock",
    "framework",
    "generate_load_scripts",
    "group",
    "import_targets",
    "license_download",
    "lowest_matching",
    "redirects",
    "references",
    "restriction",
    "source",
    "specific_version",
    "storage",
    "strategy",
    "version",
];

/// Scope of a group by its name.
fn scope_of_group(name: &str) -> Scope {
    let lower = name.to_ascii_lowercase();
    if lower.contains("test") {
        Scope::Development
    } else if lower == "build" {
        Scope::Build
    } else {
        Scope::Runtime
    }
}

fn parse_lock(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, LOCK.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let mut lock = Lock::default();
    for line in lines(&mut draft).iter().filter(|line| !line.trimmed().is_empty()) {
        lock.take(&mut draft, line);
    }
    if !lock.has_section && !file.bytes.trim_ascii().is_empty() {
        draft.problem_with_file("no section of a Paket lockfile found");
        return draft.fail();
    }
    lock.finish(&mut draft, files);
    draft.finish()
}

/// What was read so far.
#[derive(Debug, Default)]
struct Lock {
    has_section: bool,
    /// `NUGET`, `GITHUB`, `GIT`, `GIST`, `HTTP`.
    section: String,
    remote: String,
    group: String,
    /// Names are resolved in their group.
    names: BTreeMap<String, Names>,
    package: Option<u32>,
}

impl Lock {
    fn take(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        let text = line.trimmed();
        match line.indent() {
            0 => self.begin(draft, line),
            2 => {
                let (key, value) = text.split_once(':').unwrap_or((text, ""));
                if key == "remote" {
                    value.trim().clone_into(&mut self.remote);
                }
            }
            4 | 5 => self.package(draft, line),
            6 | 7 => {
                let name = text.split(" (").next().unwrap_or(text).split(" - ").next().unwrap_or(text);
                if let Some(package) = self.package {
                    self.names
                        .entry(self.group.clone())
                        .or_default()
                        .need(package, name.trim().to_lowercase());
                }
            }
            indent => draft.problem(line.number, format!("unexpected indentation by {indent}")),
        }
    }

    fn begin(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        let text = line.trimmed();
        self.package = None;
        match text {
            "NUGET" | "GITHUB" | "GIT" | "GIST" | "HTTP" => {
                text.clone_into(&mut self.section);
                self.has_section = true;
            }
            _ if text.starts_with("GROUP ") => text[6..].trim().clone_into(&mut self.group),
            _ if text.contains(':') => {}
            _ => draft.problem(line.number, format!("unknown section `{text}`")),
        }
    }

    fn package(&mut self, draft: &mut Draft<'_>, line: &Line<'_>) {
        let text = line.trimmed();
        let Some((name, version)) =
            text.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.split_once(')')?.0)))
        else {
            draft.problem(line.number, "expected `<name> (<version>)`");
            return;
        };
        let component = match self.section.as_str() {
            "NUGET" => Component {
                ecosystem: Ecosystem::NuGet,
                name: name.to_owned(),
                version: Some(version.to_owned()),
                origin: registry(&self.remote),
                ..Component::default()
            },
            "HTTP" => Component {
                ecosystem: Ecosystem::Other,
                name: name.to_owned(),
                origin: Origin::Url(self.remote.clone()),
                ..Component::default()
            },
            _ => self.repository(version),
        };
        let span = draft.span(line.range());
        self.package = draft.push(Component { scope: scope_of_group(&self.group), span, ..component });
        if let Some(package) = self.package {
            self.names.entry(self.group.clone()).or_default().add(name.to_lowercase(), package);
        }
    }

    /// A repository, of which Paket takes a file or builds everything.
    fn repository(&self, version: &str) -> Component {
        let is_commit = version.len() >= 7 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        let url = match self.section.as_str() {
            "GITHUB" => format!("https://github.com/{}", self.remote),
            "GIST" => format!("https://gist.github.com/{}", self.remote),
            _ => self.remote.clone(),
        };
        Component {
            ecosystem: Ecosystem::Git,
            name: self.remote.clone(),
            version: (!is_commit).then(|| version.to_owned()),
            origin: Origin::Git { url, commit: is_commit.then(|| version.to_owned()) },
            ..Component::default()
        }
    }

    fn finish(&self, draft: &mut Draft<'_>, files: &dyn Files) {
        for names in self.names.values() {
            names.connect(draft);
        }
        let Some(path) = draft.file.sibling("paket.dependencies") else { return };
        let Some(bytes) = files.get(&path) else { return };
        let mut beside = Draft::new(&PackageFile::new(&path, bytes), DEPENDENCIES.id);
        let mut direct = Vec::new();
        for (group, _, requirement) in read_dependencies(&mut beside) {
            let names = self.names.get(&group);
            for index in names.map_or(&[][..], |names| names.of(&requirement.name.to_lowercase())) {
                requirement.note(draft, *index, &path);
                direct.push((*index, requirement.scope));
            }
        }
        draft.manifest.spread(&direct);
        draft.manifest.absorbed.push(path);
    }
}

fn registry(remote: &str) -> Origin {
    if remote.is_empty() || remote.contains(REGISTRY) {
        Origin::Registry
    } else {
        Origin::OtherRegistry(remote.to_owned())
    }
}

fn parse_dependencies(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, DEPENDENCIES.id);
    for (_, ecosystem, requirement) in read_dependencies(&mut draft) {
        draft.push(requirement.into_component(ecosystem));
    }
    draft.finish()
}

/// Group, ecosystem and requirement of each package that is named.
fn read_dependencies(draft: &mut Draft<'_>) -> Vec<(String, Ecosystem, Requirement)> {
    let mut found = Vec::new();
    let mut group = String::new();
    for line in lines(draft) {
        let text = without_comment(line.text).trim();
        let (verb, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        let rest = rest.trim();
        match verb {
            "" => {}
            "group" => rest.clone_into(&mut group),
            "nuget" | "github" | "git" | "gist" | "http" => {
                let (ecosystem, mut requirement) = if verb == "nuget" {
                    (Ecosystem::NuGet, nuget(rest))
                } else {
                    (Ecosystem::Git, repository(verb, rest))
                };
                requirement.scope = scope_of_group(&group);
                requirement.span = draft.span(line.range_of(text));
                found.push((group.clone(), ecosystem, requirement));
            }
            _ if SETTINGS.contains(&verb.trim_end_matches(':')) => {}
            _ => draft.problem(line.number, format!("unknown statement `{verb}`")),
        }
    }
    found
}

/// `#` and `//` begin a comment, the latter not inside of an address.
fn without_comment(text: &str) -> &str {
    let text = text.split('#').next().unwrap_or(text);
    let comment = text.match_indices("//").find(|(at, _)| !text[..*at].ends_with(':'));
    comment.map_or(text, |(at, _)| &text[..at])
}

/// `Name ~> 2.6.3 option: value`.
fn nuget(text: &str) -> Requirement {
    let mut words = text.split_ascii_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    let words: Vec<&str> = words.take_while(|word| !word.ends_with(':')).collect();
    let version = match words[..] {
        [version] if version.starts_with(|c: char| c.is_ascii_digit()) => Some(version),
        ["=" | "==", version] => Some(version),
        _ => None,
    };
    Requirement {
        name,
        version: version.map(str::to_owned),
        requirement: (!words.is_empty()).then(|| words.join(" ")),
        ..Requirement::default()
    }
}

/// `owner/name:version file`, an address for `git` and `http`.
fn repository(verb: &str, text: &str) -> Requirement {
    let mut words = text.split_ascii_whitespace();
    let first = words.next().unwrap_or_default();
    let (name, reference) = match verb {
        "github" | "gist" => first.split_once(':').map_or((first, None), |(name, it)| (name, Some(it))),
        _ => (first, words.next()),
    };
    let is_commit = |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let commit = reference.filter(|text| is_commit(text)).map(str::to_owned);
    let url = if verb == "github" { format!("https://github.com/{name}") } else { name.to_owned() };
    Requirement {
        name: name.to_owned(),
        version: reference.filter(|text| !is_commit(text)).map(str::to_owned),
        origin: if verb == "http" { Origin::Url(url) } else { Origin::Git { url, commit } },
        ..Requirement::default()
    }
}
