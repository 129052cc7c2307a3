//! `Cargo.lock` versions 1 to 4, with the manifests of its workspace for what is direct and for what.
//!
//! Format: Cargo's own encoder (`cargo::core::resolver::encode`); a package without `source` lies on disk.

use std::collections::HashMap;

use selvedge_package::{Component, Ecosystem, Hash, HashAlgorithm, Origin, Relation, Scope};

use super::lock_scan::{self, Entry, Lock};
use super::manifest::CargoToml;
use super::workspace;
use crate::draft::{COMPONENTS_MAX, Draft};
use crate::pattern::folder;
use crate::requirement::Requirement;
use crate::syntax::digest;
use crate::{Files, PackageFile, Parsed};

/// Where crates.io's index lives: over git, over HTTP, and the alias of both.
const CRATES_IO: &[&str] =
    &["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

/// Sources that one version of a package is looked for in.
const SOURCES_MAX: usize = 16;

/// Manifests and requirements of one name that are compared.
const SAME_NAME_MAX: usize = 64;

/// Reads a lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "cargo-lock");
    draft.manifest.is_locked = true;
    let lock = lock_scan::read(&mut draft);
    draft.manifest.components.reserve(lock.entries.len().min(COMPONENTS_MAX));
    for entry in &lock.entries {
        if draft.push(component(entry)).is_none() {
            break;
        }
    }
    old_checksums(&lock, &mut draft);
    connect(&lock, &mut draft);
    mark(file, files, &mut draft);
    draft.finish()
}

fn component(entry: &Entry<'_>) -> Component {
    let source = entry.source.as_deref();
    let origin = source.map_or_else(|| Origin::Path(String::new()), origin);
    Component {
        ecosystem: Ecosystem::CratesIo,
        name: entry.name.to_string(),
        version: Some(entry.version.to_string()),
        resolved: source
            .filter(|source| !CRATES_IO.contains(source))
            .map(|source| address(source).to_owned()),
        relation: if source.is_none() { Relation::Root } else { Relation::Unknown },
        hashes: entry.checksum.as_deref().and_then(checksum).into_iter().collect(),
        origin,
        span: entry.span,
        ..Component::default()
    }
}

fn checksum(hex: &str) -> Option<Hash> {
    digest::hex("sha256", hex).filter(|hash| hash.algorithm == HashAlgorithm::Sha256)
}

/// The address in a source identifier: what follows `registry+`, `sparse+`, `git+` or `path+`.
fn address(source: &str) -> &str {
    source.split_once('+').map_or(source, |(_, address)| address)
}

fn origin(source: &str) -> Origin {
    if CRATES_IO.contains(&source) {
        return Origin::Registry;
    }
    let address = address(source);
    match source.split_once('+').map(|(kind, _)| kind) {
        Some("git") => {
            let (url, commit) = match address.rsplit_once('#') {
                Some((url, commit)) => (url, Some(commit.to_owned())),
                None => (address, None),
            };
            Origin::Git { url: url.split('?').next().unwrap_or(url).to_owned(), commit }
        }
        Some("path" | "directory") => Origin::Path(address.to_owned()),
        _ => Origin::OtherRegistry(address.to_owned()),
    }
}

/// Version 1 keeps checksums in a table of their own.
fn old_checksums(lock: &Lock<'_>, draft: &mut Draft<'_>) {
    if lock.metadata.is_empty() {
        return;
    }
    let by_key: HashMap<&str, &str> = lock.metadata.iter().map(|(key, hex)| (&**key, &**hex)).collect();
    for (entry, component) in lock.entries.iter().zip(&mut draft.manifest.components) {
        let Some(source) = &entry.source else { continue };
        let key = format!("checksum {} {} ({source})", entry.name, entry.version);
        if let Some(hash) = by_key.get(key.as_str()).and_then(|hex| checksum(hex)) {
            component.hashes.push(hash);
        }
    }
}

/// Packages by name, and by name and version.
#[derive(Default)]
struct Index<'l> {
    by_name: HashMap<&'l str, u32>,
    by_version: HashMap<(&'l str, &'l str), Vec<u32>>,
}

impl<'l> Index<'l> {
    fn new(entries: &'l [Entry<'_>]) -> Self {
        let mut index = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            index.by_name.entry(&entry.name).or_insert(at as u32);
            index.by_version.entry((&entry.name, &entry.version)).or_default().push(at as u32);
        }
        index
    }

    /// The package that `name`, `name version` or `name version (source)` means.
    fn find(&self, wanted: &str, entries: &[Entry<'_>]) -> Option<u32> {
        let mut parts = wanted.splitn(3, ' ');
        let name = parts.next()?;
        let Some(version) = parts.next() else { return self.by_name.get(name).copied() };
        let candidates = self.by_version.get(&(name, version))?;
        let Some(source) = parts.next() else { return candidates.first().copied() };
        let source = without_commit(source.trim_start_matches('(').trim_end_matches(')'));
        candidates.iter().copied().take(SOURCES_MAX).find(|at| {
            let own = entries[*at as usize].source.as_deref();
            own.is_some_and(|own| without_commit(own) == source)
        })
    }
}

/// Turns the names of dependencies into edges.
fn connect(lock: &Lock<'_>, draft: &mut Draft<'_>) {
    let entries = &lock.entries[..lock.entries.len().min(draft.manifest.components.len())];
    let index = Index::new(entries);
    for (at, entry) in entries.iter().enumerate() {
        let mut edges = Vec::with_capacity(entry.dependencies.len());
        for wanted in entry.dependencies.iter().chain(&entry.replace) {
            match index.find(wanted, entries) {
                Some(target) => edges.push(target),
                None => draft.problem(
                    entry.span.line,
                    format!("`{}` depends on `{wanted}`, which the lockfile does not have", entry.name),
                ),
            }
        }
        draft.manifest.components[at].dependencies = edges;
    }
    draft.manifest.has_graph = true;
}

/// A source without the commit behind `#`: dependencies name it so.
fn without_commit(source: &str) -> &str {
    source.split_once('#').map_or(source, |(source, _)| source)
}

/// Marks members as roots, and spreads from what each of them asks for.
fn mark(file: &PackageFile<'_>, files: &dyn Files, draft: &mut Draft<'_>) {
    let workspace = workspace::read(file, files);
    for diagnostic in workspace.diagnostics {
        draft.report(diagnostic);
    }
    let mut by_package: HashMap<&str, Vec<(&String, &CargoToml)>> = HashMap::new();
    for (path, manifest) in &workspace.manifests {
        if let Some(name) = manifest.name.as_deref() {
            by_package.entry(name).or_default().push((path, manifest));
        }
    }
    let mut direct = Vec::new();
    let roots: Vec<u32> = (0..draft.manifest.components.len() as u32)
        .filter(|index| draft.manifest.components[*index as usize].relation == Relation::Root)
        .collect();
    for root in roots {
        let component = &draft.manifest.components[root as usize];
        let manifest = by_package.get(component.name.as_str()).and_then(|found| choose(found, component));
        if let Some((path, manifest)) = manifest {
            let component = &mut draft.manifest.components[root as usize];
            component.origin = Origin::Path(folder(path).to_owned());
            component.licenses.extend(manifest.license.clone());
        }
        declare(root, manifest, draft, &mut direct);
    }
    draft.manifest.spread(&direct);
    draft.manifest.absorbed = workspace.manifests.into_keys().collect();
}

/// The manifest of a locked package: the one of its version, if several have its name.
fn choose<'m>(
    found: &[(&'m String, &'m CargoToml)],
    component: &Component,
) -> Option<(&'m String, &'m CargoToml)> {
    let same = |(_, manifest): &&(&String, &CargoToml)| manifest.version == component.version;
    found.iter().take(SAME_NAME_MAX).find(same).or_else(|| found.first()).copied()
}

/// Adds what the package at `root` asks for to `direct`. Without its manifest everything is taken as needed
/// at run time: the lockfile does not tell.
fn declare(
    root: u32,
    manifest: Option<(&String, &CargoToml)>,
    draft: &mut Draft<'_>,
    direct: &mut Vec<(u32, Scope)>,
) {
    let edges = draft.manifest.components[root as usize].dependencies.clone();
    let mut by_name: HashMap<&str, Vec<&Requirement>> = HashMap::new();
    for requirement in manifest.iter().flat_map(|(_, manifest)| &manifest.requirements) {
        by_name.entry(&requirement.name).or_default().push(requirement);
    }
    for edge in edges {
        let component = &draft.manifest.components[edge as usize];
        if component.relation == Relation::Root {
            continue;
        }
        let version = component.version.clone().unwrap_or_default();
        let asked = by_name.get(component.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        let fitting: Vec<&Requirement> = asked
            .iter()
            .copied()
            .take(SAME_NAME_MAX)
            .filter(|requirement| may_mean(requirement, &version))
            .collect();
        let fitting =
            if fitting.is_empty() { asked.iter().copied().take(SAME_NAME_MAX).collect() } else { fitting };
        let scope = fitting.iter().map(|requirement| requirement.scope).min().unwrap_or_default();
        direct.push((edge, scope));
        if let (Some((path, _)), Some(first)) = (manifest, fitting.iter().min_by_key(|it| it.scope)) {
            first.note(draft, edge, path);
        }
    }
}

/// Whether the requirement can be about this version: the same leading number, or none that is plain. Tells
/// two versions of one package apart that a manifest asks for under two names.
fn may_mean(requirement: &Requirement, version: &str) -> bool {
    let text = requirement.requirement.as_deref().unwrap_or("*").trim_start_matches(['^', '~', '=', ' ']);
    let number = |text: &str| text.split(['.', '-', '+', ',', ' ']).next().map(str::to_owned);
    !text.starts_with(|c: char| c.is_ascii_digit()) || number(text) == number(version)
}
