//! What every kind of run shares: counting, diagnosing, and offering bytes to the visitor as text.

use std::cell::Cell;
use std::io::{self, Cursor};
use std::sync::atomic::{AtomicU64, Ordering};

use selvedge_model::{Diagnostic, DiagnosticKind, Stats};

use crate::archive::{self, Format, LargeArchives};
use crate::budget::Budget;
use crate::lines::changed_lines;
use crate::text::{self, Encoding};
use crate::{File, Origin, SourceOptions, Stamp, Visitor};

/// Bytes of content that all threads together hold at one time. One file may be as large.
const BYTES_IN_FLIGHT: u64 = 32 << 20;

/// One run: its options, its visitor, and its counts, shared by all threads.
pub(crate) struct Run<'a> {
    pub(crate) options: &'a SourceOptions,
    pub(crate) visitor: &'a dyn Visitor,
    pub(crate) budget: Budget,
    pub(crate) large_archives: LargeArchives,
    totals: Totals,
}

#[derive(Default)]
struct Totals {
    files: AtomicU64,
    bytes: AtomicU64,
    binary: AtomicU64,
    skipped: AtomicU64,
}

/// What one thread keeps between files, and the counts of the file at hand.
#[derive(Default)]
pub(crate) struct Worker {
    /// Content as read. Taken out while in use.
    pub(crate) buffer: Vec<u8>,
    text: String,
    counts: Cell<Stats>,
}

/// A content that is ready to be offered.
pub(crate) struct Content<'a> {
    pub(crate) path: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) origin: Origin,
    /// What it was before, if only the lines that changed since are of interest.
    pub(crate) before: Option<&'a [u8]>,
    pub(crate) stamp: Option<Stamp>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(options: &'a SourceOptions, visitor: &'a dyn Visitor) -> Self {
        Self {
            options,
            visitor,
            budget: Budget::new(BYTES_IN_FLIGHT),
            large_archives: LargeArchives::default(),
            totals: Totals::default(),
        }
    }

    /// The counts of everything so far.
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            files: self.totals.files.load(Ordering::Relaxed),
            bytes: self.totals.bytes.load(Ordering::Relaxed),
            binary: self.totals.binary.load(Ordering::Relaxed),
            skipped: self.totals.skipped.load(Ordering::Relaxed),
            commits: 0,
        }
    }

    /// Adds the counts of one file.
    pub(crate) fn add(&self, counts: &Stats) {
        self.totals.files.fetch_add(counts.files, Ordering::Relaxed);
        self.totals.bytes.fetch_add(counts.bytes, Ordering::Relaxed);
        self.totals.binary.fetch_add(counts.binary, Ordering::Relaxed);
        self.totals.skipped.fetch_add(counts.skipped, Ordering::Relaxed);
    }

    /// Offers `content`: as a text, or the entries of an archive, or not at all if it is binary.
    pub(crate) fn offer(&self, worker: &mut Worker, content: &Content<'_>) {
        match self.archive_format(content.bytes, content.path) {
            Some(format) => {
                let mut source = Cursor::new(content.bytes);
                archive::visit(self, worker, content.path, format, &mut source, content.bytes.len() as u64);
            }
            None => self.offer_text(worker, content),
        }
    }

    /// The format of an archive that begins with `head`, if archives are to be opened.
    pub(crate) fn archive_format(&self, head: &[u8], name: &str) -> Option<Format> {
        if self.options.archives.enabled { Format::of(head, name) } else { None }
    }

    /// Offers `content` if it is text, counts it if it is binary.
    pub(crate) fn offer_text(&self, worker: &mut Worker, content: &Content<'_>) {
        let encoding = Encoding::of(content.bytes);
        if encoding == Encoding::Binary {
            self.visitor.binary(content.path);
            worker.count(|counts| counts.binary += 1);
            return;
        }
        let bytes = if encoding.is_utf16() {
            text::decode_utf16(content.bytes, encoding, &mut worker.text);
            worker.text.as_bytes()
        } else {
            content.bytes
        };
        let changed = content.before.map(|before| changed_lines(before, bytes));
        let Content { path, origin, stamp, .. } = *content;
        self.visitor.visit(&File { path, bytes, origin, changed: changed.as_deref(), stamp });
        let length = content.bytes.len() as u64;
        worker.count(|counts| {
            counts.files += 1;
            counts.bytes += length;
        });
    }

    /// Reports and counts something that was not wholly looked at.
    pub(crate) fn skip(&self, worker: &Worker, path: &str, kind: DiagnosticKind, message: impl Into<String>) {
        worker.count(|counts| counts.skipped += 1);
        self.visitor.diagnose(Diagnostic::new(kind, message).at(path));
    }

    /// Reports a file that could not be opened or read.
    pub(crate) fn skip_unreadable(&self, worker: &Worker, path: &str, error: &io::Error) {
        match error.kind() {
            io::ErrorKind::NotFound => {
                self.skip(worker, path, DiagnosticKind::Vanished, "listed, but gone when it was to be read");
            }
            _ => self.skip(worker, path, DiagnosticKind::Unreadable, format!("cannot be read: {error}")),
        }
    }

    /// Reports a content over the size limit.
    pub(crate) fn skip_too_large(&self, worker: &Worker, path: &str, size: Option<u64>) {
        let limit = self.options.max_file_size;
        let message = match size {
            Some(size) => format!("not looked at: {size} bytes, the limit is {limit}"),
            None => format!("not looked at: more than {limit} bytes, which is the limit"),
        };
        self.skip(worker, path, DiagnosticKind::TooLarge, message);
    }
}

impl Worker {
    /// Ends one file: hands out its counts and starts from zero.
    pub(crate) fn take_counts(&self) -> Stats {
        self.counts.take()
    }

    fn count(&self, change: impl FnOnce(&mut Stats)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }
}
