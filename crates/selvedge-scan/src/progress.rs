//! How far a run is, for whoever draws it.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// Counters that the pass raises and a progress line reads. They influence no result.
#[derive(Debug, Default)]
pub struct Progress {
    files: AtomicU64,
    bytes: AtomicU64,
    phase: AtomicU8,
}

/// What the run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Reading and checking files.
    Checking = 0,
    /// Reading and checking the blobs of the history.
    History = 1,
    /// Finding out in which commit hits first appeared.
    Attributing = 2,
    /// Drawing conclusions about the project as a whole.
    Concluding = 3,
}

impl Progress {
    /// Files done so far.
    pub fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }

    /// Their bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// What the run is doing, in a word.
    pub fn phase(&self) -> &'static str {
        match self.phase.load(Ordering::Relaxed) {
            0 => "checking",
            1 => "checking history",
            2 => "attributing",
            _ => "concluding",
        }
    }

    /// Counts bytes of a file that is not done.
    pub fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts a file that is done, and what of its bytes was not counted before.
    pub fn add(&self, bytes: usize) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }
}
