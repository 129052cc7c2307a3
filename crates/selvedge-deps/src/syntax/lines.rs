//! Lines with their place in the file, for formats that are read line by line.

use std::ops::Range;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::draft::Draft;

/// Lines that are read of one file; bounds the memory that a file of nothing but line ends takes.
pub(crate) const LINES_MAX: usize = 2_000_000;

/// One line without its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// The text, without `\n` or `\r\n`.
    pub(crate) text: &'a str,
    /// Offset of its first byte in the file.
    pub(crate) start: usize,
    /// 1-based number.
    pub(crate) number: u32,
}

impl<'a> Line<'a> {
    /// Number of leading spaces; a tab counts as one.
    pub(crate) fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    /// The text without white space at either end.
    pub(crate) fn trimmed(&self) -> &'a str {
        self.text.trim()
    }

    /// Bytes of the file that `part`, a slice of this line's text, takes.
    pub(crate) fn range_of(&self, part: &str) -> Range<usize> {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let start = self.start + offset.min(self.text.len());
        start..start + part.len()
    }

    /// Bytes of the file that the text takes, white space at either end left out.
    pub(crate) fn range(&self) -> Range<usize> {
        self.range_of(self.trimmed())
    }
}

/// The lines of the draft's file. A line that is not UTF-8 is left out and said.
pub(crate) fn lines<'a>(draft: &mut Draft<'a>) -> Vec<Line<'a>> {
    let bytes = draft.file.bytes;
    let mut lines = Vec::new();
    let mut start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    for (index, raw) in bytes[start..].split(|byte| *byte == b'\n').enumerate() {
        let number = index as u32 + 1;
        if index >= LINES_MAX {
            let message = format!("more than {LINES_MAX} lines; the others are left out");
            draft.report(
                Diagnostic::new(DiagnosticKind::LimitReached, message).at(draft.file.path).line(number),
            );
            break;
        }
        match std::str::from_utf8(raw) {
            Ok(text) => lines.push(Line { text: text.strip_suffix('\r').unwrap_or(text), start, number }),
            Err(_) => draft.problem(number, "expected UTF-8 text"),
        }
        start += raw.len() + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PackageFile;

    #[test]
    fn lines_know_their_place() {
        let mut draft = Draft::new(&PackageFile::new("a", b"\xef\xbb\xbfone\r\n  two x\n\xff\nend"), "test");
        let lines = lines(&mut draft);
        let seen: Vec<_> = lines.iter().map(|line| (line.number, line.range(), line.indent())).collect();
        assert_eq!(seen, [(1, 3..6, 0), (2, 10..15, 2), (4, 18..21, 0)]);
        assert_eq!(lines[1].range_of(&lines[1].text[6..]), 14..15);
        assert_eq!(draft.finish().diagnostics[0].line, Some(3));
    }
}
