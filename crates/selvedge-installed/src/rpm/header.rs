//! The header of one package as the database holds it: an index of tags over a store of values.
//!
//! Two counts, then index entries of 16 bytes (tag, type, offset, count), then the store; all numbers are
//! big-endian. It is the format of the RPM file without magic number.

use super::bytes::Order;
use crate::limit::Limit;

/// Index entries of one header; the format itself stops at 65,535.
const RPM_TAGS_MAX: Limit = Limit::new("RPM_TAGS_MAX", 65_535);
/// Strings of one tag: a package of the kernel's sources has about 80,000 files.
const RPM_STRINGS_MAX: Limit = Limit::new("RPM_STRINGS_MAX", 2_000_000);

/// Bytes of a text of which a package has one; licences are the longest.
const RPM_TEXT_BYTES_MAX: Limit = Limit::new("RPM_TEXT_BYTES_MAX", 64 << 10);

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const VENDOR: u32 = 1011;
const LICENSE: u32 = 1014;
const PACKAGER: u32 = 1015;
const ARCH: u32 = 1022;
const OLD_FILE_NAMES: u32 = 1027;
const SOURCE_RPM: u32 = 1044;
const PROVIDE_NAME: u32 = 1047;
const REQUIRE_NAME: u32 = 1049;
const DIR_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIR_NAMES: u32 = 1118;
const MODULARITY_LABEL: u32 = 5096;

const INT32: u32 = 4;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

const ENTRY_SIZE: usize = 16;

/// The tags of a package that matter.
#[derive(Debug, Default)]
pub(super) struct Header<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) release: &'a str,
    pub(super) epoch: Option<u32>,
    pub(super) architecture: Option<&'a str>,
    pub(super) license: Option<&'a str>,
    pub(super) vendor: Option<&'a str>,
    pub(super) packager: Option<&'a str>,
    pub(super) source_rpm: Option<&'a str>,
    pub(super) module: Option<&'a str>,
    pub(super) provides: Vec<&'a str>,
    pub(super) requires: Vec<&'a str>,
    old_file_names: Vec<&'a str>,
    base_names: Vec<&'a str>,
    dir_names: Vec<&'a str>,
    dir_indexes: &'a [u8],
}

/// One entry of the index, and the store from its offset on.
struct Tag<'a> {
    kind: u32,
    count: usize,
    store: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads a header; the error says what was expected.
    pub(super) fn parse(blob: &'a [u8]) -> Result<Self, String> {
        let (index, store) = split(blob).ok_or("expected an index and a store within the blob")?;
        let mut it = Self::default();
        for entry in index.chunks_exact(ENTRY_SIZE) {
            let word = |at| Order::Big.u32(entry, at).unwrap_or(0);
            let tag = Tag {
                kind: word(4),
                count: word(12) as usize,
                // A tag beyond the store is empty: the others still count.
                store: store.get(word(8) as usize..).unwrap_or(&[]),
            };
            it.set(word(0), &tag);
        }
        if it.name.is_empty() || it.version.is_empty() {
            return Err("expected a package with a name and a version".to_owned());
        }
        Ok(it)
    }

    /// Takes a tag; of one that is there several times, the first counts and the others cost nothing.
    fn set(&mut self, tag: u32, value: &Tag<'a>) {
        match tag {
            NAME if self.name.is_empty() => self.name = value.text().unwrap_or_default(),
            VERSION if self.version.is_empty() => self.version = value.text().unwrap_or_default(),
            RELEASE if self.release.is_empty() => self.release = value.text().unwrap_or_default(),
            EPOCH => self.epoch = self.epoch.or_else(|| value.number()),
            ARCH => self.architecture = self.architecture.or_else(|| value.text()),
            LICENSE => self.license = self.license.or_else(|| value.text()),
            VENDOR => self.vendor = self.vendor.or_else(|| value.text()),
            PACKAGER => self.packager = self.packager.or_else(|| value.text()),
            SOURCE_RPM => self.source_rpm = self.source_rpm.or_else(|| value.text()),
            MODULARITY_LABEL => self.module = self.module.or_else(|| value.text()),
            PROVIDE_NAME if self.provides.is_empty() => self.provides = value.texts(),
            REQUIRE_NAME if self.requires.is_empty() => self.requires = value.texts(),
            OLD_FILE_NAMES if self.old_file_names.is_empty() => self.old_file_names = value.texts(),
            BASE_NAMES if self.base_names.is_empty() => self.base_names = value.texts(),
            DIR_NAMES if self.dir_names.is_empty() => self.dir_names = value.texts(),
            DIR_INDEXES if value.kind == INT32 => {
                self.dir_indexes = value.store.get(..value.count.saturating_mul(4)).unwrap_or_default();
            }
            _ => {}
        }
    }

    /// Calls `found` with the path of every file, without the slash in front.
    pub(super) fn each_file(&self, found: &mut dyn FnMut(&str)) {
        for name in &self.old_file_names {
            found(name.trim_start_matches('/'));
        }
        let mut path = String::new();
        for (name, index) in self.base_names.iter().zip(self.dir_indexes.chunks_exact(4)) {
            let index = Order::Big.u32(index, 0).unwrap_or(0);
            if let Some(folder) = self.dir_names.get(index as usize) {
                path.clear();
                path.push_str(folder.trim_start_matches('/'));
                path.push_str(name);
                found(&path);
            }
        }
    }
}

/// Index and store of a header.
fn split(blob: &[u8]) -> Option<(&[u8], &[u8])> {
    let tags = Order::Big.u32(blob, 0)?;
    let size = Order::Big.u32(blob, 4)? as usize;
    if RPM_TAGS_MAX.is_exceeded_by(u64::from(tags)) {
        return None;
    }
    let store = 8 + tags as usize * ENTRY_SIZE;
    Some((blob.get(8..store)?, blob.get(store..store.checked_add(size)?)?))
}

impl<'a> Tag<'a> {
    /// The first string; `None` if it is empty or of another type.
    fn text(&self) -> Option<&'a str> {
        if !matches!(self.kind, STRING | STRING_ARRAY | I18N_STRING) {
            return None;
        }
        let end = self.store.iter().take(RPM_TEXT_BYTES_MAX.as_usize()).position(|byte| *byte == 0)?;
        std::str::from_utf8(&self.store[..end]).ok().filter(|text| !text.is_empty())
    }

    fn number(&self) -> Option<u32> {
        Order::Big.u32(self.store, 0).filter(|_| self.kind == INT32 && self.count > 0)
    }

    /// Every string; those that are not UTF-8 are empty so that positions stay.
    fn texts(&self) -> Vec<&'a str> {
        if !matches!(self.kind, STRING_ARRAY | I18N_STRING) {
            return Vec::new();
        }
        let count = self.count.min(RPM_STRINGS_MAX.as_usize());
        let parts = self.store.split_inclusive(|byte| *byte == 0).take(count);
        parts
            .map(|part| std::str::from_utf8(part.strip_suffix(&[0]).unwrap_or(part)).unwrap_or_default())
            .collect()
    }
}
