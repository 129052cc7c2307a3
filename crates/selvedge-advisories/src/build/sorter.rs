//! Sorting more than fits in memory: pairs of bytes, sorted in runs on disk and merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::index::varint::put_u64;

/// What one row costs in memory beside its bytes.
const ROW_OVERHEAD: usize = 64;

/// Speed before size: runs live for seconds.
const RUN_LEVEL: i32 = 1;

/// Longest key or payload that is read back; what claims more is a damaged run.
const FIELD_BYTES_MAX: u64 = 1 << 30;

/// A pair: sorted by the key, then by the payload.
pub(crate) type Row = (Vec<u8>, Vec<u8>);

/// Collects rows in any order.
pub(crate) struct Sorter {
    rows: Vec<Row>,
    used: usize,
    memory_max: usize,
    folder: PathBuf,
    runs: Vec<File>,
}

/// Rows in their order; they can be walked more than once.
pub(crate) struct Sorted {
    rows: Vec<Row>,
    runs: Vec<File>,
}

impl Sorter {
    /// Keeps at most about `memory_max` bytes in memory, and the rest in unnamed files in `folder`.
    pub(crate) fn new(folder: &Path, memory_max: usize) -> Self {
        Self { rows: Vec::new(), used: 0, memory_max, folder: folder.to_path_buf(), runs: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, key: Vec<u8>, payload: Vec<u8>) -> io::Result<()> {
        self.used += key.len() + payload.len() + ROW_OVERHEAD;
        self.rows.push((key, payload));
        if self.used > self.memory_max { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        self.rows.sort_unstable();
        let file = tempfile::tempfile_in(&self.folder)?;
        let mut out = zstd::Encoder::new(BufWriter::new(file), RUN_LEVEL)?;
        let mut head = Vec::new();
        for (key, payload) in self.rows.drain(..) {
            head.clear();
            put_u64(&mut head, key.len() as u64);
            put_u64(&mut head, payload.len() as u64);
            out.write_all(&head)?;
            out.write_all(&key)?;
            out.write_all(&payload)?;
        }
        let file = out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.runs.push(file);
        self.used = 0;
        Ok(())
    }

    /// Ends the collection.
    pub(crate) fn finish(mut self) -> io::Result<Sorted> {
        if self.runs.is_empty() {
            self.rows.sort_unstable();
        } else if !self.rows.is_empty() {
            self.spill()?;
        }
        Ok(Sorted { rows: self.rows, runs: self.runs })
    }
}

impl Sorted {
    /// Calls `each` with every row in order.
    pub(crate) fn walk(&mut self, mut each: impl FnMut(&[u8], &[u8]) -> io::Result<()>) -> io::Result<()> {
        for (key, payload) in &self.rows {
            each(key, payload)?;
        }
        let mut readers = Vec::new();
        let mut heap = BinaryHeap::new();
        for (number, run) in self.runs.iter_mut().enumerate() {
            run.seek(SeekFrom::Start(0))?;
            let mut reader = BufReader::new(zstd::Decoder::new(&*run)?);
            if let Some(row) = next_row(&mut reader)? {
                heap.push(Reverse((row, number)));
            }
            readers.push(reader);
        }
        while let Some(Reverse(((key, payload), number))) = heap.pop() {
            each(&key, &payload)?;
            if let Some(row) = next_row(&mut readers[number])? {
                heap.push(Reverse((row, number)));
            }
        }
        Ok(())
    }
}

fn next_row(reader: &mut impl Read) -> io::Result<Option<Row>> {
    let Some(key_length) = next_u64(reader)? else { return Ok(None) };
    let payload_length = next_u64(reader)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Some((next_bytes(reader, key_length)?, next_bytes(reader, payload_length)?)))
}

fn next_bytes(reader: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    if length > FIELD_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn next_u64(reader: &mut impl Read) -> io::Result<Option<u64>> {
    let mut value = 0;
    let mut byte = [0];
    for step in 0..10 {
        if reader.read(&mut byte)? == 0 {
            return if step == 0 { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        value |= u64::from(byte[0] & 0x7f) << (7 * step);
        if byte[0] < 0x80 {
            return Ok(Some(value));
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(rows: &[Row], memory_max: usize) -> Vec<Row> {
        let mut sorter = Sorter::new(&std::env::temp_dir(), memory_max);
        for (key, payload) in rows {
            sorter.push(key.clone(), payload.clone()).unwrap();
        }
        let mut all = Vec::new();
        let mut sorted = sorter.finish().unwrap();
        for _ in 0..2 {
            all.clear();
            sorted
                .walk(|key, payload| {
                    all.push((key.to_vec(), payload.to_vec()));
                    Ok(())
                })
                .unwrap();
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn rows_come_out_sorted_whether_they_fit_or_not(rows: Vec<Row>) {
            let mut expected = rows.clone();
            expected.sort();
            prop_assert_eq!(&sorted(&rows, usize::MAX), &expected);
            prop_assert_eq!(&sorted(&rows, 500), &expected);
        }
    }
}
