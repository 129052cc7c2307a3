//! Whether a text looks drawn at random rather than written.

use crate::limits::ENTROPY_CHARS_MAX;

/// Letters that stand beside each other in words of English often enough to be called ordinary.
const ORDINARY_PAIRS: &str = "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al \
     de se le sa si ar ve ra ld ur ro ri li ic ne io me co ma be ce ch ll om el ta la ab ba ec ho ss tr us ut ac ge em pe \
     ot no po pr so mo ke ey pa ap am ad id do wo rd fo il un ca su ex xa mp pl im ag ai ay ir ie ns rs ts ct ol wh";

/// Characters below which a text is too short to say anything.
const CHARS_MIN: usize = 8;
/// Pairs that writing hardly has, below which a text may still be writing.
const UNUSUAL_PAIRS_MIN: usize = 3;

/// Judges by the pairs of letters and digits: a text drawn at random has few that writing has. A character that
/// is repeated says nothing.
pub(crate) fn is_high(text: &str) -> bool {
    let chars: Vec<char> = text.chars().take(ENTROPY_CHARS_MAX).collect();
    let says_something = |pair: &&[char]| pair[0] != pair[1] && pair.iter().all(char::is_ascii_alphanumeric);
    let pairs: Vec<_> = chars.windows(2).filter(says_something).collect();
    let ordinary = pairs.iter().filter(|pair| is_ordinary(pair)).count();
    let unusual = pairs.len() - ordinary;
    chars.len() >= CHARS_MIN && unusual >= UNUSUAL_PAIRS_MIN && unusual > ordinary
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
