//! Whether a value is made of words and common pieces, as Betterleaks' `failsTokenEfficiency` asks.
//!
//! The original counts the tokens of the `cl100k_base` vocabulary (100,000 entries) by byte-pair
//! merging and looks for words of an English list (33,775 entries): a value fails if it holds a
//! word of five letters, or has 2.5 bytes per token or more (2.1 if it is shorter than 12 bytes
//! and holds a word of four letters).
//!
//! Here 64 kB stand in for both. Of the words only those that contain no shorter one are kept; of
//! the tokens only those of up to four letters, with or without a symbol before them, and short
//! runs of symbols; both as short hashes in Rice code (`bench/fit-token-efficiency.py` makes the
//! table). Instead of merging in order of rank, the fewest tokens that make up a piece are
//! counted. That can only be too few or, where a long token is missing, too many.
//!
//! Agreement with the original, 4,000 values per class, drawn apart from the fitting:
//!
//! | class | agrees |
//! |---|---|
//! | random: hex, HEX, digits, base32, base64, base64url, alphanumeric (three kinds), passwords, UUIDs, prefixed tokens | 99.90–100 % |
//! | random lower-case letters | 98.75 % |
//! | base64 of text | 99.88 % |
//! | joined words, short words, camel case, paths, words with digits, versions and dates | 99.88–100 % |
//! | identifiers of Python and Rust sources | 99.47 % |
//! | those of them without a word of five letters | 96.17 % |
//! | all 88,000 | 99.71 % |

mod table;

#[cfg(test)]
mod tests;

use table::{Hash, HashSet, tables};

/// Below this length a value may hold a word of four letters instead of one of five.
const SHORT_VALUE: usize = 12;
/// Below this length line breaks are left out.
const BROKEN_VALUE: usize = 20;
/// Bytes per token from which a value reads like language.
const RATIO: f64 = 2.5;
/// The same for a short value with a short word.
const RATIO_WITH_WORD: f64 = 2.1;
/// Longest minimal word.
const WORD_MAX: usize = 14;
/// Longest token of the table.
const TOKEN_MAX: usize = 5;
/// Longest part of a value that is judged; what is longer is judged by its beginning.
const VALUE_MAX: usize = 4096;

/// Whether the value reads like language or like an ordinary identifier rather than like a random one.
pub fn fails_token_efficiency(value: &[u8]) -> bool {
    let value = &value[..value.len().min(VALUE_MAX)];
    let joined: Vec<u8>;
    let value = if value.len() < BROKEN_VALUE && value.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        joined = value.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
        &joined
    } else {
        value
    };
    if value.is_empty() {
        return false;
    }
    let tables = tables();
    if holds_word(value, 5..=WORD_MAX, &tables.words) {
        return true;
    }
    let short = value.len() < SHORT_VALUE && holds_word(value, 4..=4, &tables.short_words);
    let threshold = if short { RATIO_WITH_WORD } else { RATIO };
    value.len() as f64 / token_count(value, &tables.tokens) as f64 >= threshold
}

/// Whether a stretch of letters, in lower case, is in the set.
fn holds_word(value: &[u8], lengths: std::ops::RangeInclusive<usize>, set: &HashSet) -> bool {
    (0..value.len()).any(|start| {
        let mut hash = Hash::EMPTY;
        let letters =
            value[start..].iter().take(*lengths.end()).take_while(|byte| byte.is_ascii_alphabetic());
        letters.enumerate().any(|(index, byte)| {
            hash = hash.with(byte.to_ascii_lowercase());
            index + 1 >= *lengths.start() && set.contains(hash)
        })
    })
}

/// About how many tokens the value has.
fn token_count(value: &[u8], tokens: &HashSet) -> usize {
    let mut count = 0;
    let mut rest = value;
    while let Some(piece) = next_piece(rest) {
        rest = &rest[piece.len()..];
        count += if piece[0].is_ascii_digit() { 1 } else { fewest_tokens(piece, tokens) };
    }
    count.max(1)
}

/// The next piece that no token crosses: letters with a symbol before them, up to three digits,
/// or symbols.
fn next_piece(rest: &[u8]) -> Option<&[u8]> {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let first = rest.first()?;
    let length = if first.is_ascii_digit() {
        rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count()
    } else if is_letter(first) || rest.get(1).is_some_and(is_letter) {
        1 + rest[1..].iter().take_while(|byte| is_letter(byte)).count()
    } else {
        rest.iter().take_while(|byte| !byte.is_ascii_digit() && !is_letter(byte)).count()
    };
    Some(&rest[..length])
}

/// The fewest tokens that make up the piece; a byte alone is always one.
fn fewest_tokens(piece: &[u8], tokens: &HashSet) -> usize {
    let mut fewest = vec![usize::MAX; piece.len() + 1];
    fewest[0] = 0;
    for start in 0..piece.len() {
        let mut hash = Hash::EMPTY;
        for (index, byte) in piece[start..].iter().take(TOKEN_MAX).enumerate() {
            hash = hash.with(*byte);
            if index == 0 || tokens.contains(hash) {
                let end = start + index + 1;
                fewest[end] = fewest[end].min(fewest[start] + 1);
            }
        }
    }
    fewest[piece.len()]
}
