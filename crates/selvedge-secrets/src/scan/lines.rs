//! Lines as Gitleaks counts and cuts them, which `.gitleaksignore`, `required` and line targets rely on.
//!
//! A newline belongs to the line it opens, so the text of every line but the first starts with one.

/// 0-based line of a byte.
pub(crate) fn line_index(bytes: &[u8], offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &bytes[..bytes.len().min(offset + 1)]).count()
}

/// 1-based column of a byte, counted from the newline before it.
pub(crate) fn column(bytes: &[u8], offset: usize) -> usize {
    let end = bytes.len().min(offset + 1);
    offset - memchr::memrchr(b'\n', &bytes[..end]).unwrap_or(0) + 1
}

/// The whole lines that `start..end` touches, with the newline before them.
pub(crate) fn around(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    let first = memchr::memrchr(b'\n', &bytes[..bytes.len().min(start + 1)]).unwrap_or(0);
    let end = end.min(bytes.len());
    let last = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |length| end + length);
    &bytes[first..last.max(first)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newline_opens_its_line() {
        let text = b"ab\ncd\nef";
        assert_eq!((line_index(text, 1), column(text, 1)), (0, 2));
        assert_eq!((line_index(text, 2), column(text, 2)), (1, 1));
        assert_eq!((line_index(text, 3), column(text, 3)), (1, 2));
        assert_eq!(around(text, 0, 1), b"ab");
        assert_eq!(around(text, 3, 4), b"\ncd");
        assert_eq!(around(text, 3, 7), b"\ncd\nef");
    }
}
