//! Shannon entropy as Gitleaks counts it.

use std::collections::BTreeMap;

/// Bits per character: frequencies of characters, each divided by the length in bytes.
pub(crate) fn shannon(data: &[u8]) -> f64 {
    if data.is_empty() {
        return 0.0;
    }
    let share = 1.0 / data.len() as f64;
    let of = |count: u32| {
        let frequency = f64::from(count) * share;
        -frequency * frequency.log2()
    };
    if data.is_ascii() {
        let mut counts = [0_u32; 128];
        for byte in data {
            counts[usize::from(*byte)] += 1;
        }
        return counts.into_iter().filter(|count| *count > 0).map(of).sum();
    }
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for chunk in data.utf8_chunks() {
        for character in chunk.valid().chars() {
            *counts.entry(character).or_default() += 1;
        }
        // Go reads every byte that is not part of a character as one replacement character.
        if !chunk.invalid().is_empty() {
            *counts.entry(char::REPLACEMENT_CHARACTER).or_default() += chunk.invalid().len() as u32;
        }
    }
    counts.into_values().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::shannon;

    #[track_caller]
    fn check(text: &str, expected: f64) {
        assert!((shannon(text.as_bytes()) - expected).abs() < 1e-9, "{text}: {}", shannon(text.as_bytes()));
    }

    #[test]
    fn counts_characters_over_bytes() {
        check("", 0.0);
        check("aaaa", 0.0);
        check("abcd", 2.0);
        check("ab", 1.0);
        // Two characters of two bytes each: a quarter each, not a half.
        check("éè", 1.0);
    }
}
