//! The central directory of a zip file (APPNOTE 4.3) over bytes in memory.
//!
//! Names are borrowed and entries are yielded one by one: an archive of a million empty entries costs
//! nothing before the limit on entries ends it, which a reader that builds a table of them first would not
//! do.

use std::io::Read;

use flate2::read::DeflateDecoder;

const END: &[u8] = b"PK\x05\x06";
const END_64_LOCATOR: &[u8] = b"PK\x06\x07";
const END_64: &[u8] = b"PK\x06\x06";
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

/// Longest comment behind the end record.
const COMMENT_MAX: usize = 65_535;
const END_SIZE: usize = 22;

/// A zip file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Zip<'a> {
    bytes: &'a [u8],
    /// Where the central directory begins.
    directory: usize,
    /// What offsets are counted from: after a script in front of the archive.
    base: usize,
    /// Entries that the end record claims.
    count: u64,
}

/// An entry of the central directory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a [u8],
    method: u16,
    is_encrypted: bool,
    compressed_size: u64,
    /// Size as the directory claims it.
    pub(crate) size: u64,
    offset: u64,
}

/// Why an entry cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZipError {
    /// Larger than the caller accepts.
    TooLarge,
    /// Damaged or of a kind that is not read; says which.
    Bad(&'static str),
}

impl<'a> Zip<'a> {
    /// Finds the central directory.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let from = bytes.len().saturating_sub(END_SIZE + COMMENT_MAX);
        let tail = &bytes[from..];
        let last = tail.windows(END.len()).rposition(|window| window == END).map(|at| from + at);
        let end = last
            .filter(|at| bytes.len() - at >= END_SIZE)
            .ok_or("no zip archive: the end record is missing")?;
        let (count, size, offset, directory_end) = Self::end_64(bytes, end).unwrap_or_else(|| {
            let word = |at| u64::from(u32_at(bytes, end + at).unwrap_or(0));
            (u64::from(u16_at(bytes, end + 10).unwrap_or(0)), word(12), word(16), end)
        });
        let missing = "damaged zip archive: the central directory is not where the end record says";
        let directory =
            usize::try_from(size).ok().and_then(|size| directory_end.checked_sub(size)).ok_or(missing)?;
        let base =
            usize::try_from(offset).ok().and_then(|offset| directory.checked_sub(offset)).ok_or(missing)?;
        Ok(Self { bytes, directory, base, count })
    }

    /// Count, size and offset of the directory, and where it ends, from the record for large archives.
    fn end_64(bytes: &[u8], end: usize) -> Option<(u64, u64, u64, usize)> {
        let locator = end.checked_sub(20)?;
        if bytes.get(locator..locator + 4)? != END_64_LOCATOR {
            return None;
        }
        // The record stands right before its locator unless it has an extension; the offset that the
        // locator states is wrong where something stands in front of the archive.
        let stated = usize::try_from(u64_at(bytes, locator + 8)?).ok();
        let at = [locator.checked_sub(56), stated]
            .into_iter()
            .flatten()
            .find(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(END_64)))?;
        Some((u64_at(bytes, at + 32)?, u64_at(bytes, at + 40)?, u64_at(bytes, at + 48)?, at))
    }

    /// How many entries the archive claims to have.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The entries in the order of the directory; an error ends it.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Result<Entry<'a>, &'static str>> {
        let (bytes, mut at, mut left) = (self.bytes, self.directory, self.count);
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            left -= 1;
            let Some((entry, next)) = Entry::parse(bytes, at) else {
                left = 0;
                return Some(Err("damaged zip archive: the central directory ends early"));
            };
            at = next;
            Some(Ok(entry))
        })
    }

    /// The content of an entry, if it is not longer than `limit`.
    pub(crate) fn read(&self, entry: &Entry<'_>, limit: u64) -> Result<Vec<u8>, ZipError> {
        if entry.is_encrypted {
            return Err(ZipError::Bad("entry is encrypted"));
        }
        if entry.size > limit {
            return Err(ZipError::TooLarge);
        }
        let content =
            self.content(entry).ok_or(ZipError::Bad("damaged entry: its content is not in the file"))?;
        match entry.method {
            0 if content.len() as u64 > limit => Err(ZipError::TooLarge),
            0 => Ok(content.to_vec()),
            8 => {
                let mut out = Vec::new();
                let mut decoder = DeflateDecoder::new(content).take(limit.saturating_add(1));
                decoder
                    .read_to_end(&mut out)
                    .map_err(|_| ZipError::Bad("damaged entry: cannot be inflated"))?;
                if out.len() as u64 > limit { Err(ZipError::TooLarge) } else { Ok(out) }
            }
            _ => Err(ZipError::Bad("entry is compressed in a way that is not read")),
        }
    }

    fn content(&self, entry: &Entry<'_>) -> Option<&'a [u8]> {
        let at = self.base.checked_add(usize::try_from(entry.offset).ok()?)?;
        if self.bytes.get(at..at.checked_add(4)?)? != LOCAL {
            return None;
        }
        let name = usize::from(u16_at(self.bytes, at + 26)?);
        let extra = usize::from(u16_at(self.bytes, at + 28)?);
        let start = at + 30 + name + extra;
        self.bytes.get(start..start.checked_add(usize::try_from(entry.compressed_size).ok()?)?)
    }
}

impl<'a> Entry<'a> {
    fn parse(bytes: &'a [u8], at: usize) -> Option<(Self, usize)> {
        let fixed = bytes.get(at..at.checked_add(46)?)?;
        if !fixed.starts_with(CENTRAL) {
            return None;
        }
        let name_end = at + 46 + usize::from(u16_at(fixed, 28)?);
        let extra_end = name_end + usize::from(u16_at(fixed, 30)?);
        let next = extra_end + usize::from(u16_at(fixed, 32)?);
        let mut entry = Self {
            name: bytes.get(at + 46..name_end)?,
            method: u16_at(fixed, 10)?,
            is_encrypted: u16_at(fixed, 8)? & 1 != 0,
            compressed_size: u64::from(u32_at(fixed, 20)?),
            size: u64::from(u32_at(fixed, 24)?),
            offset: u64::from(u32_at(fixed, 42)?),
        };
        entry.widen(bytes.get(name_end..extra_end)?);
        Some((entry, next))
    }

    /// Takes sizes and offset of a large entry from its extra field (APPNOTE 4.5.3).
    fn widen(&mut self, mut extra: &[u8]) {
        while let (Some(id), Some(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let Some(field) = extra.get(4..4 + usize::from(size)) else { return };
            if id == 1 {
                let mut at = 0;
                for value in [&mut self.size, &mut self.compressed_size, &mut self.offset] {
                    if *value == u64::from(u32::MAX)
                        && let Some(wide) = u64_at(field, at)
                    {
                        *value = wide;
                        at += 8;
                    }
                }
            }
            extra = &extra[4 + usize::from(size)..];
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
