//! Problems of one file, told one by one up to a limit and then counted.

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::limit::Limit;

/// Diagnostics about one file; those beyond are counted in one more.
pub(crate) const DIAGNOSTICS_PER_FILE_MAX: Limit = Limit::new("DIAGNOSTICS_PER_FILE_MAX", 20);

/// Gathers the problems of one file.
pub(crate) struct Problems<'a> {
    path: &'a str,
    out: &'a mut Vec<Diagnostic>,
    count: u64,
}

impl<'a> Problems<'a> {
    pub(crate) fn new(path: &'a str, out: &'a mut Vec<Diagnostic>) -> Self {
        Self { path, out, count: 0 }
    }

    /// A malformed part that begins at this 1-based line.
    pub(crate) fn malformed(&mut self, line: u32, message: &str) {
        self.count += 1;
        if !DIAGNOSTICS_PER_FILE_MAX.is_exceeded_by(self.count) {
            self.out.push(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(self.path).line(line));
        }
    }

    /// A limit that cut the file short.
    pub(crate) fn limit(&mut self, message: String) {
        self.out.push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(self.path));
    }
}

impl Drop for Problems<'_> {
    fn drop(&mut self) {
        if DIAGNOSTICS_PER_FILE_MAX.is_exceeded_by(self.count) {
            self.limit(more(self.count - DIAGNOSTICS_PER_FILE_MAX.value));
        }
    }
}

/// The message for problems that are only counted.
pub(crate) fn more(count: u64) -> String {
    format!("{count} more problems in this file; {DIAGNOSTICS_PER_FILE_MAX} cuts the list")
}
