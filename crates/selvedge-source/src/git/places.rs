//! Where index entries are on disk. An index is hostile: its paths may lead anywhere.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use gix::bstr::BStr;

/// Turns the paths of index entries into paths on disk that stay in the working tree.
pub(super) struct Places<'a> {
    root: &'a Path,
    /// Directories below the root that were looked at: whether they are really there.
    directories: BTreeMap<PathBuf, bool>,
}

impl<'a> Places<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, directories: BTreeMap::new() }
    }

    /// The file that the index calls `name`; `None` if that leads out of the working tree or through a
    /// symbolic link, where git has no files either.
    pub(super) fn path_of(&mut self, name: &BStr) -> Option<PathBuf> {
        let relative = gix::path::from_bstr(name).ok()?;
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let parent = relative.parent()?;
        self.is_real(parent).then(|| self.root.join(&relative))
    }

    fn is_real(&mut self, directory: &Path) -> bool {
        let Some(parent) = directory.parent() else { return true };
        if let Some(known) = self.directories.get(directory) {
            return *known;
        }
        let real = self.is_real(parent)
            && self.root.join(directory).symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
        self.directories.insert(directory.to_owned(), real);
        real
    }
}
