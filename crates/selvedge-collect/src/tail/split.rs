//! Cuts what was read of a file into records.

use std::ops::Range;

use selvedge_logformat::Join;

/// How to cut.
#[derive(Debug, Clone)]
pub(crate) struct Cut<'a> {
    pub(crate) join: &'a Join,
    /// A longer line is cut into pieces, a longer record ends early.
    pub(crate) record_bytes_max: usize,
    /// Whether nothing more comes: what is left is a record even without a line end.
    pub(crate) is_final: bool,
    /// Whether to wait no longer for lines that belong to the last record.
    pub(crate) is_overdue: bool,
}

/// A record within the buffer, without its last line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) range: Range<usize>,
    pub(crate) is_piece: bool,
}

/// Records, and how many bytes of the buffer they and their line ends take. What follows is for the next time.
pub(crate) fn split(buffer: &[u8], cut: &Cut<'_>) -> (Vec<Record>, usize) {
    let mut records = Vec::new();
    let mut consumed = 0;
    // The record that may go on, and where the line after it begins.
    let mut open: Option<Range<usize>> = None;
    let mut at = 0;
    let mut push = |range: Range<usize>, is_piece: bool| {
        let is_blank = buffer[range.clone()].trim_ascii().is_empty();
        if !is_blank {
            records.push(Record { range, is_piece });
        }
    };
    for end in memchr::memchr_iter(b'\n', buffer) {
        let mut start = at;
        at = end + 1;
        if let Some(record) = open.take() {
            let fits = end - record.start <= cut.record_bytes_max;
            if fits && cut.join.continues(&buffer[record.clone()], &buffer[start..end]) {
                start = record.start;
            } else {
                push(record, false);
                consumed = start;
            }
        }
        while end - start > cut.record_bytes_max {
            push(start..start + cut.record_bytes_max, true);
            start += cut.record_bytes_max;
            consumed = start;
        }
        let line_start = memchr::memrchr(b'\n', &buffer[start..end]).map_or(start, |found| start + found + 1);
        if cut.join.ends(&buffer[line_start..end]) {
            push(start..end, false);
            consumed = at;
        } else {
            open = Some(start..end);
        }
    }
    let is_rest_long = buffer.len() - at > cut.record_bytes_max;
    if let Some(record) = open {
        let is_over = cut.is_final
            || is_rest_long
            || buffer.len() - record.start > cut.record_bytes_max
            || (cut.is_overdue && at == buffer.len());
        if !is_over {
            return (records, consumed);
        }
        push(record, false);
        consumed = at;
    }
    while buffer.len() - at > cut.record_bytes_max {
        push(at..at + cut.record_bytes_max, true);
        at += cut.record_bytes_max;
        consumed = at;
    }
    if cut.is_final && at < buffer.len() {
        push(at..buffer.len(), false);
        consumed = buffer.len();
    }
    (records, consumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, join: &Join, is_final: bool, is_overdue: bool) -> (Vec<String>, usize) {
        let cut = Cut { join, record_bytes_max: 8, is_final, is_overdue };
        let (records, consumed) = split(text.as_bytes(), &cut);
        let texts = records.iter().map(|record| {
            format!("{}{}", &text[record.range.clone()], if record.is_piece { "…" } else { "" })
        });
        (texts.collect(), consumed)
    }

    #[test]
    fn lines_are_records_and_the_last_waits_for_its_end() {
        assert_eq!(check("ab\n\ncd\ne", &Join::Lines, false, false), (vec!["ab".into(), "cd".into()], 7));
        assert_eq!(check("ab\ne", &Join::Lines, true, false), (vec!["ab".into(), "e".into()], 4));
        assert_eq!(check("", &Join::Lines, true, true), (vec![], 0));
    }

    #[test]
    fn long_lines_come_in_pieces_and_none_is_lost() {
        assert_eq!(
            check("0123456789abcdefXY\nz\n", &Join::Lines, false, false),
            (vec!["01234567…".into(), "89abcdef…".into(), "XY".into(), "z".into()], 21)
        );
        assert_eq!(check("0123456789", &Join::Lines, false, false), (vec!["01234567…".into()], 8));
    }

    #[test]
    fn joined_lines_wait_for_the_next_beginning_or_the_time() {
        let join = Join::StackTraces;
        assert_eq!(check("a\n b\nc\n", &join, false, false), (vec!["a\n b".into()], 5));
        assert_eq!(check("a\n b\nc\n", &join, false, true), (vec!["a\n b".into(), "c".into()], 7));
        assert_eq!(
            check("a\n b\nc\n d", &join, true, false),
            (vec!["a\n b".into(), "c".into(), " d".into()], 9)
        );
        // A record that would grow over the limit ends.
        assert_eq!(check("abcd\n efgh\n", &join, false, true).0, ["abcd", " efgh"]);
    }
}
