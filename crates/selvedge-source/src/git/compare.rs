//! Which entries of the git index differ from a tree.
//!
//! Subtrees that the index knows to be equal are not even read: after a commit, staging one file
//! invalidates the cached tree ids on the way from the root to that file and no others.

use std::collections::BTreeMap;
use std::ops::Range;

use gix::bstr::{BString, ByteSlice};
use gix::index::extension::Tree as CachedTree;
use gix::index::{Entry, State, entry::Mode, entry::Stage};
use gix::objs::{TreeRefIter, tree::EntryMode};

/// An entry of the index that is not in the tree, or is another there.
pub(crate) struct Change {
    /// Which entry of the index.
    pub(crate) entry_index: usize,
    /// The blob that the tree has at this path.
    pub(crate) before: Option<gix::ObjectId>,
}

/// How the index differs from a tree.
#[derive(Default)]
pub(crate) struct Comparison {
    /// In the order of the index.
    pub(crate) changes: Vec<Change>,
    /// Blobs at paths of the tree that the index no longer has.
    pub(crate) gone: Vec<gix::ObjectId>,
}

/// Deepest nesting of directories that is followed; a tree that contains itself would not end.
const DEPTH_MAX: usize = 1024;

/// Compares `index` to the tree `tree`; without one, every entry is a change.
pub(crate) fn compare(
    repository: &gix::Repository,
    index: &State,
    tree: Option<gix::ObjectId>,
) -> Result<Comparison, gix::Error> {
    let mut comparer = Comparer { repository, index, found: Comparison::default() };
    let all = 0..index.entries().len();
    comparer.directory(tree, all, index.tree(), 0, 0)?;
    Ok(comparer.found)
}

struct Comparer<'a> {
    repository: &'a gix::Repository,
    index: &'a State,
    found: Comparison,
}

impl Comparer<'_> {
    /// Compares the entries in `range`, whose paths all start with the same `prefix` bytes, to `tree`.
    fn directory(
        &mut self,
        tree: Option<gix::ObjectId>,
        range: Range<usize>,
        cached: Option<&CachedTree>,
        prefix: usize,
        depth: usize,
    ) -> Result<(), gix::Error> {
        if let (Some(tree), Some(cached)) = (tree, cached)
            && cached.id == tree
            && cached.num_entries.is_some_and(|count| count as usize == range.len())
        {
            return Ok(());
        }
        let mut before = match tree {
            Some(tree) => self.read(tree)?,
            None => BTreeMap::new(),
        };
        let mut at = range.start;
        while at < range.end {
            let path = self.index.entries()[at].path(self.index);
            let rest = &path[prefix.min(path.len())..];
            match rest.find_byte(b'/') {
                Some(end) if end + 1 < rest.len() && depth < DEPTH_MAX => {
                    let directory = &path[..=prefix + end];
                    let until = at
                        + self.index.entries()[at..range.end]
                            .partition_point(|entry| entry.path(self.index).starts_with(directory));
                    let name = rest[..end].as_bstr();
                    let subtree = take_tree(&mut before, name);
                    let cached = cached.and_then(|cached| {
                        cached.children.iter().find(|child| child.name.as_slice() == name.as_bytes())
                    });
                    self.directory(subtree, at..until, cached, prefix + end + 1, depth + 1)?;
                    at = until;
                }
                _ => {
                    let name = rest.strip_suffix(b"/").unwrap_or(rest).as_bstr();
                    self.entry(at, before.get(name).copied());
                    let last_stage = self
                        .index
                        .entries()
                        .get(at + 1)
                        .is_none_or(|next| at + 1 >= range.end || next.path(self.index) != path);
                    if last_stage {
                        before.remove(name);
                    }
                    at += 1;
                }
            }
        }
        for (mode, id) in before.into_values() {
            self.gone(mode, id, depth)?;
        }
        Ok(())
    }

    /// Compares one entry to what the tree has at its path.
    fn entry(&mut self, entry_index: usize, before: Option<(EntryMode, gix::ObjectId)>) {
        let entry = &self.index.entries()[entry_index];
        if !is_file(entry) || entry.stage() == Stage::Base {
            return;
        }
        let before = before.filter(|(mode, _)| mode.is_blob()).map(|(_, id)| id);
        if before != Some(entry.id) {
            self.found.changes.push(Change { entry_index, before });
        }
    }

    /// Notes the blobs in something that only the tree has.
    fn gone(&mut self, mode: EntryMode, id: gix::ObjectId, depth: usize) -> Result<(), gix::Error> {
        if mode.is_blob() {
            self.found.gone.push(id);
        } else if mode.is_tree() && depth < DEPTH_MAX {
            for (mode, id) in self.read(id)?.into_values() {
                self.gone(mode, id, depth + 1)?;
            }
        }
        Ok(())
    }

    fn read(&self, tree: gix::ObjectId) -> Result<BTreeMap<BString, (EntryMode, gix::ObjectId)>, gix::Error> {
        let tree = self.repository.find_tree(tree)?;
        TreeRefIter::from_bytes(&tree.data, tree.id.kind())
            .map(|entry| {
                let entry = entry?;
                Ok((entry.filename.to_owned(), (entry.mode, entry.oid.to_owned())))
            })
            .collect()
    }
}

/// Whether an entry is a regular file; symbolic links and submodules are not looked at.
pub(crate) fn is_file(entry: &Entry) -> bool {
    matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE)
}

/// Takes the subtree `name` out of `entries`. A file of that name stays: it is gone from the index.
fn take_tree(
    entries: &mut BTreeMap<BString, (EntryMode, gix::ObjectId)>,
    name: &gix::bstr::BStr,
) -> Option<gix::ObjectId> {
    let (_, id) = entries.get(name).copied().filter(|(mode, _)| mode.is_tree())?;
    entries.remove(name);
    Some(id)
}
