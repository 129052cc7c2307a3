//! Decodes objects out of packs, alone or a whole family of deltas at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gix::objs::Kind;
use gix::zlib::Inflate;

use super::delta::{self, Sizes};
use super::pack::{Family, NONE, Pack};

/// The largest object that is decoded, even if only to decode what is stored as a delta of it.
pub(super) const OBJECT_BYTES_MAX: u64 = 128 << 20;

/// Bytes of decoded objects that one thread may keep because deltas of them are still to be decoded.
/// A family that needs more waits until no other does.
const HELD_BYTES: usize = 16 << 20;

/// Bytes of decoded objects that are ever kept for one family.
const HELD_BYTES_MAX: usize = 256 << 20;

/// Capacity of buffers that are kept for reuse.
const BUFFER_KEPT: usize = 1 << 20;

/// Lets one thread at a time keep more than its usual share of decoded objects.
#[derive(Default)]
pub(super) struct LargeFamilies(Mutex<()>);

/// Receives the objects of a family.
pub(super) trait Receive {
    /// An object that others do not depend on, before it is decoded, its size known: whether to.
    fn wants(&mut self, entry: u32, size: u64, start: &mut dyn FnMut() -> Vec<u8>) -> bool;

    /// An object.
    fn object(&mut self, entry: u32, kind: Kind, bytes: &[u8]);

    /// Objects that are not decoded.
    fn lost(&mut self, entry: u32, count: u32, why: Loss);
}

/// Why objects are not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// The pack is damaged there.
    Damaged,
    /// Over [`OBJECT_BYTES_MAX`] or [`HELD_BYTES_MAX`].
    TooLarge,
}

/// What decoding needs and what can be used again.
#[derive(Default)]
pub(super) struct Decoder {
    inflate: Inflate,
    delta: Vec<u8>,
    spare: Vec<Vec<u8>>,
}

/// A decoded object and the next of its deltas.
struct Held {
    bytes: Vec<u8>,
    next: u32,
}

impl Decoder {
    /// Reads one object; `None` if it is damaged or over the limit.
    pub(super) fn read(&mut self, pack: &Pack, entry: u32) -> Option<Vec<u8>> {
        let mut chain = pack.chain(entry)?;
        let mut bytes = Vec::new();
        self.whole(pack, chain.pop()?, &mut bytes).ok()?;
        while let Some(entry) = chain.pop() {
            let mut result = Vec::new();
            self.apply(pack, entry, &bytes, &mut result).ok()?;
            bytes = result;
        }
        Some(bytes)
    }

    /// Decodes every member of a family once.
    ///
    /// Depth first, so that an object is kept only until the last of its deltas is decoded.
    pub(super) fn family(
        &mut self,
        pack: &Pack,
        family: &Family,
        large: &LargeFamilies,
        receive: &mut dyn Receive,
    ) {
        let root = family.root;
        let mut alone: Option<MutexGuard<'_, ()>> = None;
        let mut held = Vec::new();
        let mut held_bytes = 0;
        if pack.first_child(root) == NONE && !self.is_wanted(pack, root, receive) {
            return;
        }
        if pack.stored(root).is_some_and(|stored| stored.size > HELD_BYTES as u64) {
            alone = Some(large.enter());
        }
        let mut bytes = self.spare.pop().unwrap_or_default();
        if let Err(why) = self.whole(pack, root, &mut bytes) {
            receive.lost(root, family.members, why);
            return;
        }
        receive.object(root, family.kind, &bytes);
        held_bytes += bytes.len();
        held.push(Held { bytes, next: pack.first_child(root) });
        while let Some(mut base) = held.pop() {
            let entry = base.next;
            if entry == NONE {
                held_bytes -= base.bytes.len();
                self.recycle(base.bytes);
                continue;
            }
            base.next = pack.next_sibling(entry);
            let mut bytes = self.spare.pop().unwrap_or_default();
            let outcome = self.apply(pack, entry, &base.bytes, &mut bytes);
            if base.next == NONE {
                held_bytes -= base.bytes.len();
                self.recycle(base.bytes);
            } else {
                held.push(base);
            }
            let outcome = outcome.and_then(|()| {
                let fits = held_bytes + bytes.len() <= HELD_BYTES_MAX;
                if fits { Ok(()) } else { Err(Loss::TooLarge) }
            });
            if let Err(why) = outcome {
                receive.lost(entry, descendants(pack, entry), why);
                self.recycle(bytes);
                continue;
            }
            receive.object(entry, family.kind, &bytes);
            let next = pack.first_child(entry);
            if next == NONE {
                self.recycle(bytes);
                continue;
            }
            held_bytes += bytes.len();
            held.push(Held { bytes, next });
            if held_bytes > HELD_BYTES && alone.is_none() {
                alone = Some(large.enter());
            }
        }
        drop(alone);
    }

    fn is_wanted(&mut self, pack: &Pack, entry: u32, receive: &mut dyn Receive) -> bool {
        let Some(stored) = pack.stored(entry) else { return true };
        let mut start = || {
            let mut bytes = vec![0; stored.size.min(crate::text::SNIFF_BYTES as u64) as usize];
            self.inflate.reset();
            let length =
                self.inflate.prefix(stored.compressed, &mut bytes).map_or(0, |(_, _, length)| length);
            bytes.truncate(length);
            bytes
        };
        receive.wants(entry, stored.size, &mut start)
    }

    /// Decodes an entry that is stored whole.
    fn whole(&mut self, pack: &Pack, entry: u32, bytes: &mut Vec<u8>) -> Result<(), Loss> {
        let stored = pack.stored(entry).filter(|stored| stored.kind.is_some()).ok_or(Loss::Damaged)?;
        inflate(&mut self.inflate, stored.compressed, stored.size, bytes)
    }

    /// Decodes an entry that is a delta of `base`.
    fn apply(&mut self, pack: &Pack, entry: u32, base: &[u8], bytes: &mut Vec<u8>) -> Result<(), Loss> {
        let stored = pack.stored(entry).filter(|stored| stored.kind.is_none()).ok_or(Loss::Damaged)?;
        inflate(&mut self.inflate, stored.compressed, stored.size, &mut self.delta)?;
        let sizes = Sizes::of(&self.delta).ok_or(Loss::Damaged)?;
        if sizes.result as u64 > OBJECT_BYTES_MAX {
            return Err(Loss::TooLarge);
        }
        let applied = delta::apply(base, &self.delta, &sizes, bytes);
        if self.delta.capacity() > BUFFER_KEPT {
            self.delta = Vec::new();
        }
        if applied { Ok(()) } else { Err(Loss::Damaged) }
    }

    fn recycle(&mut self, buffer: Vec<u8>) {
        if buffer.capacity() <= BUFFER_KEPT && self.spare.len() < 8 {
            self.spare.push(buffer);
        }
    }
}

impl LargeFamilies {
    fn enter(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decompresses a stream that must yield exactly `size` bytes.
fn inflate(inflate: &mut Inflate, compressed: &[u8], size: u64, bytes: &mut Vec<u8>) -> Result<(), Loss> {
    if size > OBJECT_BYTES_MAX {
        return Err(Loss::TooLarge);
    }
    let size = size as usize;
    // Room for one byte more shows a stream that is longer than stated, and lets the check sum at the
    // end of the stream be reached.
    bytes.clear();
    bytes.resize(size + 1, 0);
    inflate.reset();
    let (status, _, length) = inflate.once(compressed, bytes).map_err(|_| Loss::Damaged)?;
    bytes.truncate(size);
    let whole = length == size && status == gix::zlib::Status::StreamEnd;
    if whole { Ok(()) } else { Err(Loss::Damaged) }
}

/// Number of entries that are built upon `entry`, itself included.
fn descendants(pack: &Pack, entry: u32) -> u32 {
    let mut count = 0;
    let mut pending = vec![entry];
    while let Some(entry) = pending.pop() {
        count += 1;
        let mut child = pack.first_child(entry);
        while child != NONE {
            pending.push(child);
            child = pack.next_sibling(child);
        }
    }
    count
}
