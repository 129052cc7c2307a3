//! Lockfiles and manifests of every language, read into one inventory.
//!
//! Each format is a file below `formats/<ecosystem>/` that says which paths it reads and turns bytes into a
//! [`Manifest`]. Parsers are total: what cannot be read becomes a diagnostic with its line, the rest of the
//! file still counts. Start reading at [`inventory()`].

mod companions;
mod draft;
mod format;
mod formats;
mod integrity;
mod names;
mod pattern;
mod requirement;
mod rules;
mod sides;
mod syntax;

pub use format::{Files, Format, PackageFile, Parsed};
pub use integrity::{IntegrityOptions, Issue, integrity};
pub use rules::{DependencyRule, Example, rules};

use std::collections::BTreeSet;

use selvedge_model::Diagnostic;
use selvedge_package::Manifest;

/// Whether some format reads a file of this path.
pub fn wants(path: &str) -> bool {
    formats::all().any(|format| (format.matches)(path))
}

/// Reads every package file among `files`. Manifests and diagnostics come in the order of their paths.
///
/// Formats are asked one after the other, lockfiles before manifests, so that what a lockfile takes in is
/// not read twice.
pub fn inventory(files: &dyn Files) -> (Vec<Manifest>, Vec<Diagnostic>) {
    let (mut manifests, mut diagnostics) = (Vec::new(), Vec::new());
    let mut absorbed = BTreeSet::new();
    let paths = files.paths();
    let counted = companions::Counted::new(files);
    for format in formats::all() {
        for path in paths.iter().copied().filter(|path| (format.matches)(path)) {
            if absorbed.contains(path) {
                continue;
            }
            let Some(bytes) = files.get(path) else { continue };
            let parsed = sides::parse(format, &PackageFile::new(path, bytes), &counted);
            diagnostics.extend(parsed.diagnostics);
            if let Some(manifest) = parsed.manifest {
                absorbed.extend(manifest.absorbed.iter().cloned());
                manifests.push(manifest);
            }
        }
    }
    manifests.retain(|manifest| !absorbed.contains(&manifest.path));
    manifests.sort_by(|a, b| a.path.cmp(&b.path));
    diagnostics.extend(counted.diagnostic());
    diagnostics.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    diagnostics.dedup();
    (manifests, diagnostics)
}
