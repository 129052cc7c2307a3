//! `project.assets.json`: what the restore of a project resolved, for each framework and runtime.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Scope};

use super::library;
use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, Node, digest, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `project.assets.json`.
pub(super) const FORMAT: Format = Format {
    id: "nuget-project-assets",
    matches: |path| path == "project.assets.json" || path.ends_with("/project.assets.json"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let root = syntax::read(&mut draft, json::parse);
    if root.get("libraries").is_none() && root.get("targets").is_none() {
        draft.problem(1, "expected an object with `libraries` and `targets`");
        return draft.fail();
    }
    let libraries = add_libraries(&mut draft, &root);
    connect(&mut draft, &root, &libraries);
    let direct = direct(&draft, &root);
    draft.manifest.spread(&direct);
    draft.finish()
}

/// Adds every library, and gives the components by lower-case key.
pub(super) fn add_libraries(draft: &mut Draft<'_>, root: &Node<'_>) -> BTreeMap<String, u32> {
    let mut known = BTreeMap::new();
    for entry in root.entries_at("libraries") {
        let Some((name, version)) = library(&entry.key) else {
            draft.problem(entry.key_span.line, "expected `<name>/<version>`; it is left out");
            continue;
        };
        let is_package = entry.value.text_at("type").is_none_or(|kind| kind != "project");
        let path = entry.value.text_at("path").unwrap_or(name);
        let hash = entry.value.text_at("sha512").unwrap_or_default();
        let hash = digest::base64("sha512", hash.strip_prefix("sha512-").unwrap_or(hash));
        let index = draft.push(Component {
            ecosystem: Ecosystem::NuGet,
            // The runtime that an application carries is a package; only here its name has a prefix.
            name: name.strip_prefix("runtimepack.").unwrap_or(name).to_owned(),
            version: Some(version.to_owned()),
            origin: if is_package { Origin::Registry } else { Origin::Path(path.to_owned()) },
            hashes: hash.into_iter().collect(),
            span: entry.key_span,
            ..Component::default()
        });
        known.extend(index.map(|index| (entry.key.to_lowercase(), index)));
    }
    known
}

/// Edges of each target: names there mean the version that this target has.
pub(super) fn connect(draft: &mut Draft<'_>, root: &Node<'_>, libraries: &BTreeMap<String, u32>) {
    for target in root.entries_at("targets") {
        let mut names = Names::default();
        for entry in target.value.entries() {
            let Some((name, _)) = library(&entry.key) else { continue };
            let Some(index) = libraries.get(&entry.key.to_lowercase()) else { continue };
            names.add(name.to_lowercase(), *index);
            for dependency in entry.value.entries_at("dependencies") {
                names.need(*index, dependency.key.to_lowercase());
            }
        }
        names.connect(draft);
    }
}

/// What the project names: packages in `project.frameworks`, and projects that it refers to.
fn direct(draft: &Draft<'_>, root: &Node<'_>) -> Vec<(u32, Scope)> {
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    for framework in root.at(&["project", "frameworks"]).map_or(&[][..], Node::entries) {
        for entry in framework.value.entries_at("dependencies") {
            // What the project keeps to itself goes neither into its package nor to what refers to it.
            let is_private = entry.value.text_at("suppressParent") == Some("All");
            let scope = if is_private { Scope::Development } else { Scope::Runtime };
            let known = scopes.entry(entry.key.to_lowercase()).or_insert(scope);
            *known = scope.min(*known);
        }
    }
    let components = draft.manifest.components.iter().enumerate();
    components
        .filter_map(|(index, component)| {
            let is_project = matches!(component.origin, Origin::Path(_));
            let scope = scopes.get(&component.name.to_lowercase()).copied();
            scope.or(is_project.then_some(Scope::Runtime)).map(|scope| (index as u32, scope))
        })
        .collect()
}
