//! `bun.lock`, Bun's lockfile in text.
//!
//! Format: JSON with trailing commas. A key of `packages` is the way to a package through those that need
//! another version than the others (`a/b`); a value lists `name@version`, registry, dependencies and digest,
//! fewer of them for what comes from elsewhere.

use selvedge_package::{Component, Ecosystem, Origin, Span};

use super::importers::{self, Importer};
use super::lockmap::LockMap;
use super::manifest;
use super::source::{elsewhere, resolved, split_name};
use crate::draft::Draft;
use crate::pattern;
use crate::syntax::{self, Entry, Node, digest, json};
use crate::{Files, PackageFile, Parsed};

/// Longest key along which names are looked up.
const KEY_MAX: usize = 4_096;

/// Parts of a key that are tried upwards.
const LEVELS_MAX: usize = 64;

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "bun-lock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, json::parse);
    let mut map = LockMap::default();
    let importers = own(&root, &mut map, &mut draft);
    let mut added = Vec::new();
    for entry in root.entries_at("packages") {
        if let Some(index) = add(file, entry, &mut map, &mut draft) {
            added.push((index, entry));
        }
    }
    for (index, entry) in added {
        for table in ["dependencies", "optionalDependencies", "peerDependencies"] {
            for wanted in information(&entry.value).map_or(&[][..], |node| node.entries_at(table)) {
                let target = find(&map, &entry.key, &wanted.key);
                draft.manifest.components[index as usize].dependencies.extend(target);
            }
        }
    }
    draft.manifest.has_graph = true;
    importers::apply(&mut draft, files, &importers, &|importer, requirement| {
        let key = requirement.alias.as_deref().unwrap_or(&requirement.name);
        // What a member needs in another version stands below the member's name.
        find(&map, importer.key.as_deref().unwrap_or_default(), key)
    });
    draft.finish()
}

/// The project's own packages.
fn own(root: &Node<'_>, map: &mut LockMap, draft: &mut Draft<'_>) -> Vec<Importer> {
    let base = pattern::folder(draft.file.path).to_owned();
    let mut importers = Vec::new();
    for entry in root.entries_at("workspaces") {
        let folder = pattern::join(&base, &entry.key);
        let folder = folder.trim_end_matches('/').to_owned();
        let manifest = manifest::read(&entry.value, &mut Vec::new());
        let key = manifest.name.clone();
        let component = manifest::root_component(&manifest, &folder, entry.key_span);
        let Some(index) = draft.push(component) else { break };
        map.name(workspace_key(&entry.key), index);
        importers.push(Importer {
            folder,
            component: index,
            locked: manifest.requirements,
            tells_scopes: true,
            key,
        });
    }
    importers
}

/// Key under which a workspace is kept beside those of packages, which cannot hold a blank.
fn workspace_key(folder: &str) -> String {
    format!("workspace {folder}")
}

/// The object with dependencies among the items of a package.
fn information<'n, 'a>(value: &'n Node<'a>) -> Option<&'n Node<'a>> {
    value.items().iter().find(|item| item.is_map())
}

fn add(file: &PackageFile<'_>, entry: &Entry<'_>, map: &mut LockMap, draft: &mut Draft<'_>) -> Option<u32> {
    let identity = entry.value.items().first().and_then(Node::text).filter(|text| text.contains('@'));
    let Some(identity) = identity else {
        let message = format!("`{}` without `name@version`; left out", entry.key);
        draft.problem(entry.key_span.line, message);
        return None;
    };
    let (name, reference) = split_name(identity);
    let reference = reference.unwrap_or_default();
    if let Some(folder) = reference.strip_prefix("workspace:") {
        if let Some(index) = map.get(&workspace_key(folder)) {
            map.name(entry.key.clone(), index);
        }
        return None;
    }
    let component = component(file, name, reference, entry);
    let index = map.add(component, draft)?;
    map.name(entry.key.clone(), index);
    Some(index)
}

fn component(file: &PackageFile<'_>, name: &str, reference: &str, entry: &Entry<'_>) -> Component {
    let origin = match elsewhere(reference) {
        Some(Origin::Path(path)) => Origin::Path(file.sibling(&path).unwrap_or(path)),
        Some(origin) => origin,
        None => registry(&entry.value),
    };
    let is_published = matches!(origin, Origin::Registry | Origin::OtherRegistry(_));
    let digests = entry.value.items().iter().skip(1).filter_map(Node::text);
    Component {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: is_published.then(|| reference.to_owned()),
        resolved: (!is_published).then(|| reference.to_owned()),
        origin,
        hashes: digests.flat_map(digest::integrity).collect(),
        span: Span { end: entry.value.span.end, ..entry.key_span },
        ..Component::default()
    }
}

/// The second item of a published package: empty for the usual registry, else the address of the archive.
fn registry(value: &Node<'_>) -> Origin {
    let address = value.items().get(1).and_then(Node::text).filter(|text| text.contains("://"));
    address.map_or(Origin::Registry, |address| match resolved(address) {
        Origin::Url(_) => Origin::OtherRegistry(address.to_owned()),
        other => other,
    })
}

/// The package that `name` means for the package at `key`: the nearest one upwards.
fn find(map: &LockMap, key: &str, name: &str) -> Option<u32> {
    let mut at = if key.len() > KEY_MAX { "" } else { key };
    for _ in 0..LEVELS_MAX {
        if at.is_empty() {
            break;
        }
        if let Some(index) = map.get(&format!("{at}/{name}")) {
            return Some(index);
        }
        at = pattern::folder(at);
    }
    map.get(name)
}

/// Says that the old binary lockfile is not read, unless the one in text stands beside it.
pub(super) fn parse_binary(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let has_text = file.sibling("bun.lock").is_some_and(|path| files.get(&path).is_some());
    if has_text {
        return Parsed::default();
    }
    let advice = "Bun's binary lockfile is not read; `bun install --save-text-lockfile --lockfile-only` writes `bun.lock`";
    Parsed::failed(file.path, None, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_up_along_the_key() {
        let mut map = LockMap::default();
        for (index, key) in ["b", "a/b", "@s/p/b"].iter().enumerate() {
            map.name(*key, index as u32);
        }
        assert_eq!(find(&map, "a/c", "b"), Some(1));
        assert_eq!(find(&map, "@s/p", "b"), Some(2));
        assert_eq!(find(&map, "@s/q", "b"), Some(0));
        assert_eq!(find(&map, "", "x"), None);
    }
}
