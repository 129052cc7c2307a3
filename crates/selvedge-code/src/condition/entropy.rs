//! Whether a text looks drawn at random rather than written.

use crate::limits::ENTROPY_CHARS_MAX;

/// Letters that stand beside each other in words of English often enough to be called ordinary.
const ORDINARY_PAIRS: &str = "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al \
     de se le sa si ar ve ra ld ur ro ri li ic ne io me co ma be ce ch ll om el ta la ab ba ec ho ss tr us ut ac ge em pe \
     ot no po pr so mo ke ey pa ap am ad id do wo rd fo il un ca su ex xa mp pl im ag ai ay ir ie ns rs ts ct ol wh";

/// Of the pairs of letters, the share that ordinary writing stays above.
const ORDINARY_SHARE_MIN: f64 = 0.5;
/// Pairs below which a text is too short to say anything.
const UNUSUAL_PAIRS_MIN: usize = 5;

/// Judges by how many of the pairs of letters and digits are those of writing: a text drawn at random has few.
pub(crate) fn is_high(text: &str) -> bool {
    let chars: Vec<char> = text.chars().take(ENTROPY_CHARS_MAX).collect();
    let pairs: Vec<_> =
        chars.windows(2).filter(|pair| pair.iter().all(char::is_ascii_alphanumeric)).collect();
    let ordinary = pairs.iter().filter(|pair| is_ordinary(pair)).count();
    pairs.len() - ordinary >= UNUSUAL_PAIRS_MIN && (ordinary as f64) < ORDINARY_SHARE_MIN * pairs.len() as f64
}

fn is_ordinary(pair: &[char]) -> bool {
    let pair: String = pair.iter().map(char::to_ascii_lowercase).collect();
    ORDINARY_PAIRS.split_whitespace().any(|known| known == pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_random_and_words_are_not() {
        for text in [
            "wJalrXUtnFEMIK7MDENGbPxRfiCYzzzz1",
            "d41d8cd98f00b204e9800998ecf8427e",
            "AKIAIOSFODNN7Q2LPZ",
            "AKIAxxxxxxxxxxxxxxxx",
        ] {
            assert!(is_high(text), "{text}");
        }
        for text in [
            "password",
            "changeme",
            "example",
            "this is some ordinary text in a file",
            "ghp_abababababababababababababababab",
            "",
        ] {
            assert!(!is_high(text), "{text}");
        }
    }
}
