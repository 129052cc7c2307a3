//! Every version of every file that a repository holds, each looked at once.
//!
//! Two passes, each of which decodes its objects once and in parallel, following the deltas of a pack
//! from the objects they are based on: [`History::for_each_blob`] offers the contents;
//! [`History::attribute`] then reads commits and trees and says where given contents come from. Most
//! of the work is in the first, and only the second needs the whole history in memory, as numbers.

mod attribute;
mod decode;
mod delta;
mod entry;
mod graph;
mod names;
mod pack;
mod places;
mod store;
mod traverse;

use std::io::Cursor;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use gix::objs::Kind;
use selvedge_model::{Diagnostic, DiagnosticKind, Stats};

use crate::archive::{self, Format};
use crate::git::{boxed, open};
use crate::run::{Run, Worker};
use crate::text::{self, Encoding};
use crate::{File, SourceError, SourceOptions, Visitor};
use decode::{Decoder, Loss};
use store::Store;
use traverse::Collect;

pub use attribute::{Attribution, Attributions, PathFilter};

/// All objects of a repository.
pub struct History {
    repository: gix::ThreadSafeRepository,
    store: Store,
    options: SourceOptions,
    /// What went wrong while opening, told to the first pass.
    early: Mutex<Vec<Diagnostic>>,
}

/// The number of a content in one [`History`]; another opening of the repository may number otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobIndex(u32);

impl From<BlobIndex> for u32 {
    fn from(index: BlobIndex) -> Self {
        index.0
    }
}

/// For numbers that came from the same [`History`].
impl From<u32> for BlobIndex {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

/// One content, wherever and however often it occurs in the history.
#[derive(Debug, Clone, Copy)]
pub struct Blob<'a> {
    /// Its number, for [`History::attribute`] and [`History::read`].
    pub index: BlobIndex,
    /// If the content is that of a file in an archive, the path of that file in the archive.
    pub inner: Option<&'a str>,
    /// The content. UTF-16 with a byte order mark has become UTF-8; line ends are untouched. Empty for a binary
    /// file in an archive, of which the name alone may matter.
    pub bytes: &'a [u8],
}

impl History {
    /// Opens all objects of the repository at `repo`, borrowed ones included.
    pub fn open(repo: &Path, options: &SourceOptions) -> Result<Self, SourceError> {
        let repository = open(repo)?;
        let mut early = Vec::new();
        let objects = repository.objects.store_ref().path().to_owned();
        let store = Store::open(&objects, repository.object_hash(), &mut |problem| early.push(problem));
        Ok(Self {
            repository: repository.into_sync(),
            store,
            options: options.clone(),
            early: Mutex::new(early),
        })
    }

    /// Calls `visit` once for every text that any version of any file ever was, from several threads
    /// and in no particular order; for an archive, once for every text in it. Binary contents are
    /// counted, those over the size limit reported.
    ///
    /// Contents that no reference leads to any more are among them; [`History::attribute`] tells.
    pub fn for_each_blob(
        &self,
        visit: &(dyn Fn(Blob<'_>) + Sync),
        diagnose: &(dyn Fn(Diagnostic) + Sync),
    ) -> Stats {
        for problem in
            std::mem::take(&mut *self.early.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
        {
            diagnose(problem);
        }
        let totals = Totals::default();
        traverse::traverse(&self.store, &self.options, &[Kind::Blob], || Offer {
            history: self,
            visit,
            diagnose,
            totals: &totals,
            counts: Stats::default(),
            text: String::new(),
        });
        totals.stats()
    }

    /// Reads one content as it is stored; `None` if it is damaged.
    pub fn read(&self, index: BlobIndex) -> Option<Vec<u8>> {
        ((index.0 as usize) < self.store.len()).then(|| self.store.read(index.0, &mut Decoder::default()))?
    }

    /// The object id of a content, in hexadecimal.
    pub fn id(&self, index: BlobIndex) -> String {
        self.store.id(index.0).to_string()
    }
}

/// Counts of all threads.
#[derive(Default)]
struct Totals {
    files: AtomicU64,
    bytes: AtomicU64,
    binary: AtomicU64,
    skipped: AtomicU64,
}

impl Totals {
    fn stats(&self) -> Stats {
        Stats {
            files: self.files.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            binary: self.binary.load(Ordering::Relaxed),
            skipped: self.skipped.load(Ordering::Relaxed),
            commits: 0,
        }
    }
}

/// Offers blobs, on one thread.
struct Offer<'a> {
    history: &'a History,
    visit: &'a (dyn Fn(Blob<'_>) + Sync),
    diagnose: &'a (dyn Fn(Diagnostic) + Sync),
    totals: &'a Totals,
    counts: Stats,
    text: String,
}

impl Offer<'_> {
    fn too_large(&mut self, object: u32, size: u64) {
        self.counts.skipped += 1;
        let id = self.history.store.id(object);
        let limit = self.history.options.max_file_size;
        (self.diagnose)(Diagnostic::new(
            DiagnosticKind::TooLarge,
            format!("blob {id}: not looked at: {size} bytes, the limit is {limit}"),
        ));
    }
}

impl Offer<'_> {
    /// Offers what is in an archive.
    fn archive(&mut self, object: u32, format: Format, bytes: &[u8]) {
        let inside = Inside { offer: self, object };
        let run = Run::new(&self.history.options, &inside);
        let mut worker = Worker::default();
        archive::visit(&run, &mut worker, "", format, &mut Cursor::new(bytes), bytes.len() as u64);
        let counts = worker.take_counts();
        self.counts.files += counts.files;
        self.counts.bytes += counts.bytes;
        self.counts.binary += counts.binary;
        self.counts.skipped += counts.skipped;
    }
}

/// Offers what is in an archive that is itself a blob. Paths of its entries start with `!`.
struct Inside<'a> {
    offer: &'a Offer<'a>,
    object: u32,
}

impl Visitor for Inside<'_> {
    fn visit(&self, file: &File<'_>) {
        let inner = file.path.strip_prefix('!');
        (self.offer.visit)(Blob { index: BlobIndex(self.object), inner, bytes: file.bytes });
    }

    fn binary(&self, path: &str) {
        let inner = path.strip_prefix('!');
        (self.offer.visit)(Blob { index: BlobIndex(self.object), inner, bytes: b"" });
    }

    fn diagnose(&self, diagnostic: Diagnostic) {
        let id = self.offer.history.store.id(self.object);
        let path = diagnostic.path.unwrap_or_default();
        let message = format!("blob {id}{path}: {}", diagnostic.message);
        (self.offer.diagnose)(Diagnostic::new(diagnostic.kind, message));
    }
}

impl Collect for Offer<'_> {
    fn wants(&mut self, object: u32, size: u64, start: &mut dyn FnMut() -> Vec<u8>) -> bool {
        // Reading the start alone saves work only if there is much more.
        if size <= 4 * text::SNIFF_BYTES as u64 {
            return true;
        }
        let start = start();
        let is_archive = self.history.options.archives.enabled && Format::of(&start, "").is_some();
        if !is_archive && Encoding::of(&start) == Encoding::Binary {
            self.counts.binary += 1;
            return false;
        }
        let fits = size <= self.history.options.max_file_size;
        if !fits {
            self.too_large(object, size);
        }
        fits
    }

    fn object(&mut self, object: u32, _kind: Kind, bytes: &[u8]) {
        let options = &self.history.options;
        let archive = if options.archives.enabled { Format::of(bytes, "") } else { None };
        let encoding = Encoding::of(bytes);
        if archive.is_none() && encoding == Encoding::Binary {
            self.counts.binary += 1;
            return;
        }
        if bytes.len() as u64 > options.max_file_size {
            self.too_large(object, bytes.len() as u64);
            return;
        }
        if let Some(format) = archive {
            self.archive(object, format, bytes);
            return;
        }
        self.counts.files += 1;
        self.counts.bytes += bytes.len() as u64;
        let bytes = if encoding.is_utf16() {
            text::decode_utf16(bytes, encoding, &mut self.text);
            self.text.as_bytes()
        } else {
            bytes
        };
        (self.visit)(Blob { index: BlobIndex(object), inner: None, bytes });
    }

    fn lost(&mut self, object: u32, count: u32, why: Loss) {
        self.counts.skipped += u64::from(count);
        (self.diagnose)(loss(&self.history.store, object, count, why));
    }
}

impl Drop for Offer<'_> {
    fn drop(&mut self) {
        self.totals.files.fetch_add(self.counts.files, Ordering::Relaxed);
        self.totals.bytes.fetch_add(self.counts.bytes, Ordering::Relaxed);
        self.totals.binary.fetch_add(self.counts.binary, Ordering::Relaxed);
        self.totals.skipped.fetch_add(self.counts.skipped, Ordering::Relaxed);
    }
}

/// Reports objects that could not be decoded.
fn loss(store: &Store, object: u32, count: u32, why: Loss) -> Diagnostic {
    let id = store.id(object);
    let others = match count {
        0 | 1 => String::new(),
        more => format!(" and {} stored as changes to it", more - 1),
    };
    match why {
        Loss::Damaged => store::damaged(format!("object {id}{others}: damaged")),
        Loss::TooLarge => Diagnostic::new(
            DiagnosticKind::TooLarge,
            format!("object {id}{others}: not looked at, decoding needs too much memory"),
        ),
    }
}

/// Turns an error of gix into one of ours.
fn git(what: &'static str) -> impl Fn(gix::Error) -> SourceError {
    move |source| SourceError::Git { what, source: boxed(source) }
}
