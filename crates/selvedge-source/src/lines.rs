//! Which lines of a text were added or modified since an earlier version of it.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

use crate::text::{self, Encoding};

/// 0-based ranges of the lines of `after` that are not in `before`, in order.
///
/// Lines are compared without their line ends, so a file that git stores with `\n` and checks out with
/// `\r\n` has not changed. `before` may be UTF-16; if it is binary, every line of `after` is new.
#[expect(clippy::single_range_in_vec_init, reason = "one range of lines, not the numbers in it")]
pub(crate) fn changed_lines(before: &[u8], after: &[u8]) -> Vec<Range<u32>> {
    if before == after {
        return Vec::new();
    }
    let encoding = Encoding::of(before);
    let mut decoded = String::new();
    let before = match encoding {
        Encoding::Binary => return vec![0..u32::MAX],
        Encoding::Bytes => before,
        Encoding::Utf16Le | Encoding::Utf16Be => {
            text::decode_utf16(before, encoding, &mut decoded);
            decoded.as_bytes()
        }
    };
    let mut input = InternedInput::default();
    input.update_before(lines(before));
    input.update_after(lines(after));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    diff.hunks().map(|hunk| hunk.after).filter(|range| !range.is_empty()).collect()
}

/// Whether the texts are equal but for the ends of their lines.
pub(crate) fn same_lines(before: &[u8], after: &[u8]) -> bool {
    before == after || lines(before).eq(lines(after))
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of lines, not the numbers in them")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[Range<u32>]) {
        assert_eq!(changed_lines(before.as_bytes(), after.as_bytes()), expected);
    }

    #[test]
    fn added_and_modified_lines_are_told() {
        check("a\nb\nc\n", "a\nb\nc\n", &[]);
        check("a\nb\nc\n", "a\nx\nc\n", &[1..2]);
        check("a\nb\n", "new\na\nb\nmore\nlines\n", &[0..1, 3..5]);
        check("a\nb\nc\n", "a\nc\n", &[]);
        check("", "a\n", &[0..1]);
    }

    #[test]
    fn line_ends_do_not_count() {
        check("a\nb\n", "a\r\nb\r\n", &[]);
        check("a\nb", "a\nb\n", &[]);
        check("a\r\nb\r\n", "a\nx\r\n", &[1..2]);
    }

    #[test]
    fn earlier_versions_may_be_utf16_or_binary() {
        assert_eq!(changed_lines(b"\xff\xfea\0\n\0b\0", b"a\nc"), [1..2]);
        assert_eq!(changed_lines(b"\0\x01", b"a\nc"), [0..u32::MAX]);
    }
}
