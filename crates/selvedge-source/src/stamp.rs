//! What the file system says about a file: enough to tell later whether it may have changed.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// How long after its last change a file's times can be trusted to tell the next change from this one.
/// File systems have granularities of up to two seconds.
const SETTLING_NS: i128 = 2_000_000_000;

/// Size, times and identity of a file. Equal settled stamps mean unchanged content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Length in bytes.
    pub size: u64,
    /// Last change of the content, nanoseconds since 1970.
    pub mtime_ns: i128,
    /// Last change of content or attributes, nanoseconds since 1970; 0 where the system has none.
    pub ctime_ns: i128,
    /// Device and number of the file on it; 0 where the system has none.
    pub inode: (u64, u64),
    /// Permission and type bits; 0 where the system has none.
    pub mode: u32,
}

impl Stamp {
    /// The stamp in `metadata`.
    pub fn new(metadata: &Metadata) -> Self {
        let mtime_ns = metadata.modified().map_or(0, nanoseconds);
        let (ctime_ns, inode, mode) = unix_parts(metadata);
        Self { size: metadata.len(), mtime_ns, ctime_ns, inode, mode }
    }

    /// Whether the last change is long enough before `now` that another one would show in the stamp.
    /// Like git's "racily clean" entries, a stamp that is not settled proves nothing later.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        nanoseconds(now) - self.mtime_ns.max(self.ctime_ns) > SETTLING_NS
    }
}

/// Nanoseconds since 1970, negative before.
fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos().cast_signed(),
        Err(before) => -(before.duration().as_nanos().cast_signed()),
    }
}

#[cfg(unix)]
fn unix_parts(metadata: &Metadata) -> (i128, (u64, u64), u32) {
    use std::os::unix::fs::MetadataExt;
    let ctime_ns = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    (ctime_ns, (metadata.dev(), metadata.ino()), metadata.mode())
}

#[cfg(not(unix))]
fn unix_parts(_metadata: &Metadata) -> (i128, (u64, u64), u32) {
    (0, (0, 0), 0)
}
