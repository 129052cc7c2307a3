//! The one pass: every file that the source offers goes to every engine that wants it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread::ThreadId;

use selvedge_gate::PathGlobs;
use selvedge_gate::inline;
use selvedge_model::{Diagnostic, DiagnosticKind, Engine, Finding, Stats};
use selvedge_source::{File, Stamp, Visitor};

use crate::cache::Cache;
use crate::engine::{FileEngine, FileView, Sink};
use crate::outcome::FileOutcome;
use crate::progress::Progress;
use crate::project::{Gathered, ProjectEngine};

/// One pass in the making: a visitor of the source that runs the engines.
pub(crate) struct Pass<'a> {
    pub(crate) engines: &'a [&'a dyn FileEngine],
    pub(crate) project: Option<&'a dyn ProjectEngine>,
    pub(crate) exclude: &'a PathGlobs,
    pub(crate) progress: &'a Progress,
    pub(crate) cache: Option<Cache>,
    /// What stands before every path of this visit: the place of the target below the project's root.
    pub(crate) prefix: String,
    /// Files in the making, per thread: an archive is many visits, then one finish.
    pending: Mutex<HashMap<ThreadId, Vec<(String, FileOutcome)>>>,
    done: Mutex<FileOutcome>,
    gathered: Mutex<Gathered>,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(
        engines: &'a [&'a dyn FileEngine],
        project: Option<&'a dyn ProjectEngine>,
        exclude: &'a PathGlobs,
        progress: &'a Progress,
        cache: Option<Cache>,
    ) -> Self {
        Self {
            engines,
            project,
            exclude,
            progress,
            cache,
            prefix: String::new(),
            pending: Mutex::default(),
            done: Mutex::default(),
            gathered: Mutex::default(),
        }
    }

    /// Everything that was learned, and what was gathered for the project engine. Writes the cache.
    pub(crate) fn finish_run(self) -> (FileOutcome, Gathered) {
        let mut outcome = into_inner(self.done);
        for (_, unfinished) in into_inner(self.pending).into_values().flatten() {
            outcome.absorb(unfinished);
        }
        if let Some(cache) = self.cache {
            cache.save();
        }
        let mut gathered = into_inner(self.gathered);
        gathered.facts.extend(std::mem::take(&mut outcome.facts));
        (outcome, gathered)
    }

    fn keeps(&self, path: &str) -> bool {
        self.project.is_some_and(|project| project.keeps(path))
    }

    fn watches(&self, path: &str) -> bool {
        self.project.is_some_and(|project| project.watches(path))
    }

    fn full_path(&self, path: &str) -> String {
        match (self.prefix.as_str(), path) {
            ("", path) => path.to_owned(),
            (prefix, "") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}/{path}"),
        }
    }

    /// Asks the project engine what a file says. A panic is contained, as in [`inspect`].
    fn gather_facts(project: &dyn ProjectEngine, view: &FileView<'_>, outcome: &mut FileOutcome) {
        match catch_unwind(AssertUnwindSafe(|| project.facts(view))) {
            Ok(Some(facts)) => outcome.facts.push((view.path().to_owned(), facts)),
            Ok(None) => {}
            Err(_) => outcome.diagnostics.push(internal(project.engine(), view.path())),
        }
    }

    fn hold(&self, path: String, outcome: FileOutcome) {
        let mut pending = lock(&self.pending);
        pending.entry(std::thread::current().id()).or_default().push((path, outcome));
    }

    /// The outcomes of this thread that belong to the finished file at `path`; others stay.
    fn release(&self, path: &str) -> FileOutcome {
        let mut pending = lock(&self.pending);
        let held = pending.remove(&std::thread::current().id()).unwrap_or_default();
        let (ours, others): (Vec<_>, Vec<_>) = held.into_iter().partition(|(held, _)| belongs(held, path));
        if !others.is_empty() {
            pending.insert(std::thread::current().id(), others);
        }
        drop(pending);
        let mut outcome = FileOutcome::default();
        for (_, part) in ours {
            outcome.absorb(part);
        }
        outcome
    }
}

impl Visitor for Pass<'_> {
    fn wants(&self, path: &str) -> bool {
        let path = self.full_path(path);
        !self.exclude.is_match(&path)
            && (self.engines.iter().any(|engine| engine.wants(&path))
                || self.keeps(&path)
                || self.watches(&path))
    }

    fn known(&self, path: &str, stamp: &Stamp) -> Option<Stats> {
        let full_path = self.full_path(path);
        let (stats, outcome) = self.cache.as_ref()?.known(&full_path, stamp)?;
        if self.keeps(&full_path) {
            lock(&self.gathered).unread.insert((path.to_owned(), full_path));
        }
        if !outcome.is_silent() {
            lock(&self.done).absorb(outcome);
        }
        self.progress.add(stats.bytes as usize);
        Some(stats)
    }

    fn visit(&self, file: &File<'_>) {
        let path = self.full_path(file.path);
        let view = FileView::new(&path, file.bytes);
        let mut outcome = inspect(self.engines, &view, file.changed);
        if self.keeps(&path) {
            let mut gathered = lock(&self.gathered);
            gathered.keep(&path, file.bytes);
            if let Some(changed) = file.changed {
                gathered.changed.insert(path.clone(), changed.to_vec());
            }
        }
        if self.watches(&path)
            && let Some(project) = self.project
        {
            Self::gather_facts(project, &view, &mut outcome);
        }
        self.progress.add(file.bytes.len());
        if !outcome.is_silent() {
            self.hold(path, outcome);
        }
    }

    fn binary(&self, path: &str) {
        let path = self.full_path(path);
        let outcome = inspect(self.engines, &FileView::new(&path, b""), None);
        if !outcome.is_silent() {
            self.hold(path, outcome);
        }
    }

    fn finish(&self, path: &str, stamp: &Stamp, counts: &Stats) {
        let path = self.full_path(path);
        let outcome = self.release(&path);
        // Of an unchanged archive nothing is read, so that one with package files inside is not cached.
        let holds_package_files = || {
            let entry = format!("{path}!");
            let gathered = lock(&self.gathered);
            let mut from = gathered.files.range(entry.clone()..);
            from.next().is_some_and(|(path, _)| path.starts_with(&entry))
        };
        if let Some(cache) = &self.cache
            && !holds_package_files()
        {
            cache.learn(&path, stamp, counts, &outcome);
        }
        if !outcome.is_silent() {
            lock(&self.done).absorb(outcome);
        }
    }

    fn diagnose(&self, mut diagnostic: Diagnostic) {
        let path = self.full_path(diagnostic.path.as_deref().unwrap_or_default());
        diagnostic.path = diagnostic.path.is_some().then(|| path.clone());
        self.hold(path, FileOutcome { diagnostics: vec![diagnostic], ..FileOutcome::default() });
    }
}

/// Whether `held` is the file at `path` or an entry of the archive at `path`.
fn belongs(held: &str, path: &str) -> bool {
    held.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('!'))
}

/// Runs the engines over one file. A panic in an engine is contained: it costs this file, and says so.
pub(crate) fn inspect(
    engines: &[&dyn FileEngine],
    view: &FileView<'_>,
    changed: Option<&[std::ops::Range<u32>]>,
) -> FileOutcome {
    let (path, bytes) = (view.path(), view.bytes());
    let mut sink = Sink::default();
    for engine in engines.iter().filter(|engine| engine.wants(path)) {
        if catch_unwind(AssertUnwindSafe(|| engine.inspect(view, &mut sink))).is_err() {
            sink.diagnostics.push(internal(engine.engine(), path));
        }
    }
    if let Some(changed) = changed {
        sink.findings.retain(|finding| touches(finding, changed));
    }
    let found = inline::find(path, bytes);
    if found.dropped > 0 {
        let message = format!(
            "{} inline ignores beyond the first {} are not honoured",
            found.dropped,
            found.ignores.len()
        );
        sink.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(path));
    }
    FileOutcome {
        findings: sink.findings,
        ignores: found.ignores,
        diagnostics: sink.diagnostics,
        facts: Vec::new(),
    }
}

/// Says that an engine failed on a file.
fn internal(engine: Engine, path: &str) -> Diagnostic {
    let message = format!("the {engine} engine failed on this file; please report it");
    Diagnostic::new(DiagnosticKind::Internal, message).at(path)
}

/// Whether a finding lies, at least in part, on changed lines (0-based, half-open).
pub(crate) fn touches(finding: &Finding, changed: &[std::ops::Range<u32>]) -> bool {
    finding.subject.location().is_none_or(|location| {
        let (first, last) = (location.start.line - 1, location.end.line - 1);
        changed.iter().any(|range| range.start <= last && first < range.end)
    })
}

/// A lock whose data is whole even if a thread panicked while it held it: engine panics are contained.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
