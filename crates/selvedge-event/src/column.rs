//! One dictionary column while it grows.

use std::sync::Arc;

use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// The key of a row without a value.
const ABSENT: i32 = -1;

/// Marks an entry that is compared by its value, not by its spelling in the raw line.
const PLAIN: u32 = u32::MAX;

/// A column makes room for this many rows at once.
const KEYS_AT_ONCE: usize = 1024;

/// A value of the dictionary.
#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u64,
    key: i32,
    /// Where in the raw bytes of the batch it stands with its escapes, or [`PLAIN`].
    raw_at: u32,
    raw_length: u32,
}

/// A dictionary of distinct values and one key per row.
///
/// A JSON string with escapes is looked up by its escaped spelling, so that it is unescaped once per distinct
/// spelling. One value may therefore stand in the dictionary twice; readers must not take keys for identity.
/// Hashes are unkeyed: a sender who constructs collisions costs at most a scan of one batch's dictionary per value.
#[derive(Debug, Default)]
pub(crate) struct Column {
    keys: Vec<i32>,
    values: Vec<u8>,
    /// Where each value ends.
    ends: Vec<i32>,
    table: HashTable<Entry>,
    /// The entry of the last value: columns such as `Channel` rarely change.
    last: Option<Entry>,
    /// Bytes and number of the values of the batch before: room for as many is made at once.
    usual: (usize, usize),
}

/// A length as Arrow writes offsets and keys.
pub(crate) fn offset(length: usize) -> i32 {
    i32::try_from(length).expect("the limits keep a batch far below 2 GiB")
}

/// A string of the raw line that holds escapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escaped<'a> {
    /// The text between the quotes.
    pub(crate) text: &'a str,
    /// Where it stands in the raw bytes of the batch.
    pub(crate) raw_at: usize,
}

impl Column {
    /// Number of rows, up to the last that has a value.
    pub(crate) fn rows(&self) -> usize {
        self.keys.len()
    }

    /// Gives the row `row`, which must not have one yet, the value of `key`.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, key: i32) {
        if self.keys.capacity() == 0 {
            self.keys.reserve(KEYS_AT_ONCE);
        }
        self.keys.resize(row, ABSENT);
        self.keys.push(key);
    }

    /// Replaces the value of the last row that has one.
    pub(crate) fn replace_last(&mut self, key: i32) {
        if let Some(last) = self.keys.last_mut() {
            *last = key;
        }
    }

    /// Key of the last row that has a value.
    pub(crate) fn last_key(&self) -> Option<i32> {
        self.keys.last().copied()
    }

    /// Forgets the values of the rows from `row`; the dictionary keeps them.
    pub(crate) fn truncate(&mut self, row: usize) {
        self.keys.truncate(row);
    }

    /// The value behind `key`.
    pub(crate) fn value(&self, key: i32) -> &str {
        std::str::from_utf8(self.value_bytes_of(key)).unwrap_or_default()
    }

    fn value_bytes_of(&self, key: i32) -> &[u8] {
        let index = key.cast_unsigned() as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1].cast_unsigned() as usize };
        &self.values[start..self.ends[index].cast_unsigned() as usize]
    }

    /// The key of `text`, which is made a value of the dictionary if it is none.
    #[inline]
    pub(crate) fn intern(&mut self, text: &str) -> i32 {
        if let Some(last) = self.last
            && last.raw_at == PLAIN
            && self.value_bytes_of(last.key) == text.as_bytes()
        {
            return last.key;
        }
        let hash = xxh3_64(text.as_bytes());
        let same = |entry: &Entry| {
            entry.hash == hash && entry.raw_at == PLAIN && self.value_bytes_of(entry.key) == text.as_bytes()
        };
        let known = self.table.find(hash, same).copied();
        let entry = known.unwrap_or_else(|| {
            self.values.extend_from_slice(text.as_bytes());
            self.insert(hash, PLAIN, 0)
        });
        self.last = Some(entry);
        entry.key
    }

    /// As [`Column::intern`] for a JSON string with escapes; `raw` holds the raw bytes of the batch.
    #[inline]
    pub(crate) fn intern_escaped(&mut self, escaped: Escaped<'_>, raw: &[u8]) -> i32 {
        let bytes = escaped.text.as_bytes();
        let spelling = |entry: &Entry| {
            let at = entry.raw_at as usize;
            entry.raw_at != PLAIN && raw.get(at..at + entry.raw_length as usize) == Some(bytes)
        };
        if let Some(last) = self.last
            && spelling(&last)
        {
            return last.key;
        }
        let hash = xxh3_64(bytes);
        let known = self.table.find(hash, |entry| entry.hash == hash && spelling(entry)).copied();
        let entry = known.unwrap_or_else(|| {
            super::json::unescape(escaped.text, &mut self.values);
            self.insert(hash, escaped.raw_at as u32, bytes.len() as u32)
        });
        self.last = Some(entry);
        entry.key
    }

    /// Makes the bytes that were appended to `values` a value.
    fn insert(&mut self, hash: u64, raw_at: u32, raw_length: u32) -> Entry {
        if self.ends.capacity() == 0 {
            self.values.reserve(self.usual.0);
            self.ends.reserve(self.usual.1);
        }
        let entry = Entry { hash, key: offset(self.ends.len()), raw_at, raw_length };
        self.ends.push(offset(self.values.len()));
        self.table.insert_unique(hash, entry, |entry| entry.hash);
        entry
    }

    /// The column of `rows` rows; the builder is empty afterwards. `None` if no row has a value.
    pub(crate) fn finish(&mut self, rows: usize) -> Option<ArrayRef> {
        let mut keys = std::mem::take(&mut self.keys);
        self.usual = (self.values.len(), self.ends.len());
        let mut offsets = Vec::with_capacity(self.ends.len() + 1);
        offsets.push(0);
        offsets.append(&mut self.ends);
        let values = std::mem::take(&mut self.values);
        self.table.clear();
        self.last = None;
        if keys.is_empty() {
            return None;
        }
        keys.resize(rows, ABSENT);
        let present = BooleanBuffer::collect_bool(rows, |row| keys[row] != ABSENT);
        let nulls = NullBuffer::new(present);
        let nulls = (nulls.null_count() > 0).then_some(nulls);
        if nulls.is_some() {
            for key in &mut keys {
                *key = (*key).max(0);
            }
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        let values = StringArray::try_new(offsets, Buffer::from_vec(values), None)
            .expect("every value was copied from a `str` whole");
        let keys = Int32Array::new(ScalarBuffer::from(keys), nulls);
        let array =
            DictionaryArray::try_new(keys, Arc::new(values)).expect("keys were given by this dictionary");
        Some(Arc::new(array))
    }
}
