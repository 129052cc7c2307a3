//! Whether a text looks drawn at random rather than written.

use crate::limits::ENTROPY_CHARS_MAX;

/// Letters that stand beside each other in words of English often enough to be called ordinary.
const ORDINARY_PAIRS: &str = "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al \
     de se le sa si ar ve ra ld ur ro ri li ic ne io me co ma be ce ch ll om el ta la ec ho ss tr us ut ac ge em pe \
     ot no po pr so mo ke ey pa ap am ad id do wo rd fo il un ca su ex xa mp pl im ag ai ay ir ie ns rs ts ct ol wh";

/// Bits below which a text is too short or too uniform to say anything.
const BITS_MIN: f64 = 25.0;
/// Bits per character that a text drawn from an alphabet of any size has; hexadecimal ones come near four.
const BITS_PER_CHAR_MIN: f64 = 2.6;
/// Of the pairs of letters, the share that ordinary writing stays above.
const ORDINARY_SHARE_MIN: f64 = 0.5;

/// Judges by two things: how many bits the frequencies of its characters give, and how many of its pairs of
/// letters are those of writing.
pub(crate) fn is_high(text: &str) -> bool {
    let chars: Vec<char> = text.chars().take(ENTROPY_CHARS_MAX).collect();
    let bits = bits(&chars);
    bits >= BITS_MIN && bits >= BITS_PER_CHAR_MIN * chars.len() as f64 && ordinary_share(&chars) < ORDINARY_SHARE_MIN
}

/// Shannon entropy of the characters, times their number.
fn bits(chars: &[char]) -> f64 {
    let mut sorted = chars.to_vec();
    sorted.sort_unstable();
    let total = chars.len() as f64;
    let per_char: f64 = sorted
        .chunk_by(|left, right| left == right)
        .map(|run| {
            let share = run.len() as f64 / total;
            -share * share.log2()
        })
        .sum();
    per_char * total
}

fn ordinary_share(chars: &[char]) -> f64 {
    let pairs: Vec<_> =
        chars.windows(2).filter(|pair| pair.iter().all(char::is_ascii_alphanumeric)).collect();
    if pairs.is_empty() {
        return 0.0;
    }
    let ordinary = pairs.iter().filter(|pair| {
        let pair: String = pair.iter().map(char::to_ascii_lowercase).collect();
        ORDINARY_PAIRS.split_whitespace().any(|known| known == pair)
    });
    ordinary.count() as f64 / pairs.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_random_and_words_are_not() {
        for text in
            ["wJalrXUtnFEMIK7MDENGbPxRfiCYzzzz1", "d41d8cd98f00b204e9800998ecf8427e", "AKIAIOSFODNN7Q2LPZ"]
        {
            assert!(is_high(text), "{text}");
        }
        for text in
            ["password", "changeme", "example", "this is some ordinary text in a file", "aaaaaaaaaaaaaaa", "ghp_abababababababababababababababab", ""]
        {
            assert!(!is_high(text), "{text}");
        }
    }
}
