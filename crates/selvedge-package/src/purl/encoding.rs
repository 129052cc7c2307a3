//! Percent-encoding as ECMA-427 section "Character encoding" has it: letters, digits, `.`, `-`, `_`, `~` and
//! `:` stay, everything else is encoded.

use std::borrow::Cow;
use std::fmt;

use super::PurlError;

/// Decodes one part.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, PurlError> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return Err(PurlError::Encoding) };
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(PurlError::Encoding);
        bytes.push((digit(*high)? * 16 + digit(*low)?) as u8);
        rest = tail;
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| PurlError::Encoding)
}

/// Decodes segments between slashes, drops empty ones and those that `keep` refuses, and joins them. A slash
/// that was encoded inside of a segment separates as well: nothing else could be told apart afterwards.
pub(super) fn decode_segments(text: &str, keep: fn(&str) -> bool) -> Result<Option<String>, PurlError> {
    let mut joined = String::new();
    for segment in decode(text)?.split('/').filter(|segment| !segment.is_empty() && keep(segment)) {
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(segment);
    }
    Ok(Some(joined).filter(|joined| !joined.is_empty()))
}

/// Writes one part encoded; with `keeps_slash`, slashes separate segments and stay.
pub(super) fn write(f: &mut fmt::Formatter<'_>, text: &str, keeps_slash: bool) -> fmt::Result {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':')
            || (keeps_slash && byte == b'/')
    };
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        f.write_str(&rest[..at])?;
        let length = rest[at..].chars().next().map_or(1, char::len_utf8);
        for byte in rest[at..at + length].bytes() {
            write!(f, "%{byte:02X}")?;
        }
        rest = &rest[at + length..];
    }
    f.write_str(rest)
}
