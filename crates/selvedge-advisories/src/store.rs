//! Stored inventories: the components of many SBOMs, each kept once, to be matched again when advisories
//! change, without reading an SBOM again.
//!
//! ```text
//! magic, schema, documents, components, file checksum
//! document    id, components that nothing can be matched with
//! component   shared length, rest of the key, documents as ascending differences
//! ```
//!
//! Components are sorted by ecosystem, name, release and version, so that the packages of which advisories
//! changed are met in one walk. Like the index the file is written anew and renamed, never changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::Path;

use selvedge_package::{Component, Ecosystem, Origin, Relation};
use xxhash_rust::xxh3::xxh3_64;

use crate::changes::ChangedPackage;
use crate::index::table::STRING_BYTES_MAX;
use crate::index::varint::{Read, Slice, put_ascending, put_bytes, put_u64};
use crate::index::{Index, IndexError};
use crate::key;
use crate::matching::{Match, Query};

/// First bytes of the file.
const MAGIC: &[u8; 8] = b"SLVINV\r\n";

/// Number of the layout.
const SCHEMA: u32 = 2;

/// Bytes before documents and components: magic, schema, checksum.
const HEAD_BYTES: usize = 20;

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 8 << 30;

/// Why an inventory file is not used.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// It cannot be read or written.
    #[error("cannot read or write the inventory")]
    File(#[source] io::Error),
    /// It is none, of another version, cut short or changed.
    #[error("not an undamaged inventory of this version: store the SBOMs again")]
    Damaged,
}

/// Components of many documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    documents: Vec<Document>,
    places: BTreeMap<String, u32>,
    /// Key of a component and the documents that have it.
    components: HashMap<Box<[u8]>, Vec<u32>>,
}

/// One stored document; replaced ones stay until the inventory is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Document {
    id: String,
    /// Components that could not be kept: nothing can be matched without a version and an ecosystem.
    unmatched: u64,
    is_replaced: bool,
}

/// A component for which something changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rematch {
    /// Ecosystem in the OSV schema's words.
    pub ecosystem: String,
    /// Name as keys write it.
    pub name: String,
    /// Release of a distribution; empty where there is none.
    pub release: String,
    /// Version.
    pub version: String,
    /// Problems that hold and did not before.
    pub opened: Vec<Match>,
    /// Ids of problems that held and do not any more.
    pub closed: Vec<String>,
    /// Problems that may hold and cannot be decided, and were not there before.
    pub undecided: Vec<Match>,
    /// Documents that have the component, sorted.
    pub documents: Vec<String>,
}

impl Inventory {
    /// Adds a document, or replaces the one with its id. Components without a version or a known ecosystem
    /// have nothing to be matched by; they are counted. What belongs to the project itself is no package that
    /// an advisory could mean.
    pub fn add<'c>(&mut self, id: &str, components: impl IntoIterator<Item = &'c Component>) {
        let mut keys = Vec::new();
        let mut unmatched = 0;
        let is_foreign =
            |it: &&Component| it.relation != Relation::Root && !matches!(it.origin, Origin::Path(_));
        for component in components.into_iter().filter(is_foreign) {
            let known = component.version.as_deref().filter(|_| component.ecosystem != Ecosystem::Other);
            let Some(version) = known else {
                unmatched += 1;
                continue;
            };
            let name = key::name(component.ecosystem, &component.name);
            let release = component.release.as_deref().map(|it| key::release(component.ecosystem, it));
            let mut row = key::key(component.ecosystem.as_str(), &name, release.as_deref());
            row.push(0);
            row.extend_from_slice(version.as_bytes());
            if row.len() <= STRING_BYTES_MAX {
                keys.push(row.into_boxed_slice());
            } else {
                unmatched += 1;
            }
        }
        keys.sort_unstable();
        keys.dedup();
        self.add_keys(id, keys, unmatched);
    }

    fn add_keys(&mut self, id: &str, keys: Vec<Box<[u8]>>, unmatched: u64) {
        self.remove(id);
        let number = self.documents.len() as u32;
        self.documents.push(Document { id: id.to_owned(), unmatched, is_replaced: false });
        self.places.insert(id.to_owned(), number);
        for key in keys {
            self.components.entry(key).or_default().push(number);
        }
    }

    /// Forgets a document; whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let place = self.places.remove(id);
        if let Some(place) = place {
            self.documents[place as usize].is_replaced = true;
        }
        place.is_some()
    }

    /// Ids of the stored documents, sorted.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The bytes of the file. The same documents give the same bytes, whatever the order they came in.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut new_place = vec![None; self.documents.len()];
        let mut body = Vec::new();
        put_u64(&mut body, self.places.len() as u64);
        for (rank, (id, place)) in self.places.iter().enumerate() {
            new_place[*place as usize] = Some(rank as u32);
            put_bytes(&mut body, id.as_bytes());
            put_u64(&mut body, self.documents[*place as usize].unmatched);
        }
        let mut rows: Vec<(&[u8], Vec<u32>)> = Vec::with_capacity(self.components.len());
        for (key, documents) in &self.components {
            let mut documents: Vec<u32> = documents.iter().filter_map(|it| new_place[*it as usize]).collect();
            documents.sort_unstable();
            if !documents.is_empty() {
                rows.push((key, documents));
            }
        }
        rows.sort_unstable();
        put_u64(&mut body, rows.len() as u64);
        let mut previous: &[u8] = &[];
        for (key, documents) in rows {
            let shared = previous.iter().zip(key).take_while(|(a, b)| a == b).count();
            put_u64(&mut body, shared as u64);
            put_bytes(&mut body, &key[shared..]);
            let mut list = Vec::new();
            put_ascending(&mut list, &documents);
            put_bytes(&mut body, &list);
            previous = key;
        }
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&SCHEMA.to_le_bytes());
        out.extend_from_slice(&xxh3_64(&body).to_le_bytes());
        out.append(&mut body);
        out
    }

    /// Writes the file: a temporary one beside it first, then renamed.
    pub fn save(&self, path: &Path) -> Result<(), InventoryError> {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(InventoryError::File)?;
        file.write_all(&self.to_bytes()).map_err(InventoryError::File)?;
        file.as_file().sync_all().map_err(InventoryError::File)?;
        file.persist(path).map_err(|error| InventoryError::File(error.error))?;
        Ok(())
    }
}

/// An inventory as it was saved, for matching.
pub struct StoredInventory {
    bytes: Vec<u8>,
    documents: Vec<String>,
    /// Components that could not be kept, of each document.
    unmatched: Vec<u64>,
    /// Number of components, and where they begin.
    count: u64,
    start: usize,
}

impl StoredInventory {
    /// Reads a file whole and checks it.
    pub fn open(path: &Path) -> Result<Self, InventoryError> {
        let size = std::fs::metadata(path).map_err(InventoryError::File)?.len();
        if size > FILE_BYTES_MAX {
            return Err(InventoryError::Damaged);
        }
        Self::from_bytes(std::fs::read(path).map_err(InventoryError::File)?)
    }

    /// Takes the bytes of a file.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, InventoryError> {
        Self::parse(bytes).ok_or(InventoryError::Damaged)
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let (head, body) = bytes.split_at_checked(HEAD_BYTES)?;
        let is_ours = head.starts_with(MAGIC) && head[8..12] == SCHEMA.to_le_bytes();
        (is_ours && head[12..] == xxh3_64(body).to_le_bytes()).then_some(())?;
        let mut from = Slice::new(body);
        let (mut documents, mut unmatched) = (Vec::new(), Vec::new());
        for _ in 0..from.u64()? {
            documents.push(from.text()?.to_owned());
            unmatched.push(from.u64()?);
        }
        let count = from.u64()?;
        let start = bytes.len() - from.rest.len();
        Some(Self { bytes, documents, unmatched, count, start })
    }

    /// Number of documents and of components.
    pub fn counts(&self) -> (usize, u64) {
        (self.documents.len(), self.count)
    }

    /// Components of all documents that state no version or no known ecosystem, so that nothing can be matched
    /// with them.
    pub fn unmatched(&self) -> u64 {
        self.unmatched.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many components there are of each ecosystem and release.
    pub fn ecosystems(&self) -> Result<BTreeMap<(String, String), u64>, InventoryError> {
        let mut counts: BTreeMap<(Vec<u8>, Vec<u8>), u64> = BTreeMap::new();
        let mut last: Option<(Vec<u8>, Vec<u8>, u64)> = None;
        self.walk(|key, _| {
            let mut parts = key.split(|byte| *byte == 0);
            let (ecosystem, release) = (parts.next()?, parts.nth(1)?);
            match &mut last {
                Some((known, at, count)) if known == ecosystem && at == release => *count += 1,
                other => {
                    if let Some((known, at, count)) = other.replace((ecosystem.into(), release.into(), 1)) {
                        *counts.entry((known, at)).or_default() += count;
                    }
                }
            }
            Some(())
        })
        .ok_or(InventoryError::Damaged)?;
        if let Some((ecosystem, release, count)) = last {
            *counts.entry((ecosystem, release)).or_default() += count;
        }
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| InventoryError::Damaged);
        counts.into_iter().map(|((a, b), count)| Ok(((text(a)?, text(b)?), count))).collect()
    }

    /// The inventory, to be changed and saved again.
    pub fn to_inventory(&self) -> Result<Inventory, InventoryError> {
        let mut inventory = Inventory::default();
        for (place, id) in self.documents.iter().enumerate() {
            let unmatched = self.unmatched[place];
            inventory.documents.push(Document { id: id.clone(), unmatched, is_replaced: false });
            inventory.places.insert(id.clone(), place as u32);
        }
        self.walk(|key, documents| {
            let documents = Slice::new(documents).ascending()?;
            documents.iter().all(|it| (*it as usize) < self.documents.len()).then_some(())?;
            inventory.components.insert(key.into(), documents);
            Some(())
        })
        .ok_or(InventoryError::Damaged)?;
        Ok(inventory)
    }

    /// Calls `each` with every key and its documents.
    fn walk<'s>(&'s self, mut each: impl FnMut(&[u8], &'s [u8]) -> Option<()>) -> Option<()> {
        let mut from = Slice::new(self.bytes.get(self.start..)?);
        let mut key: Vec<u8> = Vec::new();
        for _ in 0..self.count {
            let shared = usize::try_from(from.u64()?).ok()?;
            let rest = from.bytes()?;
            (shared <= key.len() && shared + rest.len() <= STRING_BYTES_MAX).then_some(())?;
            key.truncate(shared);
            key.extend_from_slice(rest);
            each(&key, from.bytes()?)?;
        }
        Some(())
    }

    /// Matches every component of a package whose advisories changed, and says what holds in `new` and did
    /// not in `old`, and the other way round. Components of which nothing changed are left out.
    pub fn rematch(
        &self,
        changed: &[ChangedPackage],
        old: Option<&Index>,
        new: &Index,
    ) -> Result<Vec<Rematch>, RematchError> {
        // A component without a release is met by advisories of every release, and the other way round:
        // what counts is the package.
        let packages: BTreeSet<Vec<u8>> =
            changed.iter().map(|package| key::key(&package.ecosystem, &package.name, None)).collect();
        self.rematch_packages(|package| packages.contains(package), old, new)
    }

    /// Matches every component, and says what holds.
    pub fn matches(&self, index: &Index) -> Result<Vec<Rematch>, RematchError> {
        self.rematch_packages(|_| true, None, index)
    }

    /// Matches the components of packages whose key, with the NUL after it, is wanted.
    fn rematch_packages(
        &self,
        is_wanted: impl Fn(&[u8]) -> bool,
        old: Option<&Index>,
        new: &Index,
    ) -> Result<Vec<Rematch>, RematchError> {
        let mut found = Vec::new();
        let mut failed = None;
        let mut last: (Vec<u8>, bool) = (Vec::new(), false);
        let result = self.walk(|key, documents| {
            let end = package_end(key)?;
            if last.0 != key[..end] {
                last = (key[..end].to_vec(), is_wanted(&key[..end]));
            }
            if !last.1 {
                return Some(());
            }
            match self.component(key, documents, old, new) {
                Ok(Some(rematch)) => found.push(rematch),
                Ok(None) => {}
                Err(error) => {
                    failed = Some(error);
                    return None;
                }
            }
            Some(())
        });
        match (failed, result) {
            (Some(error), _) => Err(error),
            (None, None) => Err(RematchError::Inventory(InventoryError::Damaged)),
            (None, Some(())) => Ok(found),
        }
    }

    fn component(
        &self,
        key: &[u8],
        documents: &[u8],
        old: Option<&Index>,
        new: &Index,
    ) -> Result<Option<Rematch>, RematchError> {
        let damaged = || RematchError::Inventory(InventoryError::Damaged);
        let text = std::str::from_utf8(key).map_err(|_| damaged())?;
        let mut parts = text.splitn(4, '\0');
        let mut next = || parts.next().ok_or_else(damaged);
        let (ecosystem, name, release, version) = (next()?, next()?, next()?, next()?);
        let query = Query {
            ecosystem: Ecosystem::from_osv(ecosystem).0,
            ecosystem_name: Some(ecosystem),
            release: Some(release).filter(|release| !release.is_empty()),
            name,
            version: Some(version),
        };
        let was_met = old.map(|old| old.count(&query)).transpose()?.is_some_and(|count| count > 0);
        if !was_met && new.count(&query)? == 0 {
            return Ok(None);
        }
        let before = old.map(|old| old.affected(&query)).transpose()?.unwrap_or_default();
        let after = new.affected(&query)?;
        let sure = |matches: &[Match]| -> BTreeSet<String> {
            matches.iter().filter(|it| it.is_affected()).flat_map(|it| it.ids.clone()).collect()
        };
        let (known, holds) = (sure(&before), sure(&after));
        let is_new = |it: &Match| it.is_affected() && !it.ids.iter().any(|id| known.contains(id));
        let is_gone = |it: &Match| it.is_affected() && !it.ids.iter().any(|id| holds.contains(id));
        let closed: Vec<String> = before.iter().filter(|it| is_gone(it)).map(|it| it.id.clone()).collect();
        let met: BTreeSet<&String> = before.iter().flat_map(|it| &it.ids).collect();
        let is_open = |it: &Match| !it.is_affected() && !it.ids.iter().any(|id| met.contains(id));
        let undecided: Vec<Match> = after.iter().filter(|it| is_open(it)).cloned().collect();
        let opened: Vec<Match> = after.into_iter().filter(|it| is_new(it)).collect();
        if opened.is_empty() && closed.is_empty() && undecided.is_empty() {
            return Ok(None);
        }
        let documents = Slice::new(documents).ascending().ok_or_else(damaged)?;
        let names = documents.iter().map(|it| self.documents.get(*it as usize).cloned().ok_or_else(damaged));
        Ok(Some(Rematch {
            ecosystem: ecosystem.to_owned(),
            name: name.to_owned(),
            release: release.to_owned(),
            version: version.to_owned(),
            opened,
            closed,
            undecided,
            documents: names.collect::<Result<_, _>>()?,
        }))
    }
}

/// Why stored inventories could not be matched.
#[derive(Debug, thiserror::Error)]
pub enum RematchError {
    /// The inventory is damaged.
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    /// The index is damaged.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Where ecosystem, name and the NUL after it end in a key.
fn package_end(key: &[u8]) -> Option<usize> {
    let mut ends = key.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at + 1);
    ends.next()?;
    ends.next()
}
