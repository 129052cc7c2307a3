//! `yarn.lock` since Yarn 2.
//!
//! Format: YAML; a key lists the descriptors (`name@npm:range`) that lead to one locator (`resolution`).
//! Workspaces have entries of their own, with what they ask for but not for what; `package.json` tells that.
//! The checksum is that of Yarn's own archive of the package.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::importers::{self, Importer};
use super::lockmap::LockMap;
use super::manifest::requirement;
use super::source::{elsewhere, split_name};
use crate::draft::Draft;
use crate::pattern;
use crate::syntax::{self, Node, digest, yaml};
use crate::{Files, PackageFile, Parsed};

/// Version of what is not published.
const LOCAL_VERSION: &str = "0.0.0-use.local";

/// Reads the lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "yarn-lock");
    draft.manifest.is_locked = true;
    let root = syntax::read_map(&mut draft, yaml::parse);
    let base = pattern::folder(file.path);
    let mut map = LockMap::default();
    let (mut added, mut importers) = (Vec::new(), Vec::new());
    for entry in root.entries().iter().filter(|entry| entry.key != "__metadata") {
        let Some(component) = component(base, &entry.value, entry.key_span) else {
            let message = format!("`{}` without `resolution`; left out", shown(&entry.key));
            draft.problem(entry.key_span.line, message);
            continue;
        };
        let is_workspace = component.relation == Relation::Root;
        let folder = match &component.origin {
            Origin::Path(folder) => folder.clone(),
            _ => String::new(),
        };
        let Some(index) = map.add(component, &mut draft) else { continue };
        for descriptor in entry.key.split(", ") {
            map.name(descriptor, index);
        }
        if is_workspace {
            importers.push(importer(folder, index, &entry.value));
        } else {
            added.push((index, &entry.value));
        }
    }
    for (index, node) in added {
        for wanted in node.entries_at("dependencies") {
            let range = wanted.value.text().unwrap_or_default();
            if let Some(target) = find(&map, &wanted.key, range) {
                draft.manifest.components[index as usize].dependencies.push(target);
            }
        }
    }
    draft.manifest.has_graph = true;
    importers::apply(&mut draft, files, &importers, &|_, requirement| {
        let key = requirement.alias.as_deref().unwrap_or(&requirement.name);
        find(&map, key, requirement.requirement.as_deref().unwrap_or_default())
    });
    draft.finish()
}

fn shown(key: &str) -> &str {
    key.split(',').next().unwrap_or(key)
}

/// The package that a name and a range lead to. Ranges without protocol mean npm's registry; where a
/// resolution of the project overrides the range, the only package of that name is meant.
fn find(map: &LockMap, name: &str, range: &str) -> Option<u32> {
    map.get(&format!("{name}@{range}"))
        .or_else(|| map.get(&format!("{name}@npm:{range}")))
        .or_else(|| map.only(name))
}

fn importer(folder: String, component: u32, node: &Node<'_>) -> Importer {
    let locked = node.entries_at("dependencies").iter().map(|entry| {
        let text = entry.value.text().unwrap_or_default();
        requirement(&entry.key, text, Scope::Runtime, entry.key_span)
    });
    Importer { folder, component, locked: locked.collect(), tells_scopes: false, key: None }
}

fn component(base: &str, node: &Node<'_>, span: Span) -> Option<Component> {
    let resolution = node.text_at("resolution")?;
    let (name, reference) = split_name(resolution);
    let reference = reference?;
    let version = node.text_at("version").filter(|version| *version != LOCAL_VERSION);
    let mut component = Component {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: version.map(str::to_owned),
        hashes: node.text_at("checksum").and_then(checksum).into_iter().collect(),
        span,
        ..Component::default()
    };
    if let Some(folder) = reference.strip_prefix("workspace:") {
        component.relation = Relation::Root;
        let folder = if folder == "." { "" } else { folder };
        component.origin = Origin::Path(pattern::join(base, folder).trim_end_matches('/').to_owned());
    } else if !reference.starts_with("npm:") && !reference.starts_with("patch:") {
        let bare = reference.split_once("::").map_or(reference, |(bare, _)| bare);
        component.origin = elsewhere(bare).unwrap_or_default();
        component.resolved = Some(bare.to_owned());
    } else if let Some((_, address)) = reference.split_once("::__archiveUrl=") {
        component.resolved = Some(address.replace("%3A", ":").replace("%2F", "/").replace("%40", "@"));
        component.origin = super::source::resolved(component.resolved.as_deref().unwrap_or_default());
    }
    Some(component)
}

/// `10c0/<hexadecimal>` or `<hexadecimal>`.
fn checksum(text: &str) -> Option<selvedge_package::Hash> {
    digest::hex("sha512", text.rsplit('/').next().unwrap_or(text))
}
