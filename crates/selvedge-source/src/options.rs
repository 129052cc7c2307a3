//! What to look at and how much of it. Built once at the edge and passed down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a run looks at. The default is documented on each field.
#[derive(Debug, Clone)]
pub struct SourceOptions {
    /// Look at files and directories whose name starts with a dot; `.git` never. Default: true.
    pub hidden: bool,
    /// Leave out what `.gitignore`, `.git/info/exclude` and git's global excludes file name, in git
    /// repositories and elsewhere. Default: true.
    pub respect_ignore_files: bool,
    /// Look at what symbolic links point to, as long as that lies inside the root. Default: false.
    pub follow_links: bool,
    /// Largest file, archive entry or blob that is offered, in bytes. Default: 32 MiB.
    pub max_file_size: u64,
    /// How far archives are opened.
    pub archives: ArchiveLimits,
    /// Number of threads; 0 means one for each processor. Default: 0.
    pub threads: usize,
    /// Set to true from anywhere to end the run early, with what was found so far.
    pub cancel: Arc<AtomicBool>,
}

/// How far archives are opened. Counted for each archive on its own, nested ones included in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Open archives at all; otherwise they are binary files. Default: true.
    pub enabled: bool,
    /// Levels of archives inside archives; `a.tar.gz` is one level. Default: 4.
    pub depth_max: u32,
    /// Entries. Default: 100 000.
    pub entries_max: u64,
    /// Bytes after decompression. Default: 1 GiB.
    pub bytes_max: u64,
    /// Decompressed bytes for each compressed byte, once more than 16 MiB were decompressed.
    /// Default: 250.
    pub ratio_max: u64,
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self {
            hidden: true,
            respect_ignore_files: true,
            follow_links: false,
            max_file_size: 32 << 20,
            archives: ArchiveLimits::default(),
            threads: 0,
            cancel: Arc::default(),
        }
    }
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self { enabled: true, depth_max: 4, entries_max: 100_000, bytes_max: 1 << 30, ratio_max: 250 }
    }
}

impl SourceOptions {
    /// Number of threads to start, at least one.
    pub(crate) fn thread_count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        }
    }

    /// Whether the run was asked to end.
    pub(crate) fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}
