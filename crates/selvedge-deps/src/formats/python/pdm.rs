//! `pdm.lock` with the `pyproject.toml` beside it.
//!
//! Format: PDM, "Lock file". A package with extras stands once more for them; both are one component.

use selvedge_package::{Component, Ecosystem, Origin, Scope};

use super::locked::Locked;
use super::names::group_scope;
use super::poetry::hashes;
use super::{pep508, pyproject};
use crate::draft::Draft;
use crate::syntax::{self, Node};
use crate::{Files, PackageFile, Parsed};

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "pdm-lock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, syntax::toml::parse);
    let mut locked = Locked::default();
    let mut added = Vec::new();
    for node in root.items_at("package") {
        let Some(name) = node.get("name").filter(|name| name.text().is_some()) else {
            draft.problem(node.span.line, "a package without `name`; left out");
            continue;
        };
        let component = Component {
            ecosystem: Ecosystem::PyPI,
            name: name.text().unwrap_or_default().to_owned(),
            version: node.text_at("version").map(str::to_owned),
            scope: scope(node),
            origin: origin(file, node),
            hashes: node.get("files").map(hashes).unwrap_or_default(),
            span: name.span,
            ..Component::default()
        };
        if let Some(index) = locked.add(component, &mut draft) {
            added.push((index, node));
        }
    }
    for (index, node) in added {
        let texts = node.items_at("dependencies").iter().filter_map(Node::text);
        let names: Vec<&str> =
            texts.filter_map(|text| pep508::parse(text).ok()).map(|found| found.name).collect();
        locked.connect(
            index,
            names.into_iter().filter(|name| Some(*name) != node.text_at("name")),
            &mut draft,
        );
    }
    draft.manifest.has_graph = true;
    if let Some((path, project)) = pyproject::beside(file, files, &mut draft) {
        locked.apply(&project, &path, &mut draft);
    }
    draft.finish()
}

/// The least scope of the groups that a package is in; `default` is what ships.
fn scope(node: &Node<'_>) -> Scope {
    let groups = node.items_at("groups").iter().filter_map(Node::text);
    groups.map(group_scope).min().unwrap_or_default()
}

fn origin(file: &PackageFile<'_>, node: &Node<'_>) -> Origin {
    if let Some(url) = node.text_at("git") {
        let commit = node.text_at("revision").map(str::to_owned);
        return Origin::Git { url: url.to_owned(), commit };
    }
    if let Some(path) = node.text_at("path") {
        return Origin::Path(file.sibling(path).unwrap_or_else(|| path.to_owned()));
    }
    node.text_at("url").map_or(Origin::Registry, |url| Origin::Url(url.to_owned()))
}
