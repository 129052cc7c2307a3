//! A sorted table of byte strings, each with a number: package keys and ids are kept in two of these.
//!
//! Strings are front-coded in groups of sixteen; a lookup is a binary search over the first strings of the
//! groups and a short walk. Compared with an automaton (the `fst` crate) it is as small on this data, has a
//! rank for every string, can be walked in step with another table, and reading a hostile one cannot
//! panic.
//!
//! ```text
//! count u64, length of the groups u64, groups, offset of each group u32 …
//! group: (shared length, rest length, rest, number)…
//! ```

use std::io::{self, Write};

use super::bytes::{Bytes, Cursor};
use super::format::Section;
use super::varint::{Read, put_u64};

/// Strings per group.
const GROUP: u64 = 16;

/// Longest string: keys and ids are shorter, and what claims to be longer is damage.
pub(crate) const STRING_BYTES_MAX: usize = 4096;

/// Bytes before the groups.
const HEAD_BYTES: usize = 16;

/// Writes a table; strings come in ascending order, each once.
pub(crate) struct TableWriter<W> {
    out: W,
    written: u64,
    count: u64,
    previous: Vec<u8>,
    offsets: Vec<u8>,
    row: Vec<u8>,
}

impl<W: Write> TableWriter<W> {
    /// Starts a table. Its head is what [`TableWriter::finish`] returns; the caller puts it first.
    pub(crate) fn new(out: W) -> Self {
        Self { out, written: 0, count: 0, previous: Vec::new(), offsets: Vec::new(), row: Vec::new() }
    }

    /// Adds a string and its number.
    pub(crate) fn add(&mut self, text: &[u8], number: u64) -> io::Result<()> {
        debug_assert!(self.count == 0 || self.previous.as_slice() < text, "strings ascend");
        let shared = if self.count.is_multiple_of(GROUP) {
            let offset = u32::try_from(self.written).map_err(|_| io::Error::other("table over 4 GiB"))?;
            self.offsets.extend_from_slice(&offset.to_le_bytes());
            0
        } else {
            self.previous.iter().zip(text).take_while(|(a, b)| a == b).count()
        };
        self.row.clear();
        put_u64(&mut self.row, shared as u64);
        put_u64(&mut self.row, (text.len() - shared) as u64);
        self.row.extend_from_slice(&text[shared..]);
        put_u64(&mut self.row, number);
        self.out.write_all(&self.row)?;
        self.written += self.row.len() as u64;
        self.previous.clear();
        self.previous.extend_from_slice(text);
        self.count += 1;
        Ok(())
    }

    /// Writes the offsets, and returns the head and what was written.
    pub(crate) fn finish(mut self) -> io::Result<([u8; HEAD_BYTES], W)> {
        self.out.write_all(&self.offsets)?;
        self.out.flush()?;
        let mut head = [0; HEAD_BYTES];
        head[..8].copy_from_slice(&self.count.to_le_bytes());
        head[8..].copy_from_slice(&self.written.to_le_bytes());
        Ok((head, self.out))
    }
}

/// A table in a section.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    bytes: &'a Bytes,
    section: Section,
    /// Number of strings.
    pub(crate) count: u64,
    offsets: usize,
}

impl<'a> Table<'a> {
    /// The table of a section; `None` if it is damaged.
    #[inline]
    pub(crate) fn open(bytes: &'a Bytes, section: Section) -> Option<Self> {
        let mut cursor = bytes.cursor(section, 0);
        let count = u64::from_le_bytes(*cursor.take(8)?.first_chunk()?);
        let groups = u64::from_le_bytes(*cursor.take(8)?.first_chunk()?);
        let offsets = HEAD_BYTES.checked_add(usize::try_from(groups).ok()?)?;
        let table_bytes = usize::try_from(count.div_ceil(GROUP)).ok()?.checked_mul(4)?;
        (offsets.checked_add(table_bytes)? == bytes.length(section)).then_some(())?;
        Some(Self { bytes, section, count, offsets })
    }

    #[inline]
    fn group(&self, group: u64) -> Option<Cursor<'a>> {
        let raw = self.bytes.cursor(self.section, self.offsets + group as usize * 4).take(4)?;
        let offset = u32::from_le_bytes(*raw.first_chunk()?) as usize;
        (HEAD_BYTES + offset < self.offsets).then_some(())?;
        Some(self.bytes.cursor(self.section, HEAD_BYTES + offset))
    }

    /// The last group whose first string is not greater than `text`, or the first.
    #[inline]
    fn group_of(&self, text: &[u8]) -> Option<u64> {
        let (mut low, mut high) = (0, self.count.div_ceil(GROUP));
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let mut cursor = self.group(middle)?;
            cursor.u64()?;
            if cursor.bytes()? <= text {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    /// Rank and number of a string. The outer `None` is damage.
    #[inline]
    #[expect(clippy::option_option, reason = "the outer one is damage, the inner one an answer")]
    pub(crate) fn find(&self, text: &[u8]) -> Option<Option<(u64, u64)>> {
        if self.count == 0 {
            return Some(None);
        }
        let group = self.group_of(text)?;
        let mut cursor = self.group(group)?;
        let size = GROUP.min(self.count - group * GROUP);
        // How many bytes of `text` the previous string shares; it was less than `text`.
        let mut agreed = 0;
        for place in 0..size {
            let shared = usize::try_from(cursor.u64()?).ok()?;
            let rest = cursor.bytes()?;
            let number = cursor.u64()?;
            if shared > agreed {
                continue;
            }
            if shared < agreed {
                // It leaves the previous string earlier than `text` does, and upwards.
                return Some(None);
            }
            let wanted = text.get(agreed..)?;
            let common = rest.iter().zip(wanted).take_while(|(a, b)| a == b).count();
            if common == rest.len() && common == wanted.len() {
                return Some(Some((group * GROUP + place, number)));
            }
            if common < rest.len() && (common == wanted.len() || rest[common] > wanted[common]) {
                return Some(None);
            }
            agreed += common;
        }
        Some(None)
    }

    /// The string at a rank, and its number.
    pub(crate) fn get(&self, rank: u64) -> Option<(Vec<u8>, u64)> {
        (rank < self.count).then_some(())?;
        let mut walk = Walk { table: *self, rank: rank - rank % GROUP, cursor: None, text: Vec::new() };
        loop {
            let at = walk.rank;
            let number = walk.advance()??;
            if at == rank {
                return Some((walk.text, number));
            }
        }
    }

    /// A walk from the first string that is not less than `text`.
    pub(crate) fn from(&self, text: &[u8]) -> Option<Walk<'a>> {
        let start = if self.count == 0 { 0 } else { self.group_of(text)? * GROUP };
        let mut walk = Walk { table: *self, rank: start, cursor: None, text: Vec::new() };
        loop {
            let before = walk.clone();
            if walk.advance()?.is_none() || walk.text.as_slice() >= text {
                return Some(before);
            }
        }
    }
}

/// A walk over a table in order.
#[derive(Clone)]
pub(crate) struct Walk<'a> {
    table: Table<'a>,
    rank: u64,
    cursor: Option<Cursor<'a>>,
    /// The string that [`Walk::advance`] came to.
    pub(crate) text: Vec<u8>,
}

impl Walk<'_> {
    /// Goes to the next string and returns its number; inner `None` at the end, outer `None` is damage.
    #[expect(clippy::option_option, reason = "the outer one is damage, the inner one an answer")]
    pub(crate) fn advance(&mut self) -> Option<Option<u64>> {
        if self.rank >= self.table.count {
            return Some(None);
        }
        if self.rank.is_multiple_of(GROUP) || self.cursor.is_none() {
            self.cursor = Some(self.table.group(self.rank / GROUP)?);
            self.text.clear();
        }
        let cursor = self.cursor.as_mut()?;
        let shared = usize::try_from(cursor.u64()?).ok()?;
        let rest = cursor.bytes()?;
        (shared <= self.text.len() && shared + rest.len() <= STRING_BYTES_MAX).then_some(())?;
        self.text.truncate(shared);
        self.text.extend_from_slice(rest);
        let number = cursor.u64()?;
        self.rank += 1;
        Some(Some(number))
    }
}
