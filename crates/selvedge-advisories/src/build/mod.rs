//! Builds an index from records that come in any order.
//!
//! Records are prepared, sorted by id (on disk where they do not fit in memory) and walked twice: first to
//! number ids and records and to train the dictionary, then to write. Memory is bounded by the sorters and
//! by the ids; the output depends only on what was added, not on its order or on the number of threads.

mod identity;
mod prepare;
mod sorter;
mod text;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use selvedge_model::Diagnostic;

use crate::cve::Cve;
use crate::exploit::{EpssScore, KevEntry};
use crate::index::meta::OriginStatus;
use crate::record::Record;

pub(crate) use prepare::{Prepared, PreparedRow, event_kind};
use sorter::Sorter;
pub(crate) use write::COMMIT_BYTES;

/// Memory that each of the two sorters may take.
const SORT_MEMORY_BYTES: usize = 96 << 20;

/// Diagnostics that are kept; more are counted.
pub const DIAGNOSTICS_MAX: usize = 10_000;

/// How an index is built.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Folder for temporary files, best the one that the index goes to.
    pub temporary: PathBuf,
    /// Threads for reading and compressing; the result does not depend on it.
    pub threads: usize,
    /// Level of compression of the texts, 1 to 19.
    pub level: i32,
}

impl BuildOptions {
    /// Compression that pays: level 19 is a tenth smaller than 15 and takes three times as long.
    pub const LEVEL_DEFAULT: i32 = 15;

    /// Options with the default level and as many threads as the machine offers.
    pub fn new(temporary: PathBuf) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { temporary, threads, level: Self::LEVEL_DEFAULT }
    }
}

/// What a build came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildReport {
    /// What was wrong with the data, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics beyond [`DIAGNOSTICS_MAX`].
    pub diagnostics_dropped: u64,
    /// Records in the index, withdrawn and shadowed ones included.
    pub records: u64,
    /// Exact copies of a record of the same import, which are left out.
    pub copies: u64,
    /// BLAKE3 of the file after its header.
    pub digest: [u8; 32],
}

/// Collects records for an index.
pub struct IndexBuilder {
    options: BuildOptions,
    sorter: Sorter,
    text_bytes: u64,
    origins: Vec<OriginStatus>,
    added: Vec<u64>,
    epss: BTreeMap<Cve, EpssScore>,
    kev: BTreeMap<Cve, KevEntry>,
    diagnostics: Vec<Diagnostic>,
    diagnostics_dropped: u64,
}

impl IndexBuilder {
    /// A builder without records.
    pub fn new(options: BuildOptions) -> Self {
        let sorter = Sorter::new(&options.temporary, SORT_MEMORY_BYTES);
        Self {
            options,
            sorter,
            text_bytes: 0,
            origins: Vec::new(),
            added: Vec::new(),
            epss: BTreeMap::new(),
            kev: BTreeMap::new(),
            diagnostics: Vec::new(),
            diagnostics_dropped: 0,
        }
    }

    /// Registers an import; its number goes with each of its records.
    pub fn origin(&mut self, status: OriginStatus) -> u32 {
        self.origins.push(status);
        self.added.push(0);
        self.origins.len() as u32 - 1
    }

    /// What is known of an import, to be completed while it is read.
    pub fn origin_mut(&mut self, origin: u32) -> Option<&mut OriginStatus> {
        self.origins.get_mut(origin as usize)
    }

    /// Adds records of an import.
    pub fn add(&mut self, origin: u32, records: Vec<Record>) -> io::Result<()> {
        let mut problems = Vec::new();
        let prepared = records
            .into_iter()
            .map(|record| Prepared::new(record, origin, &mut problems).into_row())
            .collect();
        self.report(problems);
        self.add_prepared(origin, prepared)
    }

    /// Adds records that were made ready elsewhere.
    pub(crate) fn add_prepared(&mut self, origin: u32, rows: Vec<PreparedRow>) -> io::Result<()> {
        if let Some(added) = self.added.get_mut(origin as usize) {
            *added += rows.len() as u64;
        }
        for row in rows {
            self.text_bytes += row.text_bytes;
            self.sorter.push(row.key, row.payload)?;
        }
        Ok(())
    }

    /// How many records an import has brought.
    pub(crate) fn added(&self, origin: u32) -> u64 {
        self.added.get(origin as usize).copied().unwrap_or(0)
    }

    /// Adds scores for CVEs that have none yet.
    pub(crate) fn epss_below(&mut self, scores: impl IntoIterator<Item = (Cve, EpssScore)>) {
        for (cve, score) in scores {
            self.epss.entry(cve).or_insert(score);
        }
    }

    /// Adds known exploited vulnerabilities that are not there yet.
    pub(crate) fn kev_below(&mut self, entries: impl IntoIterator<Item = (Cve, KevEntry)>) {
        for (cve, entry) in entries {
            self.kev.entry(cve).or_insert(entry);
        }
    }

    /// Adds scores of EPSS; of two for one CVE the later call wins.
    pub fn epss(&mut self, scores: impl IntoIterator<Item = (Cve, EpssScore)>) {
        self.epss.extend(scores);
    }

    /// Adds known exploited vulnerabilities.
    pub fn kev(&mut self, entries: impl IntoIterator<Item = (Cve, KevEntry)>) {
        self.kev.extend(entries);
    }

    /// Keeps diagnostics for the report.
    pub fn report(&mut self, problems: Vec<Diagnostic>) {
        for problem in problems {
            if self.diagnostics.len() < DIAGNOSTICS_MAX {
                self.diagnostics.push(problem);
            } else {
                self.diagnostics_dropped += 1;
            }
        }
    }
}
