//! A bound on what lockfiles make of the files beside them.
//!
//! Ten thousand small lockfiles can all point at one big manifest, or each at the next. What is read for the
//! sake of another file is therefore counted over the whole run.

use std::cell::Cell;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::Files;

/// Bytes of companion files that one run reads. A workspace of 200 members takes half a megabyte.
const BYTES_MAX: usize = 256 << 20;

/// Companion files that one run reads.
const FILES_MAX: usize = 200_000;

/// The files of a run, with what is left to be read of companions.
pub(crate) struct Counted<'f> {
    files: &'f dyn Files,
    bytes_left: Cell<usize>,
    files_left: Cell<usize>,
    is_over: Cell<bool>,
}

impl<'f> Counted<'f> {
    /// Nothing read so far.
    pub(crate) fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            bytes_left: Cell::new(BYTES_MAX),
            files_left: Cell::new(FILES_MAX),
            is_over: Cell::new(false),
        }
    }

    /// Says that some companion was not read, if that is so.
    pub(crate) fn diagnostic(&self) -> Option<Diagnostic> {
        let message =
            "too many files beside lockfiles; what is direct, and for what, is not known everywhere";
        self.is_over.get().then(|| Diagnostic::new(DiagnosticKind::LimitReached, message))
    }
}

impl Files for Counted<'_> {
    fn paths(&self) -> Vec<&str> {
        self.files.paths()
    }

    fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path)
    }

    fn companion(&self, path: &str) -> Option<&[u8]> {
        let bytes = self.files.get(path)?;
        let left = self.bytes_left.get().checked_sub(bytes.len()).zip(self.files_left.get().checked_sub(1));
        let Some((bytes_left, files_left)) = left else {
            self.is_over.set(true);
            return None;
        };
        self.bytes_left.set(bytes_left);
        self.files_left.set(files_left);
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn companions_are_bounded_and_that_is_said() {
        let files = BTreeMap::from([("a".to_owned(), b"four".to_vec())]);
        let counted = Counted { bytes_left: Cell::new(9), ..Counted::new(&files) };
        assert!(counted.companion("b").is_none() && counted.diagnostic().is_none());
        assert!(counted.companion("a").is_some() && counted.companion("a").is_some());
        assert!(counted.companion("a").is_none() && counted.get("a").is_some());
        assert_eq!(counted.diagnostic().map(|it| it.kind), Some(DiagnosticKind::LimitReached));
    }
}
