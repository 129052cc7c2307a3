//! Git repositories, read without the git program: what is staged, what changed, files at a revision.

mod compare;
mod places;
mod since;
mod staged;
mod tracked;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::SourceError;
use crate::run::{Run, Worker};

pub use since::visit_since;
pub use staged::visit_staged;
pub(crate) use tracked::Tracked;

/// The root of the working tree that `path` lies in: the nearest directory at or above it with a
/// `.git` in it.
pub fn git_root(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    path.ancestors().find(|directory| directory.join(".git").exists()).map(Path::to_path_buf)
}

/// The content of the file `path`, `/`-separated and relative to the root of the repository, at the
/// revision `rev`; `None` if there is no such file at that revision.
pub fn read_at(repo: &Path, rev: &str, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
    let repository = open(repo)?;
    let tree = repository
        .find_tree(tree_at(&repository, rev)?)
        .map_err(|source| SourceError::Git { what: "a tree", source: boxed(source) })?;
    let entry = tree
        .lookup_entry(path.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::as_bytes))
        .map_err(|source| SourceError::Git { what: "a tree", source: boxed(source) })?;
    let Some(entry) = entry.filter(|entry| entry.mode().is_blob()) else { return Ok(None) };
    let blob = repository
        .find_blob(entry.object_id())
        .map_err(|source| SourceError::Git { what: "a file", source: boxed(source) })?;
    Ok(Some(blob.detach().data))
}

/// The directory that git runs the hooks of the repository at `repo` from: `core.hooksPath`, or `hooks` in
/// the repository, which the working trees of one repository share.
pub fn hooks_dir(repo: &Path) -> Result<PathBuf, SourceError> {
    let repository = open(repo)?;
    let configured = repository.config_snapshot().trusted_path("core.hooksPath").ok().flatten();
    Ok(match configured {
        Some(path) => repository.workdir().unwrap_or(repository.common_dir()).join(path),
        None => repository.common_dir().join("hooks"),
    })
}

/// Opens the repository that `path` lies in, or is.
///
/// Only the repository's own configuration is read, so the result depends on nothing else.
pub(crate) fn open(path: &Path) -> Result<gix::Repository, SourceError> {
    let root = git_root(path).unwrap_or_else(|| path.to_owned());
    gix::open_opts(root, gix::open::Options::isolated())
        .map_err(|source| SourceError::OpenRepository { path: path.to_owned(), source: boxed(source) })
}

/// The id of the tree that `rev` names, directly or through tags and commits.
pub(crate) fn tree_at(repository: &gix::Repository, rev: &str) -> Result<gix::ObjectId, SourceError> {
    let failed = |source| SourceError::Revision { revision: rev.to_owned(), source };
    let id = repository.rev_parse_single(rev).map_err(|source| failed(boxed(source)))?;
    let object = id.object().map_err(|source| failed(boxed(source)))?;
    let tree = object.peel_to_tree().map_err(|source| failed(boxed(source)))?;
    Ok(tree.id)
}

/// Does `work` for every item, on several threads if there are several.
pub(crate) fn on_threads<T: Sync>(
    run: &Run<'_>,
    repository: &gix::Repository,
    items: &[T],
    work: &(dyn Fn(&mut Worker, &gix::Repository, &T) + Sync),
) {
    let next = AtomicUsize::new(0);
    let shared = repository.clone().into_sync();
    let thread = || {
        let repository = shared.to_thread_local();
        let mut worker = Worker::default();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if run.options.cancelled() {
                return;
            }
            work(&mut worker, &repository, item);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..run.options.thread_count().min(items.len()) {
            scope.spawn(thread);
        }
        thread();
    });
}

/// The blob `id` as an earlier version to compare with; `None` if it is too large or cannot be read,
/// and then every line counts as changed.
pub(crate) fn find_text(run: &Run<'_>, repository: &gix::Repository, id: gix::ObjectId) -> Option<Vec<u8>> {
    let size = repository.find_header(id).ok()?.size();
    if size > run.options.max_file_size {
        return None;
    }
    Some(repository.find_blob(id).ok()?.detach().data)
}

/// An error of gix as a source of ours.
pub(crate) fn boxed(
    error: impl std::error::Error + Send + Sync + 'static,
) -> Box<dyn std::error::Error + Send + Sync> {
    Box::new(error)
}
