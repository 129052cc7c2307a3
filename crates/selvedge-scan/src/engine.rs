//! The seam between the pass and the engines: what an engine is given, and where its results go.

use std::cell::OnceCell;

use selvedge_model::{ByteRange, Diagnostic, Engine, Finding, LineIndex, Redaction};

/// An engine that looks at one file at a time.
///
/// It is total: a file it cannot make sense of becomes a diagnostic in the sink.
pub trait FileEngine: Sync {
    /// Which engine this is.
    fn engine(&self) -> Engine;

    /// Changes whenever the same file could give another result: rules, options, version.
    fn digest(&self) -> [u8; 32];

    /// Whether the engine has rules for such a path at all.
    fn wants(&self, path: &str) -> bool;

    /// Looks at one file.
    fn inspect(&self, file: &FileView<'_>, sink: &mut Sink);
}

/// One file as the engines share it: borrowed bytes, and what is derived from them at most once.
pub struct FileView<'a> {
    path: &'a str,
    bytes: &'a [u8],
    commit: Option<&'a str>,
    lines: OnceCell<LineIndex>,
}

impl<'a> FileView<'a> {
    /// A view of `bytes`, shown to the user as `path`.
    pub fn new(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { path, bytes, commit: None, lines: OnceCell::new() }
    }

    /// Says in which commit the content first appeared.
    #[must_use]
    pub fn in_commit(mut self, id: Option<&'a str>) -> Self {
        self.commit = id;
        self
    }

    /// The commit in which the content first appeared, in hexadecimal; known for history only.
    pub fn commit(&self) -> Option<&'a str> {
        self.commit
    }

    /// The path relative to the root of the project, `/`-separated.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// The content; UTF-16 files are given as UTF-8.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Line starts, computed when the first engine asks.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.bytes))
    }
}

/// Collects what the engines have to say about one file.
#[derive(Debug, Default)]
pub struct Sink {
    /// Findings, in any order.
    pub findings: Vec<Finding>,
    /// What could not be looked at.
    pub diagnostics: Vec<Diagnostic>,
    /// Places of the file that no engine may show, with what is shown instead. The secrets engine runs first.
    pub secrets: Vec<(ByteRange, Redaction)>,
}
