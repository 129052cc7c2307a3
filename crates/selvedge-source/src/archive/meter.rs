//! Counts what comes out of an archive, and stops when it is more than the limits allow.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use crate::ArchiveLimits;

/// Decompressed bytes before their ratio to the compressed ones counts. Small archives of very regular
/// text compress as well as bombs do.
const RATIO_FREE_BYTES: u64 = 16 << 20;

/// What came out of an archive so far. Clones count together.
#[derive(Clone)]
pub(super) struct Meter(Rc<Counts>);

struct Counts {
    limits: ArchiveLimits,
    archive_bytes: u64,
    entries: Cell<u64>,
    bytes: Cell<u64>,
    exceeded: Cell<Option<Limit>>,
}

/// A limit that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Entries(u64),
    Bytes(u64),
    Ratio(u64),
}

impl Meter {
    /// A meter for an archive of `archive_bytes`.
    pub(super) fn new(limits: ArchiveLimits, archive_bytes: u64) -> Self {
        let zero = Cell::new(0);
        Self(Rc::new(Counts {
            limits,
            archive_bytes: archive_bytes.max(1),
            entries: zero.clone(),
            bytes: zero,
            exceeded: Cell::new(None),
        }))
    }

    /// The limit that was exceeded first.
    pub(super) fn exceeded(&self) -> Option<Limit> {
        self.0.exceeded.get()
    }

    /// Counts an entry.
    pub(super) fn count_entry(&self) -> io::Result<()> {
        let entries = self.0.entries.get() + 1;
        self.0.entries.set(entries);
        let limit = self.0.limits.entries_max;
        if entries > limit { self.exceed(Limit::Entries(limit)) } else { Ok(()) }
    }

    fn count_bytes(&self, more: u64) -> io::Result<()> {
        let bytes = self.0.bytes.get().saturating_add(more);
        self.0.bytes.set(bytes);
        let ArchiveLimits { bytes_max, ratio_max, .. } = self.0.limits;
        if bytes > bytes_max {
            return self.exceed(Limit::Bytes(bytes_max));
        }
        if bytes > RATIO_FREE_BYTES && bytes / self.0.archive_bytes > ratio_max {
            return self.exceed(Limit::Ratio(ratio_max));
        }
        Ok(())
    }

    fn exceed(&self, limit: Limit) -> io::Result<()> {
        if self.0.exceeded.get().is_none() {
            self.0.exceeded.set(Some(limit));
        }
        Err(io::Error::other(limit.to_string()))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entries(limit) => write!(f, "more than {limit} entries, which is the limit"),
            Self::Bytes(limit) => write!(f, "more than {limit} bytes unpacked, which is the limit"),
            Self::Ratio(limit) => {
                write!(f, "unpacks to more than {limit} times its size, which is the limit")
            }
        }
    }
}

/// Counts the bytes that are read from a decompressor.
pub(super) struct Metered<'a, R> {
    source: R,
    meter: &'a Meter,
}

impl<'a, R: Read> Metered<'a, R> {
    pub(super) fn new(source: R, meter: &'a Meter) -> Self {
        Self { source, meter }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.meter.count_bytes(count as u64)?;
        Ok(count)
    }
}
