//! One pack: which objects it holds, and which of them are stored as deltas of which.

use std::path::Path;

use gix::odb::pack::data::entry::Header;
use gix::odb::pack::{data, index};

/// No entry.
pub(super) const NONE: u32 = u32::MAX;

/// A pack and the tree of deltas in it. An entry is named by its place in the pack's index.
pub(super) struct Pack {
    data: data::File,
    index: index::File,
    /// For each start of an id, the first entry whose id starts so or later.
    fan: Vec<u32>,
    /// Number of its first object among all objects of the history.
    pub(super) base: u32,
    /// For each entry, the entry that it is a delta of.
    base_of: Vec<u32>,
    /// For each entry, the first of the entries that are deltas of it.
    first_child: Vec<u32>,
    /// For each entry, the next entry that is a delta of the same one.
    next_sibling: Vec<u32>,
    /// Entries that are stored whole, each with what is built upon it.
    pub(super) families: Vec<Family>,
    /// Number of entries whose chain of deltas starts nowhere in this pack.
    pub(super) orphans: u32,
}

/// An entry that is stored whole, and all that are deltas of it, directly or not. All are of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    pub(super) root: u32,
    pub(super) members: u32,
    pub(super) kind: gix::objs::Kind,
}

/// Where the content of an entry lies, and what it is.
pub(super) struct Stored<'a> {
    /// The compressed bytes, and what follows them.
    pub(super) compressed: &'a [u8],
    /// Size after decompression: of the object, or of the delta.
    pub(super) size: u64,
    /// Its kind, or `None` for a delta.
    pub(super) kind: Option<gix::objs::Kind>,
    base: Option<u32>,
}

impl Pack {
    /// Opens the pack with the index at `index_path`; its objects are numbered from `base`.
    pub(super) fn open(index_path: &Path, base: u32, hash: gix::hash::Kind) -> Result<Self, gix::Error> {
        let index = index::File::at(index_path, hash)?;
        let data = data::File::at(index_path.with_extension("pack"), hash)?;
        let mut pack = Self {
            data,
            fan: fan(&index),
            index,
            base,
            base_of: Vec::new(),
            first_child: Vec::new(),
            next_sibling: Vec::new(),
            families: Vec::new(),
            orphans: 0,
        };
        pack.link();
        Ok(pack)
    }

    /// Number of entries.
    pub(super) fn len(&self) -> u32 {
        self.index.num_objects()
    }

    /// The entry of the object `id`.
    pub(super) fn find(&self, id: &gix::oid) -> Option<u32> {
        let start = start(id, self.fan.len() - 1);
        let (mut low, mut high) = (self.fan[start], self.fan[start + 1]);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.index.oid_at_index(middle).cmp(id) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The object id of an entry.
    pub(super) fn id(&self, entry: u32) -> &gix::oid {
        self.index.oid_at_index(entry)
    }

    /// The first delta of `entry`, or [`NONE`].
    pub(super) fn first_child(&self, entry: u32) -> u32 {
        self.first_child[entry as usize]
    }

    /// The next delta of the same entry, or [`NONE`].
    pub(super) fn next_sibling(&self, entry: u32) -> u32 {
        self.next_sibling[entry as usize]
    }

    /// Where the content of `entry` lies; `None` if the pack is damaged there.
    pub(super) fn stored(&self, entry: u32) -> Option<Stored<'_>> {
        self.stored_at(self.index.pack_offset_at_index(entry), |_| None)
    }

    /// The entries from `entry` to the one stored whole that it is built upon; `None` if there is none.
    pub(super) fn chain(&self, entry: u32) -> Option<Vec<u32>> {
        let mut chain = vec![entry];
        while self.stored(*chain.last()?)?.kind.is_none() {
            let base = self.base_of[*chain.last()? as usize];
            // Longer than the number of entries means a circle.
            if base == NONE || chain.len() > self.len() as usize {
                return None;
            }
            chain.push(base);
        }
        Some(chain)
    }

    /// Reads the header of the entry at `offset`; `at` tells the entry at an offset.
    fn stored_at(&self, offset: u64, at: impl Fn(u64) -> Option<u32>) -> Option<Stored<'_>> {
        let end = self.data.pack_end() as u64;
        if offset >= end {
            return None;
        }
        let entry =
            data::Entry::from_bytes(self.data.entry_slice(offset..end)?, offset, self.data.object_hash())
                .ok()?;
        let base = match entry.header {
            Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(base_distance).and_then(at),
            Header::RefDelta { base_id } => self.find(&base_id),
            Header::Commit | Header::Tree | Header::Blob | Header::Tag => None,
        };
        Some(Stored {
            compressed: self.data.entry_slice(entry.data_offset..end)?,
            size: entry.decompressed_size,
            kind: entry.header.as_kind(),
            base,
        })
    }

    /// Finds out which entries are deltas of which.
    fn link(&mut self) {
        let count = self.len() as usize;
        let mut offsets: Vec<_> =
            (0..self.len()).map(|entry| (self.index.pack_offset_at_index(entry), entry)).collect();
        offsets.sort_unstable();
        let mut base_of = vec![NONE; count];
        let mut first_child = vec![NONE; count];
        let mut next_sibling = vec![NONE; count];
        let mut families = Vec::new();
        // Backwards, so that siblings end up in the order in which they lie in the pack.
        for (offset, entry) in offsets.iter().rev() {
            let Some(stored) = self.stored_at(*offset, |base| entry_at(&offsets, base)) else { continue };
            if let Some(kind) = stored.kind {
                families.push(Family { root: *entry, members: 0, kind });
            } else if let Some(base) = stored.base {
                base_of[*entry as usize] = base;
                next_sibling[*entry as usize] = first_child[base as usize];
                first_child[base as usize] = *entry;
            }
        }
        let mut placed = 0;
        let mut pending = Vec::new();
        for family in &mut families {
            pending.push(family.root);
            while let Some(entry) = pending.pop() {
                family.members += 1;
                let mut child = first_child[entry as usize];
                while child != NONE {
                    pending.push(child);
                    child = next_sibling[child as usize];
                }
            }
            placed += family.members;
        }
        // The largest first: one that is begun last would be decoded while the other threads idle.
        families.sort_by_key(|family| std::cmp::Reverse(family.members));
        self.orphans = self.len() - placed;
        self.base_of = base_of;
        self.first_child = first_child;
        self.next_sibling = next_sibling;
        self.families = families;
    }
}

/// Of the ids of a pack, the first entry for each start; one more than there are starts. Several times finer than
/// the table in the index, so that most look-ups read one id.
fn fan(index: &index::File) -> Vec<u32> {
    let count = index.num_objects();
    let starts = (count as usize / 2).next_power_of_two().clamp(1, 1 << START_BITS_MAX);
    let mut fan = Vec::with_capacity(starts + 1);
    for entry in 0..count {
        // In a damaged index ids may stand in any order; those out of order are not found.
        let start = start(index.oid_at_index(entry), starts);
        while fan.len() <= start {
            fan.push(entry);
        }
    }
    fan.resize(starts + 1, count);
    fan
}

/// No more bits of an id than this tell its place.
const START_BITS_MAX: u32 = 22;

/// Which of `starts`, a power of two, an id has.
fn start(id: &gix::oid, starts: usize) -> usize {
    let head = id.as_bytes().first_chunk::<4>().map_or(0, |head| u32::from_be_bytes(*head));
    ((u64::from(head) * starts as u64) >> 32) as usize
}

fn entry_at(offsets: &[(u64, u32)], offset: u64) -> Option<u32> {
    offsets.binary_search_by_key(&offset, |(offset, _)| *offset).ok().map(|at| offsets[at].1)
}
