//! `poetry.lock` with the `pyproject.toml` beside it.
//!
//! Format: Poetry's own. Digests stand in `[metadata.files]` before version 2, at each package since.

use selvedge_package::{Component, Ecosystem, Origin, Scope};

use super::locked::Locked;
use super::names::group_scope;
use super::pyproject;
use crate::draft::Draft;
use crate::syntax::{self, Node, digest};
use crate::{Files, PackageFile, Parsed};

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "poetry-lock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, syntax::toml::parse);
    let digests = root.at(&["metadata", "files"]).or_else(|| root.at(&["metadata", "hashes"]));
    let by_name: std::collections::HashMap<&str, &Node<'_>> =
        digests.map_or(&[][..], Node::entries).iter().map(|entry| (&*entry.key, &entry.value)).collect();
    let mut locked = Locked::default();
    let mut added = Vec::new();
    for node in root.items_at("package") {
        let (Some(name), Some(version)) = (node.get("name"), node.text_at("version")) else {
            draft.problem(node.span.line, "a package without `name` or `version`; left out");
            continue;
        };
        let name_text = name.text().unwrap_or_default();
        let files = node.get("files").or_else(|| by_name.get(name_text).copied());
        let component = Component {
            ecosystem: Ecosystem::PyPI,
            name: name_text.to_owned(),
            version: Some(version.to_owned()),
            scope: scope(node),
            hashes: files.map(hashes).unwrap_or_default(),
            span: name.span,
            ..source(file, node)
        };
        if let Some(index) = locked.add(component, &mut draft) {
            added.push((index, node));
        }
    }
    for (index, node) in added {
        let names = node.entries_at("dependencies").iter().map(|entry| entry.key.as_ref());
        locked.connect(index, names, &mut draft);
    }
    draft.manifest.has_graph = true;
    if let Some((path, project)) = pyproject::beside(file, files, &mut draft) {
        locked.apply(&project, &path, &mut draft);
    }
    draft.finish()
}

/// What the lockfile itself says, for where there is no `pyproject.toml`.
fn scope(node: &Node<'_>) -> Scope {
    let groups = node.items_at("groups").iter().filter_map(Node::text).map(group_scope).min();
    let category = node.text_at("category").map(group_scope);
    let scope = groups.or(category).unwrap_or_default();
    if node.is_true("optional") { scope.max(Scope::Optional) } else { scope }
}

/// Digests of `[{ file, hash }]`, or of a list of digests.
pub(super) fn hashes(files: &Node<'_>) -> Vec<selvedge_package::Hash> {
    let text = |node: &Node<'_>| {
        let text = node.text_at("hash").or_else(|| node.text())?;
        digest::prefixed(text).or_else(|| digest::bare(text))
    };
    files.items().iter().filter_map(text).collect()
}

/// Origin and address of `[package.source]`.
fn source(file: &PackageFile<'_>, node: &Node<'_>) -> Component {
    let Some(source) = node.get("source") else { return Component::default() };
    let url = source.text_at("url").unwrap_or_default();
    let origin = match source.text_at("type") {
        Some("git") => {
            let commit = source.text_at("resolved_reference").or_else(|| source.text_at("reference"));
            Origin::Git { url: url.to_owned(), commit: commit.map(str::to_owned) }
        }
        Some("directory" | "file") => Origin::Path(file.sibling(url).unwrap_or_else(|| url.to_owned())),
        Some("url") => Origin::Url(url.to_owned()),
        _ => registry(url),
    };
    Component { origin, resolved: Some(url.to_owned()), ..Component::default() }
}

/// The origin of an index by its address.
pub(super) fn registry(url: &str) -> Origin {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if matches!(host, "" | "pypi.org" | "pypi.python.org" | "files.pythonhosted.org") {
        Origin::Registry
    } else {
        Origin::OtherRegistry(url.to_owned())
    }
}
