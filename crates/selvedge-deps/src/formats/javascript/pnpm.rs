//! `pnpm-lock.yaml`, versions 5 to 9.
//!
//! Format: pnpm's own. A key of `packages` names a package, its version, and in brackets or behind `_` the
//! peers it was resolved with; since version 9 the edges stand under `snapshots`. One package with several
//! sets of peers is one component.

use std::collections::HashMap;

use selvedge_package::{Component, Ecosystem, Origin, Scope, Span};

use super::importers::{self, Importer};
use super::lockmap::LockMap;
use super::manifest::requirement;
use super::source::{elsewhere, resolved, split_name};
use crate::draft::Draft;
use crate::pattern;
use crate::syntax::{self, Entry, Node, digest, yaml};
use crate::{Files, PackageFile, Parsed};

/// Maps of an importer and what they are for.
const TABLES: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
];

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "pnpm-lock");
    draft.manifest.is_locked = true;
    // pnpm writes what it knows of itself into a document of its own before the lockfile.
    let root = syntax::read_map(&mut draft, last_document);
    let mut map = LockMap::default();
    for entry in root.entries_at("packages") {
        add(file, entry, &mut map, &mut draft);
    }
    let snapshots = root.entries_at("snapshots");
    for entry in snapshots {
        if let Some(index) = map.get(without_peers(&entry.key)) {
            map.name(entry.key.clone(), index);
            map.mark_optional(index, entry.value.is_true("optional"));
        }
    }
    let edges = if snapshots.is_empty() { root.entries_at("packages") } else { snapshots };
    for entry in edges {
        connect(entry, &map, &mut draft);
    }
    let mut own = Own { base: pattern::folder(file.path).to_owned(), ..Own::default() };
    own.read(&root, &mut draft);
    own.resolve(&map, &mut draft);
    draft.manifest.has_graph = true;
    importers::apply(&mut draft, files, &own.importers, &|importer, requirement| {
        let key = requirement.alias.as_deref().unwrap_or(&requirement.name);
        own.targets.get(&(importer.folder.clone(), key.to_owned())).copied()
    });
    map.settle(&mut draft);
    name_ranges_of_catalogs(&root, &mut draft);
    draft.finish()
}

fn last_document(text: &str) -> syntax::Document<'_> {
    let mut documents = yaml::parse_all(text);
    let has_packages = |document: &syntax::Document<'_>| document.root.get("lockfileVersion").is_some();
    let at = documents.iter().rposition(has_packages).unwrap_or(documents.len().saturating_sub(1));
    let mut errors: Vec<_> =
        documents.iter_mut().flat_map(|document| std::mem::take(&mut document.errors)).collect();
    let mut chosen =
        if documents.is_empty() { syntax::Document::default() } else { documents.swap_remove(at) };
    chosen.errors.append(&mut errors);
    chosen
}

/// Puts the ranges in place that `catalog:` and `catalog:name` stand for.
fn name_ranges_of_catalogs(root: &Node<'_>, draft: &mut Draft<'_>) {
    let mut ranges: HashMap<(&str, &str), &str> = HashMap::new();
    for catalog in root.entries_at("catalogs") {
        for entry in catalog.value.entries() {
            if let Some(range) = entry.value.text_at("specifier") {
                ranges.insert((&catalog.key, &entry.key), range);
            }
        }
    }
    for component in &mut draft.manifest.components {
        let Some(name) = component.requirement.as_deref().and_then(|text| text.strip_prefix("catalog:"))
        else {
            continue;
        };
        let name = if name.is_empty() { "default" } else { name };
        if let Some(range) = ranges.get(&(name, component.name.as_str())) {
            component.requirement = Some((*range).to_owned());
        }
    }
}

fn add(file: &PackageFile<'_>, entry: &Entry<'_>, map: &mut LockMap, draft: &mut Draft<'_>) {
    let node = &entry.value;
    let parsed = name_and_version(&entry.key);
    let name = node.text_at("name").or(parsed.map(|(name, _)| name));
    let version =
        node.text_at("version").or(parsed.map(|(_, version)| version)).filter(|text| is_version(text));
    let origin = origin(file, &entry.key, node);
    let (Some(name), true) = (name, version.is_some() || origin != Origin::Registry) else {
        let message = format!("`{}` names no package and version; left out", entry.key);
        draft.problem(entry.key_span.line, message);
        return;
    };
    let component = Component {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: version.map(str::to_owned),
        resolved: node.at(&["resolution", "tarball"]).and_then(Node::text).map(str::to_owned),
        origin,
        scope: if node.is_true("dev") { Scope::Development } else { Scope::Runtime },
        hashes: node
            .at(&["resolution", "integrity"])
            .and_then(Node::text)
            .map(digest::integrity)
            .unwrap_or_default(),
        span: entry.key_span,
        ..Component::default()
    };
    if let Some(index) = map.add(component, draft) {
        map.name(entry.key.clone(), index);
        if node.get("optional").is_some() || node.get("dev").is_some() {
            map.mark_optional(index, node.is_true("optional"));
        }
    }
}

/// A key without the peers in brackets.
fn without_peers(key: &str) -> &str {
    key.split_once('(').map_or(key, |(key, _)| key)
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Name and version of a key: `name@1.0.0`, `/name@1.0.0(peer@2)`, `/name/1.0.0_peer@2`,
/// `registry.example.org/@scope/name/1.0.0`.
fn name_and_version(key: &str) -> Option<(&str, &str)> {
    let key = without_peers(key);
    let bare = key.strip_prefix('/').unwrap_or(key);
    if let (name, Some(version)) = split_name(bare)
        && (is_version(version) || version.contains(':'))
        && (!name.contains('/') || name.starts_with('@') && name.matches('/').count() == 1)
    {
        return Some((name, version));
    }
    let (front, version) = split_old(bare)?;
    let mut parts = front.rsplitn(3, '/');
    let (last, before) = (parts.next()?, parts.next());
    let length = match before {
        Some(scope) if scope.starts_with('@') => scope.len() + 1 + last.len(),
        _ => last.len(),
    };
    Some((&front[front.len() - length..], version))
}

/// Splits `…/1.0.0_peer@2` at the slash before the version, peers left out.
fn split_old(bare: &str) -> Option<(&str, &str)> {
    let (bare, _) = bare
        .split_once('_')
        .filter(|(bare, _)| bare.rsplit('/').next().is_some_and(is_version))
        .unwrap_or((bare, ""));
    bare.rsplit_once('/').filter(|(_, version)| is_version(version))
}

fn origin(file: &PackageFile<'_>, key: &str, node: &Node<'_>) -> Origin {
    if let Some(resolution) = node.get("resolution") {
        if let Some(repository) = resolution.text_at("repo") {
            let commit = resolution.text_at("commit").map(str::to_owned);
            return Origin::Git { url: repository.to_owned(), commit };
        }
        if let Some(folder) = resolution.text_at("directory") {
            return Origin::Path(file.sibling(folder).unwrap_or_else(|| folder.to_owned()));
        }
        if let Some(tarball) = resolution.text_at("tarball") {
            return resolved(tarball);
        }
    }
    let reference = split_name(key).1.unwrap_or(key);
    let is_elsewhere = key.starts_with("file:") || reference.contains(':');
    if is_elsewhere { elsewhere(reference).unwrap_or_default() } else { Origin::Registry }
}

/// The key that a reference of a dependency stands for, in every version of the format.
fn find(map: &LockMap, name: &str, reference: &str) -> Option<u32> {
    if let Some(path) = reference.strip_prefix("file:./") {
        return map.get(&format!("file:{path}"));
    }
    map.get(&format!("{name}@{reference}"))
        .or_else(|| map.get(&format!("/{name}@{reference}")))
        .or_else(|| map.get(&format!("/{name}/{reference}")))
        .or_else(|| map.get(reference))
        .or_else(|| map.get(&format!("{name}@{}", without_peers(reference))))
        .or_else(|| map.get(without_peers(reference)))
}

fn connect(entry: &Entry<'_>, map: &LockMap, draft: &mut Draft<'_>) {
    let Some(index) = map.get(&entry.key) else { return };
    for table in ["dependencies", "optionalDependencies"] {
        for wanted in entry.value.entries_at(table) {
            let target = wanted.value.text().and_then(|reference| find(map, &wanted.key, reference));
            draft.manifest.components[index as usize].dependencies.extend(target);
        }
    }
}

/// The project's own packages: one, or several under `importers`.
#[derive(Default)]
struct Own {
    /// Folder of the lockfile.
    base: String,
    importers: Vec<Importer>,
    /// Importer, name, reference and line of each requirement.
    references: Vec<(usize, String, String, u32)>,
    /// Components by importer's folder and name.
    targets: HashMap<(String, String), u32>,
}

impl Own {
    fn read(&mut self, root: &Node<'_>, draft: &mut Draft<'_>) {
        let importers = root.entries_at("importers");
        if importers.is_empty() {
            let base = self.base.clone();
            self.importer(base, root, Span::default(), draft);
        }
        for entry in importers {
            let inside = if entry.key == "." { "" } else { &entry.key };
            let folder = draft.file.sibling(inside).unwrap_or_else(|| inside.to_owned());
            self.importer(folder, &entry.value, entry.key_span, draft);
        }
    }

    fn importer(&mut self, folder: String, node: &Node<'_>, span: Span, draft: &mut Draft<'_>) {
        let Some(component) = draft.push(importers::own_component(&folder, span)) else { return };
        let at = self.importers.len();
        let mut locked = Vec::new();
        // Before version 6 the ranges stand in a map of their own.
        let specifiers = node.entries_at("specifiers").iter();
        let specifiers: HashMap<&str, &Node<'_>> =
            specifiers.map(|entry| (&*entry.key, &entry.value)).collect();
        for (table, scope) in TABLES {
            for entry in node.entries_at(table) {
                let range = entry.value.text_at("specifier");
                let range = range.or_else(|| specifiers.get(&*entry.key)?.text()).unwrap_or_default();
                let reference = entry.value.text_at("version").or_else(|| entry.value.text());
                let Some(reference) = reference else {
                    let message = format!("{} for `{}`; expected a version", entry.value.noun(), entry.key);
                    draft.problem(entry.key_span.line, message);
                    continue;
                };
                locked.push(requirement(&entry.key, range, *scope, entry.key_span));
                let line = entry.key_span.line;
                self.references.push((at, entry.key.to_string(), reference.to_owned(), line));
            }
        }
        self.importers.push(Importer { folder, component, locked, tells_scopes: true, key: None });
    }

    /// Finds what every requirement led to; `link:` leads to another importer.
    fn resolve(&mut self, map: &LockMap, draft: &mut Draft<'_>) {
        let by_folder: HashMap<&str, u32> =
            self.importers.iter().map(|importer| (importer.folder.as_str(), importer.component)).collect();
        for (at, name, reference, line) in &self.references {
            let folder = &self.importers[*at].folder;
            let target = match reference.strip_prefix("link:") {
                Some(path) => {
                    let inside = pattern::join(folder, "package.json");
                    let linked = PackageFile::new(&inside, &[]).sibling(path);
                    linked.and_then(|linked| by_folder.get(linked.as_str()).copied())
                }
                None => find(map, name, reference),
            };
            match target {
                Some(target) => {
                    self.targets.insert((folder.clone(), name.clone()), target);
                }
                None if reference.starts_with("link:") => {}
                None => draft.problem(*line, format!("`{name}` is asked for, but not among the packages")),
            }
        }
    }
}
