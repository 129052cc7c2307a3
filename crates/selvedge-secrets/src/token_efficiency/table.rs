//! The sets of words and tokens: sorted hashes, unpacked at first use.

use std::sync::OnceLock;

/// The sets as `bench/fit-token-efficiency.py` writes them.
static PACKED: &[u8] = include_bytes!("table.bin");

/// A set that may hold a text it was not given, rarely: its hashes are short.
pub(super) struct HashSet {
    hashes: Vec<u32>,
    bits: u32,
}

/// All sets.
pub(super) struct Tables {
    /// Words of five letters and more that contain no shorter one; one text in 150,000 too many.
    pub(super) words: HashSet,
    /// Words of four letters; one text in 4,000 too many.
    pub(super) short_words: HashSet,
    /// Tokens of up to four letters, with or without a symbol before them, and of symbols;
    /// one text in 800 too many.
    pub(super) tokens: HashSet,
}

/// The sets, unpacked at the first call.
pub(super) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut rest = PACKED;
        Tables { words: unpack(&mut rest), short_words: unpack(&mut rest), tokens: unpack(&mut rest) }
    })
}

impl HashSet {
    /// Whether the set holds the text whose bytes went into the hash.
    pub(super) fn contains(&self, hash: Hash) -> bool {
        let wanted = hash.short(self.bits);
        // The hashes are spread evenly, so the place of one is known within a few.
        let guess = ((u64::from(wanted) * self.hashes.len() as u64) >> self.bits) as usize;
        let from = guess.saturating_sub(GUESS_SPREAD).min(self.hashes.len());
        let to = (guess + GUESS_SPREAD).min(self.hashes.len());
        let window = &self.hashes[from..to];
        let decided = (from == 0 || window.first().is_some_and(|first| *first <= wanted))
            && (to == self.hashes.len() || window.last().is_some_and(|last| *last >= wanted));
        if decided {
            window.binary_search(&wanted).is_ok()
        } else {
            self.hashes.binary_search(&wanted).is_ok()
        }
    }
}

/// How far from its expected place a hash is looked for first.
const GUESS_SPREAD: usize = 128;

/// A hash that grows byte by byte, so that all prefixes of a text are hashed in one go.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// The hash of nothing.
    pub(super) const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The hash with one more byte.
    pub(super) fn with(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The hash in so many bits, at most 32.
    fn short(self, bits: u32) -> u32 {
        ((self.0 ^ (self.0 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as u32
    }
}

/// Unpacks one set and moves behind it. The table is part of the program, and a test reads it whole.
fn unpack(rest: &mut &[u8]) -> HashSet {
    let count = take(rest, 4);
    let bits = take(rest, 1);
    let remainder = take(rest, 1);
    let length = take(rest, 4) as usize;
    let (code, after) = rest.split_at(length.min(rest.len()));
    *rest = after;
    let mut reader = Bits { code, at: 0 };
    let mut next = 0_u64;
    let mut hashes = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let mut gap = 0_u64;
        while reader.bit() == 1 {
            gap += 1;
        }
        for _ in 0..remainder {
            gap = gap << 1 | reader.bit();
        }
        next += gap;
        hashes.push(next as u32);
        next += 1;
    }
    HashSet { hashes, bits }
}

/// A little-endian number of so many bytes.
fn take(rest: &mut &[u8], bytes: usize) -> u32 {
    let (number, after) = rest.split_at(bytes.min(rest.len()));
    *rest = after;
    number.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// Bits, the high one of each byte first; zeros after the end.
struct Bits<'a> {
    code: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> u64 {
        let byte = self.code.get(self.at / 8).copied().unwrap_or(0);
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        u64::from(bit)
    }
}

#[cfg(test)]
mod tests {
    use super::{PACKED, tables};

    #[test]
    fn the_table_is_whole_sorted_and_small() {
        assert!(PACKED.len() <= 64 << 10, "{}", PACKED.len());
        for set in [&tables().words, &tables().short_words, &tables().tokens] {
            assert!(set.hashes.len() > 2_000);
            assert!(set.hashes.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(u64::from(*set.hashes.last().unwrap()) < 1 << set.bits);
            assert!(u64::from(*set.hashes.last().unwrap()) > (1 << set.bits) / 1_000 * 995);
        }
    }
}
