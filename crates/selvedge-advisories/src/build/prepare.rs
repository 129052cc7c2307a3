//! A record made ready for the index: everything that needs its JSON or compares versions is done here,
//! once, so that sorting and writing only move bytes.

use serde::{Deserialize, Serialize};

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::index::body;
use crate::key;
use crate::record::{Affected, EventKind, RangeKind, Record, SeverityScore, Symbols};

/// A record with everything derived from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prepared {
    pub(crate) id: String,
    pub(crate) origin: u32,
    pub(crate) modified: i64,
    pub(crate) withdrawn: bool,
    pub(crate) malicious: bool,
    pub(crate) native: bool,
    pub(crate) aliases: Vec<String>,
    pub(crate) related: Vec<String>,
    pub(crate) upstream: Vec<String>,
    pub(crate) severity: Vec<(String, String)>,
    pub(crate) severity_word: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) commits: Vec<Commit>,
    pub(crate) json: Vec<u8>,
}

/// A prepared record as bytes.
pub(crate) struct PreparedRow {
    /// The id, by which records are sorted.
    pub(crate) key: Vec<u8>,
    /// The record.
    pub(crate) payload: Vec<u8>,
    /// Size of its text.
    pub(crate) text_bytes: u64,
}

/// One package of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) key: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) extras: Extras,
}

/// What a row says beyond versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Extras {
    pub(crate) severity: Vec<(String, String)>,
    pub(crate) severity_word: Option<String>,
    pub(crate) informational: Option<String>,
    pub(crate) systems: Vec<String>,
    pub(crate) architectures: Vec<String>,
    pub(crate) symbols: Vec<(String, Vec<String>)>,
}

/// A commit at which a git range begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Commit {
    /// Binary, 20 or 32 bytes.
    pub(crate) hash: Vec<u8>,
    /// [`EventKind`] as a number.
    pub(crate) kind: u8,
}

impl Prepared {
    /// Derives everything. `origin` is the number of the import that the record comes from.
    pub(crate) fn new(record: Record, origin: u32, problems: &mut Vec<Diagnostic>) -> Self {
        let mut rows = Vec::new();
        let mut commits = Vec::new();
        if !record.withdrawn {
            for affected in &record.affected {
                for problem in add_rows(affected, &mut rows, &mut commits) {
                    let message = format!("{}: {problem}", record.id);
                    problems.push(Diagnostic::new(DiagnosticKind::BadAdvisory, message));
                }
            }
        }
        commits.sort_unstable();
        commits.dedup();
        Self {
            id: record.id,
            origin,
            modified: record.modified_seconds,
            withdrawn: record.withdrawn,
            malicious: record.malicious,
            native: record.is_native,
            aliases: record.aliases,
            related: record.related,
            upstream: record.upstream,
            severity: pairs(&record.severity),
            severity_word: record.severity_word,
            license: record.license,
            rows,
            commits,
            json: record.json,
        }
    }

    /// The bytes that are sorted and spilled.
    pub(crate) fn into_row(self) -> PreparedRow {
        let payload = postcard::to_stdvec(&self).expect("plain data can be written");
        PreparedRow { payload, text_bytes: self.json.len() as u64, key: self.id.into_bytes() }
    }

    /// Reads them back.
    pub(crate) fn from_bytes(bytes: &[u8]) -> std::io::Result<Self> {
        postcard::from_bytes(bytes).map_err(std::io::Error::other)
    }
}

impl Extras {
    /// Whether there is nothing to store.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn pairs(scores: &[SeverityScore]) -> Vec<(String, String)> {
    scores.iter().map(|it| (it.kind.clone(), it.score.clone())).collect()
}

fn extras(affected: &Affected) -> Extras {
    let symbols = affected.symbols.iter().map(|Symbols { path, names }| (path.clone(), names.clone()));
    Extras {
        severity: pairs(&affected.severity),
        severity_word: affected.severity_word.clone(),
        informational: affected.informational.as_ref().map(|it| it.as_str().to_owned()),
        systems: affected.systems.clone(),
        architectures: affected.architectures.clone(),
        symbols: symbols.collect(),
    }
}

fn add_rows(affected: &Affected, rows: &mut Vec<Row>, commits: &mut Vec<Commit>) -> Vec<&'static str> {
    let extras = extras(affected);
    let (body, problems) = body::encode(affected, !extras.is_empty());
    for range in affected.ranges.iter().filter(|range| range.kind == RangeKind::Git) {
        let Some(repository) = &range.repository else { continue };
        let key = key::key(key::GIT, &key::repository(repository), None);
        rows.push(Row { key, body: body.clone(), extras: extras.clone() });
        for event in &range.events {
            if let Some(hash) = commit_hash(&event.version) {
                commits.push(Commit { hash, kind: event.kind as u8 });
            }
        }
    }
    if affected.name.is_empty() || affected.ecosystem_name == key::GIT {
        return problems;
    }
    let name = key::name(affected.ecosystem, &affected.name);
    let release = affected.release.as_deref().map(|it| key::release(affected.ecosystem, it));
    let key = key::key(&affected.ecosystem_name, &name, release.as_deref());
    rows.push(Row { key, body, extras });
    problems
}

/// A full commit hash in binary: SHA-1 or SHA-256.
fn commit_hash(text: &str) -> Option<Vec<u8>> {
    let is_whole = matches!(text.len(), 40 | 64);
    is_whole.then(|| data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()).flatten()
}

/// The kind of a stored event.
pub(crate) fn event_kind(number: u8) -> Option<EventKind> {
    Some(match number {
        0 => EventKind::Introduced,
        1 => EventKind::Fixed,
        2 => EventKind::LastAffected,
        3 => EventKind::Limit,
        _ => return None,
    })
}
