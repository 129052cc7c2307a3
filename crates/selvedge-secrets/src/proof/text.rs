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

/// Whether `text` looks like filler: few distinct characters, a run such as `abcdef` or `123456`, or the word
/// `example`.
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
    distinct < 5 || longest_run(text) >= 10 || contains_ignore_case(text, b"example")
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

/// The calendar day of a Unix time, as `2026-01-31`; `None` outside the years 1970 to 9999.
///
/// The arithmetic is Howard Hinnant's `civil_from_days`.
pub(super) fn day_of(unix_seconds: i64) -> Option<String> {
    if !(0..253_402_300_800).contains(&unix_seconds) {
        return None;
    }
    let days = unix_seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// A short printable form of outside text for a fact: at most 60 characters, no control characters.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

/// The lower-case hexadecimal SHA-256 of `bytes`, to compare with published examples without naming them.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_calendar_days() {
        for (seconds, day) in [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_767_225_599, "2025-12-31")]
        {
            assert_eq!(day_of(seconds).as_deref(), Some(day));
        }
        assert_eq!(day_of(-1), None);
        assert_eq!(day_of(i64::MAX), None);
    }

    #[test]
    fn filler_is_told_from_random() {
        for text in [
            "xxxxxxxxxxxxxxxx",
            "abcdefghijklmnop",
            "0123456789012345",
            "aaaabbbbccccaaaa",
            "q8EXAMPLEkey73hs",
        ] {
            assert!(is_filler(text.as_bytes()), "{text}");
        }
        for text in ["9f8a7c3e1b5d2046", "short", "Zk3vQ9pLx7Wm2Tb4"] {
            assert!(!is_filler(text.as_bytes()), "{text}");
        }
    }
}
