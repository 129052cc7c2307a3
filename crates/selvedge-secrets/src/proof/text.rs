//! Small readers shared by the proofs: base64 in its variants, base62 numbers, and the test for filler.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// Decodes base64 of the standard alphabet, with or without padding.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Decodes base64 of the URL alphabet, with or without padding.
pub(super) fn base64_url(text: &[u8]) -> Option<Vec<u8>> {
    BASE64_URL.decode(text).ok()
}

/// Encodes with the standard alphabet and padding.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Encodes with the URL alphabet and no padding.
pub(super) fn to_base64_url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes base64 that may be wrapped, indented or quoted over several lines.
pub(super) fn base64_wrapped(text: &[u8]) -> Option<Vec<u8>> {
    let dense: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    base64(&dense)
}

/// The value without surrounding white space and quotes.
pub(super) fn trimmed(secret: &[u8]) -> &[u8] {
    let is_edge = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`');
    let start = secret.iter().position(|byte| !is_edge(byte)).unwrap_or(secret.len());
    let end = secret.iter().rposition(|byte| !is_edge(byte)).map_or(start, |last| last + 1);
    &secret[start..end]
}

/// Whether `text` looks like filler: few distinct characters, or a run such as `abcdef` or `123456`.
///
/// The chance that a random run of 16 hexadecimal digits has fewer than five distinct ones is below one in
/// ten million; ten consecutive ascending characters do not happen in random text either.
pub(super) fn is_filler(text: &[u8]) -> bool {
    if text.len() < 12 {
        return false;
    }
    let mut seen = [false; 256];
    for byte in text {
        seen[usize::from(*byte)] = true;
    }
    let distinct = seen.iter().filter(|seen| **seen).count();
    distinct < 5 || longest_run(text) >= 10
}

/// The length of the longest stretch in which each character follows the one before, as in `a1b2c3` or `abc`.
fn longest_run(text: &[u8]) -> usize {
    let mut longest = 1;
    let mut current = 1;
    for pair in text.windows(2) {
        let follows = pair[1] == pair[0].wrapping_add(1) || (pair[0] == b'9' && pair[1] == b'0');
        current = if follows { current + 1 } else { 1 };
        longest = longest.max(current);
    }
    longest
}

/// Whether `haystack` holds `needle`, ignoring ASCII case.
pub(super) fn contains_ignore_case(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len().max(1)).any(|window| window.eq_ignore_ascii_case(needle))
}

/// Big-endian unsigned number of at most eight bytes.
pub(super) fn be_number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
