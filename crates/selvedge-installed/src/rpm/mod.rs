//! Packages of Red Hat, SUSE and kin: the database of RPM, in its three formats.
//!
//! Whatever the format, it holds one header for each package (`header.rs`). Advisories of Red Hat and those
//! built after it name binary packages; those of SUSE, Rocky Linux and some others name source packages, so
//! `name` is the one or the other by distribution.

mod bdb;
mod bytes;
mod header;
mod ndb;
mod sqlite;
mod wal;

use std::collections::{HashMap, HashSet};

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Ecosystem, Manifest, Origin};

use crate::inventory::Inventory;
use crate::layers;
use crate::limit::Limit;
use crate::release::Distribution;
use crate::root::{Root, file_name, has, parent, read as read_file, read_or_report};
use crate::supplier;
use header::Header;

/// Folders of the database: the usual one, that of SUSE and newer Fedora, that of image-based systems.
const FOLDERS: &[&str] = &["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"];
/// Files of the database, the newest format first: an old one may be left behind by a conversion.
const FILES: &[&str] = &["rpmdb.sqlite", "Packages.db", "Packages"];

/// The write-ahead log of the newest format.
const SQLITE_LOG: &str = "rpmdb.sqlite-wal";

/// Size of the database; 3,000 packages take about 200 MB.
const RPM_DATABASE_BYTES_MAX: Limit = Limit::new("RPM_DATABASE_BYTES_MAX", 1 << 30);
/// Packages of one database.
const RPM_PACKAGES_MAX: Limit = Limit::new("RPM_PACKAGES_MAX", 200_000);
/// Problems of one database that are told one by one.
const PROBLEMS_MAX: usize = 100;

/// Whether the file at `path` is read here.
pub(crate) fn wants(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(folder, name)| {
        FOLDERS.contains(&folder) && (FILES.contains(&name) || name == SQLITE_LOG)
    })
}

/// The database files of the tree, one for each folder that has any.
fn databases(root: &dyn Root) -> impl Iterator<Item = String> + '_ {
    FOLDERS.iter().filter_map(move |folder| {
        FILES.iter().map(|name| format!("{folder}/{name}")).find(|path| has(root, path))
    })
}

/// Whether the file at `path` is a database, and not only a log beside one.
pub(crate) fn is_database(path: &str) -> bool {
    wants(path) && file_name(path) != SQLITE_LOG
}

/// The write-ahead log beside the database at `path`; empty if there is none.
fn log(root: &dyn Root, path: &str) -> Vec<u8> {
    let log = format!("{}/{SQLITE_LOG}", parent(path));
    let is_sqlite = file_name(path) == FILES[0];
    if is_sqlite && has(root, &log) {
        read_file(root, &log, RPM_DATABASE_BYTES_MAX).unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// Reads the database.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    let mut seen = HashSet::new();
    for path in databases(root) {
        let Some(bytes) = read_or_report(root, &path, RPM_DATABASE_BYTES_MAX, &mut out.diagnostics) else {
            continue;
        };
        let distribution = out.distribution.clone().unwrap_or_default();
        let log = log(root, &path);
        let found = each_header(&bytes, &log, &mut |header| {
            seen.insert(identity(header)).then(|| Package::new(header, &distribution))
        });
        out.diagnostics.extend(found.problems.iter().map(|problem| {
            Diagnostic::new(DiagnosticKind::BadPackageFile, problem.as_str()).at(path.as_str())
        }));
        let linked = linked(found.packages);
        if linked.is_empty() {
            continue;
        }
        let mut manifest = Manifest {
            path: path.clone(),
            format: "rpm",
            components: linked,
            has_graph: true,
            is_locked: true,
            absorbed: Vec::new(),
        };
        layers::attribute(root, &path, &mut manifest, &|bytes| components(bytes, &distribution));
        out.manifests.push(manifest);
    }
}

/// The packages of one state of the database, without edges.
fn components(bytes: &[u8], distribution: &Distribution) -> Vec<Component> {
    each_header(bytes, &[], &mut |header| Some(component(header, distribution))).packages
}

/// Calls `found` with each package and each file that it holds.
pub(crate) fn each_file(root: &dyn Root, found: &mut dyn FnMut(&str, &str)) {
    for path in databases(root) {
        let Ok(bytes) = read_file(root, &path, RPM_DATABASE_BYTES_MAX) else { continue };
        each_header(&bytes, &log(root, &path), &mut |header| {
            header.each_file(&mut |file| found(header.name, file));
            None::<()>
        });
    }
}

/// Takes the blob of one package, or why there is none; whether to go on.
type OnBlob<'f> = dyn FnMut(Result<&[u8], String>) -> bool + 'f;

/// What a database yields.
struct Found<T> {
    packages: Vec<T>,
    problems: Vec<String>,
}

/// Reads every header of a database of any format, told by its first bytes, with `take`.
fn each_header<T>(bytes: &[u8], log: &[u8], take: &mut dyn FnMut(&Header<'_>) -> Option<T>) -> Found<T> {
    let mut found = Found { packages: Vec::new(), problems: Vec::new() };
    let (packages, problems) = (&mut found.packages, &mut found.problems);
    let mut count = 0;
    // Headers that overlap could be read over and over.
    let mut bytes_left = bytes.len() + log.len();
    let mut add = |blob: Result<&[u8], String>| {
        count += 1;
        let size = blob.as_ref().map_or(0, |blob| blob.len());
        if size > bytes_left {
            problems.push("headers overlap: together they are longer than the database".to_owned());
            return false;
        }
        bytes_left -= size;
        let header =
            blob.and_then(|blob| Header::parse(blob).map_err(|problem| format!("header {count}: {problem}")));
        match header {
            // Keys that were imported stand in the database like packages.
            Ok(header) if header.name == "gpg-pubkey" => {}
            Ok(header) => packages.extend(take(&header)),
            Err(problem) if problems.len() < PROBLEMS_MAX => problems.push(problem),
            Err(_) => {}
        }
        !RPM_PACKAGES_MAX.is_exceeded_by(count)
    };
    let result = if sqlite::is_database(bytes) {
        sqlite::each(bytes, log, &mut add)
    } else if ndb::is_database(bytes) {
        ndb::each(bytes, &mut add)
    } else if bdb::is_database(bytes) {
        bdb::each(bytes, &mut add)
    } else {
        Err("expected a package database of RPM: SQLite, ndb or Berkeley DB hash".to_owned())
    };
    found.problems.extend(result.err());
    if RPM_PACKAGES_MAX.is_exceeded_by(count) {
        found.problems.push(format!("more packages than {RPM_PACKAGES_MAX}: the rest was not read"));
    }
    found
}

/// Reads a database for the fuzzer.
pub(crate) fn count(bytes: &[u8]) -> usize {
    let found = each_header(bytes, &[], &mut |header| {
        let mut files = 0_usize;
        header.each_file(&mut |_| files += 1);
        Some(files)
    });
    found.packages.len()
}

/// What is kept of a header until the edges are known.
struct Package {
    component: Component,
    provides: Vec<String>,
    requires: Vec<String>,
    /// Programs and interpreters, which others require by path.
    programs: Vec<String>,
}

impl Package {
    fn new(header: &Header<'_>, distribution: &Distribution) -> Self {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut programs = Vec::new();
        header.each_file(&mut |file| {
            if parent(file).ends_with("bin") {
                programs.push(format!("/{file}"));
            }
        });
        Self {
            component: component(header, distribution),
            provides: own(&header.provides),
            requires: own(&header.requires),
            programs,
        }
    }
}

/// What tells one installed package from another.
fn identity(header: &Header<'_>) -> (String, String, String) {
    (header.name.to_owned(), version(header), header.architecture.unwrap_or_default().to_owned())
}

fn linked(packages: Vec<Package>) -> Vec<Component> {
    let mut provided: HashMap<&str, u32> = HashMap::new();
    for (index, package) in packages.iter().enumerate() {
        for name in package.provides.iter().chain(&package.programs) {
            provided.entry(name).or_insert(index as u32);
        }
    }
    let edges = packages.iter().enumerate().map(|(index, package)| {
        let found = package.requires.iter().filter_map(|name| provided.get(name.as_str()).copied());
        let mut edges: Vec<u32> = found.filter(|target| *target as usize != index).collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    });
    let edges: Vec<Vec<u32>> = edges.collect();
    let components = packages.into_iter().map(|package| package.component).zip(edges);
    components.map(|(component, dependencies)| Component { dependencies, ..component }).collect()
}

/// The component of a header, with the name by which advisories of the distribution know the package.
fn component(header: &Header<'_>, distribution: &Distribution) -> Component {
    let known = distribution.ecosystem.purl_type() == "rpm";
    let ecosystem = if known { distribution.ecosystem } else { Ecosystem::Other };
    let source = header.source_rpm.and_then(source_name).filter(|_| ecosystem.names_source_packages());
    let name = source.unwrap_or(header.name);
    Component {
        ecosystem,
        release: distribution.release.clone().filter(|_| known),
        name: name.to_owned(),
        binary_name: (name != header.name).then(|| header.name.to_owned()),
        version: Some(version(header)),
        architecture: header.architecture.map(str::to_owned),
        module: header.module.map(str::to_owned),
        licenses: header.license.into_iter().map(str::to_owned).collect(),
        supplier: [header.vendor, header.packager].into_iter().flatten().find_map(supplier::name),
        origin: Origin::Installed,
        ..Component::default()
    }
}

/// `epoch:version-release`, the epoch left out where it is 0.
fn version(header: &Header<'_>) -> String {
    match header.epoch {
        Some(epoch) if epoch > 0 => format!("{epoch}:{}-{}", header.version, header.release),
        _ => format!("{}-{}", header.version, header.release),
    }
}

/// `bash` of `bash-5.1.8-6.el9.src.rpm`.
fn source_name(file: &str) -> Option<&str> {
    let stem = file.strip_suffix(".rpm")?;
    let stem = stem.rsplit_once('.')?.0;
    let (stem, _release) = stem.rsplit_once('-')?;
    let (name, _version) = stem.rsplit_once('-')?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests;
