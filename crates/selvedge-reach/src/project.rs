//! What all files of a tree use, joined and searchable.

use std::collections::BTreeMap;

use crate::extract::is_of_dependency;
use crate::language::is_test_path;
use crate::uses::mention_hash;
use crate::{FileUses, ImportKind, Language, NameUse};

/// A place in the tree that supports an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Relative to the root of the run, `/`-separated.
    pub path: String,
    /// 1-based.
    pub line: u32,
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// One import in one file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence {
    pub(crate) file: u32,
    pub(crate) line: u32,
    pub(crate) kind: ImportKind,
    /// Place in the file's list of imports, plus one: what [`NameUse::import`] refers to.
    pub(crate) place: u16,
}

/// What is kept of a file beside its imports.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) is_test: bool,
    pub(crate) language: Option<Language>,
    pub(crate) names: Vec<NameUse>,
    pub(crate) is_cut: bool,
}

/// The uses of a whole tree.
#[derive(Debug, Default)]
pub struct Uses {
    pub(crate) files: Vec<File>,
    imports: BTreeMap<Language, BTreeMap<Box<str>, Vec<Occurrence>>>,
    /// Hash, file, line; sorted.
    mentions: Vec<(u32, u32, u32)>,
    dynamic: Vec<(Language, u32, u32)>,
    /// Language, package, name in code; sorted.
    renames: Vec<(Language, Box<str>, Box<str>)>,
    /// Folders of other repositories, each with a slash at its end.
    submodules: Vec<String>,
}

impl Uses {
    /// Joins the uses of all files of a tree. The order in which they come does not matter; paths are
    /// relative to the root of the run, as those of the manifests are.
    pub fn collect(files: impl IntoIterator<Item = (String, FileUses)>) -> Self {
        let mut files: Vec<_> =
            files.into_iter().filter(|(path, uses)| !is_of_dependency(path) && keeps(uses)).collect();
        files.sort_by(|left, right| left.0.cmp(&right.0));
        let mut all = Self::default();
        for (path, uses) in files {
            all.add(path, uses);
        }
        all.mentions.sort_unstable();
        all.renames.sort_unstable();
        all
    }

    fn add(&mut self, path: String, uses: FileUses) {
        let file = self.files.len() as u32;
        let of_language = self.imports.entry(uses.language.unwrap_or(Language::Java)).or_default();
        for (index, import) in uses.imports.into_iter().enumerate() {
            of_language.entry(import.name).or_default().push(Occurrence {
                file,
                line: import.line,
                kind: import.kind,
                place: (index + 1) as u16,
            });
        }
        self.mentions.extend(uses.mentions.iter().map(|mention| (mention.hash, file, mention.line)));
        self.dynamic.extend(uses.dynamic.iter().map(|dynamic| (dynamic.language, file, dynamic.line)));
        self.renames
            .extend(uses.renames.into_iter().map(|rename| (rename.language, rename.package, rename.name)));
        let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
        self.submodules.extend(uses.submodules.iter().map(|below| format!("{folder}{below}/")));
        self.files.push(File {
            is_test: is_test_path(&path),
            path,
            language: uses.language,
            names: uses.names,
            is_cut: uses.is_cut,
        });
    }

    /// Imports of `name` and of what lies below it, `separator` between.
    pub(crate) fn imports_of<'a>(
        &'a self,
        language: Language,
        name: &'a str,
        separator: char,
    ) -> impl Iterator<Item = (&'a str, Occurrence)> {
        let below = format!("{name}{separator}");
        let table = self.imports.get(&language);
        let exact = table.and_then(|table| table.get_key_value(name));
        let rest = table.into_iter().flat_map(move |table| {
            let from = below.clone();
            let prefix = below.clone();
            table
                .range::<str, _>((std::ops::Bound::Included(from.as_str()), std::ops::Bound::Unbounded))
                .take_while(move |(key, _)| key.starts_with(prefix.as_str()))
                .collect::<Vec<_>>()
        });
        exact
            .into_iter()
            .chain(rest)
            .flat_map(|(key, places)| places.iter().map(move |place| (&**key, *place)))
    }

    /// Names that the project gives to a package.
    pub(crate) fn renamed(&self, language: Language, package: &str) -> impl Iterator<Item = &str> {
        let start = self.renames.partition_point(|row| (row.0, &*row.1) < (language, package));
        self.renames[start..]
            .iter()
            .take_while(move |row| row.0 == language && &*row.1 == package)
            .map(|row| &*row.2)
    }

    /// Where a word is mentioned, in the order of paths.
    pub(crate) fn mentions_of(&self, word: &str) -> impl Iterator<Item = (u32, u32)> {
        let hash = mention_hash(word.as_bytes());
        let start = self.mentions.partition_point(|row| row.0 < hash);
        self.mentions[start..]
            .iter()
            .take_while(move |row| row.0 == hash && hash != 0)
            .map(|row| (row.1, row.2))
    }

    /// Places that load by computed names.
    pub(crate) fn dynamic_of(&self, language: Language) -> impl Iterator<Item = (u32, u32)> {
        self.dynamic.iter().filter(move |row| row.0 == language).map(|row| (row.1, row.2))
    }

    /// A submodule at or below `folder` of which the tree holds nothing.
    pub(crate) fn missing_submodule(&self, folder: &str) -> Option<&str> {
        let absent = |submodule: &&String| {
            let start = self.files.partition_point(|file| file.path.as_str() < submodule.as_str());
            !self.files.get(start).is_some_and(|file| file.path.starts_with(submodule.as_str()))
        };
        self.submodules.iter().filter(|it| it.starts_with(folder)).find(absent).map(String::as_str)
    }

    /// Imports of Go's own packages: the first part of their paths is no host.
    pub(crate) fn imports_of_go_itself(&self) -> impl Iterator<Item = Occurrence> {
        let table = self.imports.get(&Language::Go);
        table
            .into_iter()
            .flatten()
            .filter(|(name, _)| !name.split('/').next().unwrap_or_default().contains('.'))
            .flat_map(|(_, places)| places.iter().copied())
    }

    /// The evidence of a line in a file.
    pub(crate) fn evidence(&self, file: u32, line: u32) -> Evidence {
        Evidence { path: self.files[file as usize].path.clone(), line }
    }
}

/// Whether a file's uses matter: a source file that uses nothing still tells that its language is there.
fn keeps(uses: &FileUses) -> bool {
    uses.language.is_some() || !uses.is_empty()
}
