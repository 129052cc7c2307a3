//! Archives of Java (JAR, WAR, EAR and kin) and of Python (wheels and eggs), nested ones included.
//!
//! What a JAR is, in this order; the first that says anything counts:
//!
//! 1. `pom.properties`, one for each artefact that was shaded in: certain, Maven wrote it.
//! 2. `META-INF/maven/<group>/<artefact>/pom.xml` where the properties are missing: certain but for
//!    versions that stand in a parent that is not there.
//! 3. The file name `artefact-version.jar`: the version is nearly always right. The group comes from the
//!    manifest, a table of well-known artefacts, the dotted beginning of the name, or is the artefact itself,
//!    as with the oldest artefacts (`junit:junit`).
//! 4. `META-INF/MANIFEST.MF` alone: an informed guess.

mod manifest;
mod pom;
mod zip;

use std::collections::HashSet;

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Ecosystem, Origin};

use crate::examine::Examined;
use crate::limit::Limit;
use crate::python;
use crate::root::{file_name, text};
use zip::{Entry, Zip, ZipError};

/// Identifier of the format.
pub(crate) const FORMAT: &str = "java-archive";
/// Identifier of the format of wheels and eggs.
const PYTHON_FORMAT: &str = "python-archive";

/// Endings that nothing else uses.
const ARCHIVES: &[&str] = &["jar", "war", "ear", "whl", "egg"];
/// Those of Python.
const PYTHON: &[&str] = &["whl", "egg"];
/// Endings that other files have too; they count if they begin like a zip.
const AMBIGUOUS: &[&str] = &["hpi", "jpi", "kar", "lpkg", "nar", "par", "rar", "sar"];

/// Archives in archives.
const ARCHIVE_DEPTH_MAX: Limit = Limit::new("ARCHIVE_DEPTH_MAX", 16);
/// Bytes that one archive may inflate to, with all that it holds.
const ARCHIVE_EXPANDED_BYTES_MAX: Limit = Limit::new("ARCHIVE_EXPANDED_BYTES_MAX", 1 << 30);
/// Entries of one archive with all that it holds.
const ARCHIVE_ENTRIES_MAX: Limit = Limit::new("ARCHIVE_ENTRIES_MAX", 1_000_000);
/// Size of a `pom.properties`, `pom.xml`, manifest or metadata file.
const ARCHIVE_METADATA_BYTES_MAX: Limit = Limit::new("ARCHIVE_METADATA_BYTES_MAX", 4 << 20);
/// Problems of one archive with all that it holds.
const ARCHIVE_DIAGNOSTICS_MAX: Limit = Limit::new("ARCHIVE_DIAGNOSTICS_MAX", 1000);
/// Components of one archive.
const ARCHIVE_COMPONENTS_MAX: Limit = Limit::new("ARCHIVE_COMPONENTS_MAX", 100_000);

fn has_ending(path: &str, endings: &[&str]) -> bool {
    let extension = file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension);
    endings.iter().any(|ending| ending.eq_ignore_ascii_case(extension))
}

/// Whether the file at `path` may be such an archive.
pub(crate) fn is_archive(path: &str) -> bool {
    has_ending(path, ARCHIVES) || has_ending(path, AMBIGUOUS)
}

/// Whether the file at `path` is one, so that not being a zip is worth a diagnostic.
pub(crate) fn is_surely_archive(path: &str) -> bool {
    has_ending(path, ARCHIVES)
}

/// Reads the archive at `path`.
pub(crate) fn examine(path: &str, bytes: &[u8]) -> Examined {
    let format = if has_ending(path, PYTHON) { PYTHON_FORMAT } else { FORMAT };
    let mut reading =
        Reading { out: Examined::new(format), seen: HashSet::new(), expanded: 0, entries: 0, is_cut: false };
    reading.archive(path, "", bytes, 0);
    reading.out
}

/// What one archive says about itself, gathered over its entries.
#[derive(Default)]
struct Found {
    poms: Vec<pom::Coordinates>,
    projects: Vec<pom::Coordinates>,
    manifest: Option<manifest::Attributes>,
    vendor: Option<String>,
    python: Vec<Component>,
}

struct Reading {
    out: Examined,
    /// Names, versions and places of the components so far.
    seen: HashSet<(String, Option<String>, Option<String>)>,
    expanded: u64,
    entries: u64,
    is_cut: bool,
}

impl Reading {
    /// Reads the archive whose path inside the outermost one is `inner` (empty for that one itself).
    fn archive(&mut self, path: &str, inner: &str, bytes: &[u8], depth: u64) {
        let zip = match Zip::open(bytes) {
            Ok(zip) => zip,
            Err(message) => return self.report(DiagnosticKind::BadArchive, inner, message.to_owned()),
        };
        self.entries = self.entries.saturating_add(zip.count());
        if ARCHIVE_ENTRIES_MAX.is_exceeded_by(self.entries) {
            let message = format!("more entries than {ARCHIVE_ENTRIES_MAX}: not looked at");
            return self.report(DiagnosticKind::ArchiveLimit, inner, message);
        }
        let mut found = Found::default();
        for entry in zip.entries() {
            match entry {
                Ok(entry) => self.entry(&zip, &entry, inner, depth, &mut found),
                Err(message) => self.report(DiagnosticKind::BadArchive, inner, message.to_owned()),
            }
        }
        self.conclude(path, inner, found);
    }

    fn entry(&mut self, zip: &Zip<'_>, entry: &Entry<'_>, inner: &str, depth: u64, found: &mut Found) {
        let Ok(name) = std::str::from_utf8(entry.name) else { return };
        let base = file_name(name);
        let here = joined(inner, name);
        if base == "pom.properties" {
            let Some(bytes) = self.metadata(zip, entry, &here) else { return };
            found.poms.extend(pom::properties(&text(&bytes)));
        } else if base == "pom.xml" && name.starts_with("META-INF/maven/") {
            let Some(bytes) = self.metadata(zip, entry, &here) else { return };
            found.projects.extend(pom::project(&text(&bytes)));
        } else if base.eq_ignore_ascii_case("MANIFEST.MF") && found.manifest.is_none() {
            let Some(bytes) = self.metadata(zip, entry, &here) else { return };
            let manifest = manifest::parse(&text(&bytes));
            found.vendor = manifest.vendor();
            found.manifest = Some(manifest);
        } else if name == "EGG-INFO/PKG-INFO" || name.ends_with(".dist-info/METADATA") {
            let Some(bytes) = self.metadata(zip, entry, &here) else { return };
            let metadata = python::metadata(&text(&bytes));
            found
                .python
                .extend(metadata.map(|metadata| Component { found_in: Some(here), ..metadata.component() }));
        } else if is_surely_archive(name) {
            self.nested(zip, entry, &here, depth + 1);
        }
    }

    fn metadata(&mut self, zip: &Zip<'_>, entry: &Entry<'_>, here: &str) -> Option<Vec<u8>> {
        self.read(zip, entry, here, ARCHIVE_METADATA_BYTES_MAX)
    }

    fn nested(&mut self, zip: &Zip<'_>, entry: &Entry<'_>, here: &str, depth: u64) {
        if ARCHIVE_DEPTH_MAX.is_exceeded_by(depth) {
            let message = format!("archives in archives beyond {ARCHIVE_DEPTH_MAX}: not looked at");
            return self.report(DiagnosticKind::ArchiveLimit, here, message);
        }
        if let Some(bytes) = self.read(zip, entry, here, ARCHIVE_EXPANDED_BYTES_MAX) {
            self.archive(here, here, &bytes, depth);
        }
    }

    fn read(&mut self, zip: &Zip<'_>, entry: &Entry<'_>, here: &str, limit: Limit) -> Option<Vec<u8>> {
        let left = ARCHIVE_EXPANDED_BYTES_MAX.value.saturating_sub(self.expanded);
        match zip.read(entry, limit.value.min(left)) {
            Ok(bytes) => {
                self.expanded += bytes.len() as u64;
                return Some(bytes);
            }
            Err(ZipError::TooLarge) => {
                let limit = if limit.value < left { limit } else { ARCHIVE_EXPANDED_BYTES_MAX };
                self.report(
                    DiagnosticKind::ArchiveLimit,
                    here,
                    format!("more bytes than {limit}: not looked at"),
                );
            }
            Err(ZipError::Bad(message)) => self.report(DiagnosticKind::BadArchive, here, message.to_owned()),
        }
        None
    }

    /// Decides what the archive is.
    fn conclude(&mut self, path: &str, inner: &str, mut found: Found) {
        let named = pom::file_name(file_name(path));
        let coordinates = if !found.poms.is_empty() {
            found.poms
        } else if !found.projects.is_empty() {
            found.projects
        } else if !found.python.is_empty() || has_ending(path, PYTHON) {
            Vec::new()
        } else {
            let manifest = found.manifest.take().unwrap_or_default();
            manifest.combined(named).into_iter().collect()
        };
        // Of an archive that holds several artefacts nobody knows whose vendor is named.
        let vendor = found.vendor.filter(|_| coordinates.len() == 1);
        for it in coordinates {
            let component = Component {
                ecosystem: Ecosystem::Maven,
                name: format!("{}:{}", it.group, it.artifact),
                version: Some(it.version),
                found_in: (!inner.is_empty()).then(|| inner.to_owned()),
                supplier: vendor.clone(),
                origin: Origin::Installed,
                ..Component::default()
            };
            self.add(component, inner);
        }
        for component in found.python {
            self.add(component, inner);
        }
    }

    fn add(&mut self, component: Component, inner: &str) {
        let count = self.out.components.len() as u64;
        if ARCHIVE_COMPONENTS_MAX.is_exceeded_by(count + 1) {
            let message = format!("more components than {ARCHIVE_COMPONENTS_MAX}: the rest was dropped");
            if self.out.diagnostics.iter().all(|it| it.message != message) {
                self.report(DiagnosticKind::ArchiveLimit, inner, message);
            }
        } else if self.seen.insert((
            component.name.clone(),
            component.version.clone(),
            component.found_in.clone(),
        )) {
            self.out.components.push(component);
        }
    }

    fn report(&mut self, kind: DiagnosticKind, inner: &str, message: String) {
        let mut diagnostic = Diagnostic::new(kind, message);
        diagnostic.path = (!inner.is_empty()).then(|| inner.to_owned());
        if !ARCHIVE_DIAGNOSTICS_MAX.is_exceeded_by(self.out.diagnostics.len() as u64 + 1) {
            self.out.diagnostics.push(diagnostic);
        } else if !self.is_cut {
            let message = format!("more problems than {ARCHIVE_DIAGNOSTICS_MAX} are not listed");
            self.out.report(DiagnosticKind::LimitReached, message);
            self.is_cut = true;
        }
    }
}

fn joined(inner: &str, name: &str) -> String {
    if inner.is_empty() { name.to_owned() } else { format!("{inner}!/{name}") }
}

#[cfg(test)]
mod tests;
