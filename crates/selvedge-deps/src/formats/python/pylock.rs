//! `pylock.toml` and `pylock.<name>.toml`, the lockfile that installers share.
//!
//! Format: Python packaging guide, "pylock.toml specification" (formerly PEP 751).

use selvedge_package::{Component, Ecosystem, Hash, Origin, Relation};

use super::locked::Locked;
use super::poetry::registry;
use crate::draft::Draft;
use crate::syntax::{self, Node, digest};
use crate::{Files, PackageFile, Parsed};

/// Whether this file name is one of a shared lockfile.
pub(super) fn is_name(name: &str) -> bool {
    let inner = name.strip_prefix("pylock.").and_then(|rest| rest.strip_suffix("toml"));
    inner.is_some_and(|inner| inner.is_empty() || (inner.ends_with('.') && inner.len() > 1))
}

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "pylock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, syntax::toml::parse);
    let mut locked = Locked::default();
    let mut added = Vec::new();
    let mut has_graph = false;
    for node in root.items_at("packages") {
        let Some(name) = node.get("name").filter(|name| name.text().is_some()) else {
            draft.problem(node.span.line, "a package without `name`; left out");
            continue;
        };
        let origin = origin(file, node);
        let is_itself = matches!(&origin, Origin::Path(path) if path == crate::pattern::folder(file.path));
        let component = Component {
            ecosystem: Ecosystem::PyPI,
            name: name.text().unwrap_or_default().to_owned(),
            version: node.text_at("version").map(str::to_owned),
            relation: if is_itself { Relation::Root } else { Relation::Unknown },
            origin,
            resolved: node.at(&["sdist", "url"]).and_then(Node::text).map(str::to_owned),
            hashes: hashes(node),
            span: name.span,
            ..Component::default()
        };
        has_graph |= node.get("dependencies").is_some();
        if let Some(index) = locked.add(component, &mut draft) {
            added.push((index, node));
        }
    }
    for (index, node) in added {
        for item in node.items_at("dependencies") {
            let Some(name) = item.text_at("name") else { continue };
            let targets = locked.find(name, item.text_at("version"), &draft);
            draft.manifest.components[index as usize].dependencies.extend(targets);
        }
    }
    draft.manifest.has_graph = has_graph;
    draft.finish()
}

fn hashes(node: &Node<'_>) -> Vec<Hash> {
    let single = ["sdist", "archive"].iter().filter_map(|key| node.get(key));
    let files = single.chain(node.items_at("wheels"));
    let digests = files.flat_map(|file| file.entries_at("hashes"));
    digests.filter_map(|entry| digest::hex(&entry.key, entry.value.text()?)).collect()
}

fn origin(file: &PackageFile<'_>, node: &Node<'_>) -> Origin {
    let path = |path: &str| Origin::Path(file.sibling(path).unwrap_or_else(|| path.to_owned()));
    if let Some(vcs) = node.get("vcs") {
        let url = vcs.text_at("url").or_else(|| vcs.text_at("path")).unwrap_or_default().to_owned();
        return Origin::Git { url, commit: vcs.text_at("commit-id").map(str::to_owned) };
    }
    if let Some(directory) = node.get("directory") {
        return path(directory.text_at("path").unwrap_or("."));
    }
    if let Some(archive) = node.get("archive") {
        return match archive.text_at("url") {
            Some(url) => Origin::Url(url.to_owned()),
            None => path(archive.text_at("path").unwrap_or(".")),
        };
    }
    node.text_at("index").map_or(Origin::Registry, registry)
}
