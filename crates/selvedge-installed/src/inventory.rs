//! One tree, every reader: the inventory.

use std::collections::BTreeMap;

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::Manifest;

use crate::license_texts::{self, LicenseText};
use crate::problems::{DIAGNOSTICS_PER_FILE_MAX, more};
use crate::release::{self, Distribution};
use crate::root::Root;
use crate::{examine, owner, readers};

/// What is installed or built in a tree.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The distribution, if the tree says which it is.
    pub distribution: Option<Distribution>,
    /// One manifest for each database, environment, archive and binary, sorted by path.
    ///
    /// [`selvedge_package::Component::found_in`] names the single file where a manifest stands for several;
    /// inside archives it is `outer!/inner`.
    pub manifests: Vec<Manifest>,
    /// Licence texts beside components whose metadata states no licence.
    pub license_texts: Vec<LicenseText>,
    /// What could not be read, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads what is installed or built in `root`.
pub fn inventory(root: &dyn Root) -> Inventory {
    let mut it = Inventory { diagnostics: root.diagnostics().to_vec(), ..Inventory::default() };
    it.distribution = release::read(root, &mut it.diagnostics);
    for reader in readers::ALL {
        (reader.read)(root, &mut it);
    }
    examine::read(root, &mut it);
    owner::mark(root, &mut it);
    it.manifests.sort_by(|a, b| (&a.path, a.format).cmp(&(&b.path, b.format)));
    license_texts::gather(root, &mut it);
    it.diagnostics = condensed(it.diagnostics);
    it
}

/// Sorts, drops repetitions and keeps the diagnostics of each file within bounds.
fn condensed(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    all.sort_by(|a, b| (&a.path, a.line, a).cmp(&(&b.path, b.line, b)));
    all.dedup();
    let mut counts: BTreeMap<Option<String>, u64> = BTreeMap::new();
    all.retain(|diagnostic| {
        if diagnostic.kind == DiagnosticKind::LimitReached {
            return true;
        }
        let count = counts.entry(diagnostic.path.clone()).or_default();
        *count += 1;
        diagnostic.path.is_none() || !DIAGNOSTICS_PER_FILE_MAX.is_exceeded_by(*count)
    });
    for (path, count) in counts {
        if let Some(path) = path
            && DIAGNOSTICS_PER_FILE_MAX.is_exceeded_by(count)
        {
            let message = more(count - DIAGNOSTICS_PER_FILE_MAX.value);
            all.push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(path));
        }
    }
    all
}
