//! Where the bytes come from: directory trees, archives, standard input, git changes, git history.
//!
//! Everything a run looks at reaches the engines through one door, [`Visitor::visit`], as borrowed
//! bytes that were read once. Engines learn nothing of file systems or git; this crate learns nothing
//! of rules. It writes nothing, runs no program and opens no network connection.
//!
//! Start reading at [`visit_tree`]; [`visit_staged`] and [`visit_since`] offer only what changed,
//! and [`History`] every version a repository ever held.
//!
//! # What is looked at
//! - Regular files that no `.gitignore` names, and those that git tracks all the same.
//!   Symbolic links are looked at only when asked for, and never out of the root.
//! - Text. A file with a NUL byte in its first 8 KiB is binary: counted, not offered. UTF-16 with a
//!   byte order mark is offered as UTF-8; line ends are kept as they are.
//! - The entries of zip, tar, gzip, zstd and xz archives, told by their content, nested ones included.
//!
//! # Limits
//! Every limit that bites becomes a [`selvedge_model::Diagnostic`] and is counted as skipped.
//! - A file, archive entry or blob over [`SourceOptions::max_file_size`] (32 MiB) is not offered.
//!   There is no limit on the length of a line.
//! - The files held in memory at one time, over all threads, stay within 32 MiB or one file. Earlier
//!   versions to compare with, and UTF-16 while it is decoded, come on top.
//! - History: objects over 128 MiB are not decoded, and no chain of deltas may hold more than 256 MiB;
//!   one thread at a time may hold more than 16 MiB.
//! - Archives obey [`ArchiveLimits`]. Decompressing takes at most 32 MiB (zstd) or 68 MiB (xz) more.

mod archive;
mod budget;
mod error;
mod git;
mod history;
mod lines;
mod options;
mod run;
mod stamp;
mod stdin;
mod text;
mod tree;

use std::ops::Range;

use selvedge_model::{Diagnostic, Stats};

pub use error::SourceError;
pub use git::{git_root, hooks_dir, read_at, visit_since, visit_staged};
pub use history::{Attribution, Attributions, Blob, BlobIndex, History, PathFilter};
pub use options::{ArchiveLimits, SourceOptions};
pub use stamp::Stamp;
pub use stdin::visit_stdin;
pub use tree::visit_tree;

/// One file as engines see it: borrowed bytes, read once.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Path relative to the root of the run, `/`-separated. An entry of an archive is written
    /// `archive.zip!inner/path`. Names that are not UTF-8 have U+FFFD in place of what is not.
    pub path: &'a str,
    /// The content. UTF-16 with a byte order mark has become UTF-8; line ends are untouched.
    pub bytes: &'a [u8],
    /// Where the content comes from.
    pub origin: Origin,
    /// 0-based line ranges that were added or modified; `None` means everything counts as changed.
    pub changed: Option<&'a [Range<u32>]>,
    /// What the file system says about it; only for files of a tree.
    pub stamp: Option<Stamp>,
}

/// Where the content of a [`File`] comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A file on disk.
    Tree,
    /// The git index.
    Index,
    /// A blob of the git history.
    Blob,
    /// An entry of an archive, wherever the archive comes from.
    ArchiveEntry,
    /// Standard input, or another stream.
    Stdin,
}

/// Receives what a run finds. Called from several threads at once and in no particular order.
pub trait Visitor: Sync {
    /// Whether the visitor wants the file at `path` at all. One that is not wanted is neither read nor
    /// counted; archives are wanted or not as a whole.
    fn wants(&self, path: &str) -> bool {
        let _ = path;
        true
    }

    /// The counts recorded by [`Visitor::finish`] for this path and stamp, if the visitor still knows
    /// what it found there: the file is then not read, and the counts are added to the run's.
    /// Asked by [`visit_tree`] alone; the others offer changes, which depend on more than the file.
    fn known(&self, path: &str, stamp: &Stamp) -> Option<Stats> {
        let _ = (path, stamp);
        None
    }

    /// Looks at one file.
    fn visit(&self, file: &File<'_>);

    /// Takes note of a binary file or archive entry, whose content is not offered: its name alone may matter,
    /// as that of a key store does.
    fn binary(&self, path: &str) {
        let _ = path;
    }

    /// A file of [`visit_tree`] is done with, after all its visits: one for a text, none for a binary, one for
    /// each entry of an archive. `counts` is what it adds to the run; `counts.skipped` is 0 if and
    /// only if it was looked at wholly.
    fn finish(&self, path: &str, stamp: &Stamp, counts: &Stats) {
        let _ = (path, stamp, counts);
    }

    /// Takes note of something that could not be, or not wholly, looked at.
    fn diagnose(&self, diagnostic: Diagnostic);
}
