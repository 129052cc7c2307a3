//! Decodes all objects of some kinds, each once, on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use gix::objs::Kind;

use super::decode::{Decoder, LargeFamilies, Loss, OBJECT_BYTES_MAX, Receive};
use super::pack::Family;
use super::store::Store;
use crate::SourceOptions;

/// Receives objects on one thread. Objects are named by their number.
pub(super) trait Collect {
    /// An object whose size is known and which no other depends on: whether to decode it.
    fn wants(&mut self, object: u32, size: u64, start: &mut dyn FnMut() -> Vec<u8>) -> bool;

    /// An object.
    fn object(&mut self, object: u32, kind: Kind, bytes: &[u8]);

    /// `count` objects, of which `object` is one, cannot be had.
    fn lost(&mut self, object: u32, count: u32, why: Loss);
}

/// Decodes every object of the given kinds once. Every thread has a collector of its own; they are
/// handed back in no particular order.
pub(super) fn traverse<C: Collect + Send>(
    store: &Store,
    options: &SourceOptions,
    kinds: &[Kind],
    new_collector: impl Fn() -> C + Sync,
) -> Vec<C> {
    let tasks = tasks(store, kinds);
    let next = AtomicUsize::new(0);
    let large = LargeFamilies::default();
    let work = || {
        let mut collector = new_collector();
        let mut decoder = Decoder::default();
        let mut buffer = Vec::new();
        while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            if options.cancelled() {
                break;
            }
            match *task {
                Task::Family { pack: pack_index, family } => {
                    let pack = &store.packs[pack_index];
                    let mut numbered =
                        Numbered { store, pack_index, base: pack.base, collector: &mut collector };
                    decoder.family(pack, &pack.families[family], &large, &mut numbered);
                }
                Task::Loose(at) => loose(store, kinds, at, &mut buffer, &mut collector),
            }
        }
        collector
    };
    let threads = options.thread_count().min(tasks.len()).max(1);
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut collectors = vec![work()];
        for other in others {
            match other.join() {
                Ok(collector) => collectors.push(collector),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        collectors
    })
}

/// Something for one thread to do.
enum Task {
    Family { pack: usize, family: usize },
    Loose(usize),
}

fn tasks(store: &Store, kinds: &[Kind]) -> Vec<Task> {
    let wanted = |family: &Family| kinds.contains(&family.kind);
    let mut tasks = Vec::new();
    for (pack, Family { .. }, family) in store.packs.iter().enumerate().flat_map(|(at, pack)| {
        pack.families.iter().enumerate().filter(|(_, family)| wanted(family)).map(move |(n, f)| (at, f, n))
    }) {
        tasks.push(Task::Family { pack, family });
    }
    tasks.extend((0..store.loose.len()).map(Task::Loose));
    tasks
}

/// Reads one loose object, if it is of the right kind.
fn loose(store: &Store, kinds: &[Kind], at: usize, buffer: &mut Vec<u8>, collector: &mut dyn Collect) {
    let loose = &store.loose[at];
    let object = store.loose_number(at);
    let Some((kind, size)) = store.loose_header(loose) else {
        // Its kind is unknown, so it is reported with the blobs only.
        if kinds.contains(&Kind::Blob) {
            collector.lost(object, 1, Loss::Damaged);
        }
        return;
    };
    if !kinds.contains(&kind) {
        return;
    }
    if size > OBJECT_BYTES_MAX {
        collector.lost(object, 1, Loss::TooLarge);
        return;
    }
    match store.read_loose(loose, buffer) {
        Some(()) => collector.object(object, kind, buffer),
        None => collector.lost(object, 1, Loss::Damaged),
    }
}

/// Turns entries of a pack into numbers of objects, and leaves out what an earlier pack has too.
struct Numbered<'a> {
    store: &'a Store,
    pack_index: usize,
    base: u32,
    collector: &'a mut dyn Collect,
}

impl Receive for Numbered<'_> {
    fn wants(&mut self, entry: u32, size: u64, start: &mut dyn FnMut() -> Vec<u8>) -> bool {
        self.store.is_first(self.pack_index, entry) && self.collector.wants(self.base + entry, size, start)
    }

    fn object(&mut self, entry: u32, kind: Kind, bytes: &[u8]) {
        if self.store.is_first(self.pack_index, entry) {
            self.collector.object(self.base + entry, kind, bytes);
        }
    }

    fn lost(&mut self, entry: u32, count: u32, why: Loss) {
        self.collector.lost(self.base + entry, count, why);
    }
}
