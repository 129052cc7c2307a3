//! The names in trees, each kept once, so that what is said of millions of entries fits in memory.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::entry::entries;

/// Names, each with a number.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<Box<[u8]>, u32>,
    texts: Vec<Box<[u8]>>,
}

impl Names {
    /// The number of a name.
    pub(super) fn number(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(name.into(), number);
        self.texts.push(name.into());
        number
    }

    /// The name with this number.
    pub(super) fn text(&self, number: u32) -> &[u8] {
        &self.texts[number as usize]
    }

    /// Takes in all names of `other`; says which number each of its numbers has become.
    pub(super) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.texts.iter().map(|name| self.number(name)).collect()
    }
}

/// The names of the files in a tree, cut into runs, so that versions of a directory share what they have in
/// common: where a run ends depends on the name there alone.
#[derive(Default)]
pub(super) struct NameRuns {
    numbers: HashMap<u64, u32>,
    runs: Vec<Vec<u32>>,
}

/// One name in this many ends a run.
const RUN_LENGTH: u64 = 16;

impl NameRuns {
    /// Adds the numbers of the runs of the tree `bytes` to `into`.
    pub(super) fn of_tree(&mut self, bytes: &[u8], hash_len: usize, names: &mut Names, into: &mut Vec<u32>) {
        let mut key = 0_u64;
        let mut start = None;
        let mut end = bytes.len();
        for entry in entries(bytes, hash_len) {
            end = bytes.len() - entry.left;
            if !entry.is_file() {
                continue;
            }
            let hash = xxh3_64(entry.name);
            key = (key.rotate_left(29) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let from = *start.get_or_insert(entry.start);
            if hash.is_multiple_of(RUN_LENGTH) {
                into.push(self.run(key, &bytes[from..end], hash_len, names));
                (key, start) = (0, None);
            }
        }
        if let Some(from) = start {
            into.push(self.run(key, &bytes[from..end], hash_len, names));
        }
    }

    fn run(&mut self, key: u64, bytes: &[u8], hash_len: usize, names: &mut Names) -> u32 {
        *self.numbers.entry(key).or_insert_with(|| {
            let files = entries(bytes, hash_len).filter(super::entry::Entry::is_file);
            self.runs.push(files.map(|entry| names.number(entry.name)).collect());
            self.runs.len() as u32 - 1
        })
    }

    /// The names of a run.
    pub(super) fn names(&self, run: u32) -> &[u32] {
        &self.runs[run as usize]
    }

    /// Takes in the runs of `other`, whose names have become `renumbered`; says which number each of its runs
    /// has become.
    pub(super) fn absorb(&mut self, other: Self, renumbered: &[u32]) -> Vec<u32> {
        let first = self.runs.len() as u32;
        let count = other.runs.len() as u32;
        self.runs.extend(other.runs.into_iter().map(|run| {
            let names = run.into_iter().map(|name| renumbered[name as usize]);
            names.collect()
        }));
        (first..first + count).collect()
    }
}
