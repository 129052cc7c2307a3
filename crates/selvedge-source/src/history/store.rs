//! Every object of a repository under one numbering: packed, loose, and borrowed from elsewhere.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use gix::objs::Kind;
use gix::odb::loose;
use selvedge_model::{Diagnostic, DiagnosticKind};

use super::decode::{Decoder, OBJECT_BYTES_MAX};
use super::pack::Pack;

/// The objects of a repository. Packed ones are numbered pack by pack, loose ones after them.
pub(super) struct Store {
    pub(super) packs: Vec<Pack>,
    /// Loose objects that are in no pack, by id.
    pub(super) loose: Vec<Loose>,
    loose_stores: Vec<loose::Store>,
    packed: u32,
    hash: gix::hash::Kind,
}

/// An object in a file of its own.
pub(super) struct Loose {
    pub(super) id: gix::ObjectId,
    store: u32,
}

impl Store {
    /// Opens everything in the object directory `objects` and those it borrows from. What cannot be
    /// opened is reported and left out.
    pub(super) fn open(objects: &Path, hash: gix::hash::Kind, report: &mut dyn FnMut(Diagnostic)) -> Self {
        let mut directories = vec![objects.to_owned()];
        match gix::odb::alternate::resolve(objects.to_owned(), Path::new("")) {
            Ok(alternates) => directories.extend(alternates),
            Err(error) => report(damaged(format!("cannot find borrowed objects: {error}"))),
        }
        let mut store =
            Self { packs: Vec::new(), loose: Vec::new(), loose_stores: Vec::new(), packed: 0, hash };
        for index_path in directories.iter().flat_map(|directory| pack_indexes(directory)) {
            store.add_pack(&index_path, hash, report);
        }
        for directory in directories.iter().filter(|directory| directory.is_dir()) {
            store.add_loose(directory, hash, report);
        }
        store.loose.sort_by_key(|loose| loose.id);
        store.loose.dedup_by_key(|loose| loose.id);
        store
    }

    fn add_pack(&mut self, index_path: &Path, hash: gix::hash::Kind, report: &mut dyn FnMut(Diagnostic)) {
        let name = index_path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // A damaged index can lead its reader anywhere; the other packs are still to be read.
        match catch_unwind(AssertUnwindSafe(|| Pack::open(index_path, self.packed, hash))) {
            Ok(Ok(pack)) => match self.packed.checked_add(pack.len()) {
                Some(packed) => {
                    self.packed = packed;
                    if pack.orphans > 0 {
                        let count = pack.orphans;
                        report(damaged(format!("{name}: {count} objects are damaged or lack their base")));
                    }
                    self.packs.push(pack);
                }
                None => report(damaged(format!("{name}: not looked at, more than {} objects", u32::MAX))),
            },
            Ok(Err(error)) => report(damaged(format!("{name}: not a readable pack: {error}"))),
            Err(_) => report(damaged(format!("{name}: not a readable pack: its index is damaged"))),
        }
    }

    fn add_loose(&mut self, directory: &Path, hash: gix::hash::Kind, report: &mut dyn FnMut(Diagnostic)) {
        let limit = usize::try_from(OBJECT_BYTES_MAX).ok();
        let options = loose::Options { alloc_limit_bytes: limit, ..loose::Options::default() };
        let loose_store = loose::Store::at_opts(directory, hash, options);
        let number = self.loose_stores.len() as u32;
        for id in loose_store.iter() {
            match id {
                Ok(id) if self.find_packed(&id).is_none() => self.loose.push(Loose { id, store: number }),
                Ok(_) => {}
                Err(error) => report(damaged(format!("cannot list loose objects: {error}"))),
            }
        }
        self.loose_stores.push(loose_store);
    }

    /// Length of an object id in bytes.
    pub(super) fn hash_len(&self) -> usize {
        self.hash.len_in_bytes()
    }

    /// Number of objects, the same object in two packs counted twice.
    pub(super) fn len(&self) -> usize {
        self.packed as usize + self.loose.len()
    }

    /// The number of the object `id`; in several packs, that of the first.
    pub(super) fn find(&self, id: &gix::oid) -> Option<u32> {
        self.find_packed(id).or_else(|| {
            let at = self.loose.binary_search_by(|loose| loose.id.as_ref().cmp(id)).ok()?;
            Some(self.packed + at as u32)
        })
    }

    fn find_packed(&self, id: &gix::oid) -> Option<u32> {
        self.packs.iter().find_map(|pack| Some(pack.base + pack.find(id)?))
    }

    /// The id of an object.
    pub(super) fn id(&self, object: u32) -> &gix::oid {
        match self.place(object) {
            Place::Packed(pack, entry) => pack.id(entry),
            Place::Loose(loose) => &loose.id,
        }
    }

    /// Number of the loose object at a place in the list.
    pub(super) fn loose_number(&self, at: usize) -> u32 {
        self.packed + at as u32
    }

    /// Whether an entry of the pack at `pack_index` is the one that [`Store::find`] finds.
    pub(super) fn is_first(&self, pack_index: usize, entry: u32) -> bool {
        pack_index == 0 || {
            let id = self.packs[pack_index].id(entry);
            self.packs[..pack_index].iter().all(|pack| pack.find(id).is_none())
        }
    }

    /// Kind and size of a loose object.
    pub(super) fn loose_header(&self, loose: &Loose) -> Option<(Kind, u64)> {
        let (size, kind) = self.loose_stores[loose.store as usize].try_header(&loose.id).ok()??;
        Some((kind, size))
    }

    /// Reads a loose object.
    pub(super) fn read_loose(&self, loose: &Loose, buffer: &mut Vec<u8>) -> Option<()> {
        let found = self.loose_stores[loose.store as usize].try_find(&loose.id, buffer).ok()??;
        let length = found.data.len();
        buffer.truncate(length);
        Some(())
    }

    /// Reads an object; `None` if it is damaged.
    pub(super) fn read(&self, object: u32, decoder: &mut Decoder) -> Option<Vec<u8>> {
        match self.place(object) {
            Place::Packed(pack, entry) => decoder.read(pack, entry),
            Place::Loose(loose) => {
                let mut buffer = Vec::new();
                self.read_loose(loose, &mut buffer)?;
                Some(buffer)
            }
        }
    }

    fn place(&self, object: u32) -> Place<'_> {
        if let Some(at) = object.checked_sub(self.packed) {
            return Place::Loose(&self.loose[at as usize]);
        }
        let at = self.packs.partition_point(|pack| pack.base <= object) - 1;
        Place::Packed(&self.packs[at], object - self.packs[at].base)
    }
}

enum Place<'a> {
    Packed(&'a Pack, u32),
    Loose(&'a Loose),
}

/// The pack indexes in an object directory, in the order of their names.
fn pack_indexes(objects: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(objects.join("pack"))
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    found.sort();
    found
}

/// A report of damage to the repository.
pub(super) fn damaged(message: String) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::BadObject, message)
}
