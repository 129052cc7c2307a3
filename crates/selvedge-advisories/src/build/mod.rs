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

pub(crate) use prepare::{Prepared, commit_hash, event_kind};
use sorter::Sorter;

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
    /// BLAKE3 of the file after its header.
    pub digest: [u8; 32],
}

/// Collects records for an index.
pub struct IndexBuilder {
    options: BuildOptions,
    sorter: Sorter,
    text_bytes: u64,
    origins: Vec<OriginStatus>,
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
            epss: BTreeMap::new(),
            kev: BTreeMap::new(),
            diagnostics: Vec::new(),
            diagnostics_dropped: 0,
        }
    }

    /// Registers an import; its number goes with each of its records.
    pub fn origin(&mut self, status: OriginStatus) -> u32 {
        self.origins.push(status);
        self.origins.len() as u32 - 1
    }

    /// What is known of an import, to be completed while it is read.
    pub fn origin_mut(&mut self, origin: u32) -> Option<&mut OriginStatus> {
        self.origins.get_mut(origin as usize)
    }

    /// Adds records of an import. They are prepared in parallel.
    pub fn add(&mut self, origin: u32, records: Vec<Record>) -> io::Result<()> {
        let threads = self.options.threads.max(1).min(records.len().max(1));
        let share = records.len().div_ceil(threads).max(1);
        let mut shares = Vec::new();
        let mut rest = records.into_iter();
        loop {
            let part: Vec<_> = rest.by_ref().take(share).collect();
            if part.is_empty() {
                break;
            }
            shares.push(part);
        }
        let done: Vec<_> = std::thread::scope(|scope| {
            let run = |part: Vec<Record>| {
                let mut problems = Vec::new();
                let rows: Vec<_> = part
                    .into_iter()
                    .map(|record| Prepared::new(record, origin, &mut problems))
                    .map(|it| (it.json.len() as u64, it.id.clone().into_bytes(), it.to_bytes()))
                    .collect();
                (rows, problems)
            };
            let handles: Vec<_> = shares.into_iter().map(|part| scope.spawn(move || run(part))).collect();
            handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        for result in done {
            let (rows, problems) = result.map_err(|_| io::Error::other("preparing a record failed"))?;
            for (bytes, key, payload) in rows {
                self.text_bytes += bytes;
                self.sorter.push(key, payload)?;
            }
            self.report(problems);
        }
        Ok(())
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
