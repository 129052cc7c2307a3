//! The read-only tree of files that every reader works on.

use std::borrow::Cow;
use std::io::{self, Read, Seek};
use std::path::PathBuf;

use selvedge_model::{Diagnostic, DiagnosticKind};
use thiserror::Error;

use crate::examine::Examined;
use crate::limit::Limit;

/// A read-only tree of files.
///
/// Paths are relative to the root, `/`-separated, without `.` and `..`. Links are resolved inside the root
/// only: an absolute target starts at the root, and one that climbs above it is refused.
pub trait Root: Sync {
    /// Paths of the files and links that some reader wants, sorted.
    fn paths(&self) -> &[String];

    /// Opens the file at `path`, following links inside the root.
    fn open(&self, path: &str) -> Result<Opened<'_>, ReadError>;

    /// What could not be listed.
    fn diagnostics(&self) -> &[Diagnostic];

    /// Layer (diff id) that holds the file at `path`, in an image.
    fn layer(&self, path: &str) -> Option<&str> {
        let _ = path;
        None
    }

    /// The states that the file at `path` had from the lowest layer to the highest, with the diff id of
    /// each. Empty where the tree has no layers.
    fn generations(&self, path: &str) -> Vec<(&str, &[u8])> {
        let _ = path;
        Vec::new()
    }

    /// What was learnt of the file at `path` while the tree was streamed past, for files that are not kept.
    #[doc(hidden)]
    fn examined(&self, path: &str) -> Option<&Examined> {
        let _ = path;
        None
    }
}

/// A file that is ready to be read.
pub struct Opened<'a> {
    /// Size in bytes as the tree states it; the reader may yield fewer or more.
    pub size: u64,
    /// The content.
    pub reader: Box<dyn ReadSeek + 'a>,
}

/// A reader that can also go back and forth.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A file of the tree that cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// No file has this path.
    #[error("no such file")]
    Absent,
    /// A folder, device, pipe or socket.
    #[error("not a regular file")]
    NotAFile,
    /// A link that leads out of the root.
    #[error("a symbolic link leads out of the root")]
    Escapes,
    /// Links that lead to each other, or a chain that is too long.
    #[error("symbolic links form a loop or too long a chain")]
    Loop,
    /// The file is larger than its reader accepts.
    #[error("larger than {name} allows ({limit} bytes)")]
    TooLarge {
        /// Name of the limit.
        name: &'static str,
        /// Its value.
        limit: u64,
    },
    /// The operating system says no.
    #[error("{}", .0.kind())]
    Io(#[from] io::Error),
}

impl ReadError {
    /// The diagnostic for a file at `path`.
    pub(crate) fn diagnostic(&self, path: &str) -> Diagnostic {
        let kind = match self {
            Self::Absent => DiagnosticKind::Vanished,
            Self::NotAFile | Self::Io(_) => DiagnosticKind::Unreadable,
            Self::Escapes | Self::Loop => DiagnosticKind::SymlinkLoop,
            Self::TooLarge { .. } => DiagnosticKind::TooLarge,
        };
        Diagnostic::new(kind, self.to_string()).at(path)
    }
}

/// A folder or image that cannot be opened at all.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder or file cannot be read.
    #[error("cannot open {path}")]
    Io {
        /// What was to be opened.
        path: PathBuf,
        /// Why it cannot be.
        #[source]
        source: io::Error,
    },
    /// It can be read and is not what it should be.
    #[error("{path} is no container image: {reason}")]
    NotAnImage {
        /// What was opened.
        path: PathBuf,
        /// What was expected and not found.
        reason: String,
    },
}

/// Reads the file at `path` whole, if it is not over `limit`.
pub(crate) fn read(root: &dyn Root, path: &str, limit: Limit) -> Result<Vec<u8>, ReadError> {
    let opened = root.open(path)?;
    let too_large = || ReadError::TooLarge { name: limit.name, limit: limit.value };
    if limit.is_exceeded_by(opened.size) {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(opened.size).unwrap_or(0));
    opened.reader.take(limit.value.saturating_add(1)).read_to_end(&mut bytes)?;
    if limit.is_exceeded_by(bytes.len() as u64) {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Reads the file at `path`; `None` with a diagnostic if that is not possible, `None` without one if there
/// is no such file.
pub(crate) fn read_or_report(
    root: &dyn Root,
    path: &str,
    limit: Limit,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<u8>> {
    match read(root, path, limit) {
        Ok(bytes) => Some(bytes),
        Err(ReadError::Absent) => None,
        Err(error) => {
            diagnostics.push(error.diagnostic(path));
            None
        }
    }
}

/// The text of `bytes`; what is not UTF-8 is replaced, since names and versions are ASCII.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Paths of `root` that start with `prefix`, in order.
pub(crate) fn below<'a>(root: &'a dyn Root, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    let paths = root.paths();
    let start = paths.partition_point(|path| path.as_str() < prefix);
    paths[start..].iter().map(String::as_str).take_while(move |path| path.starts_with(prefix))
}

/// Whether `root` lists a file or link of this very path.
pub(crate) fn has(root: &dyn Root, path: &str) -> bool {
    root.paths().binary_search_by(|other| other.as_str().cmp(path)).is_ok()
}

/// The last component of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The folder of a path; empty for the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
