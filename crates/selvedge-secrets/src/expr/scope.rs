//! What an expression may ask about: the finding under judgement and where it lies.

use std::ops::Range;

/// The names of `finding[…]`.
pub(super) const FINDING_FIELDS: &[&str] = &[
    "secret",
    "match",
    "line",
    "rule_id",
    "description",
    "context",
    "entropy",
    "fragment_raw",
    "match_start_idx",
    "match_end_idx",
    "match_line_start_idx",
    "match_line_end_idx",
];

/// Lines before and after the match that `finding["context"]` holds.
const CONTEXT_LINES: usize = 20;
/// Largest `finding["context"]` on each side of the match.
const CONTEXT_BYTES_MAX: usize = 8 << 10;

/// Everything one evaluation can see. All of it is borrowed; whatever is derived (the line,
/// the context, offsets of the line) is computed only if the expression asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// The finding; none in a prefilter, which judges a whole file.
    pub finding: Option<&'a FindingScope<'a>>,
    /// Where the text comes from: `path`, `git.sha`, `git.author_name` … An unknown one is left out.
    pub attributes: &'a [(&'a str, &'a str)],
    /// The named groups of the rule's regex.
    pub captures: &'a [(&'a str, &'a [u8])],
}

/// The finding an expression judges.
#[derive(Debug, Clone)]
pub struct FindingScope<'a> {
    /// The text that was searched: the file, or a decoded layer of it.
    pub text: &'a [u8],
    /// The whole match within `text`.
    pub matched: Range<usize>,
    /// The secret.
    pub secret: &'a [u8],
    /// The rule that matched.
    pub rule_id: &'a str,
    /// The rule's description.
    pub description: &'a str,
}

impl<'a> FindingScope<'a> {
    /// The match, cut to the text.
    pub(super) fn matched_range(&self) -> Range<usize> {
        let end = self.matched.end.min(self.text.len());
        self.matched.start.min(end)..end
    }

    /// Start of the line the match begins in.
    pub(super) fn line_start(&self) -> usize {
        let before = &self.text[..self.matched_range().start];
        memchr::memrchr2(b'\n', b'\r', before).map_or(0, |newline| newline + 1)
    }

    /// End of the line the match ends in, without its line break.
    pub(super) fn line_end(&self) -> usize {
        let end = self.matched_range().end;
        memchr::memchr2(b'\n', b'\r', &self.text[end..]).map_or(self.text.len(), |newline| end + newline)
    }

    /// The lines around the match.
    pub(super) fn context(&self) -> &'a [u8] {
        let Range { start, end } = self.matched_range();
        let earliest = start.saturating_sub(CONTEXT_BYTES_MAX);
        let latest = end.saturating_add(CONTEXT_BYTES_MAX).min(self.text.len());
        let from = memchr::memrchr_iter(b'\n', &self.text[earliest..start])
            .nth(CONTEXT_LINES)
            .map_or(earliest, |newline| earliest + newline + 1);
        let to = memchr::memchr_iter(b'\n', &self.text[end..latest])
            .nth(CONTEXT_LINES)
            .map_or(latest, |newline| end + newline);
        &self.text[from..to]
    }
}
