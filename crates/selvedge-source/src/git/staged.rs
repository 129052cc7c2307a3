//! Offers what the next commit would change: the git index against HEAD.

use std::collections::BTreeSet;
use std::path::Path;

use gix::bstr::ByteSlice;
use gix::index::entry::Flags;
use selvedge_model::{DiagnosticKind, Stats};

use super::compare::compare;
use super::{boxed, find_text, on_threads, open};
use crate::run::{Content, Run, Worker};
use crate::{Origin, SourceError, SourceOptions, Visitor};

/// Offers every file of the index of the repository at `repo` that differs from HEAD, with the lines
/// that differ. Paths are relative to the root of the working tree.
///
/// A file that was moved unchanged is offered with no changed lines. In a merge with conflicts, both
/// sides of a file are offered. Submodules and symbolic links are not looked at.
pub fn visit_staged(
    repo: &Path,
    options: &SourceOptions,
    visitor: &dyn Visitor,
) -> Result<Stats, SourceError> {
    let git = |what| move |source| SourceError::Git { what, source: boxed(source) };
    let repository = open(repo)?;
    let index = repository.index_or_empty().map_err(git("the index"))?;
    let mut head = repository.head().map_err(git("HEAD"))?;
    let head = match head.try_peel_to_id().map_err(git("HEAD"))? {
        Some(id) => {
            let commit = id.object().and_then(gix::Object::peel_to_tree).map_err(git("HEAD"))?;
            Some(commit.id)
        }
        None => None,
    };
    let comparison = compare(&repository, &index, head).map_err(git("the tree of HEAD"))?;
    let gone: BTreeSet<_> = comparison.gone.into_iter().collect();

    let run = Run::new(options, visitor);
    on_threads(&run, &repository, &comparison.changes, &|worker, repository, change| {
        let entry = &index.entries()[change.entry_index];
        if entry.flags.contains(Flags::INTENT_TO_ADD) {
            return;
        }
        let before = change.before.or_else(|| gone.get(&entry.id).copied());
        let path = entry.path(&index).to_str_lossy();
        offer_blob(&run, worker, repository, &path, entry.id, before);
        run.add(&worker.take_counts());
    });
    Ok(run.stats())
}

/// Offers the blob `id` as the file `path`, with the lines that are not in the blob `before`.
fn offer_blob(
    run: &Run<'_>,
    worker: &mut Worker,
    repository: &gix::Repository,
    path: &str,
    id: gix::ObjectId,
    before: Option<gix::ObjectId>,
) {
    if !run.visitor.wants(path) {
        return;
    }
    let size = match repository.find_header(id) {
        Ok(header) => header.size(),
        Err(error) => return skip_object(run, worker, path, &error),
    };
    if size > run.options.max_file_size {
        return run.skip_too_large(worker, path, Some(size));
    }
    let _share = run.budget.take(size);
    let blob = match repository.find_blob(id) {
        Ok(blob) => blob,
        Err(error) => return skip_object(run, worker, path, &error),
    };
    let before = before.and_then(|before| find_text(run, repository, before));
    let content =
        Content { path, bytes: &blob.data, origin: Origin::Index, before: before.as_deref(), stamp: None };
    run.offer(worker, &content);
}

/// Reports a blob that cannot be read.
fn skip_object(run: &Run<'_>, worker: &Worker, path: &str, error: &gix::Error) {
    run.skip(worker, path, DiagnosticKind::BadObject, format!("cannot be read from the repository: {error}"));
}
