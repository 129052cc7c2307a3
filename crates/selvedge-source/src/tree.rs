//! Walks a directory in parallel and offers the files in it.

use std::fs::{self, File as DiskFile};
use std::io::{self, Read};
use std::path::{Component, Path};

use ignore::{DirEntry, WalkBuilder, WalkState};
use selvedge_model::{Diagnostic, DiagnosticKind, Stats};

use crate::archive::{self, Format};
use crate::git::Tracked;
use crate::lines::same_lines;
use crate::run::{Content, Run, Worker};
use crate::text::{Encoding, SNIFF_BYTES};
use crate::{Origin, SourceError, SourceOptions, Stamp, Visitor};

/// Capacity of the buffer that a thread keeps from one file to the next.
const BUFFER_KEPT: usize = 1 << 20;

/// Offers every file under `root` to `visitor`, or `root` itself if it is a file.
///
/// The root is looked at even if ignore files name it.
pub fn visit_tree(root: &Path, options: &SourceOptions, visitor: &dyn Visitor) -> Result<Stats, SourceError> {
    let metadata =
        fs::metadata(root).map_err(|source| SourceError::Read { path: root.to_owned(), source })?;
    let run = Run::new(options, visitor);
    if metadata.is_dir() {
        visit_directory(&run, root)?;
    } else {
        let name = root.file_name().map_or_else(|| display(root), |name| display(Path::new(name)));
        if metadata.is_file() {
            visit_file(&run, &mut Worker::default(), root, &name);
        } else {
            let mut stream =
                DiskFile::open(root).map_err(|source| SourceError::Read { path: root.to_owned(), source })?;
            crate::stdin::visit_stream(&run, &mut stream, &name)?;
        }
    }
    Ok(run.stats())
}

/// Walks the directory `root`, and adds what ignore files name although git tracks it.
fn visit_directory(run: &Run<'_>, root: &Path) -> Result<(), SourceError> {
    let respect = run.options.respect_ignore_files;
    let tracked = if respect { Tracked::below(root) } else { None };
    let wanted = |path: &Path| {
        if let (Some(tracked), Ok(relative)) = (&tracked, path.strip_prefix(root)) {
            tracked.mark(relative);
        }
        true
    };
    walk(run, root, &Selection { wanted: &wanted, nested_repositories: true })?;
    let mut worker = Worker::default();
    for (path, name) in tracked.iter().flat_map(|tracked| tracked.unseen(run.options.hidden)) {
        if run.options.cancelled() {
            break;
        }
        visit_file(run, &mut worker, &path, &name);
    }
    Ok(())
}

/// Which of the files of a directory to offer.
pub(crate) struct Selection<'a> {
    /// Whether the file is wanted.
    pub(crate) wanted: &'a (dyn Fn(&Path) -> bool + Sync),
    /// Whether to go into git repositories inside the root.
    pub(crate) nested_repositories: bool,
}

/// Walks the directory `root`.
pub(crate) fn walk(run: &Run<'_>, root: &Path, selection: &Selection<'_>) -> Result<(), SourceError> {
    let options = run.options;
    let real_root =
        root.canonicalize().map_err(|source| SourceError::Read { path: root.to_owned(), source })?;
    let walker = WalkBuilder::new(root)
        .hidden(!options.hidden)
        .parents(options.respect_ignore_files)
        .ignore(false)
        .git_ignore(options.respect_ignore_files)
        .git_global(options.respect_ignore_files)
        .git_exclude(options.respect_ignore_files)
        .require_git(false)
        .follow_links(options.follow_links)
        .threads(options.thread_count())
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git")
        .build_parallel();
    walker.run(|| {
        let mut worker = Worker::default();
        let (root, real_root) = (root, real_root.as_path());
        Box::new(move |result| {
            if options.cancelled() {
                return WalkState::Quit;
            }
            match result {
                Ok(entry) => visit_entry(run, &mut worker, selection, root, real_root, &entry),
                Err(error) => {
                    report_walk_error(run, &worker, root, &error);
                    run.add(&worker.take_counts());
                    WalkState::Continue
                }
            }
        })
    });
    Ok(())
}

/// Looks at one entry of a directory.
fn visit_entry(
    run: &Run<'_>,
    worker: &mut Worker,
    selection: &Selection<'_>,
    root: &Path,
    real_root: &Path,
    entry: &DirEntry,
) -> WalkState {
    if let Some(error) = entry.error() {
        report_ignore_file(run, root, error);
    }
    let path = relative(root, entry.path());
    if entry.path_is_symlink() && entry.depth() > 0 {
        match judge_link(root, real_root, entry.path()) {
            Link::Inside => {}
            Link::Indirect => return WalkState::Skip,
            Link::Outside => {
                if run.options.follow_links {
                    let message = "symbolic link that leads out of the root; not followed";
                    run.skip(worker, &path, DiagnosticKind::SymlinkLoop, message);
                    run.add(&worker.take_counts());
                }
                return WalkState::Skip;
            }
        }
    }
    let kind = entry.file_type();
    if kind.is_some_and(|kind| kind.is_dir())
        && entry.depth() > 0
        && !selection.nested_repositories
        && entry.path().join(".git").exists()
    {
        return WalkState::Skip;
    }
    if kind.is_some_and(|kind| kind.is_file()) && (selection.wanted)(entry.path()) {
        visit_file(run, worker, entry.path(), &path);
    }
    WalkState::Continue
}

/// What following a symbolic link would lead to.
enum Link {
    /// Something inside the root.
    Inside,
    /// Something inside the root, but the link itself was reached through another link. It is looked
    /// at where it really is; links to directories full of links would otherwise multiply.
    Indirect,
    /// Something outside of the root, or nothing.
    Outside,
}

fn judge_link(root: &Path, real_root: &Path, link: &Path) -> Link {
    let Ok(target) = link.canonicalize() else { return Link::Outside };
    if !target.starts_with(real_root) {
        return Link::Outside;
    }
    let parent = link.parent().unwrap_or(link);
    let really_here = real_root.join(parent.strip_prefix(root).unwrap_or(Path::new("")));
    match parent.canonicalize() {
        Ok(real_parent) if real_parent == really_here => Link::Inside,
        _ => Link::Indirect,
    }
}

/// Reads and offers the regular file at `path`, called `name` in results, unless the visitor knows it.
fn visit_file(run: &Run<'_>, worker: &mut Worker, path: &Path, name: &str) {
    if !run.visitor.wants(name) {
        return;
    }
    let known = fs::metadata(path).ok().and_then(|metadata| run.visitor.known(name, &Stamp::new(&metadata)));
    if let Some(counts) = known {
        run.add(&counts);
        return;
    }
    let stamp = read_and_offer(run, worker, path, name, None);
    let counts = worker.take_counts();
    run.add(&counts);
    if let Some(stamp) = stamp {
        run.visitor.finish(name, &stamp, &counts);
    }
}

/// Reads and offers the regular file at `path`, called `name` in results, unless its lines are those
/// of `before`.
pub(crate) fn visit_changed(
    run: &Run<'_>,
    worker: &mut Worker,
    path: &Path,
    name: &str,
    before: Option<&[u8]>,
) {
    if !run.visitor.wants(name) {
        return;
    }
    read_and_offer(run, worker, path, name, before);
    run.add(&worker.take_counts());
}

/// Offers one file; hands back its stamp if it could be read.
fn read_and_offer(
    run: &Run<'_>,
    worker: &mut Worker,
    path: &Path,
    name: &str,
    before: Option<&[u8]>,
) -> Option<Stamp> {
    let opened = DiskFile::open(path).and_then(|file| {
        let stamp = Stamp::new(&file.metadata()?);
        Ok((file, stamp))
    });
    let (mut file, stamp) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            run.skip_unreadable(worker, name, &error);
            return None;
        }
    };
    let fits = stamp.size <= run.options.max_file_size;
    let share = run.budget.take(if fits { stamp.size } else { SNIFF_BYTES as u64 });
    let mut buffer = std::mem::take(&mut worker.buffer);
    match read_text(run, &mut file, name, stamp.size, fits, &mut buffer) {
        Err(error) => run.skip_unreadable(worker, name, &error),
        Ok(Some(format)) => {
            drop(share);
            archive::visit_file(run, worker, name, format, file, stamp.size);
            worker.buffer = buffer;
            return Some(stamp);
        }
        Ok(None) if !fits && Encoding::of(&buffer) != Encoding::Binary => {
            run.skip_too_large(worker, name, Some(stamp.size));
        }
        Ok(None) if before.is_some_and(|before| same_lines(before, &buffer)) => {}
        Ok(None) => {
            let content =
                Content { path: name, bytes: &buffer, origin: Origin::Tree, before, stamp: Some(stamp) };
            run.offer_text(worker, &content);
        }
    }
    // One large file must not keep its memory for the rest of the run.
    if buffer.capacity() > BUFFER_KEPT {
        buffer = Vec::new();
    }
    worker.buffer = buffer;
    drop(share);
    Some(stamp)
}

/// Reads the start of a file, and the rest if it is text that `fits`. An archive is left to be read
/// from the file itself.
fn read_text(
    run: &Run<'_>,
    file: &mut DiskFile,
    name: &str,
    size: u64,
    fits: bool,
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Format>> {
    buffer.clear();
    file.take(SNIFF_BYTES as u64).read_to_end(buffer)?;
    let format = run.archive_format(buffer, name);
    if fits && format.is_none() && Encoding::of(buffer) != Encoding::Binary {
        // A file that grows while it is read is cut where it ended when it was opened.
        let rest = size.saturating_sub(buffer.len() as u64);
        buffer.reserve_exact(rest as usize);
        file.take(rest).read_to_end(buffer)?;
    }
    Ok(format)
}

/// Reports what the walker could not do.
fn report_walk_error(run: &Run<'_>, worker: &Worker, root: &Path, error: &ignore::Error) {
    let (path, _, cause) = innermost(error);
    match cause {
        ignore::Error::Loop { child, .. } => {
            let message = "symbolic link that leads back to a directory above it; not followed";
            run.skip(worker, &relative(root, child), DiagnosticKind::SymlinkLoop, message);
        }
        ignore::Error::Io(error) => {
            let name = path.map_or_else(String::new, |path| relative(root, path));
            let is_link = path.is_some_and(Path::is_symlink);
            match error.kind() {
                io::ErrorKind::NotFound if is_link => {
                    let message = "symbolic link that leads nowhere";
                    run.skip(worker, &name, DiagnosticKind::Unreadable, message);
                }
                io::ErrorKind::PermissionDenied => run.skip_unreadable(worker, &name, error),
                _ if is_link => {
                    let message = "symbolic link that leads back to itself; not followed";
                    run.skip(worker, &name, DiagnosticKind::SymlinkLoop, message);
                }
                _ => run.skip_unreadable(worker, &name, error),
            }
        }
        _ => report_ignore_file(run, root, error),
    }
}

/// Reports a line of an ignore file that means nothing. Nothing is skipped because of it.
fn report_ignore_file(run: &Run<'_>, root: &Path, error: &ignore::Error) {
    if let ignore::Error::Partial(errors) = error {
        for error in errors {
            report_ignore_file(run, root, error);
        }
        return;
    }
    let (path, line, cause) = innermost(error);
    let mut diagnostic =
        Diagnostic::new(DiagnosticKind::BadConfig, format!("ignore rule without effect: {cause}"));
    diagnostic.path = path.map(|path| relative(root, path));
    diagnostic.line = line.map(|line| line as u32);
    run.visitor.diagnose(diagnostic);
}

/// The path and line that the walker wrapped around an error, and the error itself.
fn innermost(error: &ignore::Error) -> (Option<&Path>, Option<u64>, &ignore::Error) {
    let (mut path, mut line, mut error) = (None, None, error);
    loop {
        error = match error {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at.as_path());
                err
            }
            ignore::Error::WithLineNumber { line: at, err } => {
                line = Some(*at);
                err
            }
            ignore::Error::WithDepth { err, .. } => err,
            cause => return (path, line, cause),
        };
    }
}

/// `path` relative to `root`, as results name it.
fn relative(root: &Path, path: &Path) -> String {
    display(path.strip_prefix(root).unwrap_or(path))
}

/// A relative path with `/` between its parts; what is not UTF-8 is replaced.
pub(crate) fn display(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components() {
        if let Component::Normal(part) = part {
            if !text.is_empty() {
                text.push('/');
            }
            text.push_str(&part.to_string_lossy());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::File;

    #[derive(Default)]
    struct Problems(Mutex<Vec<Diagnostic>>);

    impl Visitor for Problems {
        fn visit(&self, file: &File<'_>) {
            panic!("{} was read", file.path);
        }

        fn diagnose(&self, diagnostic: Diagnostic) {
            self.0.lock().unwrap().push(diagnostic);
        }
    }

    #[test]
    fn what_cannot_be_read_is_reported_and_counted() {
        let problems = Problems::default();
        let options = SourceOptions::default();
        let run = Run::new(&options, &problems);
        let directory = tempfile::tempdir().unwrap();
        visit_file(&run, &mut Worker::default(), directory.path(), "a directory");
        visit_file(&run, &mut Worker::default(), &directory.path().join("gone"), "gone");
        assert_eq!(run.stats(), Stats { skipped: 2, ..Stats::default() });
        let kinds: Vec<_> =
            problems.0.into_inner().unwrap().into_iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [DiagnosticKind::Unreadable, DiagnosticKind::Vanished]);
    }

    #[test]
    fn paths_are_shown_with_slashes() {
        assert_eq!(display(Path::new("./a/./b")), "a/b");
        assert_eq!(relative(Path::new("root"), Path::new("root/x/y")), "x/y");
    }
}
