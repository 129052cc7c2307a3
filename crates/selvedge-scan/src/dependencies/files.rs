//! Which files tell of packages, and the inventory read from them.

use std::collections::BTreeMap;

use selvedge_deps::Files;
use selvedge_model::Diagnostic;
use selvedge_package::Manifest;

/// The packages of a tree, and what of its package files could not be read.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// One per package file, sorted by path.
    pub manifests: Vec<Manifest>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether the file tells of packages: a lockfile, a manifest, a bill of materials.
pub(crate) fn is_package_file(path: &str) -> bool {
    selvedge_deps::wants(path) || is_sbom(path)
}

/// Whether the name is one that bills of materials are given, by the advice of CycloneDX and SPDX.
fn is_sbom(path: &str) -> bool {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_ascii_lowercase();
    let endings = [".cdx.json", ".cdx.xml", ".spdx.json"];
    matches!(name.as_str(), "bom.json" | "bom.xml" | "sbom.json" | "sbom.xml")
        || endings.iter().any(|ending| name.ends_with(ending))
}

/// Reads every package file among `files`.
pub fn read_inventory(files: &BTreeMap<String, Vec<u8>>) -> Inventory {
    let (mut manifests, mut diagnostics) = selvedge_deps::inventory(&InMemory(files));
    for (path, bytes) in files.iter().filter(|(path, _)| is_sbom(path)) {
        let reading = selvedge_sbom::read(path, bytes);
        diagnostics.extend(reading.diagnostics);
        manifests.push(of_sbom(path, reading.bom));
    }
    manifests.sort_by(|a, b| a.path.cmp(&b.path));
    Inventory { manifests, diagnostics }
}

/// A bill of materials as a manifest: what it lists is taken for pinned.
pub(crate) fn of_sbom(path: &str, bom: selvedge_sbom::Bom) -> Manifest {
    Manifest {
        path: path.to_owned(),
        format: "sbom",
        has_graph: bom.has_graph,
        components: bom.entries.into_iter().map(component).collect(),
        is_locked: true,
        absorbed: Vec::new(),
    }
}

/// A component with what the bill says beside it.
fn component(entry: selvedge_sbom::Entry) -> selvedge_package::Component {
    let supplier = entry.supplier.or(entry.author);
    selvedge_package::Component { supplier, ..entry.component }
}

/// Package files in memory.
struct InMemory<'a>(&'a BTreeMap<String, Vec<u8>>);

impl Files for InMemory<'_> {
    fn paths(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::is_package_file;

    #[test]
    fn bills_of_materials_are_known_by_their_names() {
        for path in ["bom.json", "dist/app.cdx.xml", "a/B.SPDX.json", "x.zip!sbom.json", "Cargo.lock"] {
            assert!(is_package_file(path), "{path}");
        }
        assert!(!is_package_file("src/bombom.json") && !is_package_file("spdx.json.md"));
    }
}
