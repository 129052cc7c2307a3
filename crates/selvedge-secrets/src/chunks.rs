//! Tells which parts of a series of texts were not seen before, so that the many versions of a file in a
//! history are scanned once.
//!
//! A text is cut where its content says so: at blank lines, else at lines whose end hashes right. An edit
//! therefore moves no cut but those around it. A chunk is skipped only if it was seen before with the same
//! [`CONTEXT`] bytes after it, so a match that starts in it and is no longer than that cannot be lost; a
//! PEM block is taken whole. What is found is to be confirmed by scanning the whole text it is attributed
//! to ([`ChunkIndex::blobs_with`] names them all): a part of a text may show a match that the whole does not.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

/// No cut comes earlier than this, except at the end.
const CHUNK_MIN: usize = 512;
/// No chunk is longer.
const CHUNK_MAX: usize = 8 * 1024;
/// A match of at most this length that starts in a skipped chunk was seen before.
pub const CONTEXT: usize = 2 * 1024;
/// A PEM block of at most this length is scanned whole when any part of it is new.
const PEM_MAX: usize = 16 * 1024;
/// Locks that threads are spread over.
const SHARDS: usize = 64;

/// The low half of a chunk's hash, enough to find the texts that may hold it.
pub type ChunkId = u32;

/// What was seen so far. Shared between threads by reference.
#[derive(Debug)]
pub struct ChunkIndex {
    seen: Vec<Mutex<HashSet<u64, BuildHasherDefault<Identity>>>>,
    blobs: Mutex<Blobs>,
}

/// The chunks of every text, one after the other.
#[derive(Debug, Default)]
struct Blobs {
    /// Number of the text, and where its chunks start.
    starts: Vec<(u32, usize)>,
    chunks: Vec<ChunkId>,
}

/// The keys are hashes already.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Default for ChunkIndex {
    fn default() -> Self {
        Self::new()
    }
}

impl ChunkIndex {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self { seen: (0..SHARDS).map(|_| Mutex::default()).collect(), blobs: Mutex::default() }
    }

    /// Takes note of a text and returns its parts that need scanning, sorted and apart.
    ///
    /// `blob` is the caller's number for the text; each text is to be given once.
    pub fn scan_ranges(&self, blob: u32, bytes: &[u8]) -> Vec<Range<usize>> {
        let ends = cuts(bytes);
        let hashes: Vec<u64> = parts(&ends).map(|part| xxh3_64(&bytes[part])).collect();
        {
            let mut blobs = unpoisoned(&self.blobs);
            let start = blobs.chunks.len();
            blobs.starts.push((blob, start));
            blobs.chunks.extend(hashes.iter().map(|hash| *hash as ChunkId));
        }
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (index, part) in parts(&ends).enumerate() {
            let reach = part.end + CONTEXT;
            let last = ends.partition_point(|end| *end < reach).min(ends.len() - 1);
            let before = part.start.checked_sub(1).map_or(b'\n', |before| bytes[before]);
            if !self.is_new(before, &hashes[index..=last]) {
                continue;
            }
            let range = part.start..ends[last];
            match ranges.last_mut() {
                Some(known) if range.start <= known.end => known.end = known.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        whole_pem_blocks(bytes, ranges)
    }

    /// For each list of chunks, the texts that hold all of them, ascending.
    pub fn blobs_with(&self, wanted: &[Vec<ChunkId>]) -> Vec<Vec<u32>> {
        let mut asking: BTreeMap<ChunkId, Vec<usize>> = BTreeMap::new();
        for (query, chunks) in wanted.iter().enumerate() {
            for chunk in chunks {
                asking.entry(*chunk).or_default().push(query);
            }
        }
        let blobs = unpoisoned(&self.blobs);
        let mut found = vec![Vec::new(); wanted.len()];
        for (index, (blob, start)) in blobs.starts.iter().enumerate() {
            let end = blobs.starts.get(index + 1).map_or(blobs.chunks.len(), |(_, start)| *start);
            let mut held: BTreeMap<usize, HashSet<ChunkId>> = BTreeMap::new();
            for chunk in &blobs.chunks[*start..end] {
                for query in asking.get(chunk).into_iter().flatten() {
                    held.entry(*query).or_default().insert(*chunk);
                }
            }
            for (query, chunks) in held {
                if wanted[query].iter().all(|chunk| chunks.contains(chunk)) {
                    found[query].push(*blob);
                }
            }
        }
        for blobs in &mut found {
            blobs.sort_unstable();
        }
        found
    }

    /// Whether this run of chunks is met for the first time after this byte.
    fn is_new(&self, before: u8, hashes: &[u64]) -> bool {
        let key = hashes.iter().fold(u64::from(before), |key, hash| {
            (key.rotate_left(23) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        let shard = (key >> 32) as usize % SHARDS;
        unpoisoned(&self.seen[shard]).insert(key)
    }
}

/// The chunks of `bytes` that `span` touches.
pub fn chunks_at(bytes: &[u8], span: &Range<usize>) -> Vec<ChunkId> {
    let ends = cuts(bytes);
    parts(&ends)
        .filter(|part| part.start < span.end.max(span.start + 1) && span.start < part.end)
        .map(|part| xxh3_64(&bytes[part]) as ChunkId)
        .collect()
}

/// A thread that panicked held no half-made change: every change is one insertion.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn parts(ends: &[usize]) -> impl Iterator<Item = Range<usize>> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends.iter().copied()).map(|(start, end)| start..end)
}

/// The end of each chunk.
fn cuts(bytes: &[u8]) -> Vec<usize> {
    let blank_line = memmem::Finder::new(b"\n\n");
    let mut ends = Vec::with_capacity(bytes.len() / (2 * CHUNK_MIN) + 1);
    let mut start = 0;
    while start < bytes.len() {
        start = next_cut(&blank_line, bytes, start);
        ends.push(start);
    }
    ends
}

fn next_cut(blank_line: &memmem::Finder<'_>, bytes: &[u8], start: usize) -> usize {
    let from = start + CHUNK_MIN;
    if from >= bytes.len() {
        return bytes.len();
    }
    let limit = bytes.len().min(start + CHUNK_MAX);
    if let Some(place) = blank_line.find(&bytes[from..limit]) {
        return from + place + 2;
    }
    let mut line_end = None;
    for place in memchr::memchr_iter(b'\n', &bytes[from..limit]) {
        let end = from + place + 1;
        if ends_chunk(&bytes[end - 9..end - 1]) {
            return end;
        }
        line_end = Some(end);
    }
    if limit == bytes.len() {
        return limit;
    }
    line_end.unwrap_or_else(|| within_line(bytes, from, limit))
}

/// Whether a line that ends in these eight bytes ends its chunk; about one in sixteen does.
fn ends_chunk(tail: &[u8]) -> bool {
    let value = tail.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60 == 0
}

/// A place in a very long line that depends on the content alone, if there is one.
fn within_line(bytes: &[u8], from: usize, limit: usize) -> usize {
    let fits = |window: &[u8]| {
        let value = window.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
        value.wrapping_mul(0x9e37_79b1) >> 20 == 0
    };
    bytes[from..limit].windows(4).position(fits).map_or(limit, |place| from + place + 4)
}

/// Widens ranges that begin or end within a PEM block, and merges those that then meet.
fn whole_pem_blocks(bytes: &[u8], ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut widened: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for mut range in ranges {
        let earliest = range.start.saturating_sub(PEM_MAX);
        if let Some(begin) = open_block(&bytes[earliest..range.start]) {
            range.start = earliest + begin;
        }
        if open_block(&bytes[range.clone()]).is_some() {
            let latest = bytes.len().min(range.end + PEM_MAX);
            // An end marker cut by the range's end is found from a little before it.
            let from = range.end.saturating_sub(PEM_END.len()).max(range.start);
            range.end = memmem::find(&bytes[from..latest], PEM_END).map_or(latest, |end| {
                let line = memchr::memchr(b'\n', &bytes[from + end..latest]);
                line.map_or(latest, |length| from + end + length + 1)
            });
        }
        match widened.last_mut() {
            Some(known) if range.start <= known.end => {
                known.start = known.start.min(range.start);
                known.end = known.end.max(range.end);
            }
            _ => widened.push(range),
        }
    }
    widened
}

const PEM_BEGIN: &[u8] = b"-----BEGIN";
const PEM_END: &[u8] = b"-----END";

/// Where the first block begins that is still open at the end of `text`.
fn open_block(text: &[u8]) -> Option<usize> {
    let closed = memmem::rfind(text, PEM_END).map_or(0, |end| end + PEM_END.len());
    memmem::find(&text[closed..], PEM_BEGIN).map(|begin| closed + begin)
}

#[cfg(test)]
mod tests;
