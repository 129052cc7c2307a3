//! The pass over a whole history: scan every text once, attribute the hits, look again where they came first.
//!
//! 1. Every unique blob is cut into chunks; only chunks that no earlier blob had, or had in surroundings on which
//!    their result depends, are searched, and every hit is noted with its chunk.
//! 2. All blobs that hold such a chunk are attributed: to every path that they ever had, and to the first commit
//!    that has them there.
//! 3. Per secret, the earliest of its blobs under its earliest path is looked at again in full, as if it were
//!    read from a pipe; if nothing is found there because of the path, the next. That is what is reported, so a
//!    finding of the history is what a plain check of that version would have said.
//!
//! Rules that judge by path alone are asked about every path that ever was, with the first commit that has it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use selvedge_model::{Diagnostic, DiagnosticKind, Finding, Fingerprint, Stats};
use selvedge_secrets::{ChunkId, ChunkIndex, Hit, Origin, Scanner, chunks_at};
use selvedge_source::{Attribution, Blob, BlobIndex, File, History, PathFilter, Visitor};

use crate::engine::{FileEngine, FileView};
use crate::error::ScanError;
use crate::look::LookOptions;
use crate::outcome::FileOutcome;
use crate::pass::inspect;
use crate::progress::{Phase, Progress};
use crate::secrets::SecretsEngine;

/// A secret that a rule met: position of the rule, fingerprint of the value.
type Secret = (usize, Fingerprint);

/// At most this many versions are looked at again for one secret. More than one is needed only if a path or the
/// surroundings of the value keep the earlier ones from being told; paths that the rule leaves out by itself do
/// not count.
const VERSIONS_PER_SECRET_MAX: usize = 1000;

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
    if options.source.cancel.load(Ordering::Relaxed) {
        return Err(ScanError::Interrupted);
    }
    progress.enter(Phase::Attributing);
    let Met { versions, archives } = search.finish();
    let named = secrets.scanner().judges_paths().then_some(&archives);
    let blobs: BTreeSet<BlobIndex> =
        versions.values().flatten().chain(named.into_iter().flatten()).copied().collect();
    let blobs: Vec<BlobIndex> = blobs.into_iter().collect();
    let judges_path = |path: &str| secrets.scanner().judges_path(path);
    let paths = named.map(|_| &judges_path as PathFilter<'_>);
    let attributions = history.attribute(&blobs, paths, &diagnose)?;
    stats.commits = attributions.commits;
    let mut again = Again {
        history: &history,
        options,
        secrets,
        attributed: blobs.into_iter().zip(attributions.found).collect(),
        archives: &archives,
        seen: BTreeMap::new(),
        outcome: outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner),
    };
    for ((rule, value), versions) in &versions {
        again.tell_first(*rule, value, versions);
    }
    again.tell_paths(&attributions.paths);
    again.tell_archived_paths(named);
    Ok((again.finish(), stats, attributions.partial))
}

/// The first step: what was met, and where.
struct Search<'a> {
    secrets: &'a SecretsEngine,
    chunks: ChunkIndex,
    /// Per secret, the chunks that a text must have to hold it.
    met: Mutex<BTreeMap<Secret, BTreeSet<Vec<ChunkId>>>>,
    /// Per secret, the archives that hold it.
    archived: Mutex<BTreeMap<Secret, BTreeSet<BlobIndex>>>,
    /// All archives.
    archives: Mutex<BTreeSet<BlobIndex>>,
}

/// What the first step met.
struct Met {
    /// Per secret, the blobs that may hold it.
    versions: BTreeMap<Secret, BTreeSet<BlobIndex>>,
    /// All archives.
    archives: BTreeSet<BlobIndex>,
}

impl<'a> Search<'a> {
    fn new(secrets: &'a SecretsEngine) -> Self {
        Self {
            secrets,
            chunks: ChunkIndex::new(secrets.scanner().always_opened()),
            met: Mutex::default(),
            archived: Mutex::default(),
            archives: Mutex::default(),
        }
    }

    fn blob(&self, blob: &Blob<'_>) {
        if blob.inner.is_some() {
            lock(&self.archives).insert(blob.index);
            for hit in self.secrets.scanner().scan(None, blob.bytes, &mut Vec::new()) {
                lock(&self.archived).entry(self.secret(&hit)).or_default().insert(blob.index);
            }
            return;
        }
        self.chunks.scan(blob.index.into(), blob.bytes, &mut |part, notes| {
            // Limits that bite are told by the full scan of the version that is reported.
            let hits = self.secrets.scanner().scan_part(blob.bytes, part, notes, &mut Vec::new());
            for hit in hits {
                let chunks = chunks_at(blob.bytes, &hit.span);
                lock(&self.met).entry(self.secret(&hit)).or_default().insert(chunks);
            }
        });
    }

    fn secret(&self, hit: &Hit) -> Secret {
        (hit.rule, self.secrets.fingerprint(hit))
    }

    /// Says which blobs may hold what was met.
    fn finish(self) -> Met {
        let mut versions = self.archived.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let met = self.met.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let questions = met.iter().flat_map(|(met, lists)| lists.iter().map(move |list| (met, list)));
        let (secrets, lists): (Vec<&Secret>, Vec<Vec<ChunkId>>) =
            questions.map(|(met, list)| (met, list.clone())).unzip();
        for (met, blobs) in secrets.into_iter().zip(self.chunks.blobs_with(&lists)) {
            let blobs = blobs.into_iter().map(BlobIndex::from);
            versions.entry(met.clone()).or_default().extend(blobs);
        }
        let archives = self.archives.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Met { versions, archives }
    }
}

/// The last step: contents that are looked at again, each once under each path.
struct Again<'a> {
    history: &'a History,
    options: &'a LookOptions<'a>,
    secrets: &'a SecretsEngine,
    /// Every path of the blobs that matter, the earliest first.
    attributed: BTreeMap<BlobIndex, Vec<Attribution>>,
    archives: &'a BTreeSet<BlobIndex>,
    seen: BTreeMap<(BlobIndex, String), FileOutcome>,
    outcome: FileOutcome,
}

impl Again<'_> {
    /// Tells the secret as it stands in the earliest version in which a plain check finds it.
    fn tell_first(&mut self, rule: usize, value: &Fingerprint, versions: &BTreeSet<BlobIndex>) {
        let rules = self.secrets.scanner().rules();
        let id = rules.secret_rules()[rule].id().to_owned();
        let mut ordered: Vec<(Attribution, BlobIndex)> = Vec::new();
        for blob in versions {
            let places = self.attributed.get(blob).into_iter().flatten();
            let places = places.filter(|place| self.may_tell(rule, *blob, place));
            ordered.extend(places.map(|place| (place.clone(), *blob)));
        }
        ordered.sort();
        let is_it = |finding: &&Finding| {
            finding.rule.as_str() == id
                && finding.secret.as_ref().is_some_and(|facts| facts.fingerprint == *value)
        };
        let alone = self.secrets.scanner().alone(rule);
        for (at, (attribution, blob)) in ordered.iter().take(VERSIONS_PER_SECRET_MAX).enumerate() {
            // Where the first does not tell it, most do not, and its own rule alone shows that for less.
            let may_tell = at == 0 || self.archives.contains(blob);
            if !may_tell && !self.meets(&alone, value, attribution, *blob) {
                continue;
            }
            let seen = self.seen(attribution, *blob);
            let first = seen.findings.iter().filter(is_it).min_by(|a, b| a.sort_key().cmp(&b.sort_key()));
            if let Some(first) = first.cloned() {
                self.outcome.findings.push(first);
                return;
            }
        }
        if let Some(left) = ordered.len().checked_sub(VERSIONS_PER_SECRET_MAX).filter(|left| *left > 0) {
            self.outcome.diagnostics.push(Diagnostic::new(
                DiagnosticKind::LimitReached,
                format!(
                    "a value that `{id}` may meet is not told in {VERSIONS_PER_SECRET_MAX} versions; {left} more were not looked at"
                ),
            ));
        }
    }

    /// Whether nothing but the content keeps the rule from telling something there. What is in an archive has
    /// paths of its own.
    fn may_tell(&self, rule: usize, blob: BlobIndex, place: &Attribution) -> bool {
        let origin = Origin { path: Some(&place.path), commit: Some(&place.commit.id) };
        self.is_looked_at(&place.path)
            && (self.archives.contains(&blob) || self.secrets.scanner().rule_applies(rule, origin))
    }

    fn is_looked_at(&self, path: &str) -> bool {
        !self.options.exclude.is_match(path) && self.secrets.wants(path)
    }

    /// Whether the rule of this scanner meets the value there.
    fn meets(
        &self,
        alone: &Scanner,
        value: &Fingerprint,
        attribution: &Attribution,
        blob: BlobIndex,
    ) -> bool {
        if self.seen.contains_key(&(blob, attribution.path.clone())) {
            return true;
        }
        let bytes = self.history.read(blob).unwrap_or_default();
        let meeting =
            Meeting { alone, secrets: self.secrets, value, attribution, met: AtomicBool::new(false) };
        // Reading from memory does not fail.
        let source = self.options.source;
        let _infallible =
            selvedge_source::visit_stdin(&mut bytes.as_slice(), &attribution.path, source, &meeting);
        meeting.met.into_inner()
    }

    /// What a plain check says about a content under one of its paths.
    fn seen(&mut self, attribution: &Attribution, blob: BlobIndex) -> &FileOutcome {
        self.seen.entry((blob, attribution.path.clone())).or_insert_with(|| {
            let bytes = self.history.read(blob).unwrap_or_default();
            look_again(&bytes, attribution, self.options, self.secrets)
        })
    }

    /// Tells what rules that judge by path alone say about these paths.
    fn tell_paths(&mut self, paths: &[Attribution]) {
        for attribution in paths {
            if !self.is_looked_at(&attribution.path) {
                continue;
            }
            let inspector = Inspector { secrets: self.secrets, attribution, outcome: Mutex::default() };
            inspector.binary(&attribution.path);
            let told = inspector.finish().findings;
            self.outcome.findings.extend(told.into_iter().filter(|finding| finding.secret.is_none()));
        }
    }

    /// Tells what such rules say about the paths of what is in archives, for each where it came first.
    fn tell_archived_paths(&mut self, archives: Option<&BTreeSet<BlobIndex>>) {
        let mut ordered: Vec<(Attribution, BlobIndex)> = Vec::new();
        for blob in archives.into_iter().flatten() {
            let places = self.attributed.get(blob).into_iter().flatten();
            let places = places.filter(|place| self.is_looked_at(&place.path));
            ordered.extend(places.map(|place| (place.clone(), *blob)));
        }
        ordered.sort();
        let mut told = BTreeSet::new();
        for (attribution, blob) in ordered {
            let found = self.seen(&attribution, blob).findings.iter();
            let found: Vec<Finding> = found.filter(|finding| finding.secret.is_none()).cloned().collect();
            for finding in found {
                if told.insert(finding.fingerprint.clone()) {
                    self.outcome.findings.push(finding);
                }
            }
        }
    }

    /// Hands on what was learned about the contents beside their findings, too.
    fn finish(self) -> FileOutcome {
        let mut outcome = self.outcome;
        for seen in self.seen.into_values() {
            outcome.ignores.extend(seen.ignores);
            outcome.diagnostics.extend(seen.diagnostics);
        }
        outcome
    }
}

/// What is to be said about a content under the path and in the commit that it is attributed to.
fn look_again(
    mut bytes: &[u8],
    attribution: &Attribution,
    options: &LookOptions<'_>,
    secrets: &SecretsEngine,
) -> FileOutcome {
    let inspector = Inspector { secrets, attribution, outcome: Mutex::default() };
    // Reading from memory does not fail.
    let _infallible = selvedge_source::visit_stdin(&mut bytes, &attribution.path, options.source, &inspector);
    inspector.finish()
}

/// Inspects a text, or every text in an archive.
struct Inspector<'a> {
    secrets: &'a SecretsEngine,
    attribution: &'a Attribution,
    outcome: Mutex<FileOutcome>,
}

impl Inspector<'_> {
    /// What was learned, with the commit.
    fn finish(self) -> FileOutcome {
        let mut outcome = self.outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        for finding in &mut outcome.findings {
            if let Some(location) = finding.subject.location_mut() {
                location.commit = Some(self.attribution.commit.as_ref().clone());
            }
        }
        for ignore in &mut outcome.ignores {
            ignore.commit = Some(self.attribution.commit.id.clone());
        }
        outcome
    }

    fn inspect(&self, path: &str, bytes: &[u8]) {
        let engines: [&dyn FileEngine; 1] = [self.secrets];
        let view = FileView::new(path, bytes).in_commit(Some(&self.attribution.commit.id));
        let outcome = inspect(&engines, &view, None);
        lock(&self.outcome).absorb(outcome);
    }
}

impl Visitor for Inspector<'_> {
    fn visit(&self, file: &File<'_>) {
        self.inspect(file.path, file.bytes);
    }

    fn binary(&self, path: &str) {
        self.inspect(path, b"");
    }

    fn diagnose(&self, _diagnostic: Diagnostic) {
        // What is wrong with the content was told when it was first looked at.
    }
}

/// Asks one rule about a text.
struct Meeting<'a> {
    alone: &'a Scanner,
    secrets: &'a SecretsEngine,
    value: &'a Fingerprint,
    attribution: &'a Attribution,
    met: AtomicBool,
}

impl Visitor for Meeting<'_> {
    fn visit(&self, file: &File<'_>) {
        let origin = Origin { path: Some(file.path), commit: Some(&self.attribution.commit.id) };
        let hits = self.alone.scan_from(origin, file.bytes, &mut Vec::new());
        let is_it = |hit: &Hit| self.secrets.fingerprint(hit) == *self.value;
        self.met.fetch_or(hits.iter().any(is_it), Ordering::Relaxed);
    }

    fn diagnose(&self, _diagnostic: Diagnostic) {
        // What is wrong with the content was told when it was first looked at.
    }
}

/// A lock whose data is whole even if a thread panicked while it held it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
