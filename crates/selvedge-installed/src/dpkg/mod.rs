//! Packages of Debian, Ubuntu and what is built from them: the database of dpkg.
//!
//! `var/lib/dpkg/status` is one control file with all packages; images without a package manager
//! (distroless) have one file for each below `status.d`. Advisories name source packages, so `name` and
//! `version` are those of the source; the binary ones are kept beside them where they differ.

mod copyright;
mod relations;

use selvedge_model::Diagnostic;
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Scope, Span};

use crate::deb822::{self, STANZAS_MAX, Stanza};
use crate::inventory::Inventory;
use crate::layers;
use crate::limit::Limit;
use crate::problems::Problems;
use crate::root::{Root, below, file_name, has, read_or_report, text};
use crate::supplier;
use relations::Installed;

/// The database.
pub(crate) const STATUS: &str = "var/lib/dpkg/status";
/// Folder with one file for each package, in images without a package manager.
const STATUS_FOLDER: &str = "var/lib/dpkg/status.d/";
/// Folder with the lists of files.
const INFO: &str = "var/lib/dpkg/info/";

/// Size of the database; 10,000 packages take about 10 MB.
const DPKG_STATUS_BYTES_MAX: Limit = Limit::new("DPKG_STATUS_BYTES_MAX", 128 << 20);
/// Size of one file below `status.d`.
const DPKG_STATUS_FILE_BYTES_MAX: Limit = Limit::new("DPKG_STATUS_FILE_BYTES_MAX", 1 << 20);
/// Size of the list of files of one package.
const DPKG_LIST_BYTES_MAX: Limit = Limit::new("DPKG_LIST_BYTES_MAX", 64 << 20);

/// Whether the file at `path` is read here.
pub(crate) fn wants(path: &str) -> bool {
    path == STATUS
        || path.starts_with(STATUS_FOLDER)
        || path.strip_prefix(INFO).is_some_and(|name| has_extension(name, "list"))
        || path.strip_prefix("usr/share/doc/").is_some_and(copyright::is_file_of_a_package)
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

/// Reads both forms of the database.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    if has(root, STATUS) {
        read_status(root, out);
    }
    read_status_folder(root, out);
}

fn read_status(root: &dyn Root, out: &mut Inventory) {
    let Some(bytes) = read_or_report(root, STATUS, DPKG_STATUS_BYTES_MAX, &mut out.diagnostics) else {
        return;
    };
    let mut packages = Packages::new(out);
    packages.add(STATUS, &text(&bytes), false, &mut out.diagnostics);
    let mut manifest = packages.manifest(STATUS.to_owned());
    layers::attribute(root, STATUS, &mut manifest, &|bytes| components(STATUS, bytes));
    finish(root, manifest, out);
}

fn read_status_folder(root: &dyn Root, out: &mut Inventory) {
    let mut packages = Packages::new(out);
    let mut files = Vec::new();
    for path in below(root, STATUS_FOLDER).filter(|path| !has_extension(path, "md5sums")) {
        let bytes = read_or_report(root, path, DPKG_STATUS_FILE_BYTES_MAX, &mut out.diagnostics);
        let Some(bytes) = bytes else { continue };
        packages.add(path, &text(&bytes), true, &mut out.diagnostics);
        files.resize(packages.components.len(), path);
    }
    let mut manifest = packages.manifest(STATUS_FOLDER.trim_end_matches('/').to_owned());
    for (component, file) in manifest.components.iter_mut().zip(files) {
        component.found_in = Some(file.to_owned());
        component.layer = root.layer(file).map(str::to_owned);
    }
    finish(root, manifest, out);
}

fn finish(root: &dyn Root, mut manifest: Manifest, out: &mut Inventory) {
    if manifest.components.is_empty() {
        return;
    }
    for component in &mut manifest.components {
        let package = component.binary_name.as_ref().unwrap_or(&component.name);
        component.licenses = copyright::licenses(root, package);
    }
    out.manifests.push(manifest);
}

/// The packages of one state of the database, without edges and licences.
pub(crate) fn components(path: &str, bytes: &[u8]) -> Vec<Component> {
    let mut packages = Packages::new(&Inventory::default());
    packages.add(path, &text(bytes), false, &mut Vec::new());
    packages.components
}

/// Packages that are being gathered, with what they say about each other.
struct Packages {
    ecosystem: Ecosystem,
    release: Option<String>,
    components: Vec<Component>,
    installed: Installed,
}

impl Packages {
    fn new(inventory: &Inventory) -> Self {
        let known = inventory.distribution.as_ref().filter(|it| it.ecosystem.purl_type() == "deb");
        Self {
            ecosystem: known.map_or(Ecosystem::Debian, |it| it.ecosystem),
            release: known.and_then(|it| it.release.clone()),
            components: Vec::new(),
            installed: Installed::default(),
        }
    }

    /// Adds the packages of one control file. `alone` says that it has no `Status` field.
    fn add(&mut self, path: &str, text: &str, alone: bool, diagnostics: &mut Vec<Diagnostic>) {
        let (stanzas, bad) = deb822::parse(text);
        let mut problems = Problems::new(path, diagnostics);
        for line in bad {
            problems.malformed(line, "expected `Field: value` or a continuation that starts with a space");
        }
        if STANZAS_MAX.is_exceeded_by(stanzas.len() as u64) {
            problems.limit(format!("more packages than {STANZAS_MAX}: the rest was not read"));
        }
        for stanza in &stanzas {
            if !is_unpacked(stanza, alone) {
                continue;
            }
            match self.component(stanza) {
                Ok(component) => {
                    self.installed.add(stanza, self.components.len() as u32);
                    self.components.push(component);
                }
                Err(missing) => {
                    problems.malformed(stanza.line, &format!("expected a package with a `{missing}` field"));
                }
            }
        }
    }

    fn component(&self, stanza: &Stanza<'_>) -> Result<Component, &'static str> {
        let package = stanza.first_line("Package").ok_or("Package")?;
        let version = stanza.first_line("Version").ok_or("Version")?;
        let (source, source_version) = source(stanza, package, version);
        Ok(Component {
            ecosystem: self.ecosystem,
            release: self.release.clone(),
            name: source.to_owned(),
            binary_name: (source != package).then(|| package.to_owned()),
            version: Some(source_version.to_owned()),
            binary_version: (source_version != version).then(|| version.to_owned()),
            architecture: stanza.first_line("Architecture").map(str::to_owned),
            origin: Origin::Installed,
            scope: Scope::Runtime,
            supplier: stanza.first_line("Maintainer").and_then(supplier::name),
            span: Span { start: stanza.start as u32, end: stanza.end as u32, line: stanza.line },
            ..Component::default()
        })
    }

    fn manifest(mut self, path: String) -> Manifest {
        self.installed.link(&mut self.components);
        Manifest {
            path,
            format: "dpkg",
            components: self.components,
            has_graph: true,
            is_locked: true,
            absorbed: Vec::new(),
        }
    }
}

/// Whether the files of the package are in the tree: those of a removed package, of which only the
/// configuration is left, are not.
fn is_unpacked(stanza: &Stanza<'_>, alone: bool) -> bool {
    let Some(status) = stanza.first_line("Status") else { return alone || stanza.value("Package").is_none() };
    let state = status.split_ascii_whitespace().nth(2).unwrap_or_default();
    matches!(state, "installed" | "triggers-pending" | "triggers-awaited" | "half-configured" | "unpacked")
}

/// `Source: name (version)`; both default to those of the binary package.
fn source<'a>(stanza: &Stanza<'a>, package: &'a str, version: &'a str) -> (&'a str, &'a str) {
    let Some(field) = stanza.first_line("Source") else { return (package, version) };
    match field.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end().trim_end_matches(')').trim()),
        None => (field, version),
    }
}

/// Calls `found` with each package and each file that it holds.
pub(crate) fn each_file(root: &dyn Root, found: &mut dyn FnMut(&str, &str)) {
    for path in below(root, INFO) {
        // `libc6:amd64.list` belongs to a package that may be installed for several architectures.
        let name = file_name(path).strip_suffix(".list").unwrap_or_default();
        let package = name.split_once(':').map_or(name, |(package, _)| package);
        let Ok(bytes) = crate::root::read(root, path, DPKG_LIST_BYTES_MAX) else { continue };
        for line in text(&bytes).lines() {
            found(package, line.trim_start_matches('/'));
        }
    }
    for path in below(root, STATUS_FOLDER).filter(|path| has_extension(path, "md5sums")) {
        let package = file_name(path).strip_suffix(".md5sums").unwrap_or_default();
        let Ok(bytes) = crate::root::read(root, path, DPKG_LIST_BYTES_MAX) else { continue };
        for line in text(&bytes).lines() {
            if let Some((_, file)) = line.split_once("  ") {
                found(package, file.trim_start_matches(['.', '/']));
            }
        }
    }
}

#[cfg(test)]
mod tests;
