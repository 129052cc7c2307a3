//! The events of one group that still matter.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Bytes of a raw line that are kept for evidence while a window is open.
const RAW_BYTES_MAX: usize = 2048;

/// A group holds no more events; the oldest go first, with notice.
pub(super) const ENTRIES_MAX: usize = 10_000;

/// Counts of the containers around a signal, for the memory budget.
const SIGNAL_OVERHEAD: usize = 160;

/// An event that matched a rule, as far as correlations need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Event time in microseconds since 1970-01-01 UTC.
    pub time: i64,
    /// Input that delivered it.
    pub source: String,
    /// Position in the input.
    pub position: u64,
    /// Fields that correlations look at.
    pub fields: BTreeMap<String, String>,
    /// The line, cut where it is long.
    pub raw: Vec<u8>,
}

impl Signal {
    /// A signal of the event at `position` of `source`.
    pub fn new(time: i64, source: &str, position: u64, fields: BTreeMap<String, String>, raw: &[u8]) -> Self {
        let raw = raw[..raw.len().min(RAW_BYTES_MAX)].to_vec();
        Self { time, source: source.to_owned(), position, fields, raw }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(name, value)| name.len() + value.len() + 64).sum();
        SIGNAL_OVERHEAD + self.source.len() + self.raw.len() + fields
    }
}

/// A signal and which of the correlation's rules it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) signal: Arc<Signal>,
    /// Index among the rules of the correlation.
    pub(super) input: u32,
    /// The number that is summed or averaged.
    pub(super) number: Option<f64>,
}

/// The events of one group, by time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) entries: VecDeque<Entry>,
}

impl Group {
    /// Adds an entry behind those of the same time; gives its index.
    pub(super) fn insert(&mut self, entry: Entry) -> usize {
        let at = self.entries.partition_point(|known| known.signal.time <= entry.signal.time);
        self.entries.insert(at, entry);
        at
    }

    /// Forgets the entries that a newer one of the same kind stands for; gives the bytes that were freed.
    pub(super) fn forget_older(&mut self, newer: &Entry, is_same: impl Fn(&Entry, &Entry) -> bool) -> usize {
        let mut freed = 0;
        self.entries.retain(|entry| {
            let stays = entry.signal.time > newer.signal.time || !is_same(entry, newer);
            freed += if stays { 0 } else { entry.signal.bytes() };
            stays
        });
        freed
    }

    /// Forgets entries before `time`; gives the bytes that were freed.
    pub(super) fn forget_before(&mut self, time: i64) -> usize {
        let mut freed = 0;
        while self.entries.front().is_some_and(|entry| entry.signal.time < time) {
            freed += self.entries.pop_front().map_or(0, |entry| entry.signal.bytes());
        }
        freed
    }

    /// Entries of the window that ends with the entry `end`.
    pub(super) fn window(&self, end: usize, span: i64) -> std::ops::RangeInclusive<usize> {
        let from = self.entries[end].signal.time.saturating_sub(span);
        self.entries.partition_point(|entry| entry.signal.time < from)..=end
    }

    pub(super) fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| entry.signal.bytes()).sum()
    }
}

/// The state of all correlations, to be stored with the position up to which events were processed. Rules are
/// named by id, so that it fits a changed set of rules; groups of rules that are gone are dropped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedState {
    /// Latest event time seen.
    pub(super) latest: Option<i64>,
    pub(super) groups: Vec<SavedGroup>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SavedGroup {
    pub(super) rule: String,
    pub(super) key: Vec<String>,
    pub(super) group: Group,
}
