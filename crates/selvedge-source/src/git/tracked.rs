//! Files that git tracks although an ignore file names them: they are part of the repository.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use gix::bstr::ByteSlice;

use super::compare::is_file;
use super::places::Places;
use super::{git_root, open};

/// The tracked files at and below a directory, and which of them a walk has come upon.
pub(crate) struct Tracked {
    root: PathBuf,
    /// The directory relative to the root of the working tree; empty or ending in `/`.
    prefix: Vec<u8>,
    index: gix::worktree::Index,
    seen: Vec<AtomicBool>,
}

impl Tracked {
    /// The tracked files below `directory`; `None` if it is in no repository that can be read.
    pub(crate) fn below(directory: &Path) -> Option<Self> {
        let root = git_root(directory)?;
        let relative = directory.canonicalize().ok()?;
        let relative = gix::path::into_bstr(relative.strip_prefix(&root).ok()?.to_owned()).ok()?;
        let mut prefix = gix::path::to_unix_separators_on_windows(relative).to_vec();
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        let index = open(&root).ok()?.try_index().ok()??;
        let seen = index.entries().iter().map(|_| AtomicBool::new(false)).collect();
        Some(Self { root, prefix, index, seen })
    }

    /// Notes that a walk has come upon the file at `path`, relative to the directory.
    pub(crate) fn mark(&self, path: &Path) {
        let Ok(path) = gix::path::into_bstr(path) else { return };
        let path = [&self.prefix, gix::path::to_unix_separators_on_windows(path).as_bytes()].concat();
        let found =
            self.index.entries().binary_search_by(|entry| entry.path(&self.index).cmp(path.as_bstr()));
        if let Ok(at) = found {
            self.seen[at].store(true, Ordering::Relaxed);
        }
    }

    /// The files that no walk has come upon and that are there: where, and their path relative to the
    /// directory. Those in hidden places only if `hidden`.
    pub(crate) fn unseen(&self, hidden: bool) -> Vec<(PathBuf, String)> {
        let mut places = Places::new(&self.root);
        let entries = self.index.entries().iter().zip(&self.seen);
        entries
            .filter(|(entry, seen)| is_file(entry) && !seen.load(Ordering::Relaxed))
            .filter_map(|(entry, _)| {
                let path = entry.path(&self.index);
                let relative = path.strip_prefix(self.prefix.as_slice())?;
                let is_hidden = relative.starts_with(b".") || relative.contains_str("/.");
                let place = if is_hidden && !hidden { None } else { places.path_of(path) }?;
                let is_there = place.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
                is_there.then(|| (place, relative.to_str_lossy().into_owned()))
            })
            .collect()
    }
}
