//! Gathers what a lexer sees in one file and turns byte offsets into lines at the end.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::uses::{mention_hash, name_hash};
use crate::{DynamicUse, FileUses, Import, ImportKind, Language, Mention, NameUse, Rename};

/// Imported names kept of one file.
pub(crate) const IMPORTS_MAX: usize = 8_192;
/// Identifiers kept of one file.
pub(crate) const NAMES_MAX: usize = 32_768;
/// Mentions kept of one file.
pub(crate) const MENTIONS_MAX: usize = 32_768;
/// Dynamic uses kept of one file: one is enough to decide, a few help the reader.
const DYNAMIC_MAX: usize = 4;
/// Longest imported name; nothing longer names a package.
const NAME_BYTES_MAX: usize = 512;
/// Longest string of code that is taken for a mention.
const MENTION_STRING_MAX: usize = 200;

/// What stands before a dot: an import of this file, or something unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Qualifier(pub(crate) u16);

impl Qualifier {
    /// Nothing is known.
    pub(crate) const NONE: Self = Self(0);
}

/// Keys are hashes already.
#[derive(Default)]
pub(crate) struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, value: u64) {
        // The table takes its buckets from the low bits and its tags from the high ones.
        self.0 = value ^ value.rotate_left(32);
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
}

type Table<K, V> = HashMap<K, V, BuildHasherDefault<PassThrough>>;

/// The sink of every lexer.
pub(crate) struct Collector<'a> {
    bytes: &'a [u8],
    language: Option<Language>,
    imports: Vec<(Box<str>, u32, ImportKind)>,
    /// By hash of the name and kind.
    places: Table<u64, u16>,
    aliases: Table<u32, u16>,
    /// Which first bytes and lengths aliases have: most words of a text are none, and this tells it sooner
    /// than a hash.
    alias_shapes: [u64; 4],
    names: Table<u64, u32>,
    mentions: Table<u32, u32>,
    dynamic: Vec<(Language, u32)>,
    renames: Vec<Rename>,
    submodules: Vec<Box<str>>,
    /// Everything of some package is in scope without a name: `from x import *`.
    pub(crate) has_glob: bool,
    is_cut: bool,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(language: Option<Language>, bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            language,
            imports: Vec::new(),
            places: Table::default(),
            aliases: Table::default(),
            alias_shapes: [0; 4],
            names: Table::default(),
            mentions: Table::default(),
            dynamic: Vec::new(),
            renames: Vec::new(),
            submodules: Vec::new(),
            has_glob: false,
            is_cut: false,
        }
    }

    /// The same file, another part of it in the role of the text: offsets stay those of the file.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Records that the file imports `name` at `offset`.
    pub(crate) fn import(&mut self, name: &str, offset: usize, kind: ImportKind) -> Qualifier {
        if name.is_empty() || name.len() > NAME_BYTES_MAX {
            return Qualifier::NONE;
        }
        let key = xxh3_64_with_seed(name.as_bytes(), kind as u64);
        if let Some(place) = self.places.get(&key)
            && &*self.imports[usize::from(*place) - 1].0 == name
        {
            return Qualifier(*place);
        }
        if self.imports.len() >= IMPORTS_MAX {
            self.is_cut = true;
            return Qualifier::NONE;
        }
        self.imports.push((name.into(), offset as u32, kind));
        let place = self.imports.len() as u16;
        self.places.insert(key, place);
        Qualifier(place)
    }

    /// Records that `identifier` stands for something of `qualifier` from here on.
    pub(crate) fn alias(&mut self, identifier: &[u8], qualifier: Qualifier) {
        if qualifier != Qualifier::NONE && self.aliases.len() < NAMES_MAX {
            self.aliases.insert(name_hash(identifier), qualifier.0);
            let shape = shape_of(identifier);
            self.alias_shapes[usize::from(shape >> 6)] |= 1 << (shape & 63);
        }
    }

    /// What `identifier` stands for.
    pub(crate) fn resolve(&self, identifier: &[u8]) -> Qualifier {
        let shape = shape_of(identifier);
        if self.alias_shapes[usize::from(shape >> 6)] & (1 << (shape & 63)) == 0 {
            return Qualifier::NONE;
        }
        self.aliases.get(&name_hash(identifier)).map_or(Qualifier::NONE, |place| Qualifier(*place))
    }

    /// Records an identifier.
    pub(crate) fn name(&mut self, identifier: &[u8], offset: usize, qualifier: Qualifier) {
        let key = u64::from(name_hash(identifier)) << 16 | u64::from(qualifier.0);
        if self.names.len() >= NAMES_MAX {
            self.is_cut = true;
            return;
        }
        self.names.entry(key).or_insert(offset as u32);
    }

    /// Records a word that may name a package.
    pub(crate) fn mention(&mut self, word: &[u8], offset: usize) {
        let hash = mention_hash(word);
        if hash == 0 {
            return;
        }
        if self.mentions.len() >= MENTIONS_MAX {
            self.is_cut = true;
            return;
        }
        self.mentions.entry(hash).or_insert(offset as u32);
    }

    /// Records a string of code: what has no blanks in it may be the name of a package, or begin with one.
    pub(crate) fn string(&mut self, content: &[u8], offset: usize) {
        if content.len() < 2 || content.len() > MENTION_STRING_MAX {
            return;
        }
        let first = content[0];
        if !(first.is_ascii_alphabetic() || matches!(first, b'@' | b'~' | b'_') || first >= 0x80) {
            return;
        }
        if content.iter().any(|byte| *byte <= b' ') {
            return;
        }
        self.mention(content, offset);
        // `postgresql+psycopg2://`, `plugin:react/recommended`.
        if let Some(at) = memchr::memchr2(b'+', b':', content)
            && at + 1 < content.len()
        {
            self.mention(&content[at + 1..], offset + at + 1);
        }
    }

    /// Records a place that loads by a computed name.
    pub(crate) fn dynamic(&mut self, language: Language, offset: usize) {
        if self.dynamic.len() < DYNAMIC_MAX {
            self.dynamic.push((language, offset as u32));
        }
    }

    /// Records another name for a package.
    pub(crate) fn rename(&mut self, rename: Rename) {
        if self.renames.len() < IMPORTS_MAX {
            self.renames.push(rename);
        } else {
            self.is_cut = true;
        }
    }

    /// Records a folder whose content another repository holds.
    pub(crate) fn submodule(&mut self, folder: &str) {
        if self.submodules.len() < IMPORTS_MAX {
            self.submodules.push(folder.into());
        } else {
            self.is_cut = true;
        }
    }

    /// Says that a bound was reached.
    pub(crate) fn cut(&mut self) {
        self.is_cut = true;
    }

    /// The result, offsets turned into lines.
    pub(crate) fn finish(self) -> FileUses {
        let mut offsets: Vec<u32> = self.imports.iter().map(|import| import.1).collect();
        offsets.extend(self.names.values().copied());
        offsets.extend(self.mentions.values().copied());
        offsets.extend(self.dynamic.iter().map(|dynamic| dynamic.1));
        let lines = Lines::new(self.bytes, offsets);
        let mut names: Vec<NameUse> = self
            .names
            .iter()
            .map(|(key, offset)| NameUse {
                hash: (key >> 16) as u32,
                import: *key as u16,
                line: lines.of(*offset),
            })
            .collect();
        names.sort_unstable();
        let mut mentions: Vec<Mention> = self
            .mentions
            .iter()
            .map(|(hash, offset)| Mention { hash: *hash, line: lines.of(*offset) })
            .collect();
        mentions.sort_unstable();
        FileUses {
            language: self.language,
            imports: self
                .imports
                .into_iter()
                .map(|(name, offset, kind)| Import { name, line: lines.of(offset), kind })
                .collect(),
            names,
            mentions,
            dynamic: self
                .dynamic
                .iter()
                .map(|(language, offset)| DynamicUse { language: *language, line: lines.of(*offset) })
                .collect(),
            renames: self.renames,
            submodules: self.submodules,
            is_cut: self.is_cut,
        }
    }
}

/// A byte in which most words differ.
fn shape_of(word: &[u8]) -> u8 {
    let (first, last) = (word.first().copied().unwrap_or(0), word.last().copied().unwrap_or(0));
    first.wrapping_mul(31).wrapping_add(last.wrapping_mul(7)).wrapping_add(word.len() as u8)
}

/// Lines of a few offsets, found in one walk over the text.
struct Lines {
    table: Vec<(u32, u32)>,
}

impl Lines {
    fn new(bytes: &[u8], mut offsets: Vec<u32>) -> Self {
        offsets.sort_unstable();
        offsets.dedup();
        let mut line = 1_u32;
        let mut from = 0_usize;
        let table = offsets
            .into_iter()
            .map(|offset| {
                let to = (offset as usize).min(bytes.len()).max(from);
                line = line.saturating_add(memchr::memchr_iter(b'\n', &bytes[from..to]).count() as u32);
                from = to;
                (offset, line)
            })
            .collect();
        Self { table }
    }

    fn of(&self, offset: u32) -> u32 {
        let at = self.table.partition_point(|row| row.0 < offset);
        self.table.get(at).map_or(1, |row| row.1)
    }
}
