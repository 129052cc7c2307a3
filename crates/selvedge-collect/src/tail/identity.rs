//! Which file is which: by device and inode, checked against what was read of it.
//!
//! A name says nothing about a log file, since rotation moves it; an inode alone says little, since it is reused.
//! So a file is also known by a digest of the first bytes that were read of it and of the last ones: if those are
//! still there at their places, it is the same text, whatever it is called and even if it was copied or
//! compressed.

use std::io;
use std::os::unix::fs::MetadataExt;

use serde::{Deserialize, Serialize};

/// Bytes from the beginning of a file that identify it.
pub(crate) const HEAD_BYTES: u64 = 1024;
/// Bytes before the place where reading stopped that must still be there.
pub(crate) const ANCHOR_BYTES: u64 = 256;

/// Device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct FileKey {
    pub(crate) device: u64,
    pub(crate) inode: u64,
}

impl FileKey {
    pub(crate) fn of(metadata: &std::fs::Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// What was read of a file: how much, and digests of its beginning and end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// Bytes that are read and stored.
    pub(crate) offset: u64,
    head: u64,
    anchor: u64,
}

impl Progress {
    /// Progress up to `offset` of the text; none if the text is shorter.
    pub(crate) fn at(offset: u64, text: &mut dyn Text) -> io::Result<Option<Self>> {
        let head = digest(text, 0, offset.min(HEAD_BYTES))?;
        let anchor = digest(text, offset.saturating_sub(ANCHOR_BYTES), offset.min(ANCHOR_BYTES))?;
        Ok(head.zip(anchor).map(|(head, anchor)| Self { offset, head, anchor }))
    }

    /// How many bytes at the beginning it knows.
    pub(crate) fn head_bytes(&self) -> u64 {
        self.offset.min(HEAD_BYTES)
    }

    /// Whether a text that begins with this digest of so many bytes can be it.
    pub(crate) fn begins_with(&self, digest: Option<u64>) -> bool {
        digest == Some(self.head)
    }

    /// A name for it, the same for the same text.
    pub(crate) fn name(&self) -> String {
        format!("{}-{:016x}", self.offset, self.anchor)
    }

    /// Whether the text begins with what was read.
    pub(crate) fn holds_for(&self, text: &mut dyn Text) -> io::Result<bool> {
        Ok(Self::at(self.offset, text)?.is_some_and(|present| present == *self))
    }
}

/// Text that can be read at a place, compressed or not.
pub(crate) trait Text {
    /// Fills the whole buffer from `offset`; false if the text is shorter.
    fn read_exactly(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<bool>;
}

/// A digest of a part of the text; none if the text is shorter.
pub(crate) fn digest(text: &mut dyn Text, offset: u64, length: u64) -> io::Result<Option<u64>> {
    let mut buffer = vec![0; length as usize];
    if !text.read_exactly(&mut buffer, offset)? {
        return Ok(None);
    }
    let hash = blake3::hash(&buffer);
    Ok(Some(hash.as_bytes()[..8].iter().fold(0, |value, byte| value << 8 | u64::from(*byte))))
}

/// The name without what rotation adds: `.1`, `-20260131`, `.old`, `.gz`.
pub(crate) fn stem(name: &str) -> &str {
    let mut stem = name;
    loop {
        let shorter = [".gz", ".zst", ".old", ".bak"].iter().find_map(|suffix| stem.strip_suffix(suffix));
        let shorter = shorter.or_else(|| {
            let cut = stem.rfind(['.', '-'])?;
            let tail = &stem[cut + 1..];
            let is_number = !tail.is_empty() && tail.len() <= 14 && tail.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| &stem[..cut])
        });
        match shorter {
            Some(shorter) if !shorter.is_empty() => stem = shorter,
            _ => return stem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotation_suffixes_are_no_part_of_the_name() {
        for name in [
            "app.log",
            "app.log.1",
            "app.log.2.gz",
            "app.log-20260131",
            "app.log-20260131.zst",
            "app.log.old",
        ] {
            assert_eq!(stem(name), "app.log", "{name}");
        }
        assert_eq!(stem("access-eu.log"), "access-eu.log");
        assert_eq!(stem(".1"), ".1");
    }
}
