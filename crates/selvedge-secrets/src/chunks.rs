//! Tells which parts of a series of texts were not seen before, so that the many versions of a file in a
//! history are scanned once.
//!
//! A text is cut where its content says so: at blank lines, else at lines whose end hashes right. An edit
//! therefore moves no cut but those around it. Who scans a chunk says on which bytes around each place its
//! result depends. Most chunks depend on nothing outside; such a one is skipped wherever it is met again. Another
//! is skipped if it was seen before with the same [`CONTEXT`] bytes on the sides it depends on, so a
//! match that is no longer than that cannot be lost; a chunk in which a PEM block begins is skipped only if all
//! of the block was seen. A rule whose matches may be anywhere once a keyword is anywhere in the text is
//! asked for separately, in texts with such a keyword. What is found is to be confirmed by scanning the whole text it is attributed
//! to ([`ChunkIndex::blobs_with`] names them all): a part of a text may show a match that the whole does not.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

use crate::decode;
use crate::scan::{Notes, Part, Reach};

/// No cut comes earlier than this, except at the end.
const CHUNK_MIN: usize = 512;
/// No chunk is longer.
const CHUNK_MAX: usize = 8 * 1024;
/// A match of at most this length that starts in a skipped chunk was seen before.
pub const CONTEXT: usize = 2 * 1024;
/// A PEM block of at most this length is seen as a whole.
const PEM_MAX: usize = 16 * 1024;
/// Locks that threads are spread over.
const SHARDS: usize = 64;

/// The low half of a chunk's hash, enough to find the texts that may hold it.
pub type ChunkId = u32;

/// What was seen so far. Shared between threads by reference.
#[derive(Debug)]
pub struct ChunkIndex {
    /// Rules without literals that are opened in every text.
    always: u64,
    seen: Vec<Mutex<Seen>>,
    blobs: Mutex<Blobs>,
}

/// Chunks and their surroundings, as hashes.
#[derive(Debug, Default)]
struct Seen {
    chunks: HashMap<u64, Ties, BuildHasherDefault<Identity>>,
    surroundings: HashSet<u64, BuildHasherDefault<Identity>>,
}

/// On which surroundings the result of scanning a chunk depends.
#[derive(Debug, Clone, Copy, Default)]
struct Ties {
    /// On so many bytes before it.
    before: u16,
    /// On so many bytes after it.
    after: u16,
    /// Rules without literals that a keyword in it opens.
    opened: u64,
}

/// The chunks of every text, one after the other.
#[derive(Debug, Default)]
struct Blobs {
    /// Number of the text, and where its chunks start.
    starts: Vec<(u32, usize)>,
    chunks: Vec<ChunkId>,
}

/// A text, cut.
struct Text<'a> {
    bytes: &'a [u8],
    ends: Vec<usize>,
    hashes: Vec<u64>,
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

impl ChunkIndex {
    /// Nothing seen yet. `always` are the rules that [`Scanner::always_opened`](crate::Scanner::always_opened)
    /// names.
    pub fn new(always: u64) -> Self {
        Self { always, seen: (0..SHARDS).map(|_| Mutex::default()).collect(), blobs: Mutex::default() }
    }

    /// Takes note of a text and has `look` look at each of its parts that need scanning.
    ///
    /// `blob` is the caller's number for the text; each text is to be given once. `look` is to call
    /// [`Scanner::scan_part`](crate::Scanner::scan_part) with what it is given.
    pub fn scan(&self, blob: u32, bytes: &[u8], look: &mut dyn FnMut(&Part, &mut dyn Notes)) {
        let text = Text::cut(bytes);
        {
            let mut blobs = unpoisoned(&self.blobs);
            let start = blobs.chunks.len();
            blobs.starts.push((blob, start));
            blobs.chunks.extend(text.hashes.iter().map(|hash| *hash as ChunkId));
        }
        let mut opened = self.always;
        let mut is_new = |index| {
            let ties = self.ties(text.hashes[index]);
            opened |= ties.map_or(0, |ties| ties.opened);
            ties.is_none_or(|ties| text.surroundings(index, ties).is_some_and(|key| !self.has_seen(key)))
        };
        let parts = text.runs(&mut is_new);
        for chunks in parts {
            opened |= self.look_at(&text, chunks, look);
        }
        if opened == 0 {
            return;
        }
        // Of a match that was never met before, two neighbours at least are neighbours for the first time.
        let around = |index| {
            let ties = Ties { before: 1, after: 1, opened };
            text.surroundings(index, ties).map_or(opened, |key| key ^ opened)
        };
        for chunks in text.runs(&mut |index| !self.has_seen(around(index))) {
            let range = text.range(&chunks);
            let mut notes = Noted { text: &text, first: chunks.start, ties: Vec::new() };
            look(&Part { range, opened: Some(opened) }, &mut notes);
            for index in chunks {
                self.see(around(index));
            }
        }
    }

    fn ties(&self, hash: u64) -> Option<Ties> {
        unpoisoned(&self.seen[shard(hash)]).chunks.get(&hash).copied()
    }

    fn has_seen(&self, key: u64) -> bool {
        unpoisoned(&self.seen[shard(key)]).surroundings.contains(&key)
    }

    fn see(&self, key: u64) {
        unpoisoned(&self.seen[shard(key)]).surroundings.insert(key);
    }

    /// Has these chunks looked at, and takes note of what their results depend on. Only then they count as
    /// seen: another thread that meets them before that looks at them, too. Returns the rules that they open.
    fn look_at(
        &self,
        text: &Text<'_>,
        chunks: Range<usize>,
        look: &mut dyn FnMut(&Part, &mut dyn Notes),
    ) -> u64 {
        let ties = chunks.clone().map(|index| Ties::of(&text.bytes[text.part(index)])).collect();
        let mut notes = Noted { text, first: chunks.start, ties };
        look(&Part { range: text.range(&chunks), opened: None }, &mut notes);
        let mut opened = 0;
        for (index, ties) in chunks.zip(notes.ties) {
            opened |= ties.opened;
            let hash = text.hashes[index];
            let ties = match unpoisoned(&self.seen[shard(hash)]).chunks.entry(hash) {
                Entry::Occupied(mut known) => {
                    known.get_mut().add(ties);
                    *known.get()
                }
                Entry::Vacant(entry) => *entry.insert(ties),
            };
            if let Some(key) = text.surroundings(index, ties) {
                self.see(key);
            }
        }
        opened
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
}

impl Ties {
    /// What can be told without scanning.
    fn of(chunk: &[u8]) -> Self {
        let after = match chunk {
            _ if open_block(chunk) => PEM_MAX,
            _ if decode::may_go_on(chunk) => CONTEXT,
            _ => 0,
        };
        Self { before: 0, after: after as u16, opened: 0 }
    }

    fn add(&mut self, other: Self) {
        self.before = self.before.max(other.before);
        self.after = self.after.max(other.after);
        self.opened |= other.opened;
    }
}

/// What is told of a run of chunks.
struct Noted<'a> {
    text: &'a Text<'a>,
    first: usize,
    ties: Vec<Ties>,
}

impl Noted<'_> {
    /// The chunk at a place, and what is noted of it.
    fn at(&mut self, place: usize) -> Option<(Range<usize>, &mut Ties)> {
        let index = self.text.ends.partition_point(|end| *end <= place);
        let ties = self.ties.get_mut(index.checked_sub(self.first)?)?;
        Some((self.text.part(index), ties))
    }
}

impl Notes for Noted<'_> {
    fn depends(&mut self, place: usize, reach: Reach) {
        if let Some((own, ties)) = self.at(place) {
            let before = reach.before.saturating_sub(place - own.start).min(CONTEXT);
            let after = reach.after.saturating_sub(own.end - place).min(CONTEXT);
            ties.before = ties.before.max(before as u16);
            ties.after = ties.after.max(after as u16);
        }
    }

    fn opens(&mut self, place: usize, rules: u64) {
        if let Some((_, ties)) = self.at(place) {
            ties.opened |= rules;
        }
    }
}

impl<'a> Text<'a> {
    fn cut(bytes: &'a [u8]) -> Self {
        let ends = cuts(bytes);
        let hashes = parts(&ends).map(|part| xxh3_64(&bytes[part])).collect();
        Self { bytes, ends, hashes }
    }

    /// Where a chunk lies.
    fn part(&self, index: usize) -> Range<usize> {
        index.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[index]
    }

    /// Where a run of chunks lies.
    fn range(&self, chunks: &Range<usize>) -> Range<usize> {
        self.part(chunks.start).start..self.ends[chunks.end - 1]
    }

    /// The runs of chunks for which `is_new` holds. Each is asked about once.
    fn runs(&self, is_new: &mut dyn FnMut(usize) -> bool) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for index in (0..self.ends.len()).filter(|index| is_new(*index)) {
            match runs.last_mut() {
                Some(run) if run.end == index => run.end += 1,
                _ => runs.push(index..index + 1),
            }
        }
        runs
    }

    /// Identifies a chunk with the surroundings it depends on; `None` if it depends on none.
    fn surroundings(&self, index: usize, ties: Ties) -> Option<u64> {
        let part = self.part(index);
        let mut key = self.hashes[index];
        let mut add = |value: u64| key = (key.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if ties.before == 0 && ties.after == 0 {
            return None;
        }
        if ties.before > 0 {
            let reach = part.start.saturating_sub(usize::from(ties.before));
            let first = self.ends[..index].partition_point(|end| *end <= reach);
            self.hashes[first..index].iter().for_each(|hash| add(*hash));
            add(u64::from(reach == 0));
        }
        if ties.after > 0 {
            let reach = part.end + usize::from(ties.after);
            let last = index + self.ends[index..].partition_point(|end| *end < reach);
            self.hashes[index + 1..self.ends.len().min(last + 1)].iter().for_each(|hash| add(*hash));
            add(u64::from(last >= self.ends.len()));
        }
        Some(key)
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

/// Which lock guards a hash.
fn shard(hash: u64) -> usize {
    (hash >> 32) as usize % SHARDS
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

const PEM_BEGIN: &[u8] = b"-----BEGIN";
const PEM_END: &[u8] = b"-----END";

/// Whether a block begins in `text` and does not end.
fn open_block(text: &[u8]) -> bool {
    let Some(mut begin) = memmem::find(text, PEM_BEGIN) else { return false };
    while let Some(end) = memmem::find(&text[begin..], PEM_END) {
        match memmem::find(&text[begin + end..], PEM_BEGIN) {
            Some(next) => begin += end + next,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests;
