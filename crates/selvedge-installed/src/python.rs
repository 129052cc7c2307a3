//! Python packages as installers leave them: `*.dist-info/METADATA` (wheels), `*.egg-info` (older tools).
//!
//! One manifest stands for one folder of packages (`site-packages`, `dist-packages`), with edges from
//! `Requires-Dist` between those installed there.

use std::collections::{BTreeMap, HashMap};

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Span};
use serde::Deserialize;

use crate::inventory::Inventory;
use crate::limit::Limit;
use crate::root::{Root, file_name, has, parent, read_or_report, text};
use crate::supplier;

/// Size of a metadata file, which may hold a whole README.
const PYTHON_METADATA_BYTES_MAX: Limit = Limit::new("PYTHON_METADATA_BYTES_MAX", 8 << 20);
/// Size of a `direct_url.json`.
const DIRECT_URL_BYTES_MAX: Limit = Limit::new("DIRECT_URL_BYTES_MAX", 64 << 10);
/// Requirements of one package.
const PYTHON_REQUIREMENTS_MAX: Limit = Limit::new("PYTHON_REQUIREMENTS_MAX", 10_000);

/// Whether the file at `path` is read here.
pub(crate) fn wants(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    match name {
        "METADATA" | "direct_url.json" => folder.ends_with(".dist-info"),
        "PKG-INFO" => folder.ends_with(".egg-info") || folder.ends_with(".egg/EGG-INFO"),
        _ => name.ends_with(".egg-info"),
    }
}

/// Whether the file at `path` names a package.
fn is_metadata(path: &str) -> bool {
    wants(path) && file_name(path) != "direct_url.json"
}

/// The folder of packages that the metadata file at `path` belongs to.
fn environment(path: &str) -> &str {
    let folder = parent(path);
    if file_name(path).ends_with(".egg-info") {
        folder
    } else if let Some(egg) = folder.strip_suffix("/EGG-INFO") {
        parent(egg)
    } else {
        parent(folder)
    }
}

/// Reads every environment of the tree.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    let mut environments: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in root.paths().iter().filter(|path| is_metadata(path)) {
        environments.entry(environment(path)).or_default().push(path);
    }
    for (folder, files) in environments {
        let mut packages = Vec::new();
        for path in files {
            let bytes = read_or_report(root, path, PYTHON_METADATA_BYTES_MAX, &mut out.diagnostics);
            let Some(bytes) = bytes else { continue };
            let Some(metadata) = metadata(&text(&bytes)) else {
                let message = "expected `Name:` and `Version:` of a Python package";
                out.diagnostics.push(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(path));
                continue;
            };
            packages.push((package(root, path, &metadata, out), metadata.requires));
        }
        if !packages.is_empty() {
            out.manifests.push(manifest(folder, packages));
        }
    }
}

fn package(root: &dyn Root, path: &str, metadata: &Metadata, out: &mut Inventory) -> Component {
    let mut component = metadata.component();
    component.found_in = Some(path.to_owned());
    component.layer = root.layer(path).map(str::to_owned);
    let folder = parent(path);
    let address = format!("{folder}/direct_url.json");
    if has(root, &address)
        && let Some(bytes) = read_or_report(root, &address, DIRECT_URL_BYTES_MAX, &mut out.diagnostics)
    {
        match serde_json::from_slice::<DirectUrl>(&bytes) {
            Ok(direct) => component.origin = direct.origin(),
            Err(error) => {
                let message = format!("expected the origin of a package (PEP 610): {error}");
                out.diagnostics.push(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(address));
            }
        }
    }
    component
}

fn manifest(folder: &str, packages: Vec<(Component, Vec<String>)>) -> Manifest {
    let mut by_name: HashMap<String, u32> = HashMap::new();
    for (index, (component, _)) in packages.iter().enumerate() {
        by_name.entry(normalised(&component.name)).or_insert(index as u32);
    }
    let mut components = Vec::with_capacity(packages.len());
    for (mut component, requires) in packages {
        let index = components.len() as u32;
        let found = requires.iter().filter_map(|name| by_name.get(&normalised(name)).copied());
        component.dependencies = found.filter(|target| *target != index).collect();
        component.dependencies.sort_unstable();
        component.dependencies.dedup();
        components.push(component);
    }
    let path = if folder.is_empty() { "." } else { folder };
    Manifest {
        path: path.to_owned(),
        format: "python-environment",
        components,
        has_graph: true,
        is_locked: true,
        absorbed: Vec::new(),
    }
}

/// The name as PEP 503 compares it.
fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if !matches!(c, '-' | '_' | '.') {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    out
}

/// The headers of a metadata file (core metadata specification).
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    name: String,
    version: String,
    line: u32,
    end: u32,
    start: u32,
    licenses: Vec<String>,
    /// The author, else who maintains it.
    supplier: Option<String>,
    /// Names of what it requires without an extra.
    requires: Vec<String>,
}

impl Metadata {
    /// The component, without where it was found.
    pub(crate) fn component(&self) -> Component {
        Component {
            ecosystem: Ecosystem::PyPI,
            name: self.name.clone(),
            version: Some(self.version.clone()),
            licenses: self.licenses.clone(),
            supplier: self.supplier.clone(),
            origin: Origin::Installed,
            span: Span { start: self.start, end: self.end, line: self.line },
            ..Component::default()
        }
    }
}

/// Reads the headers up to the first empty line; the first of those that may stand once counts.
pub(crate) fn metadata(text: &str) -> Option<Metadata> {
    let mut it = Metadata::default();
    let (mut license, mut classifiers) = (None, Vec::new());
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line.is_empty() && !it.name.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key.to_ascii_lowercase().as_str() {
            "name" if it.name.is_empty() => {
                value.clone_into(&mut it.name);
                (it.line, it.start, it.end) = (index as u32 + 1, start as u32, (start + line.len()) as u32);
            }
            "version" if it.version.is_empty() => value.clone_into(&mut it.version),
            "license-expression" if it.licenses.is_empty() => it.licenses.push(value.to_owned()),
            // Some put the whole text here, which then goes on in further lines.
            "license" if license.is_none() && !matches!(value, "" | "UNKNOWN") => {
                license = Some(value.to_owned());
            }
            "author" | "author-email" | "maintainer" | "maintainer-email" if it.supplier.is_none() => {
                it.supplier = supplier::name(value);
            }
            "classifier" => {
                let name = value.strip_prefix("License ::").and_then(|rest| rest.rsplit("::").next());
                classifiers.extend(name.map(|name| name.trim().to_owned()));
            }
            "requires-dist" if !PYTHON_REQUIREMENTS_MAX.is_exceeded_by(it.requires.len() as u64 + 1) => {
                it.requires.extend(required(value));
            }
            _ => {}
        }
    }
    if it.licenses.is_empty() {
        it.licenses = license.map_or(classifiers, |license| vec![license]);
    }
    (!it.name.is_empty() && !it.version.is_empty()).then_some(it)
}

/// The name in a requirement (PEP 508); `None` for one that only an extra asks for.
fn required(value: &str) -> Option<String> {
    let (requirement, marker) = value.split_once(';').unwrap_or((value, ""));
    let end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let name = requirement.trim_start().split(end).next()?;
    (!name.is_empty() && !marker.contains("extra")).then(|| name.to_owned())
}

/// `direct_url.json` (PEP 610).
#[derive(Deserialize)]
struct DirectUrl {
    url: String,
    #[serde(default)]
    vcs_info: Option<VcsInfo>,
}

#[derive(Deserialize)]
struct VcsInfo {
    #[serde(default)]
    commit_id: Option<String>,
}

impl DirectUrl {
    fn origin(self) -> Origin {
        match (self.vcs_info, self.url.strip_prefix("file://")) {
            (Some(vcs), _) => Origin::Git { url: self.url, commit: vcs.commit_id },
            (None, Some(path)) => Origin::Path(path.to_owned()),
            (None, None) => Origin::Url(self.url),
        }
    }
}

#[cfg(test)]
mod tests;
