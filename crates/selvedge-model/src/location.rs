//! Where a finding is: path, byte range, line and column, commit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range of bytes, `start..end`, in a file as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl ByteRange {
    /// The range `start..end`; an inverted one is made empty at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u64, end: end.max(start) as u64 }
    }

    /// The range as indices into a slice of the file.
    pub fn as_range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the two ranges share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A place in a text, both numbers 1-based. Columns count Unicode scalar values, and bytes that are
/// not UTF-8 count one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// Line number, from 1.
    pub line: u32,
    /// Column number, from 1.
    pub column: u32,
}

/// The commit in which the content first appeared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct CommitInfo {
    /// Full object id in hexadecimal.
    pub id: String,
    /// Author name as recorded in the commit.
    pub author: String,
    /// Author address as recorded in the commit.
    pub email: String,
    /// Author date in RFC 3339.
    pub date: String,
    /// First line of the commit message.
    pub summary: String,
}

/// Where something is in the files that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// Path relative to the root of the run, `/`-separated. An entry of an archive is written
    /// `archive.zip!inner/path`.
    pub path: String,
    /// Bytes of the file as it was read; in a decoded layer, of the encoded text around it.
    pub range: ByteRange,
    /// Where the range starts.
    pub start: Position,
    /// Where the range ends: the position one past its last character.
    pub end: Position,
    /// Set when the content was found in history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitInfo>,
}

impl Location {
    /// A location of `range` in the file `path`, whose lines are `lines`.
    pub fn new(path: impl Into<String>, range: ByteRange, lines: &LineIndex, bytes: &[u8]) -> Self {
        Self {
            path: path.into(),
            range,
            start: lines.position(bytes, range.start as usize),
            end: lines.position(bytes, range.end as usize),
            commit: None,
        }
    }

    /// A location that means the file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        let start = Position { line: 1, column: 1 };
        Self { path: path.into(), range: ByteRange::new(0, 0), start, end: start, commit: None }
    }
}

/// Line starts of one file, so that offsets turn into positions in O(log lines).
///
/// A line ends after `\n`; the `\r` before it belongs to the line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    /// Offset of the first byte of every line; the first entry is 0.
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds all line starts. O(bytes).
    pub fn new(bytes: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(
            bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at as u32 + 1),
        );
        Self { starts }
    }

    /// Number of lines, at least 1.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true; present because `len` is.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// 0-based index of the line that holds the byte at `offset`.
    pub fn line_index(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset) - 1
    }

    /// Bytes of the 0-based line `index` without its line end (`\n` or `\r\n`).
    pub fn line_range(&self, bytes: &[u8], index: usize) -> std::ops::Range<usize> {
        let start = self.starts[index] as usize;
        let mut end = self.starts.get(index + 1).map_or(bytes.len(), |next| *next as usize - 1);
        if end > start && bytes.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        start..end
    }

    /// Line and column of the byte at `offset`; an offset past the end means the end.
    pub fn position(&self, bytes: &[u8], offset: usize) -> Position {
        let offset = offset.min(bytes.len());
        let index = self.line_index(offset);
        let line_start = self.starts[index] as usize;
        Position { line: index as u32 + 1, column: columns(&bytes[line_start..offset]) + 1 }
    }
}

/// Number of Unicode scalar values in `bytes`; a byte that is not part of one counts as one.
fn columns(bytes: &[u8]) -> u32 {
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        count += chunk.valid().chars().count() + chunk.invalid().len();
    }
    count as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], offset: usize, line: u32, column: u32) {
        assert_eq!(LineIndex::new(text).position(text, offset), Position { line, column });
    }

    #[test]
    fn positions_count_characters_from_one() {
        check(b"ab\ncd", 0, 1, 1);
        check(b"ab\ncd", 2, 1, 3);
        check(b"ab\ncd", 3, 2, 1);
        check("é=x".as_bytes(), 3, 1, 3);
        check(b"\xff\xfex", 2, 1, 3);
        check(b"", 0, 1, 1);
        check(b"a\r\nb", 99, 2, 2);
    }

    #[test]
    fn line_ranges_leave_out_the_line_end() {
        let text = b"one\r\ntwo\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.line_range(text, 0), 0..3);
        assert_eq!(lines.line_range(text, 1), 5..8);
        assert_eq!(lines.line_range(text, 2), 9..9);
    }
}
