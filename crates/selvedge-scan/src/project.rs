//! The seam between the pass and the engines that need a project as a whole: its package files, and what single
//! files say about its use of packages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use selvedge_model::{DependencyInfo, Diagnostic, DiagnosticKind, Engine, Finding, Rule};

use crate::engine::FileView;

/// Bytes of files that are kept for project engines, all together. What is beyond is told and left out.
pub(crate) const KEPT_BYTES_MAX: usize = 256 << 20;

/// An engine that draws its conclusions from the project as a whole, after every file was seen.
///
/// It is total, as [`crate::FileEngine`] is.
pub trait ProjectEngine: Sync {
    /// Which engine this is.
    fn engine(&self) -> Engine;

    /// Changes whenever [`ProjectEngine::facts`] could say something else about the same file.
    fn facts_digest(&self) -> [u8; 32];

    /// Whether the engine needs the content of such a file when it concludes.
    fn keeps(&self, path: &str) -> bool;

    /// Whether the engine wants to see such a file go by.
    fn watches(&self, path: &str) -> bool;

    /// What one watched file says, in a form of the engine's own; cached with the file.
    fn facts(&self, file: &FileView<'_>) -> Option<Vec<u8>>;

    /// Draws the conclusions.
    fn conclude(&self, project: &ProjectView<'_>) -> Conclusion;
}

/// The project as an engine sees it in the end.
#[derive(Debug)]
pub struct ProjectView<'a> {
    /// The files that the engine keeps, by path.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// What the watched files said, by path.
    pub facts: &'a BTreeMap<String, Vec<u8>>,
    /// Whether every watched file of the project was seen; in a run over changes it was not.
    pub whole: bool,
}

/// What an engine concludes about a project.
#[derive(Debug, Default)]
pub struct Conclusion {
    /// Findings, in any order.
    pub findings: Vec<Finding>,
    /// What could not be looked at.
    pub diagnostics: Vec<Diagnostic>,
    /// The rules behind the findings.
    pub rules: Vec<Rule>,
    /// Packages and advisories, if there was any package file.
    pub dependencies: Option<DependencyInfo>,
}

/// What the pass gathers for a project engine.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Files whose content is kept.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Their bytes.
    bytes: usize,
    /// What watched files said.
    pub(crate) facts: BTreeMap<String, Vec<u8>>,
    /// Files that were not read because they are unchanged, and whose content is kept all the same: the path
    /// relative to the target, and the path in reports.
    pub(crate) unread: BTreeSet<(String, String)>,
    /// Lines of kept files that count, where only changes do.
    pub(crate) changed: BTreeMap<String, Vec<Range<u32>>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Gathered {
    /// Keeps a content for the end, within the budget.
    pub(crate) fn keep(&mut self, path: &str, bytes: &[u8]) {
        if self.bytes + bytes.len() > KEPT_BYTES_MAX {
            let message =
                format!("not read as a package file: more than {KEPT_BYTES_MAX} bytes of them in all");
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(path));
            return;
        }
        self.bytes += bytes.len();
        self.files.insert(path.to_owned(), bytes.to_vec());
    }

    /// Reads what the cache spared. `target` is what the visit was about.
    pub(crate) fn read_unread(&mut self, target: &Path, size_max: u64) {
        for (below, path) in std::mem::take(&mut self.unread) {
            let file = if target.is_dir() { target.join(&below) } else { target.to_owned() };
            match read_at_most(&file, size_max) {
                Ok(bytes) => self.keep(&path, &bytes),
                Err(error) => {
                    let kind = match error.kind() {
                        std::io::ErrorKind::NotFound => DiagnosticKind::Vanished,
                        _ => DiagnosticKind::Unreadable,
                    };
                    self.diagnostics.push(Diagnostic::new(kind, format!("cannot be read: {error}")).at(path));
                }
            }
        }
    }

    /// Adds what another visit gathered.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (path, bytes) in other.files {
            self.keep(&path, &bytes);
        }
        self.facts.extend(other.facts);
        self.changed.extend(other.changed);
        self.diagnostics.extend(other.diagnostics);
    }
}

fn read_at_most(path: &Path, size_max: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(size_max).read_to_end(&mut bytes)?;
    Ok(bytes)
}
