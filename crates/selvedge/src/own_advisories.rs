//! The advisories of a project's own, as an index. It is kept in the user's cache under the digest of what it was
//! made from, so that a run over unchanged advisories does not make it again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use selvedge_advisories::Index;
use selvedge_advisories::import::{ImportSource, UpdateOptions, UpdateReport, digest, update};
use selvedge_model::Diagnostic;

use crate::dependencies::now;
use crate::settings::Project;

/// Folder below the cache.
const FOLDER: &str = "advisories";
/// What nobody asked for in this time is removed.
const KEPT: Duration = Duration::from_hours(7 * 24);
/// Seconds of a day: the index says of which day it is, so that a kept one is made anew on the next.
const DAY: i64 = 86_400;

/// The index; `None` if the project has no advisories of its own.
pub(crate) fn index(
    project: &Project,
    cache: Option<&Path>,
    diagnostics: &mut Vec<Diagnostic>,
) -> anyhow::Result<Option<Index>> {
    let named = &project.settings().dependencies.advisories;
    if named.is_empty() {
        return Ok(None);
    }
    let paths: Vec<PathBuf> = named.iter().map(|path| project.root.join(path)).collect();
    let kept = match cache {
        Some(cache) => Some(cache.join(FOLDER).join(format!("{}.db", key(named, &paths)?))),
        None => None,
    };
    if let Some(index) = kept.as_deref().and_then(sound) {
        return Ok(Some(index));
    }
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let target = folder.path().join("own.db");
    let sources: Vec<_> = paths.into_iter().map(ImportSource::Path).collect();
    let options = UpdateOptions { imported_at: now(), ..UpdateOptions::default() };
    let report = update(&target, &sources, &options).context("`dependencies.advisories`")?;
    if let Some(kept) = kept.filter(|_| is_flawless(&report)) {
        keep(&target, &kept);
    }
    diagnostics.extend(report.diagnostics);
    let bytes = std::fs::read(&target).context("cannot read back the project's own advisories")?;
    Ok(Some(Index::from_bytes(bytes)?))
}

/// A name that follows from the content: program, day, and each source with its digest.
fn key(named: &[String], paths: &[PathBuf]) -> anyhow::Result<String> {
    let mut text = format!("{} {}", env!("CARGO_PKG_VERSION"), now() / DAY);
    for (name, path) in named.iter().zip(paths) {
        let digest =
            digest(path).with_context(|| format!("`dependencies.advisories`: cannot read {name}"))?;
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{name} {}", digest.to_hex());
    }
    Ok(blake3::hash(text.as_bytes()).to_hex()[..32].to_owned())
}

/// A kept index, if it is there and whole.
fn sound(path: &Path) -> Option<Index> {
    let index = Index::open(path).ok()?;
    index.verify().ok()?;
    Some(index)
}

/// Whether nothing was wrong: what is wrong must be said in every run, and is only known when the index is made.
fn is_flawless(report: &UpdateReport) -> bool {
    report.diagnostics.is_empty() && report.diagnostics_dropped == 0
}

/// Keeps the index for later runs. That is a convenience: where it cannot be written, the next run makes it again.
fn keep(made: &Path, kept: &Path) {
    let Some(folder) = kept.parent() else { return };
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    remove_old(folder);
    let beside = kept.with_extension(format!("{}.new", std::process::id()));
    let written = std::fs::copy(made, &beside).and_then(|_| std::fs::rename(&beside, kept));
    if written.is_err() {
        // It may not be there at all.
        let _ = std::fs::remove_file(&beside);
    }
}

/// Removes what was written long ago. What another run removes first is no error.
fn remove_old(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let written = entry.metadata().and_then(|metadata| metadata.modified());
        let age = written.map(|written| SystemTime::now().duration_since(written).unwrap_or_default());
        if age.is_ok_and(|age| age > KEPT) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
