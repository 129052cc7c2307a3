//! `Pipfile.lock` with the `Pipfile` beside it, and `Pipfile` alone.
//!
//! Format: Pipenv, "Pipfile & Pipfile.lock". The lockfile has no graph.

use std::collections::HashMap;

use selvedge_package::{Component, Ecosystem, Origin, Relation, Span};

use super::locked::Locked;
use super::names::group_scope;
use super::pep508;
use super::poetry::{hashes, registry};
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::{self, Node};
use crate::{Files, PackageFile, Parsed};

/// Tables of a `Pipfile` that hold no packages; every other one is a category of them.
const OTHER_TABLES: &[&str] = &["source", "requires", "scripts", "pipenv", "pipenv-settings"];

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "pipfile-lock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, syntax::json::parse);
    let indexes: HashMap<&str, &str> = root
        .at(&["_meta", "sources"])
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|source| Some((source.text_at("name")?, source.text_at("url")?)))
        .collect();
    let mut locked = Locked::default();
    for category in root.entries().iter().filter(|entry| entry.key != "_meta") {
        for entry in category.value.entries() {
            if !entry.value.is_map() {
                let message = format!("{} for `{}`; expected an object", entry.value.noun(), entry.key);
                draft.problem(entry.key_span.line, message);
                continue;
            }
            let node = &entry.value;
            let component = Component {
                ecosystem: Ecosystem::PyPI,
                name: entry.key.to_string(),
                version: node.text_at("version").and_then(pep508::exact).map(str::to_owned),
                origin: origin(file, node, &indexes),
                scope: group_scope(&category.key),
                hashes: node.get("hashes").map(hashes).unwrap_or_default(),
                span: entry.key_span,
                ..Component::default()
            };
            locked.add(component, &mut draft);
        }
    }
    note_manifest(file, files, &locked, &mut draft);
    draft.finish()
}

/// Marks what the `Pipfile` names as direct, the rest as transitive.
fn note_manifest(file: &PackageFile<'_>, files: &dyn Files, locked: &Locked, draft: &mut Draft<'_>) {
    let Some(path) = file.sibling("Pipfile") else { return };
    let Some(bytes) = files.companion(&path) else { return };
    let manifest = PackageFile::new(&path, bytes);
    let mut own = Draft::new(&manifest, "pipfile");
    let requirements = read_manifest(&mut own);
    for diagnostic in own.fail().diagnostics {
        draft.report(diagnostic);
    }
    for component in &mut draft.manifest.components {
        component.relation = Relation::Transitive;
    }
    for requirement in &requirements {
        for index in locked.find(&requirement.name, None, draft) {
            draft.manifest.components[index as usize].relation = Relation::Direct;
            requirement.note(draft, index, &path);
        }
    }
    draft.manifest.absorbed.push(path);
}

/// Reads a `Pipfile` without lockfile.
pub(super) fn parse_manifest(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "pipfile");
    for requirement in read_manifest(&mut draft) {
        draft.push(requirement.into_component(Ecosystem::PyPI));
    }
    draft.finish()
}

fn read_manifest(draft: &mut Draft<'_>) -> Vec<Requirement> {
    let root = syntax::read_map(draft, syntax::toml::parse);
    let file = draft.file;
    let mut found = Vec::new();
    for category in root.entries().iter().filter(|entry| !OTHER_TABLES.contains(&&*entry.key)) {
        for entry in category.value.entries() {
            let span = Span { end: entry.value.span.end.max(entry.key_span.end), ..entry.key_span };
            if entry.value.text().is_none() && !entry.value.is_map() {
                let message =
                    format!("{} for `{}`; expected a version or a table", entry.value.noun(), entry.key);
                draft.problem(span.line, message);
                continue;
            }
            let range =
                entry.value.text().or_else(|| entry.value.text_at("version")).filter(|range| *range != "*");
            found.push(Requirement {
                name: entry.key.to_string(),
                version: range.and_then(pep508::exact).map(str::to_owned),
                requirement: range.map(str::to_owned),
                scope: group_scope(&category.key),
                origin: origin(&file, &entry.value, &HashMap::new()),
                span,
                ..Requirement::default()
            });
        }
    }
    found.sort_by_key(|requirement| requirement.span.start);
    found
}

fn origin(file: &PackageFile<'_>, node: &Node<'_>, indexes: &HashMap<&str, &str>) -> Origin {
    if let Some(url) = node.text_at("git") {
        let commit = node.text_at("ref").filter(|reference| pep508::is_commit(reference)).map(str::to_owned);
        return Origin::Git { url: url.to_owned(), commit };
    }
    if let Some(path) = node.text_at("path") {
        return Origin::Path(file.sibling(path).unwrap_or_else(|| path.to_owned()));
    }
    if let Some(address) = node.text_at("file") {
        return pep508::origin(address);
    }
    let index = node.text_at("index").and_then(|name| indexes.get(name));
    index.map_or(Origin::Registry, |url| registry(url))
}

#[cfg(test)]
mod tests {
    use selvedge_package::Scope;

    use super::*;

    #[test]
    fn the_categories_of_pipenv_have_scopes() {
        assert_eq!(group_scope("default"), Scope::Runtime);
        assert_eq!(group_scope("develop"), Scope::Development);
        assert_eq!(group_scope("dev-packages"), Scope::Development);
    }
}
