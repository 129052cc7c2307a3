//! Entries of records: what is needed to report one, without its text.

use super::bytes::{Bytes, Cursor};
use super::format::Section;
use super::varint::{Read, put_u64};
use crate::record::SeverityScore;

/// Most scores, symbols or words of one entry that are read.
const LIST_MAX: u64 = 100_000;

/// Whether a record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It does.
    Active,
    /// Its publisher took it back.
    Withdrawn,
    /// A newer one with its id counts.
    Shadowed,
}

/// Appends what tells records apart.
pub(crate) fn put_head(out: &mut Vec<u8>, id: u32, group: u32, state: State, malicious: bool, native: bool) {
    put_u64(out, u64::from(id));
    put_u64(out, u64::from(group));
    out.push(state as u8 | u8::from(malicious) << 2 | u8::from(native) << 3);
}

/// An entry as stored.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Rank of the id.
    pub(crate) id: u32,
    /// Whether the package is an attack.
    pub(crate) malicious: bool,
    /// Whether it was made from a database's own form.
    pub(crate) native: bool,
    /// Place of the import in the list of imports.
    pub(crate) origin: u32,
    /// When it was changed, in seconds since 1970.
    pub(crate) modified: i64,
    /// Block, offset in it, length of the text.
    pub(crate) text: (u32, u32, u32),
    /// Scores.
    pub(crate) severity: Vec<SeverityScore>,
    /// The publisher's word.
    pub(crate) severity_word: Option<String>,
    /// Its own licence.
    pub(crate) license: Option<String>,
    /// Ranks of what it was made from.
    pub(crate) upstream: Vec<u32>,
    /// Ranks of what it has to do with.
    pub(crate) related: Vec<u32>,
}

/// Where the entry with a number begins.
pub(crate) fn cursor(bytes: &Bytes, number: u32) -> Option<Cursor<'_>> {
    let offset = bytes.slice(Section::RecordTable, number as usize * 4, 4)?;
    Some(bytes.cursor(Section::Records, u32::from_le_bytes(*offset.first_chunk()?) as usize))
}

/// Id and group of an entry.
pub(crate) fn head(bytes: &Bytes, number: u32) -> Option<(u32, u32)> {
    let mut from = cursor(bytes, number)?;
    Some((from.u32()?, from.u32()?))
}

/// Id of an entry, and when the record was changed as it is stored.
pub(crate) fn head_and_time(bytes: &Bytes, number: u32) -> Option<(u32, u64)> {
    let mut from = cursor(bytes, number)?;
    let id = from.u32()?;
    from.u32()?;
    from.byte()?;
    from.u32()?;
    Some((id, from.u64()?))
}

/// The whole entry.
pub(crate) fn entry(bytes: &Bytes, number: u32) -> Option<Entry> {
    let mut from = cursor(bytes, number)?;
    let id = from.u32()?;
    from.u32()?;
    let flags = from.byte()?;
    let origin = from.u32()?;
    let modified = from.u64()?;
    Some(Entry {
        id,
        malicious: flags & 4 != 0,
        native: flags & 8 != 0,
        origin,
        modified: (modified >> 1).cast_signed() ^ -(modified & 1).cast_signed(),
        text: (from.u32()?, from.u32()?, from.u32()?),
        severity: scores(bytes, &mut from)?,
        severity_word: optional(bytes, &mut from)?,
        license: optional(bytes, &mut from)?,
        upstream: from.ascending()?,
        related: from.ascending()?,
    })
}

/// A shared string.
pub(crate) fn string(bytes: &Bytes, place: u64) -> Option<String> {
    bytes.cursor(Section::Strings, usize::try_from(place).ok()?).text().map(str::to_owned)
}

/// A reference to a shared string that can be absent.
#[expect(clippy::option_option, reason = "the outer one is damage, the inner one an answer")]
pub(crate) fn optional(bytes: &Bytes, from: &mut Cursor<'_>) -> Option<Option<String>> {
    match from.u64()? {
        0 => Some(None),
        place => string(bytes, place - 1).map(Some),
    }
}

/// A list of references to shared strings.
pub(crate) fn words(bytes: &Bytes, from: &mut Cursor<'_>) -> Option<Vec<String>> {
    let count = from.u64().filter(|count| *count <= LIST_MAX)?;
    (0..count).map(|_| string(bytes, from.u64()?)).collect()
}

/// Scores with their kinds.
pub(crate) fn scores(bytes: &Bytes, from: &mut Cursor<'_>) -> Option<Vec<SeverityScore>> {
    let count = from.u64().filter(|count| *count <= LIST_MAX)?;
    (0..count)
        .map(|_| {
            Some(SeverityScore { kind: string(bytes, from.u64()?)?, score: string(bytes, from.u64()?)? })
        })
        .collect()
}
