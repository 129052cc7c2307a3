//! What the lockfiles of Python have in common: packages found by normalised name, edges between them, and the
//! project's requirements that lead to them.

use std::collections::{BTreeMap, HashMap};

use selvedge_package::{Component, Origin, Relation, Scope};

use super::names::normalized;
use super::pyproject::Project;
use crate::draft::Draft;
use crate::requirement::Requirement;

/// Edges from one package to others of one name; markers can ask for a few versions of it.
const SAME_NAME_MAX: usize = 64;

/// Packages of a lockfile while it is being read.
#[derive(Debug, Default)]
pub(super) struct Locked {
    by_name: HashMap<String, Vec<u32>>,
    known: HashMap<(String, Option<String>, Origin), u32>,
}

impl Locked {
    /// Adds a package, or finds the one that is already there with the same name, version and origin (PDM
    /// repeats packages per set of extras). The lesser scope counts.
    pub(super) fn add(&mut self, component: Component, draft: &mut Draft<'_>) -> Option<u32> {
        let name = normalized(&component.name);
        let key = (name.clone(), component.version.clone(), component.origin.clone());
        if let Some(index) = self.known.get(&key) {
            let other = &mut draft.manifest.components[*index as usize];
            other.scope = other.scope.min(component.scope);
            if other.hashes.is_empty() {
                other.hashes = component.hashes;
            }
            return Some(*index);
        }
        let index = draft.push(component)?;
        self.known.insert(key, index);
        self.by_name.entry(name).or_default().push(index);
        Some(index)
    }

    /// The packages of this name, those of this version if any has it.
    pub(super) fn find(&self, name: &str, version: Option<&str>, draft: &Draft<'_>) -> Vec<u32> {
        let Some(all) = self.by_name.get(&normalized(name)) else { return Vec::new() };
        let all = &all[..all.len().min(SAME_NAME_MAX)];
        let has_version =
            |index: &u32| draft.manifest.components[*index as usize].version.as_deref() == version;
        let exact: Vec<u32> = all.iter().copied().filter(has_version).collect();
        if exact.is_empty() { all.to_vec() } else { exact }
    }

    /// Adds edges from `from` to the packages of these names.
    pub(super) fn connect<'n>(&self, from: u32, names: impl Iterator<Item = &'n str>, draft: &mut Draft<'_>) {
        for name in names {
            let targets = self.find(name, None, draft);
            draft.manifest.components[from as usize].dependencies.extend(targets);
        }
    }

    /// Takes the project in: it becomes the root, what it asks for is direct, and scopes spread from there.
    pub(super) fn apply(&self, project: &Project, path: &str, draft: &mut Draft<'_>) {
        let mut direct: BTreeMap<u32, Scope> = BTreeMap::new();
        for requirement in &project.requirements {
            for index in self.asked(requirement, draft) {
                let scope = direct.entry(index).or_insert(requirement.scope);
                *scope = (*scope).min(requirement.scope);
                requirement.note(draft, index, path);
            }
        }
        let direct: Vec<(u32, Scope)> = direct.into_iter().collect();
        if let Some(name) = project.name.as_ref().filter(|name| !name.is_empty()) {
            draft.push(Component {
                ecosystem: selvedge_package::Ecosystem::PyPI,
                name: name.clone(),
                version: project.version.clone(),
                origin: Origin::Path(crate::pattern::folder(path).to_owned()),
                relation: Relation::Root,
                licenses: project.license.clone().into_iter().collect(),
                dependencies: direct.iter().map(|(index, _)| *index).collect(),
                ..Component::default()
            });
        }
        draft.manifest.spread(&direct);
    }

    fn asked(&self, requirement: &Requirement, draft: &Draft<'_>) -> Vec<u32> {
        self.find(&requirement.name, requirement.version.as_deref(), draft)
    }
}
