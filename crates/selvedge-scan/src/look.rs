//! Looks at what was asked for and collects what the engines say: the pass without policy.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use selvedge_gate::PathGlobs;
use selvedge_gate::inline::InlineIgnore;
use selvedge_model::{Diagnostic, DiagnosticKind, Finding, Stats};
use selvedge_source::SourceOptions;

use crate::cache::{Cache, CacheOptions};
use crate::engine::FileEngine;
use crate::error::ScanError;
use crate::history;
use crate::outcome::FileOutcome;
use crate::pass::Pass;
use crate::progress::{Phase, Progress};
use crate::secrets::SecretsEngine;

/// What to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Files and folders, absolute, below the root or elsewhere.
    Paths(Vec<PathBuf>),
    /// Standard input, shown under this name.
    Stdin(String),
    /// What is staged for the next commit.
    Staged,
    /// What changed since a revision, the working tree included.
    Since(String),
    /// Every version of every file.
    History,
}

impl Target {
    /// How the report names the kind of run.
    pub fn mode(&self) -> String {
        match self {
            Self::Paths(_) => "tree".to_owned(),
            Self::Stdin(_) => "stdin".to_owned(),
            Self::Staged => "staged".to_owned(),
            Self::Since(revision) => format!("since {revision}"),
            Self::History => "history".to_owned(),
        }
    }
}

/// How to look.
#[derive(Debug)]
pub struct LookOptions<'a> {
    /// Root of the project: reported paths are relative to it.
    pub root: &'a Path,
    /// What to look at.
    pub target: &'a Target,
    /// Walk, size and archive options.
    pub source: &'a SourceOptions,
    /// Paths to leave out.
    pub exclude: &'a PathGlobs,
    /// Cache of earlier runs; used for trees only.
    pub cache: Option<&'a CacheOptions>,
}

/// What a run saw, before any policy.
#[derive(Debug, Default)]
pub struct Looked {
    /// Findings in report order, numbered and without duplicates.
    pub findings: Vec<Finding>,
    /// Ignores written in the files, in the order of files and lines.
    pub ignores: Vec<InlineIgnore>,
    /// What could not be looked at, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Counts.
    pub stats: Stats,
    /// True if part of what was asked for could not be seen.
    pub partial: bool,
}

/// Looks at the target with the secrets engine.
pub fn look(
    options: &LookOptions<'_>,
    secrets: &SecretsEngine,
    progress: &Progress,
) -> Result<Looked, ScanError> {
    progress.enter(Phase::Checking);
    let engines: [&dyn FileEngine; 1] = [secrets];
    let (outcome, stats, partial) = match options.target {
        Target::History => history::look(options, secrets, progress)?,
        Target::Paths(paths) => look_at_paths(options, &engines, progress, paths)?,
        Target::Stdin(name) => {
            let pass = Pass::new(&engines, options.exclude, progress, None);
            let stats =
                selvedge_source::visit_stdin(&mut std::io::stdin().lock(), name, options.source, &pass)?;
            (pass.finish_run(), stats, false)
        }
        Target::Staged => {
            let pass = Pass::new(&engines, options.exclude, progress, None);
            let stats = selvedge_source::visit_staged(options.root, options.source, &pass)?;
            (pass.finish_run(), stats, false)
        }
        Target::Since(revision) => {
            let pass = Pass::new(&engines, options.exclude, progress, None);
            let stats = selvedge_source::visit_since(options.root, revision, options.source, &pass)?;
            (pass.finish_run(), stats, false)
        }
    };
    if options.source.cancel.load(Ordering::SeqCst) {
        return Err(ScanError::Interrupted);
    }
    Ok(Looked::new(outcome, stats, partial))
}

fn look_at_paths(
    options: &LookOptions<'_>,
    engines: &[&dyn FileEngine],
    progress: &Progress,
    paths: &[PathBuf],
) -> Result<(FileOutcome, Stats, bool), ScanError> {
    let mut stats = Stats::default();
    let mut outcome = FileOutcome::default();
    for path in without_nested(paths) {
        let cache = options.cache.map(|cache| Cache::open(cache, path, cache_digest(options, path, engines)));
        let mut pass = Pass::new(engines, options.exclude, progress, cache);
        pass.prefix = prefix(options.root, path);
        let counts = selvedge_source::visit_tree(path, options.source, &pass)?;
        if options.source.cancel.load(Ordering::SeqCst) {
            return Err(ScanError::Interrupted);
        }
        outcome.absorb(pass.finish_run());
        stats.files += counts.files;
        stats.bytes += counts.bytes;
        stats.binary += counts.binary;
        stats.skipped += counts.skipped;
    }
    Ok((outcome, stats, false))
}

/// The paths without those that lie below another one, so that no file is looked at twice.
fn without_nested(paths: &[PathBuf]) -> Vec<&PathBuf> {
    let mut sorted: Vec<&PathBuf> = paths.iter().collect();
    sorted.sort();
    let mut kept: Vec<&PathBuf> = Vec::new();
    for path in sorted {
        if kept.last().is_none_or(|last| !path.starts_with(last)) {
            kept.push(path);
        }
    }
    kept
}

/// What stands before the paths that a visit of `path` reports. A visit of a single file reports its name.
fn prefix(root: &Path, path: &Path) -> String {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let Ok(below) = folder.strip_prefix(root) else { return String::new() };
    let parts: Vec<_> =
        below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

/// Everything that an outcome depends on besides the file itself.
fn cache_digest(options: &LookOptions<'_>, path: &Path, engines: &[&dyn FileEngine]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    // Development builds change without a new version; the time of the build is in the executable.
    if let Some(stamp) = executable_stamp() {
        hasher.update(&stamp);
    }
    for engine in engines {
        hasher.update(engine.engine().as_str().as_bytes());
        hasher.update(&engine.digest());
    }
    let source = options.source;
    hasher.update(format!("{:?} {}", source.archives, source.max_file_size).as_bytes());
    hasher.update(prefix(options.root, path).as_bytes());
    *hasher.finalize().as_bytes()
}

/// Size and modification time of the running program.
fn executable_stamp() -> Option<[u8; 24]> {
    let metadata = std::env::current_exe().ok()?.metadata().ok()?;
    let modified = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    let mut stamp = [0; 24];
    stamp[..8].copy_from_slice(&metadata.len().to_le_bytes());
    stamp[8..].copy_from_slice(&modified.as_nanos().to_le_bytes());
    Some(stamp)
}

impl Looked {
    /// Sorts and removes duplicates, so that the result does not depend on threads.
    fn new(outcome: FileOutcome, stats: Stats, partial: bool) -> Self {
        let FileOutcome { mut findings, mut ignores, mut diagnostics } = outcome;
        findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        findings.dedup_by(|a, b| a.fingerprint == b.fingerprint);
        ignores.sort();
        diagnostics.sort();
        diagnostics.dedup();
        let partial = partial
            || stats.skipped > 0
            || diagnostics.iter().any(|diagnostic| {
                matches!(diagnostic.kind, DiagnosticKind::PartialHistory | DiagnosticKind::BadObject)
            });
        Self { findings, ignores, diagnostics, stats, partial }
    }
}

#[cfg(test)]
mod tests;
