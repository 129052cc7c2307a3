//! Looks at what was asked for and collects what the engines say: the pass without policy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use selvedge_gate::PathGlobs;
use selvedge_gate::inline::InlineIgnore;
use selvedge_model::{DependencyInfo, Diagnostic, DiagnosticKind, Engine, Finding, Rule, Stats};
use selvedge_source::SourceOptions;

use crate::cache::{Cache, CacheOptions};
use crate::code::CodeEngine;
use crate::dependencies::PackageFiles;
use crate::engine::FileEngine;
use crate::error::ScanError;
use crate::history;
use crate::outcome::FileOutcome;
use crate::pass::{Pass, touches};
use crate::progress::{Phase, Progress};
use crate::project::{Conclusion, Gathered, ProjectEngine, ProjectView};
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

/// The engines that look.
#[derive(Clone, Copy, Default)]
pub struct Engines<'a> {
    /// Secrets in files and history.
    pub secrets: Option<&'a SecretsEngine>,
    /// The project's own code. Has nothing to say about a history either.
    pub code: Option<&'a CodeEngine>,
    /// Packages of others. Has nothing to say about a history: what was used once is used no more.
    pub dependencies: Option<&'a dyn ProjectEngine>,
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
    /// The rules that project engines met, which no pack holds.
    pub rules: Vec<Rule>,
    /// Packages and advisories.
    pub dependencies: Option<DependencyInfo>,
}

/// What a visit of the target gave.
#[derive(Default)]
struct Visited {
    outcome: FileOutcome,
    gathered: Gathered,
    stats: Stats,
    partial: bool,
}

/// Looks at the target with the engines.
pub fn look(
    options: &LookOptions<'_>,
    engines: Engines<'_>,
    progress: &Progress,
) -> Result<Looked, ScanError> {
    progress.enter(Phase::Checking);
    let mut visited = visit(options, engines, progress)?;
    if options.source.cancel.load(Ordering::SeqCst) {
        return Err(ScanError::Interrupted);
    }
    let conclusion = match engines.dependencies {
        Some(engine) if *options.target != Target::History => {
            progress.enter(Phase::Concluding);
            conclude(options, engine, std::mem::take(&mut visited.gathered))?
        }
        _ => Conclusion::default(),
    };
    let mut looked = Looked::new(visited, conclusion);
    if let Some(code) = engines.code {
        let of_code = looked.findings.iter().filter(|finding| finding.engine == Engine::Code);
        let met = of_code.map(|finding| finding.rule.as_str()).collect();
        looked.rules.extend(code.rules(Some(&met)).into_iter().map(|(rule, _)| rule));
    }
    Ok(looked)
}

fn visit(options: &LookOptions<'_>, engines: Engines<'_>, progress: &Progress) -> Result<Visited, ScanError> {
    let secrets = engines.secrets.map(|engine| engine as &dyn FileEngine);
    let code = engines.code.map(|engine| engine as &dyn FileEngine);
    // What the first says is secret, the others do not show.
    let files: Vec<&dyn FileEngine> = secrets.into_iter().chain(code).collect();
    let files = files.as_slice();
    let pass = || Pass::new(files, engines.dependencies, options.exclude, progress, None);
    let done = |pass: Pass<'_>, stats| {
        let (outcome, gathered) = pass.finish_run();
        Visited { outcome, gathered, stats, partial: false }
    };
    match options.target {
        Target::History => match engines.secrets {
            Some(secrets) => {
                let (outcome, stats, partial) = history::look(options, secrets, progress)?;
                Ok(Visited { outcome, stats, partial, ..Visited::default() })
            }
            None => Ok(Visited::default()),
        },
        Target::Paths(paths) => look_at_paths(options, files, engines.dependencies, progress, paths),
        Target::Stdin(name) => {
            let pass = pass();
            let stats =
                selvedge_source::visit_stdin(&mut std::io::stdin().lock(), name, options.source, &pass)?;
            Ok(done(pass, stats))
        }
        Target::Staged => {
            let pass = pass();
            let stats = selvedge_source::visit_staged(options.root, options.source, &pass)?;
            Ok(done(pass, stats))
        }
        Target::Since(revision) => {
            let pass = pass();
            let stats = selvedge_source::visit_since(options.root, revision, options.source, &pass)?;
            Ok(done(pass, stats))
        }
    }
}

fn look_at_paths(
    options: &LookOptions<'_>,
    engines: &[&dyn FileEngine],
    project: Option<&dyn ProjectEngine>,
    progress: &Progress,
    paths: &[PathBuf],
) -> Result<Visited, ScanError> {
    let mut all = Visited::default();
    for path in without_nested(paths) {
        let digest = || cache_digest(options, path, engines, project);
        let cache = options.cache.map(|cache| Cache::open(cache, path, digest()));
        let mut pass = Pass::new(engines, project, options.exclude, progress, cache);
        pass.prefix = prefix(options.root, path);
        let counts = selvedge_source::visit_tree(path, options.source, &pass)?;
        if options.source.cancel.load(Ordering::SeqCst) {
            return Err(ScanError::Interrupted);
        }
        let (outcome, mut gathered) = pass.finish_run();
        gathered.read_unread(path, options.source.max_file_size);
        all.gathered.absorb(gathered);
        all.outcome.absorb(outcome);
        all.stats.files += counts.files;
        all.stats.bytes += counts.bytes;
        all.stats.binary += counts.binary;
        all.stats.skipped += counts.skipped;
    }
    Ok(all)
}

/// Lets the project engine conclude. In a run over changes, the package files that did not change are read as
/// well, since a lockfile cannot be understood without the manifest beside it; what is said is about the
/// changed lines alone.
fn conclude(
    options: &LookOptions<'_>,
    engine: &dyn ProjectEngine,
    mut gathered: Gathered,
) -> Result<Conclusion, ScanError> {
    let only_changes = matches!(options.target, Target::Staged | Target::Since(_));
    let reported: Option<Vec<String>> = only_changes.then(|| gathered.files.keys().cloned().collect());
    if only_changes && !gathered.files.is_empty() {
        let progress = Progress::default();
        let pass = Pass::new(&[], Some(&PackageFiles), options.exclude, &progress, None);
        selvedge_source::visit_tree(options.root, options.source, &pass)?;
        let (_, context) = pass.finish_run();
        for (path, bytes) in context.files {
            if !gathered.files.contains_key(&path) {
                gathered.keep(&path, &bytes);
            }
        }
    }
    let whole = matches!(options.target, Target::Paths(paths) if paths.iter().all(|path| path.is_dir()));
    let view = ProjectView { files: &gathered.files, facts: &gathered.facts, whole };
    let mut conclusion = engine.conclude(&view);
    conclusion.diagnostics.extend(gathered.diagnostics);
    if let Some(reported) = reported {
        conclusion.findings.retain(|finding| {
            reported.iter().any(|path| path == finding.path())
                && gathered.changed.get(finding.path()).is_none_or(|lines| touches(finding, lines))
        });
        conclusion
            .diagnostics
            .retain(|diagnostic| diagnostic.path.as_ref().is_none_or(|path| reported.contains(path)));
    }
    Ok(conclusion)
}

/// Reads the package files of the paths, and nothing else: for lists, bills of materials and fixes.
pub fn look_for_packages(
    options: &LookOptions<'_>,
    progress: &Progress,
) -> Result<BTreeMap<String, Vec<u8>>, ScanError> {
    progress.enter(Phase::Checking);
    let Target::Paths(paths) = options.target else { return Ok(BTreeMap::new()) };
    let visited = look_at_paths(options, &[], Some(&PackageFiles), progress, paths)?;
    Ok(visited.gathered.files)
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
fn cache_digest(
    options: &LookOptions<'_>,
    path: &Path,
    engines: &[&dyn FileEngine],
    project: Option<&dyn ProjectEngine>,
) -> [u8; 32] {
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
    if let Some(project) = project {
        hasher.update(project.engine().as_str().as_bytes());
        hasher.update(&project.facts_digest());
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
    fn new(visited: Visited, conclusion: Conclusion) -> Self {
        let FileOutcome { mut findings, mut ignores, mut diagnostics, .. } = visited.outcome;
        findings.extend(conclusion.findings);
        diagnostics.extend(conclusion.diagnostics);
        findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        findings.dedup_by(|a, b| a.fingerprint == b.fingerprint);
        ignores.sort();
        diagnostics.sort();
        diagnostics.dedup();
        let partial = visited.partial
            || visited.stats.skipped > 0
            || diagnostics.iter().any(|diagnostic| {
                matches!(
                    diagnostic.kind,
                    DiagnosticKind::PartialHistory
                        | DiagnosticKind::BadObject
                        | DiagnosticKind::BadPackageFile
                        | DiagnosticKind::BadAdvisory
                )
            });
        let rules: BTreeMap<String, Rule> =
            conclusion.rules.into_iter().map(|rule| (rule.id.to_string(), rule)).collect();
        Self {
            findings,
            ignores,
            diagnostics,
            stats: visited.stats,
            partial,
            rules: rules.into_values().collect(),
            dependencies: conclusion.dependencies,
        }
    }
}

#[cfg(test)]
mod tests;
