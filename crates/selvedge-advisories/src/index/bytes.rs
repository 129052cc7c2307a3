//! The bytes of an index, each piece verified before its first use.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3::xxh3_64;

use super::format::{CHUNK_BYTES, HEADER_BYTES, Header, IndexError, Section};
use super::varint::Read;

/// What holds the bytes.
enum Storage {
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

/// A file whose header has been checked.
pub(crate) struct Bytes {
    storage: Storage,
    header: Header,
    /// One bit per chunk: whether its checksum has been seen to match.
    verified: Vec<AtomicU64>,
}

impl Bytes {
    /// Maps a file.
    pub(crate) fn open(path: &Path) -> Result<Self, IndexError> {
        let file = File::open(path).map_err(IndexError::Read)?;
        let mapped = map(&file).map_err(IndexError::Read)?;
        Self::new(Storage::Mapped(mapped))
    }

    /// Takes a file that is in memory.
    pub(crate) fn from_vec(bytes: Vec<u8>) -> Result<Self, IndexError> {
        Self::new(Storage::Owned(bytes))
    }

    fn new(storage: Storage) -> Result<Self, IndexError> {
        let all: &[u8] = match &storage {
            Storage::Mapped(mapped) => mapped,
            Storage::Owned(bytes) => bytes,
        };
        let header = Header::parse(all, all.len() as u64)?;
        let chunks = (header.checksums as usize - HEADER_BYTES).div_ceil(CHUNK_BYTES);
        let verified = (0..chunks.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Ok(Self { storage, header, verified })
    }

    /// The header.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    fn all(&self) -> &[u8] {
        match &self.storage {
            Storage::Mapped(mapped) => mapped,
            Storage::Owned(bytes) => bytes,
        }
    }

    /// Length of a section.
    pub(crate) fn length(&self, section: Section) -> usize {
        self.header.sections[section as usize].length as usize
    }

    /// A reader at `offset` of a section, which verifies what it reaches.
    #[inline]
    pub(crate) fn cursor(&self, section: Section, offset: usize) -> Cursor<'_> {
        let extent = self.header.sections[section as usize];
        let start = extent.offset as usize;
        let end = start + extent.length as usize;
        let at = start.saturating_add(offset).min(end);
        Cursor { bytes: self, rest: &[], next: at, end }
    }

    /// Bytes `offset..offset + length` of a section, verified.
    pub(crate) fn slice(&self, section: Section, offset: usize, length: usize) -> Option<&[u8]> {
        self.cursor(section, offset).take(length)
    }

    /// A whole section, verified.
    pub(crate) fn section(&self, section: Section) -> Option<&[u8]> {
        self.slice(section, 0, self.length(section))
    }

    /// Verifies everything against the digest of the header.
    pub(crate) fn verify(&self) -> Result<(), IndexError> {
        let digest = blake3::hash(&self.all()[HEADER_BYTES..]);
        if digest.as_bytes() == &self.header.digest {
            Ok(())
        } else {
            Err(IndexError::Damaged { part: "digest" })
        }
    }

    /// Makes sure that the chunk with byte `at` is as it was written, and says where it ends.
    #[inline]
    fn trust(&self, at: usize) -> Option<usize> {
        let chunk = (at - HEADER_BYTES) / CHUNK_BYTES;
        let start = HEADER_BYTES + chunk * CHUNK_BYTES;
        let end = (start + CHUNK_BYTES).min(self.header.checksums as usize);
        let bit = 1u64 << (chunk % 64);
        let word = self.verified.get(chunk / 64)?;
        // Relaxed suffices: the bit only saves work, and the bytes themselves never change.
        if word.load(Ordering::Relaxed) & bit != 0 {
            return Some(end);
        }
        self.verify_chunk(chunk, start, end)?;
        word.fetch_or(bit, Ordering::Relaxed);
        Some(end)
    }

    #[cold]
    fn verify_chunk(&self, chunk: usize, start: usize, end: usize) -> Option<()> {
        let all = self.all();
        let stated = all.get(self.header.checksums as usize + chunk * 8..)?.first_chunk::<8>()?;
        let actual = xxh3_64(all.get(start..end)?);
        (actual == u64::from_le_bytes(*stated)).then_some(())
    }
}

/// Reads a section from one place on.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    bytes: &'a Bytes,
    /// What comes next and is verified.
    rest: &'a [u8],
    /// Place in the file after `rest`.
    next: usize,
    /// Where the section ends.
    end: usize,
}

impl Cursor<'_> {
    /// Place in the file.
    pub(crate) fn position(&self) -> usize {
        self.next - self.rest.len()
    }

    /// Verifies on until `rest` has `length` bytes.
    #[inline(never)]
    fn reach(&mut self, length: usize) -> Option<()> {
        let at = self.position();
        let target = at.checked_add(length).filter(|target| *target <= self.end)?;
        while self.next < target {
            self.next = self.bytes.trust(self.next)?.min(self.end);
        }
        self.rest = self.bytes.all().get(at..self.next)?;
        Some(())
    }
}

impl<'a> Read<'a> for Cursor<'a> {
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        if self.rest.is_empty() {
            self.reach(1)?;
        }
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    #[inline]
    fn u64(&mut self) -> Option<u64> {
        // Numbers of up to four bytes that lie in verified bytes are most of all.
        let [a, b, c, d, ..] = *self.rest else { return self.long_u64() };
        let (value, length) = if a < 0x80 {
            (u32::from(a), 1)
        } else if b < 0x80 {
            (u32::from(a & 0x7f) | u32::from(b) << 7, 2)
        } else if c < 0x80 {
            (u32::from(a & 0x7f) | u32::from(b & 0x7f) << 7 | u32::from(c) << 14, 3)
        } else if d < 0x80 {
            (
                u32::from(a & 0x7f)
                    | u32::from(b & 0x7f) << 7
                    | u32::from(c & 0x7f) << 14
                    | u32::from(d) << 21,
                4,
            )
        } else {
            return self.long_u64();
        };
        self.rest = &self.rest[length..];
        Some(u64::from(value))
    }

    #[inline]
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        if self.rest.len() < length {
            self.reach(length)?;
        }
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

/// Maps a file for reading.
#[expect(unsafe_code, reason = "mapping a file has no safe form; the copy it saves is the whole index")]
fn map(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: a mapping is sound as long as nobody changes the file while it is mapped. Every writer of
    // this crate writes a temporary file and renames it, so that a mapped file keeps its content and only
    // loses its name. Bytes are only ever read as `u8`, for which every value is valid, and each is
    // checked against its checksum and bounds before it is used.
    unsafe { memmap2::Mmap::map(file) }
}
