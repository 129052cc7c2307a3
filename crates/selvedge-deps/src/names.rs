//! Edges that a lockfile writes as names, turned into indices once every name is known.

use std::collections::BTreeMap;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::draft::Draft;

/// Edges in one file. A name that many components share would otherwise cost the product of both.
const EDGES_MAX: usize = 4_000_000;

/// Components by name, and what needs which name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_name: BTreeMap<String, Vec<u32>>,
    edges: Vec<(u32, String)>,
}

impl Names {
    /// The component at `index` answers to `name`.
    pub(crate) fn add(&mut self, name: impl Into<String>, index: u32) {
        let known = self.by_name.entry(name.into()).or_default();
        if known.last() != Some(&index) {
            known.push(index);
        }
    }

    /// The component at `index` needs what answers to `name`.
    pub(crate) fn need(&mut self, index: u32, name: impl Into<String>) {
        self.edges.push((index, name.into()));
    }

    /// What answers to `name`.
    pub(crate) fn of(&self, name: &str) -> &[u32] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Writes the edges into the components. A name that nothing answers to is one that this file need not
    /// list, such as the language itself.
    pub(crate) fn connect(&self, draft: &mut Draft<'_>) {
        let mut count = 0;
        for (from, name) in &self.edges {
            let targets = self.of(name);
            count += targets.len();
            if count > EDGES_MAX {
                let message =
                    format!("more than {EDGES_MAX} edges between packages; the others are left out");
                draft.report(Diagnostic::new(DiagnosticKind::LimitReached, message).at(draft.file.path));
                return;
            }
            if let Some(component) = draft.manifest.components.get_mut(*from as usize) {
                component.dependencies.extend(targets);
            }
        }
    }
}
