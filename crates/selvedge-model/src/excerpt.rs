//! The lines around a finding, safe to print: secrets replaced, control characters removed, length capped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByteRange, LineIndex, Redaction};

/// A few lines of source with the columns to underline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Excerpt {
    /// The lines in order; one is the line on which the finding starts.
    pub lines: Vec<ExcerptLine>,
    /// 1-based number of the line to underline.
    pub marked_line: u32,
    /// First character to underline, 0-based, in the text of that excerpt line.
    pub mark_start: u32,
    /// One past the last character to underline.
    pub mark_end: u32,
}

/// One line of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ExcerptLine {
    /// 1-based line number in the file.
    pub number: u32,
    /// The line with secrets redacted; a cut is shown as `…`.
    pub text: String,
}

impl Excerpt {
    /// A line shows at most this many characters around the mark.
    pub const WIDTH_MAX: usize = 160;

    /// The line on which `mark` starts, with every range of `secrets` replaced by the redaction beside it.
    ///
    /// `secrets` need not be sorted and may overlap; any of them that touches the line is replaced, whole
    /// or in part, so that no byte of a secret is shown beyond its redaction's prefix. Of ranges that overlap
    /// nothing but their common length is shown.
    pub fn new(bytes: &[u8], lines: &LineIndex, mark: ByteRange, secrets: &[(ByteRange, Redaction)]) -> Self {
        let index = lines.line_index((mark.start as usize).min(bytes.len()));
        let line = lines.line_range(bytes, index);
        let mark = (mark.start as usize).clamp(line.start, line.end)
            ..(mark.end as usize).clamp(line.start, line.end);
        let mut render = Render { text: Vec::new(), mark_start: None, mark_end: None };
        let mut at = line.start;
        for (range, redaction) in redactions(bytes, &line, secrets) {
            render.plain(bytes, at..range.start, &mark);
            render.redacted(&range, &redaction, &mark);
            at = range.end;
        }
        render.plain(bytes, at..line.end, &mark);
        render.finish(index as u32 + 1)
    }
}

/// The parts of `line` that are secret, merged and sorted, each with what is shown instead.
fn redactions(
    bytes: &[u8],
    line: &std::ops::Range<usize>,
    secrets: &[(ByteRange, Redaction)],
) -> Vec<(std::ops::Range<usize>, String)> {
    let touches = |range: &std::ops::Range<usize>| {
        range.start < line.end && range.end > line.start && range.end <= bytes.len()
    };
    let mut ranges: Vec<_> = secrets
        .iter()
        .map(|(range, redaction)| (range.as_range(), redaction.clone()))
        .filter(|(range, _)| touches(range))
        .collect();
    ranges.sort_by(|(a, shown_a), (b, shown_b)| (a.start, a.end, shown_a).cmp(&(b.start, b.end, shown_b)));
    ranges.dedup();
    let mut merged: Vec<(std::ops::Range<usize>, Redaction)> = Vec::new();
    for (range, redaction) in ranges {
        match merged.last_mut() {
            Some((last, shown)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *shown = Redaction::hidden(last.len());
            }
            _ => merged.push((range, redaction)),
        }
    }
    merged
        .into_iter()
        .map(|(range, redaction)| {
            let shown = if range.start >= line.start { redaction.to_string() } else { "…".to_owned() };
            (range.start.max(line.start)..range.end.min(line.end), shown)
        })
        .collect()
}

/// Characters of the line so far, and where the mark falls among them.
struct Render {
    text: Vec<char>,
    mark_start: Option<usize>,
    mark_end: Option<usize>,
}

impl Render {
    fn plain(&mut self, bytes: &[u8], range: std::ops::Range<usize>, mark: &std::ops::Range<usize>) {
        let mut at = range.start;
        for chunk in bytes[range].utf8_chunks() {
            for c in chunk.valid().chars() {
                self.note(at, mark);
                self.text.push(printable(c));
                at += c.len_utf8();
            }
            for _ in chunk.invalid() {
                self.note(at, mark);
                self.text.push(char::REPLACEMENT_CHARACTER);
                at += 1;
            }
        }
        self.note(at, mark);
    }

    fn redacted(&mut self, range: &std::ops::Range<usize>, shown: &str, mark: &std::ops::Range<usize>) {
        if mark.start >= range.start && mark.start < range.end {
            self.mark_start.get_or_insert(self.text.len());
        }
        self.text.extend(shown.chars());
        if mark.end > range.start && mark.end <= range.end {
            self.mark_end = Some(self.text.len());
        }
    }

    fn note(&mut self, at: usize, mark: &std::ops::Range<usize>) {
        if at >= mark.start {
            self.mark_start.get_or_insert(self.text.len());
        }
        if at >= mark.end {
            self.mark_end.get_or_insert(self.text.len());
        }
    }

    fn finish(self, number: u32) -> Excerpt {
        let start = self.mark_start.unwrap_or(0);
        let end = self.mark_end.unwrap_or(self.text.len()).max(start);
        let width = Excerpt::WIDTH_MAX;
        let from = if self.text.len() <= width { 0 } else { start.saturating_sub(width / 3) };
        let to = (from + width).min(self.text.len());
        let mut text = String::new();
        if from > 0 {
            text.push('…');
        }
        text.extend(&self.text[from..to]);
        if to < self.text.len() {
            text.push('…');
        }
        let shift = usize::from(from > 0);
        let column = |at: usize| (at.clamp(from, to) - from + shift) as u32;
        Excerpt {
            lines: vec![ExcerptLine { number, text }],
            marked_line: number,
            mark_start: column(start),
            mark_end: column(end),
        }
    }
}

/// Tabs become one space so that columns align; other control and bidirectional override characters
/// could rewrite the reader's terminal and are shown as U+FFFD.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &[u8], mark: ByteRange, secrets: &[ByteRange]) -> (String, String) {
        let secrets: Vec<_> =
            secrets.iter().map(|range| (*range, Redaction::of(&text[range.as_range()]))).collect();
        let excerpt = Excerpt::new(text, &LineIndex::new(text), mark, &secrets);
        let line = excerpt.lines[0].text.clone();
        let marked = line.chars().skip(excerpt.mark_start as usize);
        let marked = marked.take((excerpt.mark_end - excerpt.mark_start) as usize).collect();
        (line, marked)
    }

    #[test]
    fn redacts_the_secret_and_marks_it() {
        let text = b"a\nkey = \"hunter2hunter2\"; // x\n";
        let range = ByteRange::new(9, 23);
        let (line, marked) = excerpt(text, range, &[range]);
        assert_eq!(line, "key = \"hu…[14 bytes]\"; // x");
        assert_eq!(marked, "hu…[14 bytes]");
    }

    #[test]
    fn redacts_a_neighbour_on_the_same_line() {
        let text = b"a=secretsecret1 b=secretsecret2";
        let (line, marked) =
            excerpt(text, ByteRange::new(2, 15), &[ByteRange::new(18, 31), ByteRange::new(2, 15)]);
        assert_eq!(line, "a=se…[13 bytes] b=se…[13 bytes]");
        assert_eq!(marked, "se…[13 bytes]");
    }

    #[test]
    fn overlapping_secrets_show_their_length_only() {
        let text = b"x = abcdefghijklmnopqrstuvwx;";
        let (line, _) =
            excerpt(text, ByteRange::new(4, 28), &[ByteRange::new(4, 28), ByteRange::new(10, 20)]);
        assert_eq!(line, "x = …[24 bytes];");
    }

    #[test]
    fn the_given_redaction_is_what_is_shown() {
        let text = b"x = cGFzc3dvcmQ6c2VjcmV0;";
        let range = ByteRange::new(4, 24);
        let excerpt = Excerpt::new(text, &LineIndex::new(text), range, &[(range, Redaction::hidden(20))]);
        assert_eq!(excerpt.lines[0].text, "x = …[20 bytes];");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let (line, _) = excerpt(b"x\x1b[31m\ty\xff", ByteRange::new(0, 1), &[]);
        assert_eq!(line, "x\u{fffd}[31m y\u{fffd}");
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let mut text = vec![b'a'; 5000];
        text[2500] = b'K';
        let (line, marked) = excerpt(&text, ByteRange::new(2500, 2501), &[]);
        assert_eq!(line.chars().count(), Excerpt::WIDTH_MAX + 2);
        assert_eq!(marked, "K");
    }
}
