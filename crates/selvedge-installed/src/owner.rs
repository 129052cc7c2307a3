//! Language packages that belong to a package of the distribution.
//!
//! `python3-requests` of Debian installs the Python package `requests`; both databases list it. The
//! distribution repairs it under its own versions, so the component of the language is kept (an SBOM wants
//! it) and marked with [`selvedge_package::Component::owned_by`]. It is owned if the file that names it is
//! in the list of files of an installed system package.

use std::collections::HashMap;

use crate::inventory::Inventory;
use crate::root::Root;
use crate::{apk, dpkg, rpm};

/// Folders at the root that merged distributions keep as links to the ones of the same name below `usr`.
const MERGED: &[&str] = &["bin/", "sbin/", "lib/", "lib32/", "lib64/"];

/// Marks every component whose file belongs to a system package.
pub(crate) fn mark(root: &dyn Root, inventory: &mut Inventory) {
    let mut owners: HashMap<String, Option<String>> = HashMap::new();
    for manifest in inventory.manifests.iter().filter(|manifest| !is_database(manifest.format)) {
        for component in &manifest.components {
            let file = file_of(&manifest.path, component.found_in.as_deref());
            owners.entry(merged(file).to_owned()).or_default();
        }
    }
    if owners.is_empty() {
        return;
    }
    let mut note = |package: &str, file: &str| {
        if let Some(owner) = owners.get_mut(merged(file)) {
            owner.get_or_insert_with(|| package.to_owned());
        }
    };
    dpkg::each_file(root, &mut note);
    apk::each_file(root, &mut note);
    rpm::each_file(root, &mut note);
    for manifest in inventory.manifests.iter_mut().filter(|manifest| !is_database(manifest.format)) {
        for component in &mut manifest.components {
            let file = file_of(&manifest.path, component.found_in.as_deref());
            component.owned_by = owners.get(merged(file)).cloned().flatten();
        }
    }
}

fn is_database(format: &str) -> bool {
    matches!(format, "dpkg" | "apk" | "rpm")
}

/// The file on disk that names a component: for one in an archive, the outermost archive.
fn file_of<'a>(manifest: &'a str, found_in: Option<&'a str>) -> &'a str {
    let path = found_in.unwrap_or(manifest);
    path.split_once("!/").map_or(path, |(archive, _)| archive)
}

/// The path with `usr/` in front taken away where both spellings may name the same file.
fn merged(path: &str) -> &str {
    match path.strip_prefix("usr/") {
        Some(rest) if MERGED.iter().any(|folder| rest.starts_with(folder)) => rest,
        _ => path,
    }
}
