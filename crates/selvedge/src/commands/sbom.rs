//! `selvedge sbom`: writes a bill of materials, or works on those that exist.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use selvedge_package::{Component, Manifest, Relation, Scope};
use selvedge_sbom::{Assembly, Bom, Entry, Kind, Lifecycle, Tool, cyclonedx, spdx};

use crate::cli_dependencies::{SbomArgs, SbomCommand, SbomFormat, SbomMakeArgs};
use crate::commands::{sbom_check, sbom_match, sbom_vex};
use crate::packages::{self, LicenseTexts, Packages};
use crate::terminal::Terminal;
use crate::{Exit, dependencies, output};

/// Runs the command.
pub(crate) fn run(arguments: &SbomArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    match &arguments.command {
        Some(SbomCommand::Match(arguments)) => sbom_match::run(arguments, terminal),
        Some(SbomCommand::Check(arguments)) => sbom_check::run(arguments),
        Some(SbomCommand::Vex(arguments)) => sbom_vex::run(arguments, terminal),
        None => make(&arguments.make, terminal),
    }
}

fn make(arguments: &SbomMakeArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut all = read(arguments, terminal)?;
    if arguments.no_development {
        for manifest in &mut all.manifests {
            without_development(manifest);
        }
    }
    let bom = assembly(arguments, &all)?.build(&all.manifests);
    let mut bytes = Vec::new();
    write_bom(&bom, arguments.format, &mut bytes).context("cannot write the bill of materials")?;
    match &arguments.output {
        Some(path) => {
            output::replace(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
            let count = bom.entries.len().saturating_sub(1);
            terminal.note(&format!("wrote {count} components to {}", path.display()));
        }
        None => std::io::stdout().lock().write_all(&bytes)?,
    }
    all.tell_diagnostics(terminal);
    if all.manifests.is_empty() {
        terminal.warn("no package file was found: the bill of materials lists nothing");
    }
    Ok(Exit::Pass)
}

/// Everything the arguments name, put together.
fn read(arguments: &SbomMakeArgs, terminal: &Terminal) -> anyhow::Result<Packages> {
    if let Some(root) = &arguments.root {
        return packages::installed(root);
    }
    let here = [Path::new(".").to_path_buf()];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let mut all = Packages::default();
    for path in paths {
        let one = packages::read(path, LicenseTexts::Read, terminal)?;
        all.manifests.extend(one.manifests);
        all.diagnostics.extend(one.diagnostics);
        all.kind = one.kind;
        all.name = if all.name.is_empty() { one.name } else { all.name };
    }
    Ok(all)
}

fn assembly(arguments: &SbomMakeArgs, packages: &Packages) -> anyhow::Result<Assembly> {
    let component = Component {
        name: arguments.name.clone().unwrap_or_else(|| packages.name.clone()),
        version: arguments.subject_version.clone().or_else(|| own_version(packages)),
        ..Component::default()
    };
    let kind = if packages.kind == "image" { Kind::Container } else { Kind::Application };
    let lifecycle = match packages.kind {
        "project" => Lifecycle::PreBuild,
        "image" => Lifecycle::PostBuild,
        _ => Lifecycle::Operations,
    };
    Ok(Assembly {
        subject: Entry { component, kind, ..Entry::default() },
        timestamp: Some(timestamp(arguments.timestamp.as_deref())?),
        serial: None,
        authors: arguments.author.clone(),
        supplier: arguments.supplier.clone(),
        tools: vec![Tool {
            vendor: Some("Selvedge".to_owned()),
            name: "selvedge".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }],
        lifecycles: vec![lifecycle],
    })
}

/// The version that the project's own manifests at its top state, if they agree.
fn own_version(packages: &Packages) -> Option<String> {
    let top = packages.manifests.iter().filter(|manifest| !manifest.path.contains('/'));
    let own = top.flat_map(|manifest| &manifest.components).filter(|it| it.relation == Relation::Root);
    let mut versions: Vec<&String> = own.filter_map(|component| component.version.as_ref()).collect();
    versions.sort_unstable();
    versions.dedup();
    match versions.as_slice() {
        [only] if packages.kind == "project" => Some((*only).clone()),
        _ => None,
    }
}

/// The time given, that of `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch/>), or now.
pub(crate) fn timestamp(given: Option<&str>) -> anyhow::Result<String> {
    if let Some(text) = given {
        let time: jiff::Timestamp =
            text.parse().with_context(|| format!("--timestamp {text}: expected RFC 3339"))?;
        return Ok(whole_seconds(time));
    }
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            text.trim().parse().with_context(|| format!("SOURCE_DATE_EPOCH={text}: expected seconds"))?
        }
        Err(_) => dependencies::now(),
    };
    let time = jiff::Timestamp::from_second(seconds).context("the time is out of range")?;
    Ok(whole_seconds(time))
}

fn whole_seconds(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn write_bom(bom: &Bom, format: SbomFormat, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        SbomFormat::CyclonedxJson => cyclonedx::write_json(bom, out),
        SbomFormat::CyclonedxXml => cyclonedx::write_xml(bom, out),
        SbomFormat::SpdxJson => spdx::write_json(bom, out),
    }
}

/// Takes out what only developers need, and what leads to it.
fn without_development(manifest: &mut Manifest) {
    let kept: Vec<bool> =
        manifest.components.iter().map(|component| component.scope != Scope::Development).collect();
    let mut place = vec![0u32; kept.len()];
    let mut next = 0;
    for (at, keep) in kept.iter().enumerate() {
        place[at] = next;
        next += u32::from(*keep);
    }
    let mut at = 0;
    manifest.components.retain(|_| {
        at += 1;
        kept[at - 1]
    });
    for component in &mut manifest.components {
        component.dependencies.retain(|child| kept.get(*child as usize).copied().unwrap_or(false));
        for child in &mut component.dependencies {
            *child = place[*child as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_developers_need_is_taken_out_and_the_graph_stays_right() {
        let component = |name: &str, scope, dependencies: &[u32]| Component {
            name: name.to_owned(),
            scope,
            dependencies: dependencies.to_vec(),
            ..Component::default()
        };
        let mut manifest = Manifest {
            components: vec![
                component("dev", Scope::Development, &[1]),
                component("a", Scope::Runtime, &[0, 2]),
                component("b", Scope::Runtime, &[]),
            ],
            ..Manifest::default()
        };
        without_development(&mut manifest);
        let left: Vec<_> =
            manifest.components.iter().map(|it| (it.name.as_str(), it.dependencies.clone())).collect();
        assert_eq!(left, [("a", vec![1]), ("b", vec![])]);
    }
}
