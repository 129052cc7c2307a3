//! `package.json`: what a package asks for.
//!
//! Format: npm, "package.json". Optional peers are left out, since nothing installs them.

use std::collections::HashSet;

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::source::{self, specifier};
use crate::draft::Draft;
use crate::pattern;
use crate::requirement::Requirement;
use crate::syntax::{self, Node};
use crate::{Files, PackageFile, Parsed};

/// Objects of requirements and what they are for.
const TABLES: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("peerDependencies", Scope::Runtime),
    ("devDependencies", Scope::Development),
];

/// A `package.json` as far as the inventory needs it.
#[derive(Debug, Default)]
pub(super) struct PackageJson {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) license: Option<String>,
    /// Where its name stands.
    pub(super) span: Span,
    /// Everything it asks for, in the order of the file.
    pub(super) requirements: Vec<Requirement>,
    /// Patterns of folders that are members of its workspace.
    pub(super) workspaces: Vec<String>,
}

/// Reads a manifest without lockfile. One that asks for nothing is no inventory.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "package-json");
    let root = syntax::read_map(&mut draft, syntax::json::parse);
    let mut problems = Vec::new();
    let manifest = read(&root, &mut problems);
    for (line, message) in problems {
        draft.problem(line, message);
    }
    if manifest.requirements.is_empty() {
        return draft.fail();
    }
    if manifest.name.is_some() {
        let folder = pattern::folder(file.path);
        draft.push(root_component(&manifest, folder, manifest.span));
    }
    for requirement in manifest.requirements {
        draft.push(requirement.into_component(Ecosystem::Npm));
    }
    draft.finish()
}

/// The component of the package itself, which lies in `folder`.
pub(super) fn root_component(manifest: &PackageJson, folder: &str, span: Span) -> Component {
    Component {
        ecosystem: Ecosystem::Npm,
        name: manifest.name.clone().unwrap_or_default(),
        version: manifest.version.clone(),
        origin: Origin::Path(folder.to_owned()),
        relation: Relation::Root,
        licenses: manifest.license.clone().into_iter().collect(),
        span,
        ..Component::default()
    }
}

/// Reads the tree of a manifest, or that of the entry of a workspace member in a lockfile of npm.
pub(super) fn read(root: &Node<'_>, problems: &mut Vec<(u32, String)>) -> PackageJson {
    let mut manifest = PackageJson {
        name: root.text_at("name").map(str::to_owned),
        version: root.text_at("version").map(str::to_owned),
        license: license(root),
        span: root.get("name").map_or(root.span, |name| name.span),
        ..PackageJson::default()
    };
    let optional_peers: HashSet<&str> = root
        .entries_at("peerDependenciesMeta")
        .iter()
        .filter(|entry| entry.value.is_true("optional"))
        .map(|entry| &*entry.key)
        .collect();
    for (table, scope) in TABLES {
        for entry in root.entries_at(table) {
            let Some(text) = entry.value.text() else {
                let message = format!("{} for `{}`; expected a version range", entry.value.noun(), entry.key);
                problems.push((entry.value.span.line, message));
                continue;
            };
            if *table != "peerDependencies" || !optional_peers.contains(&*entry.key) {
                let span = Span { end: entry.value.span.end, ..entry.key_span };
                manifest.requirements.push(requirement(&entry.key, text, *scope, span));
            }
        }
    }
    let workspaces = root.get("workspaces");
    let patterns = workspaces
        .map_or(&[][..], |node| if node.is_map() { node.items_at("packages") } else { node.items() });
    manifest.workspaces = patterns.iter().filter_map(Node::text).map(str::to_owned).collect();
    manifest
}

/// The licence: an expression, or one of the two forms of old.
pub(super) fn license(node: &Node<'_>) -> Option<String> {
    let one = |node: &Node<'_>| node.text().or_else(|| node.text_at("type")).map(str::to_owned);
    if let Some(license) = node.get("license") {
        return one(license);
    }
    let all: Vec<String> = node.items_at("licenses").iter().filter_map(one).collect();
    (!all.is_empty()).then(|| all.join(" OR "))
}

/// The requirement `"key": "specifier"`.
pub(super) fn requirement(key: &str, text: &str, scope: Scope, span: Span) -> Requirement {
    let found = specifier(text);
    let name = found.name.unwrap_or(key);
    Requirement {
        name: name.to_owned(),
        alias: (name != key).then(|| key.to_owned()),
        requirement: (!text.is_empty()).then(|| text.to_owned()),
        version: found.range.and_then(source::exact).map(str::to_owned),
        scope,
        origin: found.origin,
        span,
    }
}
