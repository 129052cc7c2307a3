//! What one file uses: the small, serialisable result that is kept (and cached) per file.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::Language;

/// How a file names what it imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ImportKind {
    /// Code: an import statement, a call that loads by a literal name, or a path in an expression.
    Code,
    /// For types only (`import type`): gone before anything runs.
    Types,
    /// Written as a class name in a string or a configuration file, and loaded by reflection if at all.
    Named,
}

/// One imported name, at the first place where the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// As the language writes it: `google.cloud.storage`, `@scope/name/lib/x`, `golang.org/x/net/html`,
    /// `serde_json`, `org.apache.commons.lang3.StringUtils`.
    pub name: Box<str>,
    /// 1-based.
    pub line: u32,
    /// How it is named.
    pub kind: ImportKind,
}

/// An identifier that may be one of a package: written after a dot or `::`, called, or imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameUse {
    /// `name_hash` of the identifier. Two identifiers that share it make a symbol look used that is not,
    /// never the other way round.
    pub hash: u32,
    /// Index into [`FileUses::imports`] of what stands before the dot, plus one; 0 where that is not known.
    pub import: u16,
    /// 1-based line of its first use.
    pub line: u32,
}

/// A word that may be the name of a package: in a string of code, or in a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mention {
    /// `mention_hash` of the word.
    pub hash: u32,
    /// 1-based line of its first use.
    pub line: u32,
}

/// A place that loads code by a name which is computed: what it loads cannot be told from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicUse {
    /// The language whose packages it may load.
    pub language: Language,
    /// 1-based.
    pub line: u32,
}

/// A package that the project's manifest gives another name to import it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rename {
    /// The language of the manifest.
    pub language: Language,
    /// The name in the registry.
    pub package: Box<str>,
    /// The name in code.
    pub name: Box<str>,
}

/// Everything that one file says about the packages it uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileUses {
    /// `None` for configuration files and other texts.
    pub language: Option<Language>,
    /// In the order of the file, each name once per kind.
    pub imports: Vec<Import>,
    /// Sorted.
    pub names: Vec<NameUse>,
    /// Sorted.
    pub mentions: Vec<Mention>,
    /// In the order of the file; no more than a few, the rest would add nothing.
    pub dynamic: Vec<DynamicUse>,
    /// In the order of the file.
    pub renames: Vec<Rename>,
    /// Folders, relative to that of the file, whose content other repositories hold.
    pub submodules: Vec<Box<str>>,
    /// A bound was reached and the rest of the file is not told here.
    pub is_cut: bool,
}

impl FileUses {
    /// Whether the file says nothing about packages, so that it need not be kept.
    pub fn is_empty(&self) -> bool {
        self.imports.is_empty()
            && self.names.is_empty()
            && self.mentions.is_empty()
            && self.dynamic.is_empty()
            && self.renames.is_empty()
            && self.submodules.is_empty()
            && !self.is_cut
    }
}

/// The hash by which identifiers are kept.
pub(crate) fn name_hash(identifier: &[u8]) -> u32 {
    xxh3_64(identifier) as u32
}

/// The part of a word by which mentions of packages are compared, or nothing if it names none: `@babel/core`
/// of `@babel/core/lib/x`, `yaml` of `yaml.load`, `postgresql` of `postgresql://host`.
pub(crate) fn mention_key(word: &[u8]) -> Option<&[u8]> {
    let word = word.strip_prefix(b"~").unwrap_or(word);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || *byte >= 0x80;
    let end_of = |text: &[u8]| text.iter().position(|byte| !is_part(byte)).unwrap_or(text.len());
    let end = if word.first() == Some(&b'@') {
        let scope = 1 + end_of(&word[1..]);
        if word.get(scope) != Some(&b'/') {
            return None;
        }
        scope + 1 + end_of(&word[scope + 1..])
    } else {
        end_of(word)
    };
    (end >= 2 && !word[0].is_ascii_digit()).then(|| &word[..end])
}

/// Longest name that is compared; longer ones are compared by their beginning.
const MENTION_BYTES_MAX: usize = 128;

/// The hash of a mention, the same for `Foo-Bar` and `foo_bar`. 0 stands for no mention.
pub(crate) fn mention_hash(word: &[u8]) -> u32 {
    let Some(key) = mention_key(word) else { return 0 };
    let mut buffer = [0_u8; MENTION_BYTES_MAX];
    let length = key.len().min(MENTION_BYTES_MAX);
    for (to, from) in buffer.iter_mut().zip(&key[..length]) {
        *to = if *from == b'-' { b'_' } else { from.to_ascii_lowercase() };
    }
    (xxh3_64(&buffer[..length]) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_the_package_part_of_a_word() {
        let key =
            |word: &'static str| mention_key(word.as_bytes()).map(|key| std::str::from_utf8(key).unwrap());
        assert_eq!(key("@babel/preset-env/x"), Some("@babel/preset-env"));
        assert_eq!(key("~bootstrap/scss"), Some("bootstrap"));
        assert_eq!(key("yaml.load"), Some("yaml"));
        assert_eq!(key("./local"), None);
        assert_eq!(key("@scope"), None);
        assert_eq!(key(""), None);
        assert_eq!(mention_hash(b"Foo-Bar==1"), mention_hash(b"foo_bar"));
        assert_eq!(mention_hash(b"/etc"), 0);
    }
}
