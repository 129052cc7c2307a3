//! Reads one JSON object without building a tree.
//!
//! The scanner hands out slices of the line; the builder puts them into columns. It is lenient where leniency
//! loses nothing (control characters in strings, digits of numbers) and strict where a mistake would move values
//! to other fields (quotes, colons, brackets).
//!
//! Measured on 50,229 Windows events of 2.3 KB, one contended core, one run: `simd-json` 0.19 to a tape 600,000
//! events/s, `sonic-rs` 0.5 lazily over the top level 590,000, `serde_json` to a tree 185,000; this scanner together
//! with finished dictionary columns 125,000. Profiled, scanning is about a tenth of that and the dictionaries are
//! the rest, so that another parser in its place would win little.

use std::fmt;

use memchr::{memchr2, memchr3};

/// Why a line is not a JSON object that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// 1-based byte of the line.
    pub column: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: expected {}", self.column, self.expected)
    }
}

impl std::error::Error for JsonError {}

/// A string between its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) inner: &'a str,
    /// Offset of `inner` in the line.
    pub(crate) at: usize,
    pub(crate) escaped: bool,
}

/// A position in the text of a line.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn error(&self, expected: &'static str) -> JsonError {
        JsonError { column: self.at + 1, expected }
    }

    /// The next byte that is no white space, not consumed; 0 at the end.
    #[inline]
    pub(crate) fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return *byte;
            }
            self.at += 1;
        }
        0
    }

    /// Consumes `byte`, which [`Scanner::peek`] must have shown or which must come next.
    #[inline]
    pub(crate) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.peek() != byte {
            return Err(self.error(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// Consumes `byte` if it comes next.
    #[inline]
    pub(crate) fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// A string, its quotes left out.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Text<'a>, JsonError> {
        self.expect(b'"', "a string")?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        loop {
            self.at = special(bytes, self.at);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(_) => {}
                None => return Err(self.error("the end of a string")),
            }
            escaped = true;
            // The byte after a backslash never ends the string.
            self.at += 2;
            if self.at > bytes.len() {
                self.at = bytes.len();
                return Err(self.error("the end of a string"));
            }
            if !self.text.is_char_boundary(self.at) {
                return Err(self.error("an escape"));
            }
        }
        let text = &self.text[start..self.at];
        self.at += 1;
        Ok(Text { inner: text, at: start, escaped })
    }

    /// Consumes the string `text` without scanning it, if that is what comes next. `text` needs no escapes.
    #[inline]
    pub(crate) fn accept_string(&mut self, text: &str) -> bool {
        if self.peek() != b'"' {
            return false;
        }
        let rest = &self.text.as_bytes()[self.at + 1..];
        let found = rest.get(text.len()) == Some(&b'"') && rest.starts_with(text.as_bytes());
        if found {
            self.at += text.len() + 2;
        }
        found
    }

    /// A number, `true`, `false` or `null`, as it is spelt.
    #[inline]
    pub(crate) fn word(&mut self) -> Result<&'a str, JsonError> {
        self.peek();
        let bytes = &self.text.as_bytes()[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = bytes.iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len());
        let word = &self.text[self.at..self.at + length];
        let known = matches!(word, "true" | "false" | "null")
            || matches!(word.as_bytes(), [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..])
                && word.bytes().all(|byte| !byte.is_ascii_alphabetic() || matches!(byte, b'e' | b'E'));
        if !known {
            return Err(self.error("a value"));
        }
        self.at += length;
        Ok(word)
    }

    /// The text of an object or array whose brackets balance; what is inside is not looked at.
    pub(crate) fn nested(&mut self) -> Result<&'a str, JsonError> {
        self.peek();
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(&self.text[start..self.at]);
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self.error("a closing bracket"))
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Result<(), JsonError> {
        self.peek();
        if self.at == self.text.len() { Ok(()) } else { Err(self.error("the end of the line")) }
    }
}

/// Words that are looked at one by one before a search for long strings is started.
const WORDS_FIRST: usize = 6;

/// The first quote or backslash from `at`, or the end. Most strings are short and paths have many backslashes, so
/// that starting a vectorised search costs more than it saves: the first bytes are looked at eight at a time.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    const LOW: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // The lowest bit that is set marks the first byte that equals `byte`; higher ones may be wrong.
    let equal = |word: u64, byte: u8| {
        let zero = word ^ (LOW * u64::from(byte));
        zero.wrapping_sub(LOW) & !zero & HIGH
    };
    for _ in 0..WORDS_FIRST {
        let Some(word) = bytes.get(at..at + 8).and_then(|word| word.try_into().ok()) else { break };
        let word = u64::from_le_bytes(word);
        let found = equal(word, b'"') | equal(word, b'\\');
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    memchr2(b'"', b'\\', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

/// Appends `text`, the inside of a JSON string, with its escapes resolved (RFC 8259, section 7). Half of a
/// surrogate pair and unknown escapes become U+FFFD.
pub(crate) fn unescape(text: &str, into: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr(b'\\', rest) {
        into.extend_from_slice(&rest[..at]);
        let escape = rest.get(at + 1).copied().unwrap_or(b'\\');
        rest = rest.get(at + 2..).unwrap_or_default();
        let plain = match escape {
            b'"' | b'\\' | b'/' => Some(escape),
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            _ => None,
        };
        if let Some(byte) = plain {
            into.push(byte);
            continue;
        }
        let (character, used) =
            if escape == b'u' { code_point(rest) } else { (char::REPLACEMENT_CHARACTER, 0) };
        into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[used..];
    }
    into.extend_from_slice(rest);
}

/// The character whose `\u` escape has `rest` after it, and how many bytes of `rest` belong to it.
fn code_point(rest: &[u8]) -> (char, usize) {
    const HIGH: std::ops::Range<u32> = 0xd800..0xdc00;
    const LOW: std::ops::Range<u32> = 0xdc00..0xe000;
    let Some(unit) = hexadecimal(rest) else { return (char::REPLACEMENT_CHARACTER, 0) };
    if HIGH.contains(&unit)
        && rest.get(4..6) == Some(b"\\u")
        && let Some(low) = hexadecimal(&rest[6..]).filter(|low| LOW.contains(low))
    {
        let code = 0x1_0000 + ((unit - HIGH.start) << 10) + (low - LOW.start);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 10);
    }
    (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 4)
}

fn hexadecimal(bytes: &[u8]) -> Option<u32> {
    bytes.get(..4)?.iter().try_fold(0, |value, byte| Some(value << 4 | char::from(*byte).to_digit(16)?))
}

/// Appends `text` as a JSON string with its quotes.
pub(crate) fn quote(text: &str, into: &mut String) {
    into.push('"');
    let mut rest = text;
    while let Some(at) = next_special(rest) {
        into.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => into.push_str("\\\""),
            b'\\' => into.push_str("\\\\"),
            b'\n' => into.push_str("\\n"),
            control => {
                use std::fmt::Write as _;
                write!(into, "\\u{control:04x}").expect("writing to a string does not fail");
            }
        }
        rest = &rest[at + 1..];
    }
    into.push_str(rest);
    into.push('"');
}

/// The first byte that a JSON string must escape.
fn next_special(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let common = memchr3(b'"', b'\\', b'\n', bytes).unwrap_or(bytes.len());
    let first = bytes[..common].iter().position(|byte| *byte < 0x20).unwrap_or(common);
    (first < bytes.len()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(escaped: &str, expected: &str) {
        let mut bytes = Vec::new();
        unescape(escaped, &mut bytes);
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn escapes_are_resolved() {
        check(r"C:\\Windows\\x.exe", r"C:\Windows\x.exe");
        check(r"a\r\n\t\b\f\/", "a\r\n\t\u{8}\u{c}/");
        check("\\\"q\\\"", "\"q\"");
        check(r"\u0041\u00e9", "Aé");
        check(r"\ud83d\ude00", "😀");
    }

    #[test]
    fn broken_escapes_become_the_replacement_character() {
        check(r"\ud83d", "\u{fffd}");
        check(r"\ud83dA", "\u{fffd}A");
        check(r"\ud83d\u0041", "\u{fffd}A");
        check(r"\x", "\u{fffd}");
        check(r"\u12", "\u{fffd}12");
    }

    #[test]
    fn a_quoted_text_is_what_json_reads_back() {
        for text in ["", "plain", "a\"b\\c", "line\nfeed\r\t\u{1}", "é😀"] {
            let mut quoted = String::new();
            quote(text, &mut quoted);
            assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }
    }
}
