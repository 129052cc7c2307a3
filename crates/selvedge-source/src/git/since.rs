//! Offers what changed since a revision: the files on disk against the tree of that revision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::{Stage, Stat, stat};
use gix::index::{Entry, State, fs::Metadata};
use selvedge_model::Stats;

use super::compare::{compare, is_file};
use super::places::Places;
use super::{boxed, find_text, on_threads, open, tree_at};
use crate::run::Run;
use crate::tree::{self, Selection};
use crate::{SourceError, SourceOptions, Visitor};

/// Whole seconds, as not every git records more; a file changed in the second in which the index was
/// written is compared by content.
const STAT_OPTIONS: stat::Options =
    stat::Options { trust_ctime: true, check_stat: true, use_nsec: false, use_stdev: false };

/// A file of the working tree that may have changed.
struct Candidate {
    path: PathBuf,
    name: String,
    before: Option<gix::ObjectId>,
}

/// Offers every file of the working tree at `repo` that differs from the revision `rev`, with the
/// lines that differ: committed since, staged, modified, or untracked and not ignored. Paths are
/// relative to the root of the working tree.
///
/// It is `rev` itself that counts, not a common ancestor. Files that differ in their line ends alone
/// have not changed. Submodules, other repositories in the tree and symbolic links are not looked at.
pub fn visit_since(
    repo: &Path,
    rev: &str,
    options: &SourceOptions,
    visitor: &dyn Visitor,
) -> Result<Stats, SourceError> {
    let git = |what| move |source| SourceError::Git { what, source: boxed(source) };
    let repository = open(repo)?;
    let root = repository.workdir().ok_or_else(|| SourceError::Bare { path: repo.to_owned() })?.to_owned();
    let tree = tree_at(&repository, rev)?;
    let index = repository.index_or_empty().map_err(git("the index"))?;
    let comparison = compare(&repository, &index, Some(tree)).map_err(git("a tree"))?;
    let gone: BTreeSet<_> = comparison.gone.into_iter().collect();
    let changes: BTreeMap<_, _> =
        comparison.changes.into_iter().map(|change| (change.entry_index, change.before)).collect();

    let mut places = Places::new(&root);
    let candidates: Vec<Candidate> = index
        .entries()
        .iter()
        .enumerate()
        .filter(|(at, entry)| is_file(entry) && is_first_side(&index, *at))
        .filter_map(|(at, entry)| {
            let path = places.path_of(entry.path(&index))?;
            let unchanged = is_unchanged(&index, entry, &path)?;
            let before = match changes.get(&at) {
                None if unchanged => return None,
                None => Some(entry.id),
                Some(None) if unchanged => gone.get(&entry.id).copied(),
                Some(before) => *before,
            };
            Some(Candidate { path, name: entry.path(&index).to_str_lossy().into_owned(), before })
        })
        .collect();

    let run = Run::new(options, visitor);
    on_threads(&run, &repository, &candidates, &|worker, repository, candidate| {
        let before = candidate.before.and_then(|id| find_text(&run, repository, id));
        tree::visit_changed(&run, worker, &candidate.path, &candidate.name, before.as_deref());
    });
    let untracked = |path: &Path| {
        let relative = path.strip_prefix(&root).unwrap_or(path);
        gix::path::into_bstr(relative)
            .is_ok_and(|name| !is_tracked(&index, gix::path::to_unix_separators_on_windows(name).as_ref()))
    };
    let selection = Selection { wanted: &untracked, nested_repositories: false };
    tree::walk(&run, &root, &selection)?;
    Ok(run.stats())
}

/// Whether the entry is the only one for its path or, in a conflict, the first to be looked at.
fn is_first_side(index: &State, at: usize) -> bool {
    let entries = index.entries();
    let entry = &entries[at];
    entry.stage() != Stage::Base
        && at.checked_sub(1).and_then(|previous| entries.get(previous)).is_none_or(|previous| {
            previous.stage() == Stage::Base || previous.path(index) != entry.path(index)
        })
}

/// Whether the file at `path` is what the index entry says; `None` if there is no such file.
fn is_unchanged(index: &State, entry: &Entry, path: &Path) -> Option<bool> {
    let Ok(metadata) = Metadata::from_path_no_follow(path) else {
        // What is there but cannot be looked at is reported when it is read.
        return path.symlink_metadata().is_ok().then_some(false);
    };
    if !metadata.is_file() {
        return None;
    }
    let now = Stat::from_fs(&metadata).ok();
    Some(
        entry.stage() == Stage::Unconflicted
            && now.is_some_and(|now| entry.stat.matches(&now, STAT_OPTIONS))
            && !entry.stat.is_racy(index.timestamp(), STAT_OPTIONS),
    )
}

fn is_tracked(index: &State, path: &BStr) -> bool {
    index.entries().binary_search_by(|entry| entry.path(index).cmp(path)).is_ok()
}
