//! Licence texts beside packages whose metadata states no licence. What a text says is for others to tell: this
//! crate only finds it.

use crate::inventory::Inventory;
use crate::limit::Limit;
use crate::node;
use crate::root::{Root, below, file_name, parent, read, text};

/// Size of a licence text; what is longer is a collection of notices.
const LICENSE_TEXT_BYTES_MAX: Limit = Limit::new("LICENSE_TEXT_BYTES_MAX", 128 << 10);
/// Texts of one tree.
const LICENSE_TEXTS_MAX: Limit = Limit::new("LICENSE_TEXTS_MAX", 20_000);

/// A licence text that lies beside a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseText {
    /// Index into [`Inventory::manifests`].
    pub manifest: usize,
    /// Index into [`selvedge_package::Manifest::components`].
    pub component: usize,
    /// Path of the file.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Whether the file at `path` is needed.
pub(crate) fn wants(path: &str) -> bool {
    if !is_license(file_name(path)) {
        return false;
    }
    let folder = parent(path);
    let of_python = folder.strip_suffix("/licenses").unwrap_or(folder);
    of_python.ends_with(".dist-info")
        || of_python.ends_with(".egg-info")
        || node::is_package_folder(folder)
        || file_name(parent(folder)) == "gems"
}

/// Whether a file of this name holds the licence of what it lies beside, and not those of others.
fn is_license(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.split(['.', '-', '_']).next().unwrap_or(&lower);
    let is_code = [".js", ".ts", ".py", ".rb", ".json", ".html"].iter().any(|ending| lower.ends_with(ending));
    let of_others = lower.contains("third") || lower.contains("3rd");
    matches!(stem, "license" | "licence" | "copying" | "unlicense" | "mit") && !is_code && !of_others
}

/// Gathers the texts of components without a licence. The manifests are in their final order.
pub(crate) fn gather(root: &dyn Root, out: &mut Inventory) {
    let mut texts = Vec::new();
    for (manifest, listed) in out.manifests.iter().enumerate() {
        for (component, package) in listed.components.iter().enumerate() {
            let Some(metadata) = package.found_in.as_deref().filter(|_| package.licenses.is_empty()) else {
                continue;
            };
            for folder in folders(listed.format, metadata) {
                let prefix = format!("{folder}/");
                for path in below(root, &prefix).filter(|path| parent(path) == folder && wants(path)) {
                    if LICENSE_TEXTS_MAX.is_exceeded_by(texts.len() as u64 + 1) {
                        break;
                    }
                    // A text that cannot be read leaves the licence unknown, which is what it is then.
                    let Ok(bytes) = read(root, path, LICENSE_TEXT_BYTES_MAX) else { continue };
                    let text = text(&bytes).into_owned();
                    texts.push(LicenseText { manifest, component, path: path.to_owned(), text });
                }
            }
        }
    }
    out.license_texts = texts;
}

/// Folders in which the licence of a package lies whose metadata file is at `path`.
fn folders(format: &str, path: &str) -> Vec<String> {
    let folder = parent(path);
    match format {
        "python-environment" => vec![folder.to_owned(), format!("{folder}/licenses")],
        "node-modules" => vec![folder.to_owned()],
        "gem-specifications" => {
            let environment = folder.strip_suffix("/default").unwrap_or(folder);
            let gem = file_name(path).trim_end_matches(".gemspec");
            vec![format!("{}/gems/{gem}", parent(environment))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wanted_beside_packages_only() {
        for path in [
            "usr/lib/python3/dist-packages/x-1.0.dist-info/LICENSE",
            "usr/lib/python3/dist-packages/x-1.0.dist-info/licenses/COPYING.txt",
            "app/node_modules/@a/b/LICENSE-MIT",
            "usr/share/gems/gems/rake-13.0/LICENCE",
        ] {
            assert!(wants(path), "{path}");
        }
        for path in [
            "LICENSE",
            "app/LICENSE",
            "app/node_modules/a/lib/LICENSE",
            "app/node_modules/a/license.js",
            "app/node_modules/a/LICENSE-third-party.txt",
            "app/node_modules/a/README",
        ] {
            assert!(!wants(path), "{path}");
        }
    }
}
