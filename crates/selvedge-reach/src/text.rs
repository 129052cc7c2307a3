//! Bytes, identifiers, comments and strings: what the lexers of all languages share.

use std::cell::Cell;

use memchr::{memchr, memchr2, memmem};

/// What a byte begins, as far as the languages agree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Blank,
    Newline,
    Letter,
    Digit,
    Quote,
    Slash,
    Hash,
    Other,
}

const fn class_of(byte: u8) -> Class {
    match byte {
        b'\n' => Class::Newline,
        b' ' | b'\t' | b'\r' | 0x0b | 0x0c => Class::Blank,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80..=0xff => Class::Letter,
        b'0'..=b'9' => Class::Digit,
        b'"' | b'\'' | b'`' => Class::Quote,
        b'/' => Class::Slash,
        b'#' => Class::Hash,
        _ => Class::Other,
    }
}

/// [`Class`] of every byte.
pub(crate) static CLASS: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = class_of(at as u8);
        at += 1;
    }
    table
};

/// Whether a byte can stand in an identifier.
#[inline]
pub(crate) fn is_word(byte: u8) -> bool {
    matches!(CLASS[byte as usize], Class::Letter | Class::Digit)
}

/// One past the identifier that begins at `at`.
#[inline]
pub(crate) fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && is_word(bytes[at]) {
        at += 1;
    }
    at
}

/// The start of the next line, or the end.
#[inline]
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

/// Where block comments end. One per text: it remembers what would otherwise be searched for again and again.
pub(crate) struct Blocks {
    nests: Cell<bool>,
    /// Where the last `*/` of the text stands, once asked for.
    last: Cell<Option<usize>>,
}

impl Blocks {
    /// Comments that nest are those of Rust, Kotlin and Scala.
    pub(crate) fn new(nests: bool) -> Self {
        Self { nests: Cell::new(nests), last: Cell::new(None) }
    }

    /// One past the comment that opens at `at`. A comment that is never closed is none, so that a stray `/*`
    /// does not hide the rest of the file: then only the two bytes are passed over.
    pub(crate) fn end(&self, bytes: &[u8], at: usize) -> usize {
        let body = (at + 2).min(bytes.len());
        let last = self.last.get().unwrap_or_else(|| memmem::rfind(bytes, b"*/").unwrap_or(0));
        self.last.set(Some(last));
        if last < body {
            return body;
        }
        if self.nests.get() {
            if let Some(end) = nested_end(bytes, body) {
                return end;
            }
            self.nests.set(false);
        }
        memmem::find(&bytes[body..], b"*/").map_or(body, |found| body + found + 2)
    }
}

/// One past a nesting comment whose text begins at `from`.
fn nested_end(bytes: &[u8], mut from: usize) -> Option<usize> {
    let mut depth = 1_u32;
    while let Some(found) = memchr2(b'/', b'*', &bytes[from..]) {
        from += found;
        match (bytes[from], bytes.get(from + 1)) {
            (b'*', Some(b'/')) => {
                depth -= 1;
                from += 2;
                if depth == 0 {
                    return Some(from);
                }
            }
            (b'/', Some(b'*')) => {
                depth += 1;
                from += 2;
            }
            _ => from += 1,
        }
    }
    None
}

/// A string with backslash escapes whose quote stands at `at`: the end of its content and one past it. It
/// ends with its line where `multiline` is not set, so that a stray apostrophe costs one line only.
pub(crate) fn quoted_end(bytes: &[u8], at: usize, multiline: bool) -> (usize, usize) {
    let quote = bytes[at];
    let mut from = at + 1;
    loop {
        let found = if multiline {
            memchr2(quote, b'\\', &bytes[from..])
        } else {
            memchr::memchr3(quote, b'\\', b'\n', &bytes[from..])
        };
        let Some(found) = found else { return (bytes.len(), bytes.len()) };
        from += found;
        match bytes[from] {
            b'\\' => from = (from + 2).min(bytes.len()),
            b'\n' => return (from, from),
            _ => return (from, from + 1),
        }
    }
}

/// Walks over the few tokens of an import statement or a call, after the main loop saw its first word.
pub(crate) struct Cursor<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
    comments: Comments<'a>,
}

/// How comments are written.
#[derive(Clone, Copy)]
pub(crate) enum Comments<'a> {
    /// `#` to the end of the line; a backslash joins lines.
    Hash,
    /// `//` and `/* */`.
    Slashes(&'a Blocks),
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, comments: Comments<'a>) -> Self {
        Self { bytes, at, comments }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over blanks and comments, and over line ends if asked.
    pub(crate) fn blanks(&mut self, newlines: bool) {
        while let Some(byte) = self.peek() {
            match (byte, self.comments) {
                (b' ' | b'\t' | b'\r' | 0x0c, _) => self.at += 1,
                (b'\n', _) if newlines => self.at += 1,
                (b'#', Comments::Hash) => self.at = line_end(self.bytes, self.at),
                (b'\\', Comments::Hash) => match &self.bytes[self.at + 1..] {
                    [b'\n', ..] => self.at += 2,
                    [b'\r', b'\n', ..] => self.at += 3,
                    _ => return,
                },
                (b'/', Comments::Slashes(blocks)) => match self.bytes.get(self.at + 1) {
                    Some(b'/') => self.at = line_end(self.bytes, self.at),
                    Some(b'*') => self.at = blocks.end(self.bytes, self.at),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// The identifier here, if there is one.
    pub(crate) fn word(&mut self) -> Option<&'a [u8]> {
        let first = self.peek()?;
        if CLASS[first as usize] != Class::Letter {
            return None;
        }
        let start = self.at;
        self.at = word_end(self.bytes, start);
        Some(&self.bytes[start..self.at])
    }

    /// The next identifier after blanks, without consuming it.
    pub(crate) fn next_word(&self, newlines: bool) -> &'a [u8] {
        let mut ahead = Self { bytes: self.bytes, at: self.at, comments: self.comments };
        ahead.blanks(newlines);
        ahead.word().unwrap_or_default()
    }

    /// Consumes `text` if it stands here.
    pub(crate) fn eat(&mut self, text: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// The content of the quoted string here and where it begins.
    pub(crate) fn quoted(&mut self) -> Option<(&'a [u8], usize)> {
        let quote = self.peek()?;
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return None;
        }
        let start = self.at + 1;
        let (end, after) = quoted_end(self.bytes, self.at, quote == b'`');
        self.at = after;
        Some((&self.bytes[start..end], start))
    }

    /// A dotted name, without blanks around its dots: `a.b.c`.
    pub(crate) fn dotted(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        self.word()?;
        while self.peek() == Some(b'.')
            && self.bytes.get(self.at + 1).is_some_and(|byte| CLASS[*byte as usize] == Class::Letter)
        {
            self.at = word_end(self.bytes, self.at + 1);
        }
        Some(&self.bytes[start..self.at])
    }
}

/// The text of bytes that are valid UTF-8; names that are not cannot be those of packages.
pub(crate) fn utf8(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
