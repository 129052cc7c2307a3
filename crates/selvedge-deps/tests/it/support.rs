//! Small trees in memory, and manifests as lines to compare.

use std::collections::BTreeMap;
use std::path::PathBuf;

use selvedge_deps::inventory;
use selvedge_model::Diagnostic;
use selvedge_package::{Component, Manifest, Origin};

/// A tree of files in memory.
pub(crate) fn tree(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// The only manifest of a tree that reads without complaint.
pub(crate) fn one(files: &[(&str, &str)]) -> Manifest {
    let (mut manifests, diagnostics) = read(files);
    assert_eq!(diagnostics, [], "unexpected diagnostics");
    assert_eq!(manifests.len(), 1, "{manifests:#?}");
    manifests.remove(0)
}

/// Manifests and diagnostics of a tree.
pub(crate) fn read(files: &[(&str, &str)]) -> (Vec<Manifest>, Vec<Diagnostic>) {
    inventory(&tree(files))
}

/// Each component as `line name version relation scope`, and its origin if it is not the registry.
pub(crate) fn lines(manifest: &Manifest) -> Vec<String> {
    manifest.components.iter().map(line).collect()
}

fn line(component: &Component) -> String {
    let version = component.version.as_deref().unwrap_or("-");
    let (relation, scope) = (component.relation.as_str(), component.scope.as_str());
    let origin = match &component.origin {
        Origin::Registry => String::new(),
        Origin::OtherRegistry(url) => format!(" registry {url}"),
        Origin::Git { url, commit } => format!(" git {url}#{}", commit.as_deref().unwrap_or("-")),
        Origin::Url(url) => format!(" url {url}"),
        Origin::Path(path) => format!(" path {path}"),
        Origin::Installed => " installed".to_owned(),
    };
    format!("{} {} {version} {relation} {scope}{origin}", component.span.line, component.name)
}

/// The component of this name.
pub(crate) fn named<'a>(manifest: &'a Manifest, name: &str) -> &'a Component {
    manifest.components.iter().find(|component| component.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Names of what a component depends on.
pub(crate) fn needs(manifest: &Manifest, name: &str) -> Vec<String> {
    let indices = &named(manifest, name).dependencies;
    indices.iter().map(|index| manifest.components[*index as usize].name.clone()).collect()
}

/// Folder of the lockfile corpora; says so and gives `None` where they are absent.
pub(crate) fn lockfile_corpora() -> Option<PathBuf> {
    let root = std::env::var_os("SELVEDGE_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let folder = root.join("lockfiles");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no lockfile corpora at {}", folder.display());
    None
}
