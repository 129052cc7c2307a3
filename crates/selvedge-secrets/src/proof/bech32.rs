//! Keys in bech32 (BIP-173): age identities and Nostr secret keys.
//!
//! Source: age's specification (C2SP, `age.md`: `AGE-SECRET-KEY-1…`, X25519) and NIP-19 (`nsec1…`). Six
//! characters at the end are a checksum over prefix and data.

use selvedge_model::Proof;

use super::text::trimmed;
use super::{Evidence, Prove, Random, Verdict};

/// One human-readable prefix and what its data is.
pub(super) struct Bech32Key {
    name: &'static str,
    prefix: &'static str,
    public_prefix: &'static str,
    upper: bool,
    kind: &'static str,
}

/// age X25519 identities.
pub(super) static AGE: Bech32Key = Bech32Key {
    name: "age-secret-key",
    prefix: "age-secret-key-",
    public_prefix: "age",
    upper: true,
    kind: "age X25519 identity",
};

/// Nostr secret keys.
pub(super) static NOSTR: Bech32Key = Bech32Key {
    name: "nostr-nsec",
    prefix: "nsec",
    public_prefix: "npub",
    upper: false,
    kind: "Nostr secret key",
};

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Characters of 32 bytes, and of the checksum.
const DATA: usize = 52;
const TAIL: usize = 6;

impl Prove for Bech32Key {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text = trimmed(secret).to_ascii_lowercase();
        let (prefix, public) = if text.starts_with(format!("{}1", self.prefix).as_bytes()) {
            (self.prefix, false)
        } else if text.starts_with(format!("{}1", self.public_prefix).as_bytes()) {
            (self.public_prefix, true)
        } else {
            return Verdict::Unknown;
        };
        let data = &text[prefix.len() + 1..];
        if data.len() != DATA + TAIL {
            return Verdict::Unknown;
        }
        let Some(values) = values(data) else { return Verdict::Refuted("a character is not bech32") };
        if polymod(prefix, &values) != 1 {
            return Verdict::Refuted("the bech32 checksum is wrong");
        }
        let evidence = Evidence::new(Proof::Checksum);
        Verdict::Proved(if public { evidence.fact("public key").public() } else { evidence.fact(self.kind) })
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let human = match prefix {
            "public" => self.public_prefix,
            "" => self.prefix,
            _ => return None,
        };
        let mut random = Random::new(seed);
        let mut values: Vec<u8> = (0..DATA).map(|_| random.below(32) as u8).collect();
        // 52 characters hold 260 bits; the last four are padding and must be zero.
        values[DATA - 1] &= 0b1_0000;
        values.extend([0; TAIL]);
        let residue = polymod(human, &values) ^ 1;
        for (index, value) in values[DATA..].iter_mut().enumerate() {
            *value = (residue >> (5 * (TAIL - 1 - index)) & 31) as u8;
        }
        let data: String = values.iter().map(|value| char::from(LETTERS[usize::from(*value)])).collect();
        let text = format!("{human}1{data}");
        Some(if self.upper && prefix.is_empty() { text.to_ascii_uppercase() } else { text })
    }
}

fn values(data: &[u8]) -> Option<Vec<u8>> {
    data.iter().map(|letter| LETTERS.iter().position(|known| known == letter).map(|at| at as u8)).collect()
}

/// The checksum register of BIP-173 after prefix and data.
fn polymod(prefix: &str, values: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let mut register: u32 = 1;
    for value in high.chain(std::iter::once(0)).chain(low).chain(values.iter().copied()) {
        let top = register >> 25;
        register = (register & 0x01ff_ffff) << 5 ^ u32::from(value);
        for (bit, generator) in GENERATOR.iter().enumerate() {
            if top >> bit & 1 == 1 {
                register ^= generator;
            }
        }
    }
    register
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_nip19_passes() {
        let text = ["nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0", "t9af8935ke9laqsnlfe5"].concat();
        assert!(matches!(NOSTR.prove(text.as_bytes(), b""), Verdict::Proved(_)));
    }

    #[test]
    fn a_changed_letter_is_refuted() {
        for key in [&AGE, &NOSTR] {
            let mut text = key.generate(4, "").unwrap().into_bytes();
            let last = text.len() - 1;
            text[last] = if text[last].eq_ignore_ascii_case(&b'q') { b'P' } else { b'Q' };
            assert!(matches!(key.prove(&text, b""), Verdict::Refuted(_)));
        }
    }
}
