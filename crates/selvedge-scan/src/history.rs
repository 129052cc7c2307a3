//! The pass over a whole history: scan every text once, attribute the hits, look again where they came first.
//!
//! 1. Every unique blob is cut into chunks; only chunks that no earlier blob had are searched, and every hit is
//!    noted with its chunk.
//! 2. All blobs that hold such a chunk are attributed to the commit in which they first appeared.
//! 3. Per secret, the earliest of its blobs is looked at again in full, now with its path known, as if it were
//!    read from a pipe. That is what is reported, so a finding of the history is what a plain check of that
//!    version would have said.
//!
//! A content is attributed to one path. If that one is excluded or allowed by the rules, other paths of the very
//! same content are not tried; other contents with the same secret are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use selvedge_model::{Diagnostic, Finding, Fingerprint, Stats};
use selvedge_secrets::{ChunkId, ChunkIndex, chunks_at};
use selvedge_source::{Attribution, Blob, BlobIndex, File, History, SourceOptions, Visitor};

use crate::engine::{FileEngine, FileView};
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
    let blobs: BTreeSet<BlobIndex> = versions.values().flatten().copied().collect();
    let blobs: Vec<BlobIndex> = blobs.into_iter().collect();
    let attributions = history.attribute(&blobs, &diagnose)?;
    stats.commits = attributions.commits;
    let attributed = blobs.into_iter().zip(attributions.found);
    let attributed: BTreeMap<BlobIndex, Attribution> =
        attributed.filter_map(|(blob, attribution)| Some((blob, attribution?))).collect();
    let mut outcome = outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut again = Again { history: &history, source: options.source, secrets, seen: BTreeMap::new() };
    for ((rule, value), versions) in &versions {
        let id = secrets.scanner().rules().secret_rules()[*rule].id();
        let mut ordered: Vec<(&Attribution, BlobIndex)> =
            versions.iter().filter_map(|blob| Some((attributed.get(blob)?, *blob))).collect();
        ordered.retain(|(attribution, _)| {
            !options.exclude.is_match(&attribution.path) && secrets.wants(&attribution.path)
        });
        ordered.sort();
        let first = ordered
            .iter()
            .take(VERSIONS_PER_SECRET_MAX)
            .find_map(|(attribution, blob)| again.finding(attribution, *blob, id, value));
        outcome.findings.extend(first);
    }
    again.finish(&mut outcome);
    Ok((outcome, stats, attributions.partial))
}

/// The first step: what was met, and where.
struct Search<'a> {
    secrets: &'a SecretsEngine,
    chunks: ChunkIndex,
    /// Per secret, the chunks that a text must have to hold it.
    met: Mutex<BTreeMap<Met, BTreeSet<Vec<ChunkId>>>>,
    /// Per secret, the archives that hold it.
    archived: Mutex<BTreeMap<Met, BTreeSet<BlobIndex>>>,
}

impl<'a> Search<'a> {
    fn new(secrets: &'a SecretsEngine) -> Self {
        Self { secrets, chunks: ChunkIndex::new(), met: Mutex::default(), archived: Mutex::default() }
    }

    fn blob(&self, blob: &Blob<'_>) {
        if blob.inner.is_some() {
            for (met, _) in self.hits(blob.bytes) {
                lock(&self.archived).entry(met).or_default().insert(blob.index);
            }
            return;
        }
        for range in self.chunks.scan_ranges(blob.index.into(), blob.bytes) {
            for (met, span) in self.hits(&blob.bytes[range.clone()]) {
                let span = range.start + span.start..range.start + span.end;
                let chunks = chunks_at(blob.bytes, &span);
                lock(&self.met).entry(met).or_default().insert(chunks);
            }
        }
    }

    fn hits(&self, bytes: &[u8]) -> Vec<(Met, std::ops::Range<usize>)> {
        // Limits that bite are told by the full scan of the version that is reported.
        let hits = self.secrets.scanner().scan(None, bytes, &mut Vec::new());
        let met = |hit: &selvedge_secrets::Hit| {
            (hit.rule, self.secrets.key().fingerprint(&[b"secret", hit.secret.expose()]))
        };
        hits.iter().map(|hit| (met(hit), hit.span.clone())).collect()
    }

    /// Per secret, the blobs that may hold it.
    fn versions(self) -> BTreeMap<Met, BTreeSet<BlobIndex>> {
        let mut versions = self.archived.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let met = self.met.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let questions = met.iter().flat_map(|(met, lists)| lists.iter().map(move |list| (met, list)));
        let (secrets, lists): (Vec<&Met>, Vec<Vec<ChunkId>>) =
            questions.map(|(met, list)| (met, list.clone())).unzip();
        for (met, blobs) in secrets.into_iter().zip(self.chunks.blobs_with(&lists)) {
            let blobs = blobs.into_iter().map(BlobIndex::from);
            versions.entry(met.clone()).or_default().extend(blobs);
        }
        versions
    }
}

/// The last step: blobs that are looked at again, each once.
struct Again<'a> {
    history: &'a History,
    source: &'a SourceOptions,
    secrets: &'a SecretsEngine,
    seen: BTreeMap<BlobIndex, FileOutcome>,
}

impl Again<'_> {
    /// The first finding of that rule and value in that blob, with its commit.
    fn finding(
        &mut self,
        attribution: &Attribution,
        blob: BlobIndex,
        rule: &str,
        value: &Fingerprint,
    ) -> Option<Finding> {
        let seen = self
            .seen
            .entry(blob)
            .or_insert_with(|| look_again(self.history.read(blob), attribution, self.source, self.secrets));
        let is_it = |finding: &&Finding| {
            finding.rule.as_str() == rule
                && finding.secret.as_ref().is_some_and(|facts| facts.fingerprint == *value)
        };
        seen.findings.iter().filter(is_it).min_by(|a, b| a.sort_key().cmp(&b.sort_key())).cloned()
    }

    /// Hands on what was learned about the blobs beside their findings.
    fn finish(self, outcome: &mut FileOutcome) {
        for seen in self.seen.into_values() {
            outcome.ignores.extend(seen.ignores);
            outcome.diagnostics.extend(seen.diagnostics);
        }
    }
}

/// What is to be said about a content in the commit that it is attributed to.
fn look_again(
    bytes: Option<Vec<u8>>,
    attribution: &Attribution,
    source: &SourceOptions,
    secrets: &SecretsEngine,
) -> FileOutcome {
    let inspector = Inspector { secrets, commit: &attribution.commit.id, outcome: Mutex::default() };
    let bytes = bytes.unwrap_or_default();
    // Reading from memory does not fail.
    let _infallible =
        selvedge_source::visit_stdin(&mut bytes.as_slice(), &attribution.path, source, &inspector);
    let mut outcome = inspector.outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
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

/// Inspects a text, or every text in an archive.
struct Inspector<'a> {
    secrets: &'a SecretsEngine,
    commit: &'a str,
    outcome: Mutex<FileOutcome>,
}

impl Visitor for Inspector<'_> {
    fn visit(&self, file: &File<'_>) {
        let engines: [&dyn FileEngine; 1] = [self.secrets];
        let view = FileView::new(file.path, file.bytes).in_commit(Some(self.commit));
        let outcome = inspect(&engines, &view, None);
        lock(&self.outcome).absorb(outcome);
    }

    fn diagnose(&self, _diagnostic: Diagnostic) {
        // What is wrong with the content was told when it was first looked at.
    }
}

/// A lock whose data is whole even if a thread panicked while it held it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
