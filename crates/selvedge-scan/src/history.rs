//! The pass over a whole history: scan every text once, attribute the hits, look again where they came first.
//!
//! 1. Every unique blob is cut into chunks; only chunks that no earlier blob had are searched, and every hit is
//!    noted with its chunk.
//! 2. All blobs that hold such a chunk are attributed to the commit in which they first appeared.
//! 3. Per secret, the earliest of its blobs is scanned again in full, now with its path known. That scan is what
//!    is reported, so a finding of the history is what a plain check of that version would have said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use selvedge_model::{Finding, Fingerprint, Stats};
use selvedge_source::{Attribution, Blob, BlobIndex, History};

use crate::engine::FileEngine;
use crate::error::ScanError;
use crate::look::LookOptions;
use crate::outcome::FileOutcome;
use crate::pass::inspect;
use crate::progress::{Phase, Progress};
use crate::secrets::SecretsEngine;

/// A secret that a rule met: position of the rule, fingerprint of the value.
type Met = (usize, Fingerprint);

/// At most this many versions are looked at again for one secret. More are needed only if the path of each
/// earlier one is left out by an allowlist.
const VERSIONS_PER_SECRET_MAX: usize = 100;

/// Looks at every version of every file.
pub(crate) fn look(
    options: &LookOptions<'_>,
    secrets: &SecretsEngine,
    progress: &Progress,
) -> Result<(FileOutcome, Stats, bool), ScanError> {
    progress.enter(Phase::History);
    let history = History::open(options.root, options.source)?;
    let outcome = Mutex::new(FileOutcome::default());
    let diagnose = |diagnostic| lock(&outcome).diagnostics.push(diagnostic);
    let search = Search::new(secrets);
    let mut stats = history.for_each_blob(
        &|blob| {
            search.blob(&blob);
            progress.add(blob.bytes.len());
        },
        &diagnose,
    );
    if options.source.cancel.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(ScanError::Interrupted);
    }
    progress.enter(Phase::Attributing);
    let versions = search.versions();
    let blobs: Vec<BlobIndex> =
        versions.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let attributions = history.attribute(&blobs, &diagnose)?;
    stats.commits = attributions.commits;
    let attributed: BTreeMap<BlobIndex, Attribution> = blobs
        .into_iter()
        .zip(attributions.found)
        .filter_map(|(blob, attribution)| Some((blob, attribution?)))
        .collect();
    let mut outcome = outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut again = Again { history: &history, secrets, attributed: &attributed, seen: BTreeMap::new() };
    for ((rule, value), blobs) in &versions {
        let id = secrets.scanner().rules().secret_rules()[*rule].id();
        let mut ordered: Vec<(&Attribution, BlobIndex)> =
            blobs.iter().filter_map(|blob| Some((attributed.get(blob)?, *blob))).collect();
        ordered.retain(|(attribution, _)| !options.exclude.is_match(&attribution.path));
        ordered.sort();
        let first = ordered
            .iter()
            .take(VERSIONS_PER_SECRET_MAX)
            .find_map(|(_, blob)| again.finding(*blob, id, value));
        outcome.findings.extend(first);
    }
    again.finish(&mut outcome);
    Ok((outcome, stats, attributions.partial))
}

/// The first step: what was met, and where.
struct Search<'a> {
    secrets: &'a SecretsEngine,
    met: Mutex<BTreeMap<Met, BTreeSet<BlobIndex>>>,
}

impl<'a> Search<'a> {
    fn new(secrets: &'a SecretsEngine) -> Self {
        Self { secrets, met: Mutex::default() }
    }

    fn blob(&self, blob: &Blob<'_>) {
        let hits = self.secrets.scanner().scan(None, blob.bytes, &mut Vec::new());
        for hit in hits {
            let value = self.secrets.key().fingerprint(&[b"secret", hit.secret.expose()]);
            lock(&self.met).entry((hit.rule, value)).or_default().insert(blob.index);
        }
    }

    /// Per secret, the blobs that may hold it.
    fn versions(self) -> BTreeMap<Met, BTreeSet<BlobIndex>> {
        self.met.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The last step: versions that are looked at again, each once.
struct Again<'a> {
    history: &'a History,
    secrets: &'a SecretsEngine,
    attributed: &'a BTreeMap<BlobIndex, Attribution>,
    seen: BTreeMap<BlobIndex, FileOutcome>,
}

impl Again<'_> {
    /// The finding of that rule and value in that version, with its commit.
    fn finding(&mut self, blob: BlobIndex, rule: &str, value: &Fingerprint) -> Option<Finding> {
        let attribution = self.attributed.get(&blob)?;
        if !self.seen.contains_key(&blob) {
            let outcome = self.look(blob, attribution);
            self.seen.insert(blob, outcome);
        }
        let is_it = |finding: &&Finding| {
            finding.rule.as_str() == rule
                && finding.secret.as_ref().is_some_and(|facts| facts.fingerprint == *value)
        };
        self.seen.get(&blob)?.findings.iter().find(is_it).cloned()
    }

    fn look(&self, blob: BlobIndex, attribution: &Attribution) -> FileOutcome {
        let Some(bytes) = self.history.read_text(blob) else { return FileOutcome::default() };
        let engines: [&dyn FileEngine; 1] = [self.secrets];
        let mut outcome = inspect(&engines, &attribution.path, &bytes, None);
        for finding in &mut outcome.findings {
            if let Some(location) = finding.subject.location_mut() {
                location.commit = Some(attribution.commit.clone());
            }
        }
        for ignore in &mut outcome.ignores {
            ignore.commit = Some(attribution.commit.id.clone());
        }
        outcome
    }

    /// Hands on what was learned about the versions beside their findings.
    fn finish(self, outcome: &mut FileOutcome) {
        for seen in self.seen.into_values() {
            outcome.ignores.extend(seen.ignores);
            outcome.diagnostics.extend(seen.diagnostics);
        }
    }
}

/// A lock whose data is whole even if a thread panicked while it held it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
