//! Node packages as they lie in `node_modules`.
//!
//! A package counts if its folder is an entry of a `node_modules` folder (`name` or `@scope/name`): the
//! `package.json` files that packages carry deeper down, for tests and module types, are no packages. One
//! manifest stands for one outermost `node_modules`, with edges by the resolution of Node: the nearest
//! folder upwards.

use std::collections::{BTreeMap, HashMap};

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Scope};
use serde::Deserialize;
use serde_json::Value;

use crate::inventory::Inventory;
use crate::limit::Limit;
use crate::root::{Root, parent, read_or_report};
use crate::supplier;

/// Size of a `package.json`.
const PACKAGE_JSON_BYTES_MAX: Limit = Limit::new("PACKAGE_JSON_BYTES_MAX", 4 << 20);

/// Dependencies of one package; those beyond are left out of the graph.
const NODE_DEPENDENCIES_MAX: Limit = Limit::new("NODE_DEPENDENCIES_MAX", 10_000);

const MODULES: &str = "node_modules";

/// Whether the file at `path` is read here.
pub(crate) fn wants(path: &str) -> bool {
    path.strip_suffix("/package.json").is_some_and(|folder| package_of(folder).is_some())
}

/// Whether a package lies in the folder.
pub(crate) fn is_package_folder(folder: &str) -> bool {
    package_of(folder).is_some()
}

/// The `node_modules` folder that the package in `folder` is an entry of, and the name of the entry.
fn package_of(folder: &str) -> Option<(&str, &str)> {
    let (above, name) = folder.rsplit_once('/')?;
    let above_is_scope = above.rsplit('/').next().is_some_and(|scope| scope.starts_with('@'));
    let modules = if above_is_scope { parent(above) } else { above };
    let is_entry = is_modules(modules) && !name.starts_with(['@', '.']);
    is_entry.then(|| (modules, &folder[modules.len() + 1..]))
}

fn is_modules(folder: &str) -> bool {
    folder == MODULES || folder.ends_with("/node_modules")
}

/// The outermost `node_modules` folder that `path` lies in.
fn outermost(path: &str) -> &str {
    let mut at = 0;
    for part in path.split('/') {
        at += part.len();
        if part == MODULES {
            return &path[..at];
        }
        at += 1;
    }
    path
}

/// Reads every `node_modules` of the tree.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    let mut trees: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in root.paths().iter().filter(|path| wants(path)) {
        trees.entry(outermost(path)).or_default().push(path);
    }
    for (folder, files) in trees {
        let mut packages = Vec::new();
        for path in files {
            let bytes = read_or_report(root, path, PACKAGE_JSON_BYTES_MAX, &mut out.diagnostics);
            let Some(bytes) = bytes else { continue };
            match parse(&bytes) {
                Ok((mut component, wanted)) => {
                    component.found_in = Some(path.to_owned());
                    component.layer = root.layer(path).map(str::to_owned);
                    packages.push((parent(path), component, wanted));
                }
                Err(message) => {
                    out.diagnostics.push(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(path));
                }
            }
        }
        if !packages.is_empty() {
            out.manifests.push(manifest(folder, packages));
        }
    }
}

fn manifest(folder: &str, packages: Vec<(&str, Component, Vec<String>)>) -> Manifest {
    let by_folder: HashMap<&str, u32> =
        packages.iter().enumerate().map(|(index, (folder, ..))| (*folder, index as u32)).collect();
    let edges: Vec<Vec<u32>> = packages
        .iter()
        .map(|(folder, _, wanted)| {
            let mut edges: Vec<u32> =
                wanted.iter().filter_map(|name| resolve(folder, name, &by_folder)).collect();
            edges.sort_unstable();
            edges.dedup();
            edges
        })
        .collect();
    let components = packages.into_iter().zip(edges);
    Manifest {
        path: folder.to_owned(),
        format: "node-modules",
        components: components.map(|((_, it, _), dependencies)| Component { dependencies, ..it }).collect(),
        has_graph: true,
        is_locked: true,
        absorbed: Vec::new(),
    }
}

/// The package that `name` means in the package at `folder`: in its own `node_modules`, else in those above.
fn resolve(folder: &str, name: &str, by_folder: &HashMap<&str, u32>) -> Option<u32> {
    let mut at = folder;
    loop {
        let candidate =
            if is_modules(at) { format!("{at}/{name}") } else { format!("{at}/{MODULES}/{name}") };
        if let Some(found) = by_folder.get(candidate.as_str()) {
            return Some(*found);
        }
        if at.is_empty() {
            return None;
        }
        at = parent(at);
    }
}

/// The fields of a `package.json` that matter; other types than the documented ones are left out.
#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    version: Value,
    #[serde(default)]
    license: Value,
    #[serde(default)]
    licenses: Value,
    #[serde(default)]
    author: Value,
    #[serde(default, rename = "_resolved")]
    resolved: Value,
    #[serde(default)]
    dependencies: Value,
    #[serde(default, rename = "optionalDependencies")]
    optional: Value,
    #[serde(default, rename = "peerDependencies")]
    peers: Value,
}

/// Reads a `package.json`: the component and the names that it depends on.
pub(crate) fn parse(bytes: &[u8]) -> Result<(Component, Vec<String>), String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let package: Package =
        serde_json::from_slice(bytes).map_err(|error| format!("expected a package: {error}"))?;
    let field =
        |value: &Value| value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let name = field(&package.name).ok_or("expected a package with a `name`")?;
    let version = field(&package.version).ok_or("expected a package with a `version`")?;
    let wanted = [&package.dependencies, &package.optional, &package.peers];
    let names = wanted.into_iter().filter_map(Value::as_object).flat_map(|map| map.keys().cloned());
    let component = Component {
        ecosystem: Ecosystem::Npm,
        name,
        version: Some(version),
        licenses: licenses(&package),
        supplier: author(&package),
        resolved: field(&package.resolved),
        origin: Origin::Installed,
        scope: Scope::Runtime,
        ..Component::default()
    };
    Ok((component, names.take(NODE_DEPENDENCIES_MAX.as_usize()).collect()))
}

/// `author` as a text or as `{name}`.
fn author(package: &Package) -> Option<String> {
    let name = package.author.as_str().or_else(|| package.author.get("name").and_then(Value::as_str));
    name.and_then(supplier::name)
}

/// `license` as a text or as `{type}`, or the older `licenses`, a list of those.
fn licenses(package: &Package) -> Vec<String> {
    let one = |value: &Value| {
        let text = value.as_str().or_else(|| value.get("type").and_then(Value::as_str));
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    match one(&package.license) {
        Some(license) => vec![license],
        None => package.licenses.as_array().into_iter().flatten().filter_map(one).collect(),
    }
}

#[cfg(test)]
mod tests;
