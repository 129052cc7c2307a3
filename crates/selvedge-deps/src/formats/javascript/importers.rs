//! The packages that a lockfile was made for, and what their `package.json` files add to it: which of the
//! locked packages are direct, for what, by which requirement, and where that stands.

use std::collections::BTreeMap;

use selvedge_package::{Relation, Scope};

use super::manifest::{self, PackageJson};
use crate::draft::Draft;
use crate::pattern;
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
}

/// Marks what the importers ask for as direct and spreads from there. `resolve` finds the component that a
/// requirement of an importer led to. Requirements are those of `package.json` where it is on disk, since
/// that is the place to edit, and those that the lockfile repeats otherwise.
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
        let mut edges = Vec::new();
        for requirement in on_disk.iter().chain(&importer.locked) {
            let Some(index) = resolve(importer, requirement) else { continue };
            edges.push(index);
            let scope = direct.entry(index).or_insert(requirement.scope);
            *scope = (*scope).min(requirement.scope);
        }
        for requirement in on_disk {
            if let Some(index) = resolve(importer, requirement) {
                requirement.note(draft, index, &path);
            }
        }
        for requirement in &importer.locked {
            let index = resolve(importer, requirement);
            let component = index.and_then(|index| draft.manifest.components.get_mut(index as usize));
            if let Some(component) = component.filter(|component| component.requirement.is_none()) {
                component.requirement.clone_from(&requirement.requirement);
            }
        }
        if let Some(component) = draft.manifest.components.get_mut(importer.component as usize) {
            component.dependencies.extend(edges);
            fill(component, manifest.as_ref());
        }
    }
    let components = &draft.manifest.components;
    let is_root = |index: u32| components.get(index as usize).is_some_and(|it| it.relation == Relation::Root);
    let direct: Vec<(u32, Scope)> = direct.into_iter().filter(|(index, _)| !is_root(*index)).collect();
    draft.manifest.spread(&direct);
}

/// Completes the importer's own component.
fn fill(component: &mut selvedge_package::Component, manifest: Option<&PackageJson>) {
    let Some(manifest) = manifest else { return };
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

/// Reads the manifest at `path` and takes it into the draft; `None` if there is none.
pub(super) fn read(path: &str, files: &dyn Files, draft: &mut Draft<'_>) -> Option<PackageJson> {
    let file = PackageFile::new(path, files.get(path)?);
    let mut own = Draft::new(&file, "package-json");
    let root = syntax::read(&mut own, json::parse);
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
