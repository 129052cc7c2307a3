//! A small seeded generator for examples and tests: same seed, same value, no clock and no entropy.
//!
//! It is splitmix64 (Steele, Lea, Flood 2014). It is not fit for keys: everything made with it is an
//! example, which is why the engine's own tests can name it freely.

use super::alphabet::Alphabet;

/// A deterministic stream of pseudo-random numbers.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Starts a stream; equal seeds give equal streams.
    pub fn new(seed: u64) -> Self {
        Self { state: seed ^ 0x5e1d_ed6e_5e1d_ed6e }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            return 0;
        }
        usize::try_from(self.next_u64() % bound as u64).unwrap_or(0)
    }

    /// `length` bytes.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next_u64().to_le_bytes()[3]).collect()
    }

    /// `length` characters of `alphabet`.
    pub fn text(&mut self, alphabet: Alphabet, length: usize) -> String {
        let letters = alphabet.letters();
        (0..length).map(|_| char::from(letters[self.below(letters.len())])).collect()
    }

    /// A version 4 UUID in lower case.
    pub fn uuid(&mut self) -> String {
        let hex = self.text(Alphabet::Hex, 32);
        let variant = ['8', '9', 'a', 'b'][self.below(4)];
        format!("{}-{}-4{}-{variant}{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }
}
