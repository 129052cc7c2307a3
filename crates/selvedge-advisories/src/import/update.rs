//! `db update`: from what the user names to one index file, replacing the old one at once or not at all.
//!
//! An import is known by its label. What is imported again replaces what it brought before; every other
//! import is carried over from the old index. The result is the same as if all had been imported at once.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use selvedge_model::{Diagnostic, DiagnosticKind};
use serde_json::Value;

use super::form::{Form, Parsed, parse};
use super::mirror::{Mirror, MirrorError};
use super::native;
use super::read::{self, Item, Walked};
use crate::build::{BuildOptions, IndexBuilder, Prepared, PreparedRow};
use crate::exploit::{EpssScore, KevEntry};
use crate::index::format::Section;
use crate::index::meta::{IndexStatus, OriginStatus};
use crate::index::{Index, IndexError};
use crate::record::Record;

/// Files are read in batches of about this size and parsed in parallel.
const BATCH_BYTES: usize = 8 << 20;

/// Most files of one batch.
const BATCH_ITEMS: usize = 2048;

/// Records that are carried over together.
const CARRY_RECORDS: usize = 2048;

/// A database that brings less than this share of what it brought before is suspicious.
const DROP_SHARE: u64 = 2;

/// Where advisories come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportSource {
    /// A folder or file.
    Path(PathBuf),
    /// The address of a mirror in the layout of osv-vulnerabilities.
    Url(String),
}

impl ImportSource {
    /// Reads what the user wrote after `--from`.
    pub fn parse(text: &str) -> Self {
        let is_url = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
        if is_url {
            Self::Url(text.trim_end_matches('/').to_owned())
        } else {
            Self::Path(PathBuf::from(text))
        }
    }
}

/// How an update is done.
#[derive(Debug, Clone, Default)]
pub struct UpdateOptions {
    /// The time of the import, in seconds since 1970.
    pub imported_at: i64,
    /// Ecosystems to fetch from a mirror; all that it lists if empty.
    pub ecosystems: Vec<String>,
    /// Threads; 0 for as many as the machine has. The result does not depend on it.
    pub threads: usize,
}

/// What an update came to.
#[derive(Debug, Clone, Default)]
pub struct UpdateReport {
    /// What the index says about itself.
    pub status: IndexStatus,
    /// Its digest.
    pub digest: [u8; 32],
    /// Its size.
    pub file_bytes: u64,
    /// Each import that was asked for.
    pub origins: Vec<OriginReport>,
    /// What was wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics that were only counted.
    pub diagnostics_dropped: u64,
}

/// One import of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginReport {
    /// As the user named it.
    pub label: String,
    /// Whether it brought what it had brought before, so that nothing was read again.
    pub is_unchanged: bool,
}

/// Why an update was not done. The old index is as it was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// What is to be imported cannot be read.
    #[error("cannot read {label}")]
    Read {
        /// As the user named it.
        label: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A mirror does not answer as it should.
    #[error("cannot fetch from {label}")]
    Mirror {
        /// As the user named it.
        label: String,
        /// Why.
        #[source]
        source: MirrorError,
    },
    /// Nothing in it is an advisory in a known form.
    #[error("no advisories in {label}: expected OSV records or a public database in its own form")]
    Nothing {
        /// As the user named it.
        label: String,
    },
    /// The index cannot be written.
    #[error("cannot write the advisory index")]
    Write(#[source] io::Error),
    /// What was just written cannot be read back.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Work of one update.
struct Update<'a> {
    builder: IndexBuilder,
    base: Option<Index>,
    base_status: IndexStatus,
    options: &'a UpdateOptions,
    threads: usize,
    reports: Vec<OriginReport>,
    /// Labels that are settled and not carried over any more.
    settled: BTreeSet<String>,
}

/// Brings the index at `target` up to date with `sources`.
pub fn update(
    target: &Path,
    sources: &[ImportSource],
    options: &UpdateOptions,
) -> Result<UpdateReport, UpdateError> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut build = BuildOptions::new(folder.to_path_buf());
    if options.threads > 0 {
        build.threads = options.threads;
    }
    let threads = build.threads;
    let mut builder = IndexBuilder::new(build);
    let base = open_base(target, &mut builder);
    let base_status = base.as_ref().map(Index::status).transpose()?.unwrap_or_default();
    let reports = Vec::new();
    let mut update =
        Update { builder, base, base_status, options, threads, reports, settled: BTreeSet::new() };
    let mut sources = sources.to_vec();
    sources.sort_by_key(|source| match source {
        ImportSource::Path(path) => path.to_string_lossy().into_owned(),
        ImportSource::Url(url) => url.clone(),
    });
    sources.dedup();
    for source in &sources {
        match source {
            ImportSource::Path(path) => update.path(path)?,
            ImportSource::Url(url) => update.url(url)?,
        }
    }
    update.finish(target, folder)
}

/// The old index, if it can be used. A damaged one is said and replaced.
fn open_base(target: &Path, builder: &mut IndexBuilder) -> Option<Index> {
    let result = Index::open(target).and_then(|index| index.verify().map(|()| index));
    match result {
        Ok(index) => Some(index),
        Err(IndexError::Read(error)) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            let message =
                format!("the old index is not used, what it held has to be imported again: {error}");
            builder.report(vec![Diagnostic::new(DiagnosticKind::BadAdvisory, message)]);
            None
        }
    }
}

impl Update<'_> {
    fn known(&self, label: &str) -> Option<&OriginStatus> {
        self.base_status.origins.iter().find(|origin| origin.label == label)
    }

    /// Says that an import brought what it had brought before.
    fn unchanged(&mut self, label: &str) {
        let imported_at = self.options.imported_at;
        for origin in self.base_status.origins.iter_mut().filter(|origin| origin.label == label) {
            origin.imported_at = imported_at;
        }
        self.reports.push(OriginReport { label: label.to_owned(), is_unchanged: true });
    }

    fn path(&mut self, path: &Path) -> Result<(), UpdateError> {
        let label = path.to_string_lossy().into_owned();
        let failed = |source| UpdateError::Read { label: label.clone(), source };
        let digest = read::digest(path).map_err(failed)?.to_hex().to_string();
        if self.known(&label).is_some_and(|origin| origin.digest == digest) {
            self.unchanged(&label);
            return Ok(());
        }
        let origin = self.origin(&label, digest);
        self.read(path, origin, &label)?;
        self.check(origin, &label)
    }

    fn url(&mut self, url: &str) -> Result<(), UpdateError> {
        let mirror = Mirror::new(url);
        let failed = |source| UpdateError::Mirror { label: url.to_owned(), source };
        let ecosystems = match self.options.ecosystems.as_slice() {
            [] => mirror.ecosystems().map_err(failed)?,
            chosen => chosen.to_vec(),
        };
        for ecosystem in ecosystems {
            let label = format!("{url}/{ecosystem}");
            let failed = |source| UpdateError::Mirror { label: label.clone(), source };
            let list = mirror.modified(&ecosystem).map_err(failed)?;
            if self.known(&label).is_some_and(|origin| origin.digest == list.digest) {
                self.unchanged(&label);
                continue;
            }
            let old = self.modified_of(&label)?;
            let origin = self.origin(&label, list.digest.clone());
            let changed = list.changed(&old);
            if Mirror::is_worth_single_records(changed.len(), list.ids.len()) {
                self.carry(&label, origin, |id| list.ids.contains_key(id) && !changed.contains(&id))?;
                for id in &changed {
                    let bytes = mirror.record(&ecosystem, id).map_err(failed)?;
                    let item = Item { path: format!("{id}.json"), bytes, lines_before: 0 };
                    self.batch(&[item], origin, &mut Vec::new(), &mut BTreeSet::new())?;
                }
                self.set_forms(origin, &BTreeSet::from([Form::Osv]));
            } else {
                let archive = mirror.archive(&ecosystem).map_err(failed)?;
                self.read(archive.path(), origin, &label)?;
            }
            self.check(origin, &label)?;
        }
        Ok(())
    }

    /// Starts an import that replaces what it brought before.
    fn origin(&mut self, label: &str, digest: String) -> u32 {
        self.settled.insert(label.to_owned());
        self.reports.push(OriginReport { label: label.to_owned(), is_unchanged: false });
        let imported_at = self.options.imported_at;
        self.builder.origin(OriginStatus {
            label: label.to_owned(),
            digest,
            imported_at,
            ..Default::default()
        })
    }

    fn read(&mut self, path: &Path, origin: u32, label: &str) -> Result<(), UpdateError> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        let (mut alpine, mut forms) = (Vec::new(), BTreeSet::new());
        let result = read::read(path, &mut |item| {
            bytes += item.bytes.len();
            items.push(item);
            if bytes >= BATCH_BYTES || items.len() >= BATCH_ITEMS {
                bytes = 0;
                self.batch(&std::mem::take(&mut items), origin, &mut alpine, &mut forms)
                    .map_err(io::Error::other)?;
            }
            Ok(())
        });
        let Walked { unknown, problems } =
            result.map_err(|source| UpdateError::Read { label: label.to_owned(), source })?;
        self.batch(&items, origin, &mut alpine, &mut forms)?;
        self.builder.report(problems);
        self.builder.origin_mut(origin).expect("registered above").unknown_files += unknown;
        let records = native::alpine_records(alpine);
        for values in records.chunks(CARRY_RECORDS) {
            let records =
                values.iter().filter_map(|value| Record::from_osv(value).ok()).map(|(mut record, _)| {
                    record.is_native = true;
                    record
                });
            self.builder.add(origin, records.collect()).map_err(UpdateError::Write)?;
        }
        self.set_forms(origin, &forms);
        Ok(())
    }

    fn set_forms(&mut self, origin: u32, forms: &BTreeSet<Form>) {
        let names: Vec<_> = forms.iter().map(|form| form.as_str()).collect();
        self.builder.origin_mut(origin).expect("registered by the caller").form = names.join(", ");
    }

    /// Parses files in parallel and adds what they hold.
    fn batch(
        &mut self,
        items: &[Item],
        origin: u32,
        alpine: &mut Vec<native::AlpineEntry>,
        forms: &mut BTreeSet<Form>,
    ) -> Result<(), UpdateError> {
        for (mut parsed, prepared) in parse_all(items, origin, self.threads).map_err(UpdateError::Write)? {
            forms.append(&mut parsed.forms);
            alpine.append(&mut parsed.alpine);
            self.builder.epss(parsed.epss);
            self.builder.kev(parsed.kev);
            self.builder.report(parsed.problems);
            let status = self.builder.origin_mut(origin).expect("registered by the caller");
            status.rejected += parsed.rejected;
            status.unknown_files += u64::from(parsed.is_unknown);
            self.builder.add_prepared(origin, prepared).map_err(UpdateError::Write)?;
        }
        Ok(())
    }

    /// An import without anything is a mistake; one with much less than before is said.
    fn check(&mut self, origin: u32, label: &str) -> Result<(), UpdateError> {
        let forms = self.builder.origin_mut(origin).map(|origin| origin.form.clone()).unwrap_or_default();
        if forms.is_empty() {
            return Err(UpdateError::Nothing { label: label.to_owned() });
        }
        let before = self.known(label).map_or(0, |known| known.records);
        let added = self.builder.added(origin);
        if added.saturating_mul(DROP_SHARE) < before {
            let message = format!("{label} brought {added} records, and {before} before: is it whole?");
            self.builder.report(vec![Diagnostic::new(DiagnosticKind::BadAdvisory, message)]);
        }
        Ok(())
    }

    /// When each record of an import of the old index was changed.
    fn modified_of(&self, label: &str) -> Result<BTreeMap<String, i64>, UpdateError> {
        let mut modified = BTreeMap::new();
        let Some(base) = &self.base else { return Ok(modified) };
        let Some(place) = self.base_status.origins.iter().position(|it| it.label == label) else {
            return Ok(modified);
        };
        for number in 0..base.record_count() {
            let entry = base.entry(number)?;
            if entry.origin as usize == place {
                modified.insert(base.id(entry.id)?, entry.modified);
            }
        }
        Ok(modified)
    }

    /// Takes records of an import over from the old index.
    fn carry(&mut self, label: &str, origin: u32, wants: impl Fn(&str) -> bool) -> Result<(), UpdateError> {
        let Some(base) = &self.base else { return Ok(()) };
        let Some(place) = self.base_status.origins.iter().position(|it| it.label == label) else {
            return Ok(());
        };
        let mut records = Vec::new();
        for number in 0..base.record_count() {
            let entry = base.entry(number)?;
            if entry.origin as usize != place || !wants(&base.id(entry.id)?) {
                continue;
            }
            let value: Value = serde_json::from_str(&base.json(number)?)
                .map_err(|_| IndexError::Damaged { part: "record" })?;
            if let Ok((mut record, _)) = Record::from_osv(&value) {
                record.is_native = entry.native;
                records.push(record);
            }
            if records.len() >= CARRY_RECORDS {
                self.builder.add(origin, std::mem::take(&mut records)).map_err(UpdateError::Write)?;
            }
        }
        self.builder.add(origin, records).map_err(UpdateError::Write)
    }

    /// Carries every import over that was not replaced.
    fn carry_rest(&mut self) -> Result<(), UpdateError> {
        let rest: Vec<OriginStatus> =
            self.base_status.origins.iter().filter(|it| !self.settled.contains(&it.label)).cloned().collect();
        let has =
            |form: Form| rest.iter().any(|origin| origin.form.split(", ").any(|it| it == form.as_str()));
        if let Some(base) = &self.base {
            if has(Form::Epss) {
                let scores = base.triples(Section::Epss)?.into_iter();
                self.builder.epss_below(scores.map(|(cve, raw)| (cve, EpssScore::decode(raw))));
            }
            if has(Form::Kev) {
                let entries = base.triples(Section::Kev)?.into_iter();
                self.builder.kev_below(entries.map(|(cve, raw)| (cve, KevEntry::decode(raw))));
            }
        }
        for origin in rest {
            let label = origin.label.clone();
            let fresh = OriginStatus { records: 0, shadowed: 0, newest: 0, ..origin };
            let number = self.builder.origin(fresh);
            self.carry(&label, number, |_| true)?;
        }
        Ok(())
    }

    fn finish(mut self, target: &Path, folder: &Path) -> Result<UpdateReport, UpdateError> {
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(UpdateError::Write)?;
        let mut report = UpdateReport { origins: std::mem::take(&mut self.reports), ..Default::default() };
        if let Some(base) = self.base.as_ref().filter(|_| self.settled.is_empty()) {
            // Everything is as it was but for the time of the import.
            base.rewrite(&self.base_status, &mut file).map_err(UpdateError::Write)?;
        } else {
            self.carry_rest()?;
            let built = self.builder.finish(&mut file).map_err(UpdateError::Write)?;
            report.diagnostics = built.diagnostics;
            report.diagnostics_dropped = built.diagnostics_dropped;
        }
        drop(self.base);
        file.as_file().sync_all().map_err(UpdateError::Write)?;
        file.persist(target).map_err(|error| UpdateError::Write(error.error))?;
        let index = Index::open(target)?;
        index.verify()?;
        report.status = index.status()?;
        report.digest = index.digest();
        report.file_bytes = index.file_bytes();
        Ok(report)
    }
}

/// A file with its records made ready.
type Done = (Parsed, Vec<PreparedRow>);

fn parse_all(items: &[Item], origin: u32, threads: usize) -> io::Result<Vec<Done>> {
    let share = items.len().div_ceil(threads.max(1)).max(1);
    let work = |items: &[Item]| -> Vec<Done> {
        items
            .iter()
            .map(|item| {
                let mut parsed = parse(&item.path, &item.bytes);
                for problem in &mut parsed.problems {
                    problem.line = problem.line.map(|line| line + item.lines_before);
                }
                let records = std::mem::take(&mut parsed.records);
                let mut problems = Vec::new();
                let prepared = records
                    .into_iter()
                    .map(|record| Prepared::new(record, origin, &mut problems).into_row())
                    .collect();
                parsed.problems.extend(problems.into_iter().map(|problem| problem.at(&item.path)));
                (parsed, prepared)
            })
            .collect()
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = items.chunks(share).map(|chunk| scope.spawn(move || work(chunk))).collect();
        let mut all = Vec::new();
        for handle in handles {
            all.append(&mut handle.join().map_err(|_| io::Error::other("reading a record failed"))?);
        }
        Ok(all)
    })
}
