//! Packages of a lockfile while it is being read: one component per name, version and origin, whatever keys
//! lead to it.

use std::collections::HashMap;

use selvedge_package::{Component, Origin, Relation, Scope};

use crate::draft::Draft;

/// Components by what identifies them, and by the keys of the lockfile.
#[derive(Debug, Default)]
pub(super) struct LockMap {
    known: HashMap<(String, Option<String>, Origin), u32>,
    by_key: HashMap<String, u32>,
    by_name: HashMap<String, Vec<u32>>,
    /// Components that every one of their entries marks as optional.
    optional: HashMap<u32, bool>,
}

impl LockMap {
    /// Adds a package, or finds the one that is already there. Digests of both count.
    pub(super) fn add(&mut self, component: Component, draft: &mut Draft<'_>) -> Option<u32> {
        let key = (component.name.clone(), component.version.clone(), component.origin.clone());
        if let Some(index) = self.known.get(&key) {
            let known = &mut draft.manifest.components[*index as usize];
            known.scope = known.scope.min(component.scope);
            if known.hashes.is_empty() {
                known.hashes = component.hashes;
            }
            return Some(*index);
        }
        let name = component.name.clone();
        let index = draft.push(component)?;
        self.known.insert(key, index);
        self.by_name.entry(name).or_default().push(index);
        Some(index)
    }

    /// Lets `key` lead to a component.
    pub(super) fn name(&mut self, key: impl Into<String>, index: u32) {
        self.by_key.insert(key.into(), index);
    }

    /// The component that `key` leads to.
    pub(super) fn get(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// The only package of this name.
    pub(super) fn only(&self, name: &str) -> Option<u32> {
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([index]) => Some(*index),
            _ => None,
        }
    }

    /// Notes whether one entry of a component is optional.
    pub(super) fn mark_optional(&mut self, index: u32, is_optional: bool) {
        let all = self.optional.entry(index).or_insert(true);
        *all &= is_optional;
    }

    /// After spreading: what only optional edges reach is optional, which the graph does not know.
    pub(super) fn settle(&self, draft: &mut Draft<'_>) {
        for (index, component) in draft.manifest.components.iter_mut().enumerate() {
            let is_optional = self.optional.get(&(index as u32)) == Some(&true);
            if is_optional && component.scope == Scope::Runtime && component.relation != Relation::Root {
                component.scope = Scope::Optional;
            }
        }
    }
}
