//! `uv.lock`, which repeats what the projects of its workspace ask for.
//!
//! Format: uv, "Locking and syncing". A package whose source is a folder of the workspace is a project.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_package::{Component, Ecosystem, Hash, Origin, Relation, Scope};

use super::locked::Locked;
use super::names::group_scope;
use super::poetry::registry;
use super::pyproject;
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::{self, Node, digest};
use crate::{Files, PackageFile, Parsed};

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "uv-lock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, syntax::toml::parse);
    let mut locked = Locked::default();
    let mut added = Vec::new();
    for node in root.items_at("package") {
        let Some(name) = node.get("name").filter(|name| name.text().is_some()) else {
            draft.problem(node.span.line, "a package without `name`; left out");
            continue;
        };
        let is_project = ["virtual", "editable"].iter().any(|key| node.at(&["source", key]).is_some());
        let component = Component {
            ecosystem: Ecosystem::PyPI,
            name: name.text().unwrap_or_default().to_owned(),
            version: node.text_at("version").map(str::to_owned),
            origin: origin(file, node),
            resolved: node.at(&["sdist", "url"]).and_then(Node::text).map(str::to_owned),
            relation: if is_project { Relation::Root } else { Relation::Unknown },
            hashes: hashes(node),
            span: name.span,
            ..Component::default()
        };
        if let Some(index) = locked.add(component, &mut draft) {
            added.push((index, node, is_project));
        }
    }
    let mut direct: BTreeMap<u32, Scope> = BTreeMap::new();
    let mut projects = BTreeSet::new();
    for (index, node, is_project) in &added {
        connect(*index, node, *is_project, &locked, &mut direct, &mut draft);
        if *is_project && projects.insert(folder(node)) {
            declare(file, files, node, &locked, &mut draft);
        }
    }
    let components = &draft.manifest.components;
    direct.retain(|index, _| components[*index as usize].relation != Relation::Root);
    let direct: Vec<(u32, Scope)> = direct.into_iter().collect();
    draft.manifest.spread(&direct);
    draft.manifest.has_graph = true;
    draft.finish()
}

/// Adds the edges of a package. Those of a project are direct, with the scope of the table they stand in.
fn connect(
    index: u32,
    node: &Node<'_>,
    is_project: bool,
    locked: &Locked,
    direct: &mut BTreeMap<u32, Scope>,
    draft: &mut Draft<'_>,
) {
    let mut tables = vec![(node.items_at("dependencies"), Scope::Runtime)];
    for extra in node.entries_at("optional-dependencies") {
        tables.push((extra.value.items(), group_scope(&extra.key).max(Scope::Optional)));
    }
    for table in ["dev-dependencies", "dependency-groups"] {
        for group in node.entries_at(table) {
            tables.push((group.value.items(), group_scope(&group.key)));
        }
    }
    for (items, scope) in tables {
        for item in items {
            let Some(name) = item.text_at("name") else { continue };
            for target in locked.find(name, item.text_at("version"), draft) {
                draft.manifest.components[index as usize].dependencies.push(target);
                if is_project {
                    let least = direct.entry(target).or_insert(scope);
                    *least = (*least).min(scope);
                }
            }
        }
    }
}

/// Folder of a project, seen from the lockfile.
fn folder<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    ["virtual", "editable"].iter().find_map(|key| node.at(&["source", key])?.text())
}

/// Notes where a project declares what it asks for, if its manifest is on disk; otherwise the requirement
/// that the lockfile repeats.
fn declare(
    file: &PackageFile<'_>,
    files: &dyn Files,
    node: &Node<'_>,
    locked: &Locked,
    draft: &mut Draft<'_>,
) {
    let inside = folder(node).and_then(|folder| file.sibling(&format!("{folder}/uv.lock")));
    if let Some(inside) = inside
        && let Some((path, project)) = pyproject::beside(&PackageFile::new(&inside, &[]), files, draft)
    {
        for requirement in &project.requirements {
            note(requirement, &path, locked, draft);
        }
    }
    for item in node.at(&["metadata", "requires-dist"]).map_or(&[][..], Node::items) {
        let (Some(name), Some(range)) = (item.text_at("name"), item.text_at("specifier")) else { continue };
        for target in locked.find(name, None, draft) {
            let component = &mut draft.manifest.components[target as usize];
            component.requirement.get_or_insert_with(|| range.to_owned());
        }
    }
}

fn note(requirement: &Requirement, path: &str, locked: &Locked, draft: &mut Draft<'_>) {
    for target in locked.find(&requirement.name, requirement.version.as_deref(), draft) {
        requirement.note(draft, target, path);
    }
}

fn hashes(node: &Node<'_>) -> Vec<Hash> {
    let files = node.get("sdist").into_iter().chain(node.items_at("wheels"));
    files.filter_map(|file| digest::prefixed(file.text_at("hash")?)).collect()
}

fn origin(file: &PackageFile<'_>, node: &Node<'_>) -> Origin {
    let Some(source) = node.get("source") else { return Origin::Registry };
    if let Some(url) = source.text_at("git") {
        let (url, commit) = url.rsplit_once('#').map_or((url, None), |(url, commit)| (url, Some(commit)));
        let url = url.split('?').next().unwrap_or(url);
        return Origin::Git { url: url.to_owned(), commit: commit.map(str::to_owned) };
    }
    for key in ["virtual", "editable", "directory", "path"] {
        if let Some(path) = source.text_at(key) {
            return Origin::Path(file.sibling(path).unwrap_or_else(|| path.to_owned()));
        }
    }
    if let Some(url) = source.text_at("url") {
        return Origin::Url(url.to_owned());
    }
    source.text_at("registry").map_or(Origin::Registry, |url| {
        if url.contains("://") { registry(url) } else { Origin::Path(url.to_owned()) }
    })
}
