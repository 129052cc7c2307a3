//! `selvedge deps`: the packages of a project, and why each is there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use selvedge_package::{Component, Manifest, Relation};
use serde_json::json;

use crate::cli_dependencies::{DepsCommand, TextOrJson};
use crate::packages::{self, LicenseTexts, Packages};
use crate::terminal::Terminal;
use crate::{Exit, output};

/// Ways that are shown for one package; more are counted.
const WAYS_MAX: usize = 20;
/// Levels of the tree at which it is cut.
const DEPTH_DEFAULT: usize = 64;

/// Runs the command.
pub(crate) fn run(command: &DepsCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    let path = match command {
        DepsCommand::List { path, .. } | DepsCommand::Tree { path, .. } | DepsCommand::Why { path, .. } => {
            path
        }
    };
    let packages = packages::read(Path::new(path), LicenseTexts::Skip, terminal)?;
    let text = match command {
        DepsCommand::List { format: TextOrJson::Terminal, .. } => list(&packages),
        DepsCommand::List { format: TextOrJson::Json, .. } => list_json(&packages)?,
        DepsCommand::Tree { depth, .. } => tree(&packages, depth.unwrap_or(DEPTH_DEFAULT)),
        DepsCommand::Why { package, .. } => why(&packages, package)?,
    };
    output::print(&text)?;
    packages.tell_diagnostics(terminal);
    Ok(Exit::Pass)
}

fn named(component: &Component) -> String {
    match (&component.version, &component.requirement) {
        (Some(version), _) => format!("{} {version}", component.name),
        (None, Some(requirement)) => format!("{} ({requirement}, not pinned)", component.name),
        (None, None) => format!("{} (not pinned)", component.name),
    }
}

fn list(packages: &Packages) -> String {
    let mut text = String::new();
    let mut total = 0;
    for manifest in &packages.manifests {
        let own: Vec<&Component> =
            manifest.components.iter().filter(|component| component.relation != Relation::Root).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} ({}, {})", manifest.path, manifest.format, counted(own.len()));
        let width = own.iter().map(|component| named(component).chars().count()).max().unwrap_or(0);
        for component in own {
            let relation = component.relation.as_str();
            let scope = component.scope.as_str();
            let line = component.span.line;
            let _ = writeln!(text, "  {:width$}  {relation:10}  {scope:11}  line {line}", named(component));
            total += 1;
        }
    }
    let files = packages.manifests.len();
    let _ = writeln!(text, "{} in {files} {}", counted(total), if files == 1 { "file" } else { "files" });
    text
}

fn counted(packages: usize) -> String {
    format!("{packages} {}", if packages == 1 { "package" } else { "packages" })
}

fn list_json(packages: &Packages) -> anyhow::Result<String> {
    let rows: Vec<_> = packages
        .manifests
        .iter()
        .flat_map(|manifest| manifest.components.iter().map(move |component| (manifest, component)))
        .filter(|(_, component)| component.relation != Relation::Root)
        .map(|(manifest, component)| {
            json!({
                "purl": component.purl().map(|purl| purl.to_string()),
                "ecosystem": component.ecosystem.as_str(),
                "release": component.release,
                "name": component.name,
                "version": component.version,
                "requirement": component.requirement,
                "scope": component.scope.as_str(),
                "relation": component.relation.as_str(),
                "licenses": component.licenses,
                "path": manifest.path,
                "line": component.span.line,
                "layer": component.layer,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&rows)? + "\n")
}

fn tree(packages: &Packages, depth_max: usize) -> String {
    let mut text = String::new();
    for manifest in &packages.manifests {
        let _ = writeln!(text, "{}", manifest.path);
        if !manifest.has_graph {
            let _ = writeln!(text, "  ({} does not tell which package brings in which)", manifest.format);
            for component in manifest.components.iter().filter(|it| it.relation != Relation::Root) {
                let _ = writeln!(text, "  {}", named(component));
            }
            continue;
        }
        let mut branch =
            Branch { manifest, depth_max, shown: vec![false; manifest.components.len()], text: &mut text };
        let roots = tops(manifest);
        for (at, root) in roots.iter().enumerate() {
            branch.write(*root, "", at + 1 == roots.len());
        }
    }
    text
}

/// Where the tree begins: the project and its members, or what it names.
fn tops(manifest: &Manifest) -> Vec<u32> {
    let of = |relation: Relation| -> Vec<u32> {
        let all = manifest.components.iter().enumerate();
        all.filter(|(_, it)| it.relation == relation).map(|(at, _)| at as u32).collect()
    };
    let roots = of(Relation::Root);
    let roots: Vec<u32> = roots
        .into_iter()
        .filter(|root| !manifest.components[*root as usize].dependencies.is_empty())
        .collect();
    if roots.is_empty() { of(Relation::Direct) } else { roots }
}

struct Branch<'a> {
    manifest: &'a Manifest,
    depth_max: usize,
    /// What was written with its branches: the next time it is written without them.
    shown: Vec<bool>,
    text: &'a mut String,
}

impl Branch<'_> {
    fn write(&mut self, at: u32, indent: &str, is_last: bool) {
        let component = &self.manifest.components[at as usize];
        let again = std::mem::replace(&mut self.shown[at as usize], true);
        let mark = if is_last { "└── " } else { "├── " };
        let scope = match component.scope.as_str() {
            "runtime" => String::new(),
            scope => format!(" [{scope}]"),
        };
        let repeated = if again && !component.dependencies.is_empty() { " (see above)" } else { "" };
        let _ = writeln!(self.text, "{indent}{mark}{}{scope}{repeated}", named(component));
        let depth = indent.chars().count() / 4 + 1;
        if again || depth >= self.depth_max.min(DEPTH_DEFAULT) {
            return;
        }
        let below = format!("{indent}{}", if is_last { "    " } else { "│   " });
        let children = component.dependencies.clone();
        for (number, child) in children.iter().enumerate() {
            self.write(*child, &below, number + 1 == children.len());
        }
    }
}

fn why(packages: &Packages, package: &str) -> anyhow::Result<String> {
    let (name, version) = match package.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(version)),
        _ => (package, None),
    };
    let mut text = String::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for manifest in &packages.manifests {
        for (index, component) in manifest.components.iter().enumerate() {
            names.insert(&component.name);
            let same_version = version.is_none_or(|version| component.version.as_deref() == Some(version));
            let key = |name: &str| component.ecosystem.normalize(name).into_owned();
            if key(&component.name) == key(name) && same_version {
                write_ways(manifest, index as u32, &mut text);
            }
        }
    }
    if text.is_empty() {
        let near = selvedge_gate::suggestion(package, names);
        anyhow::bail!("there is no package `{package}`{near}");
    }
    Ok(text)
}

fn write_ways(manifest: &Manifest, index: u32, text: &mut String) {
    let component = &manifest.components[index as usize];
    let place = format!("{}:{}", manifest.path, component.span.line);
    let _ = writeln!(
        text,
        "{} · {} · {} · {place}",
        named(component),
        component.relation.as_str(),
        component.scope.as_str()
    );
    if let (Some(requirement), Some(declared)) = (&component.requirement, &component.declared) {
        let _ = writeln!(text, "  required as {requirement} at {}:{}", declared.path, declared.span.line);
    }
    if !manifest.has_graph {
        let _ = writeln!(text, "  {} does not tell which package brings it in", manifest.format);
        return;
    }
    let (ways, is_cut) = ways_to(manifest, index);
    for way in &ways {
        let names: Vec<String> = way.iter().map(|at| named(&manifest.components[*at as usize])).collect();
        let _ = writeln!(text, "  {}", names.join(" > "));
    }
    if is_cut {
        let _ = writeln!(text, "  … and more ways");
    }
}

/// Ways without cycles from what the project names to the component, shortest first, and whether there are more.
fn ways_to(manifest: &Manifest, target: u32) -> (Vec<Vec<u32>>, bool) {
    /// Partial ways that are followed; a dense graph has exponentially many.
    const STEPS_MAX: usize = 100_000;
    let mut above: Vec<Vec<u32>> = vec![Vec::new(); manifest.components.len()];
    for (parent, component) in manifest.components.iter().enumerate() {
        for child in &component.dependencies {
            if let Some(list) = above.get_mut(*child as usize) {
                list.push(parent as u32);
            }
        }
    }
    let mut ways = Vec::new();
    let mut pending = std::collections::VecDeque::from([vec![target]]);
    let mut steps = 0;
    while let Some(way) = pending.pop_front() {
        steps += 1;
        if ways.len() == WAYS_MAX || steps == STEPS_MAX {
            return (ways, true);
        }
        let Some(last) = way.last() else { continue };
        let relation = manifest.components[*last as usize].relation;
        if matches!(relation, Relation::Direct | Relation::Root) {
            ways.push(way.iter().rev().copied().collect());
            if relation == Relation::Root || way.len() > 1 {
                continue;
            }
        }
        for parent in &above[*last as usize] {
            let is_root = manifest.components[*parent as usize].relation == Relation::Root;
            if !way.contains(parent) && !is_root {
                let mut longer = way.clone();
                longer.push(*parent);
                pending.push_back(longer);
            }
        }
    }
    (ways, false)
}
