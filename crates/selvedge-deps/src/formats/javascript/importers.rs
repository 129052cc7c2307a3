//! The packages that a lockfile was made for, and what their `package.json` files add to it: which of the
//! locked packages are direct, for what, by which requirement, and where that stands.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::manifest::{self, PackageJson};
use crate::draft::Draft;
use crate::pattern::{self, Members};
use crate::requirement::Requirement;
use crate::syntax::{self, json};
use crate::{Files, PackageFile};

/// One of them.
#[derive(Debug)]
pub(super) struct Importer {
    /// Folder from the root of the run.
    pub(super) folder: String,
    /// Index of its own component.
    pub(super) component: u32,
    /// What the lockfile says it asks for.
    pub(super) locked: Vec<Requirement>,
    /// Whether the scopes of these are known.
    pub(super) tells_scopes: bool,
    /// Key under which the lockfile keeps what only this one uses.
    pub(super) key: Option<String>,
}

/// Marks what the importers ask for as direct and spreads from there. `resolve` finds the component that a
/// requirement of an importer led to. Requirements are those of `package.json` where it is on disk, since
/// that is the place to edit, and those that the lockfile repeats.
pub(super) fn apply(
    draft: &mut Draft<'_>,
    files: &dyn Files,
    importers: &[Importer],
    resolve: &dyn Fn(&Importer, &Requirement) -> Option<u32>,
) {
    let mut direct: BTreeMap<u32, Scope> = BTreeMap::new();
    for importer in importers {
        let path = pattern::join(&importer.folder, "package.json");
        let manifest = read(&path, files, draft);
        let on_disk = manifest.as_ref().map_or(&[][..], |manifest| &manifest.requirements);
        let is_locked_used = manifest.is_none() || importer.tells_scopes;
        let locked = if is_locked_used { &importer.locked[..] } else { &[] };
        let mut edges = Vec::new();
        for requirement in on_disk.iter().chain(locked) {
            let Some(index) = resolve(importer, requirement) else { continue };
            edges.push(index);
            let scope = direct.entry(index).or_insert(requirement.scope);
            *scope = (*scope).min(requirement.scope);
        }
        note(draft, importer, on_disk, &path, resolve);
        if let Some(component) = draft.manifest.components.get_mut(importer.component as usize) {
            component.dependencies.extend(edges);
            fill(component, manifest.as_ref(), &importer.folder);
        }
    }
    let components = &draft.manifest.components;
    let is_root = |index: u32| components.get(index as usize).is_some_and(|it| it.relation == Relation::Root);
    let direct: Vec<(u32, Scope)> = direct.into_iter().filter(|(index, _)| !is_root(*index)).collect();
    draft.manifest.spread(&direct);
}

/// Notes the requirements and where they stand.
fn note(
    draft: &mut Draft<'_>,
    importer: &Importer,
    on_disk: &[Requirement],
    path: &str,
    resolve: &dyn Fn(&Importer, &Requirement) -> Option<u32>,
) {
    for requirement in on_disk {
        if let Some(index) = resolve(importer, requirement) {
            requirement.note(draft, index, path);
        }
    }
    for requirement in &importer.locked {
        let index = resolve(importer, requirement);
        let component = index.and_then(|index| draft.manifest.components.get_mut(index as usize));
        if let Some(component) = component.filter(|component| component.requirement.is_none()) {
            component.requirement.clone_from(&requirement.requirement);
        }
    }
}

/// The importers of a workspace whose lockfile does not list them: the project in `base` and the members
/// that its `package.json` names. None without that file.
pub(super) fn of_workspace(base: &str, files: &dyn Files, draft: &mut Draft<'_>) -> Vec<Importer> {
    let Some(bytes) = files.companion(&pattern::join(base, "package.json")) else { return Vec::new() };
    let Ok(text) = syntax::text(bytes) else { return Vec::new() };
    let root = json::parse(text).root;
    let manifest = manifest::read(&root, &mut Vec::new());
    let mut folders = vec![base.to_owned()];
    let members = Members::new(manifest.workspaces.iter().map(String::as_str));
    if !members.is_empty() {
        for path in pattern::below(&files.paths(), base) {
            let inside = pattern::relative(path, base).and_then(|path| path.strip_suffix("/package.json"));
            if inside.is_some_and(|inside| members.contains(inside) && !inside.contains("node_modules")) {
                folders.push(pattern::folder(path).to_owned());
            }
        }
    }
    let mut importers = Vec::new();
    for folder in folders {
        let Some(component) = draft.push(own_component(&folder, Span::default())) else { break };
        importers.push(Importer { folder, component, locked: Vec::new(), tells_scopes: false, key: None });
    }
    importers
}

/// The component of an importer whose name is known from its `package.json` only.
pub(super) fn own_component(folder: &str, span: Span) -> Component {
    Component {
        ecosystem: Ecosystem::Npm,
        origin: Origin::Path(folder.to_owned()),
        relation: Relation::Root,
        span,
        ..Component::default()
    }
}

/// Completes the importer's own component. Without any name it is called after its folder.
fn fill(component: &mut Component, manifest: Option<&PackageJson>, folder: &str) {
    if let Some(manifest) = manifest {
        if component.name.is_empty() {
            component.name = manifest.name.clone().unwrap_or_default();
        }
        if component.version.is_none() {
            component.version.clone_from(&manifest.version);
        }
        if component.licenses.is_empty() {
            component.licenses.extend(manifest.license.clone());
        }
    }
    if component.name.is_empty() {
        let name = folder.rsplit('/').next().filter(|name| !name.is_empty());
        name.unwrap_or(".").clone_into(&mut component.name);
    }
}

/// Reads the manifest at `path` and takes it into the draft; `None` if there is none.
pub(super) fn read(path: &str, files: &dyn Files, draft: &mut Draft<'_>) -> Option<PackageJson> {
    let file = PackageFile::new(path, files.companion(path)?);
    let mut own = Draft::new(&file, "package-json");
    let root = syntax::read_map(&mut own, json::parse);
    let mut problems = Vec::new();
    let manifest = manifest::read(&root, &mut problems);
    for (line, message) in problems {
        own.problem(line, message);
    }
    for diagnostic in own.fail().diagnostics {
        draft.report(diagnostic);
    }
    draft.manifest.absorbed.push(path.to_owned());
    Some(manifest)
}
