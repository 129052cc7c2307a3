//! Lockfiles and manifests of every language, read into one inventory.
//!
//! Each format is a file below `formats/<ecosystem>/` that says which paths it reads and turns bytes into a
//! [`Manifest`]. Parsers are total: what cannot be read becomes a diagnostic with its line, the rest of the
//! file still counts. Start reading at [`inventory()`].

mod draft;
mod format;
mod formats;
mod syntax;

pub use format::{Files, Format, PackageFile, Parsed};

use selvedge_model::Diagnostic;
use selvedge_package::Manifest;

/// Whether some format reads a file of this path.
pub fn wants(path: &str) -> bool {
    formats::all().any(|format| (format.matches)(path))
}

/// Reads every package file among `files`, in the order of their paths.
pub fn inventory(files: &dyn Files) -> (Vec<Manifest>, Vec<Diagnostic>) {
    let (mut manifests, mut diagnostics) = (Vec::new(), Vec::new());
    for path in files.paths() {
        for format in formats::all().filter(|format| (format.matches)(path)) {
            let Some(bytes) = files.get(path) else { continue };
            let parsed = (format.parse)(&PackageFile::new(path, bytes), files);
            diagnostics.extend(parsed.diagnostics);
            manifests.extend(parsed.manifest);
        }
    }
    let absorbed: std::collections::BTreeSet<String> =
        manifests.iter().flat_map(|manifest| manifest.absorbed.iter().cloned()).collect();
    manifests.retain(|manifest| !absorbed.contains(&manifest.path));
    (manifests, diagnostics)
}
