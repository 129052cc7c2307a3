//! A manifest while its file is being read: components with their spans, and what could not be read.
//!
//! Every parser fills one [`Draft`] and ends with [`Draft::finish`]; the limits on what one file may
//! produce live here.

use std::cell::OnceCell;
use std::ops::Range;

use selvedge_model::{Diagnostic, DiagnosticKind, LineIndex};
use selvedge_package::{Component, Manifest, Relation, Span};

use crate::{PackageFile, Parsed};

/// Components that one file may name. The largest lockfiles seen hold some ten thousand.
pub(crate) const COMPONENTS_MAX: usize = 300_000;

/// Diagnostics kept per file; the others are counted. A file of another format would fill pages otherwise.
pub(crate) const DIAGNOSTICS_MAX: usize = 50;

/// A manifest being read.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    /// The file.
    pub(crate) file: PackageFile<'a>,
    /// What was read so far.
    pub(crate) manifest: Manifest,
    /// Built when the first line is asked for: most readers count lines themselves.
    lines: OnceCell<LineIndex>,
    diagnostics: Vec<Diagnostic>,
    suppressed: usize,
    is_full: bool,
}

impl<'a> Draft<'a> {
    /// An empty manifest of `file` in the format with the identifier `format`.
    pub(crate) fn new(file: &PackageFile<'a>, format: &'static str) -> Self {
        Self {
            file: *file,
            manifest: Manifest { path: file.path.to_owned(), format, ..Manifest::default() },
            lines: OnceCell::new(),
            diagnostics: Vec::new(),
            suppressed: 0,
            is_full: false,
        }
    }

    /// The span of these bytes of the file.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        Span { start: range.start as u32, end: range.end as u32, line: self.line(range.start) }
    }

    /// 1-based line of the byte at `offset`.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.lines
            .get_or_init(|| LineIndex::new(self.file.bytes))
            .line_index(offset.min(self.file.bytes.len())) as u32
            + 1
    }

    /// Adds a component and gives its index; `None` when it has no name, or when the file is over
    /// [`COMPONENTS_MAX`], which is said once. The project itself may have no name.
    pub(crate) fn push(&mut self, component: Component) -> Option<u32> {
        if component.name.is_empty() && component.relation != Relation::Root {
            self.problem(component.span.line.max(1), "a package without a name; left out");
            return None;
        }
        if self.manifest.components.len() >= COMPONENTS_MAX {
            if !self.is_full {
                self.is_full = true;
                let message = format!("names more than {COMPONENTS_MAX} packages; the others are left out");
                let diagnostic = Diagnostic::new(DiagnosticKind::LimitReached, message);
                self.diagnostics.push(diagnostic.at(self.file.path).line(component.span.line));
            }
            return None;
        }
        self.manifest.components.push(component);
        Some(self.manifest.components.len() as u32 - 1)
    }

    /// Lets the project itself, which is the first component if it is there at all, need what is direct.
    pub(crate) fn connect_root(&mut self) {
        let direct: Vec<u32> = self
            .manifest
            .components
            .iter()
            .enumerate()
            .filter(|(_, component)| component.relation == Relation::Direct)
            .map(|(index, _)| index as u32)
            .collect();
        if let Some(root) = self.manifest.components.first_mut().filter(|it| it.relation == Relation::Root) {
            root.dependencies = direct;
        }
    }

    /// Says what is wrong on the 1-based `line` and what was expected there.
    pub(crate) fn problem(&mut self, line: u32, message: impl Into<String>) {
        let diagnostic = Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(self.file.path);
        self.report(diagnostic.line(line));
    }

    /// Says what is wrong with the file as a whole.
    pub(crate) fn problem_with_file(&mut self, message: impl Into<String>) {
        self.report(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(self.file.path));
    }

    /// Takes over a diagnostic, which may be about a file beside this one.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < DIAGNOSTICS_MAX {
            self.diagnostics.push(diagnostic);
        } else {
            self.suppressed += 1;
        }
    }

    /// The manifest with sorted edges, and everything that was said about the file.
    pub(crate) fn finish(mut self) -> Parsed {
        for component in &mut self.manifest.components {
            component.dependencies.sort_unstable();
            component.dependencies.dedup();
        }
        self.add_count_of_suppressed();
        Parsed { manifest: Some(self.manifest), diagnostics: self.diagnostics }
    }

    /// The diagnostics alone: nothing in the file is usable.
    pub(crate) fn fail(mut self) -> Parsed {
        self.add_count_of_suppressed();
        Parsed { manifest: None, diagnostics: self.diagnostics }
    }

    fn add_count_of_suppressed(&mut self) {
        if self.suppressed > 0 {
            let message = format!("{} more problems in this file", self.suppressed);
            let diagnostic = Diagnostic::new(DiagnosticKind::BadPackageFile, message);
            self.diagnostics.push(diagnostic.at(self.file.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_bounded_and_the_others_counted() {
        let mut draft = Draft::new(&PackageFile::new("a", b"x\ny"), "test");
        for _ in 0..DIAGNOSTICS_MAX + 7 {
            draft.problem(1, "odd");
        }
        let parsed = draft.finish();
        assert_eq!(parsed.diagnostics.len(), DIAGNOSTICS_MAX + 1);
        assert_eq!(parsed.diagnostics[DIAGNOSTICS_MAX].message, "7 more problems in this file");
    }

    fn named() -> Component {
        Component { name: "a".to_owned(), ..Component::default() }
    }

    #[test]
    fn a_component_without_a_name_is_said() {
        let mut draft = Draft::new(&PackageFile::new("a", b"x"), "test");
        assert!(draft.push(Component::default()).is_none());
        assert_eq!(draft.finish().diagnostics.len(), 1);
    }

    #[test]
    fn components_are_bounded_and_that_is_said_once() {
        let mut draft = Draft::new(&PackageFile::new("a", b"x"), "test");
        for _ in 0..COMPONENTS_MAX {
            assert!(draft.push(named()).is_some());
        }
        assert!(draft.push(named()).is_none());
        assert!(draft.push(named()).is_none());
        let parsed = draft.finish();
        assert_eq!(parsed.diagnostics.len(), 1);
        assert_eq!(parsed.diagnostics[0].kind, DiagnosticKind::LimitReached);
    }

    #[test]
    fn spans_carry_the_line_of_their_start() {
        let draft = Draft::new(&PackageFile::new("a", b"x\nyy\n"), "test");
        assert_eq!(draft.span(2..4), Span { start: 2, end: 4, line: 2 });
        assert_eq!(draft.line(999), 3);
    }
}
