//! What every reader shares: the text, its lines, and what is said of what could not be used.

use std::borrow::Cow;

use selvedge_model::{Diagnostic, DiagnosticKind, LineIndex};
use selvedge_package::Span;

use crate::tree::{BYTES_MAX, Fault, Node};

/// The one that UTF-8 texts may begin with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Diagnostics about one document; further ones are counted in a last one.
const DIAGNOSTICS_MAX: usize = 200;

/// A document on its way in.
pub(crate) struct Context<'a> {
    /// The file as the user names it.
    pub(crate) path: &'a str,
    lines: LineIndex,
    /// Bytes of the file before the text: a byte order mark.
    shift: u32,
    diagnostics: Vec<Diagnostic>,
    unsaid: usize,
}

impl<'a> Context<'a> {
    pub(crate) fn new(path: &'a str, bytes: &[u8], text: &str) -> Self {
        let shift = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() as u32 } else { 0 };
        Self { path, lines: LineIndex::new(text.as_bytes()), shift, diagnostics: Vec::new(), unsaid: 0 }
    }

    /// 1-based line of a byte.
    pub(crate) fn line(&self, at: usize) -> u32 {
        self.lines.line_index(at) as u32 + 1
    }

    /// Where a value stands.
    pub(crate) fn span(&self, node: &Node<'_>) -> Span {
        Span {
            start: node.start + self.shift,
            end: node.end + self.shift,
            line: self.line(node.start as usize),
        }
    }

    /// Says that what stands at `at` is not as the format wants it.
    pub(crate) fn wrong(&mut self, at: usize, message: impl Into<String>) {
        self.say(DiagnosticKind::BadPackageFile, at, message.into());
    }

    /// Says what ended the reading.
    pub(crate) fn fault(&mut self, fault: Fault) {
        let kind = if fault.is_limit { DiagnosticKind::LimitReached } else { DiagnosticKind::BadPackageFile };
        self.say(kind, fault.at, fault.message);
    }

    /// [`Context::wrong`] about what stands in a line.
    pub(crate) fn wrong_in_line(&mut self, line: u32, message: String) {
        self.push(DiagnosticKind::BadPackageFile, line, message);
    }

    fn say(&mut self, kind: DiagnosticKind, at: usize, message: String) {
        self.push(kind, self.line(at), message);
    }

    fn push(&mut self, kind: DiagnosticKind, line: u32, message: String) {
        if self.diagnostics.len() >= DIAGNOSTICS_MAX {
            self.unsaid += 1;
            return;
        }
        self.diagnostics.push(Diagnostic::new(kind, message).at(self.path).line(line));
    }

    /// All that was said, and how much was not.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        if self.unsaid > 0 {
            let message = format!("{} more problems in this file", self.unsaid);
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(self.path));
        }
        self.diagnostics
    }
}

/// The text of a document: UTF-8, or UTF-16 with a byte order mark, as redirection in PowerShell leaves it.
/// Offsets in a text that was UTF-16 are not those of the file; its lines are.
pub(crate) fn decode<'b>(path: &str, bytes: &'b [u8]) -> Result<Cow<'b, str>, Box<Diagnostic>> {
    if bytes.len() > BYTES_MAX {
        let message = format!("larger than {BYTES_MAX} bytes");
        return Err(Box::new(Diagnostic::new(DiagnosticKind::TooLarge, message).at(path)));
    }
    let (text, _, has_errors) = encoding_rs::UTF_8.decode(bytes);
    if has_errors {
        let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
        let line = LineIndex::new(bytes).line_index(at) as u32 + 1;
        let message = "expected a text in UTF-8";
        return Err(Box::new(Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(path).line(line)));
    }
    Ok(text)
}
