//! The SQLite format of RPM (`rpmdb.sqlite`): the table `Packages (hnum, blob)`, read without SQLite.
//!
//! One table of one known shape is all that is needed, and a read-only walk over its b-tree (SQLite file
//! format, sections 1.3 to 2.1) is far smaller than a database engine. Every page is visited at most once.

use std::collections::{HashMap, HashSet};

use super::{OnBlob, wal};

const MAGIC: &[u8] = b"SQLite format 3\0";
const TABLE_INTERIOR: u8 = 5;
const TABLE_LEAF: u8 = 13;
/// Depth of a b-tree; SQLite itself stops at 20.
const TREE_DEPTH_MAX: usize = 20;
/// Entries of the schema; the database of RPM has about 25.
const SCHEMA_ENTRIES_MAX: usize = 10_000;

/// Whether the bytes begin like such a database.
pub(super) fn is_database(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Calls `found` with the blob of every package until it says to stop. `log` is the write-ahead log, empty if
/// there is none.
pub(super) fn each(bytes: &[u8], log: &[u8], found: &mut OnBlob<'_>) -> Result<(), String> {
    let mut database = Database::open(bytes, log).ok_or("expected an SQLite database with a page size")?;
    let mut root = None;
    let mut count = 0;
    database.walk(1, &mut |payload| {
        count += 1;
        root = root.or_else(|| table_root(&payload?, b"Packages"));
        root.is_none() && count < SCHEMA_ENTRIES_MAX
    })?;
    let root = root.ok_or("expected a table `Packages`")?;
    database.seen.clear();
    database.walk(root, &mut |payload| {
        let Some(payload) = payload else { return found(Err("a row is damaged".to_owned())) };
        match columns(&payload).and_then(|columns| columns.get(1).copied()) {
            Some(Value::Blob(blob)) => found(Ok(blob)),
            _ => found(Err("a row has no blob".to_owned())),
        }
    })
}

/// The root page of the table `name`, if this row of the schema is about it.
fn table_root(payload: &[u8], name: &[u8]) -> Option<u32> {
    match columns(payload)?.as_slice() {
        [Value::Text(b"table"), Value::Text(found), _, Value::Number(root), ..] if *found == name => {
            u32::try_from(*root).ok()
        }
        _ => None,
    }
}

struct Database<'a> {
    bytes: &'a [u8],
    page_size: usize,
    /// Bytes of a page that are used.
    usable: usize,
    /// Bytes of the database and of its log: no payload is longer.
    size: usize,
    /// Pages that stand in the write-ahead log.
    newer: HashMap<u32, &'a [u8]>,
    seen: HashSet<u32>,
}

/// A cell of a leaf: the payload, `None` if it is damaged; whether to go on.
type OnPayload<'f> = dyn FnMut(Option<Vec<u8>>) -> bool + 'f;

impl<'a> Database<'a> {
    fn open(bytes: &'a [u8], log: &'a [u8]) -> Option<Self> {
        let page_size = match u16_at(bytes, 16)? {
            1 => 65_536,
            size => usize::from(size),
        };
        let reserved = usize::from(*bytes.get(20)?);
        let usable = page_size.checked_sub(reserved)?;
        if !page_size.is_power_of_two() || page_size < 512 || usable < 480 {
            return None;
        }
        let newer = wal::pages(log, page_size);
        Some(Self { bytes, page_size, usable, size: bytes.len() + log.len(), newer, seen: HashSet::new() })
    }

    /// The page with this 1-based number, if it was not asked for before.
    fn page(&mut self, number: u32) -> Option<&'a [u8]> {
        if !self.seen.insert(number) {
            return None;
        }
        if let Some(page) = self.newer.get(&number) {
            return Some(page);
        }
        let start = (number as usize).checked_sub(1)?.checked_mul(self.page_size)?;
        self.bytes.get(start..start.checked_add(self.page_size)?)
    }

    /// Walks the rows of the table whose root is this page, in order.
    fn walk(&mut self, root: u32, found: &mut OnPayload<'_>) -> Result<(), String> {
        // Pages to visit with their depth, the next one last.
        let mut pending = vec![(root, 0)];
        let mut problem = Ok(());
        while let Some((number, depth)) = pending.pop() {
            let Some(page) = self.page(number).filter(|_| depth <= TREE_DEPTH_MAX) else {
                problem = Err(format!("page {number} is missing, is too deep or is used twice"));
                continue;
            };
            // The file header stands in front of the first page.
            let start = if number == 1 { 100 } else { 0 };
            let kind = page[start];
            let count = usize::from(u16_at(page, start + 3).unwrap_or(0));
            let (size, is_leaf) = match kind {
                TABLE_LEAF => (8, true),
                TABLE_INTERIOR => (12, false),
                _ => {
                    problem = Err(format!("page {number} is no page of a table"));
                    continue;
                }
            };
            let cells = (0..count).map_while(|index| u16_at(page, start + size + 2 * index));
            if is_leaf {
                for cell in cells {
                    let payload = self.payload(page, usize::from(cell));
                    if !found(payload) {
                        return Ok(());
                    }
                }
            } else {
                let children = cells.filter_map(|cell| u32_at(page, usize::from(cell)));
                let mut children: Vec<u32> = children.chain(u32_at(page, start + 8)).collect();
                children.reverse();
                pending.extend(children.into_iter().map(|child| (child, depth + 1)));
            }
        }
        problem
    }

    /// The whole payload of a leaf's cell, overflow pages included.
    fn payload(&mut self, page: &'a [u8], cell: usize) -> Option<Vec<u8>> {
        let (length, at) = varint(page, cell)?;
        let (_row, at) = varint(page, at)?;
        let length = usize::try_from(length).ok().filter(|length| *length <= self.size)?;
        let local = self.local(length);
        let mut payload = Vec::with_capacity(length);
        payload.extend_from_slice(page.get(at..at + local)?);
        let mut next = if local < length { u32_at(page, at + local)? } else { 0 };
        while payload.len() < length {
            let page = self.page(next)?;
            let take = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + take)?);
            next = u32_at(page, 0)?;
        }
        Some(payload)
    }

    /// Bytes of a payload that stand in the leaf itself (section 1.6).
    fn local(&self, length: usize) -> usize {
        let most = self.usable - 35;
        if length <= most {
            return length;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let spread = least + (length - least) % (self.usable - 4);
        if spread <= most { spread } else { least }
    }
}

/// A column of a record.
#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    Null,
    Number(i64),
    Real,
    Blob(&'a [u8]),
    Text(&'a [u8]),
}

/// The columns of a record (section 2.1).
fn columns(payload: &[u8]) -> Option<Vec<Value<'_>>> {
    let (header_size, mut at) = varint(payload, 0)?;
    let header_size = usize::try_from(header_size).ok().filter(|size| *size <= payload.len())?;
    let mut body = header_size;
    let mut columns = Vec::new();
    while at < header_size {
        let (kind, next) = varint(payload, at)?;
        at = next;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let raw = payload.get(body..body.checked_add(size)?)?;
        body += size;
        columns.push(match kind {
            0 => Value::Null,
            7 => Value::Real,
            8 => Value::Number(0),
            9 => Value::Number(1),
            1..=6 => Value::Number(number(raw)),
            _ if kind % 2 == 0 => Value::Blob(raw),
            _ => Value::Text(raw),
        });
    }
    Some(columns)
}

/// A big-endian number in two's complement of 1 to 8 bytes.
fn number(raw: &[u8]) -> i64 {
    let start = if raw.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    raw.iter().fold(start, |value, byte| value << 8 | i64::from(*byte))
}

/// A number of 1 to 9 bytes, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for index in 0..9 {
        let byte = *bytes.get(at + index)?;
        if index == 8 {
            return Some((value << 8 | u64::from(byte), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + index + 1));
        }
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}
