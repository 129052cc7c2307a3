//! Edges that a lockfile writes as names, turned into indices once every name is known.

use std::collections::BTreeMap;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::draft::Draft;

/// Edges in one file. A name that many components share would otherwise cost the product of both.
const EDGES_MAX: usize = 4_000_000;

/// Components that answer to one name: versions side by side. What looks up a name may then go through all.
const SAME_NAME_MAX: usize = 256;

/// Components by name, and what needs which name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_name: BTreeMap<String, Vec<u32>>,
    edges: Vec<(u32, String)>,
    is_over: bool,
}

impl Names {
    /// The component at `index` answers to `name`.
    pub(crate) fn add(&mut self, name: impl Into<String>, index: u32) {
        let known = self.by_name.entry(name.into()).or_default();
        if known.len() >= SAME_NAME_MAX {
            self.is_over = true;
        } else if known.last() != Some(&index) {
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
        if self.is_over {
            let message =
                format!("more than {SAME_NAME_MAX} packages of one name; edges to the others are left out");
            draft.report(Diagnostic::new(DiagnosticKind::LimitReached, message).at(draft.file.path));
        }
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

#[cfg(test)]
mod tests {
    use selvedge_package::Component;

    use super::*;
    use crate::PackageFile;

    #[test]
    fn a_name_that_everything_shares_does_not_cost_the_product() {
        let mut draft = Draft::new(&PackageFile::new("a", b""), "test");
        let mut names = Names::default();
        for _ in 0..2_000 {
            let index = draft
                .push(Component { name: "a".to_owned(), ..Component::default() })
                .expect("far below the limit");
            names.add("a", index);
            names.need(index, "a");
        }
        names.connect(&mut draft);
        let edges: usize = draft.manifest.components.iter().map(|it| it.dependencies.len()).sum();
        assert_eq!(edges, 2_000 * SAME_NAME_MAX);
        assert_eq!(draft.finish().diagnostics[0].kind, DiagnosticKind::LimitReached);
    }
}
