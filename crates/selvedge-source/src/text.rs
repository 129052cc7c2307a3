//! Tells text from binary, and turns UTF-16 into UTF-8.

/// How much of the start of a file decides whether it is binary. Git looks at as much.
pub(crate) const SNIFF_BYTES: usize = 8 << 10;

/// What the start of a file says about the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8 or anything else that has no NUL.
    Bytes,
    /// UTF-16, least significant byte first.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
    /// Not text.
    Binary,
}

impl Encoding {
    /// Judges by the first [`SNIFF_BYTES`] of `bytes`.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let start = &bytes[..bytes.len().min(SNIFF_BYTES)];
        match start {
            // UTF-32, least significant byte first, which starts like UTF-16.
            [0xff, 0xfe, 0, 0, ..] => Self::Binary,
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            _ if memchr::memchr(0, start).is_some() => Self::Binary,
            _ => Self::Bytes,
        }
    }

    /// Whether the text has to be decoded before it is offered.
    pub(crate) fn is_utf16(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }
}

/// Decodes UTF-16 into `text`, without the byte order mark; what is not UTF-16 becomes U+FFFD.
pub(crate) fn decode_utf16(bytes: &[u8], encoding: Encoding, text: &mut String) {
    text.clear();
    let unit = if encoding == Encoding::Utf16Be { u16::from_be_bytes } else { u16::from_le_bytes };
    let (pairs, rest) = bytes.get(2..).unwrap_or_default().as_chunks::<2>();
    text.extend(
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
            .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn decoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        decode_utf16(bytes, Encoding::of(bytes), &mut text);
        text
    }

    #[test]
    fn text_is_told_from_binary() {
        assert_eq!(Encoding::of(b""), Encoding::Bytes);
        assert_eq!(Encoding::of(b"abc\xff"), Encoding::Bytes);
        assert_eq!(Encoding::of(b"abc\0"), Encoding::Binary);
        assert_eq!(Encoding::of(b"\xff\xfe\0\0a\0\0\0"), Encoding::Binary);
        let mut late = vec![b'a'; SNIFF_BYTES];
        late.push(0);
        assert_eq!(Encoding::of(&late), Encoding::Bytes);
    }

    #[test]
    fn utf16_becomes_utf8_in_both_byte_orders() {
        assert_eq!(decoded(b"\xff\xfea\0\r\0\n\0\xe9\0"), "a\r\né");
        assert_eq!(decoded(b"\xfe\xff\0a\xd8\x3d\xde\x00"), "a😀");
    }

    #[test]
    fn broken_utf16_is_replaced_not_lost() {
        assert_eq!(decoded(b"\xff\xfea\0\x00\xd8b\0c"), "a\u{fffd}b\u{fffd}");
    }
}
