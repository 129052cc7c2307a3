//! Bitcoin keys in base58check: wallet import format and BIP-32 extended private keys.
//!
//! Source: Bitcoin's wallet import format, BIP-32, and SLIP-132 (the version bytes of other scripts). The last
//! four bytes are the start of the double SHA-256 of the rest.

use selvedge_model::Proof;
use sha2::{Digest as _, Sha256};

use super::text::trimmed;
use super::{Evidence, Prove, Random, Verdict};

/// Single private keys.
pub(super) struct Wif;

/// Extended private keys: `xprv`, `tprv` and their kin; `xpub` is the public half.
pub(super) struct ExtendedKey;

const LETTERS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The longest text read; decoding is quadratic.
const LENGTH_MAX: usize = 120;

impl Prove for Wif {
    fn name(&self) -> &'static str {
        "wif"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text = trimmed(secret);
        if !(51..=52).contains(&text.len()) {
            return Verdict::Unknown;
        }
        let Some(bytes) = decode(text) else { return Verdict::Refuted("the text is not base58") };
        let Some(payload) = checked(&bytes) else { return Verdict::Refuted("the base58 checksum is wrong") };
        match (payload.len(), payload.first(), payload.last()) {
            (33, Some(0x80), _) | (34, Some(0x80), Some(1)) => {
                Verdict::Proved(Evidence::new(Proof::Checksum).fact("Bitcoin main network"))
            }
            (33, Some(0xef), _) | (34, Some(0xef), Some(1)) => {
                Verdict::Proved(Evidence::new(Proof::Checksum).fact("test mode: Bitcoin test network"))
            }
            _ => Verdict::Refuted("the payload is not a private key"),
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut payload = vec![0x80];
        payload.extend(Random::new(seed).bytes(32));
        match prefix {
            "" | "compressed" => payload.push(1),
            "uncompressed" => {}
            _ => return None,
        }
        Some(encode(&payload))
    }
}

/// Version bytes, and what they say.
const VERSIONS: [(u32, &str, bool); 8] = [
    (0x0488_ade4, "Bitcoin main network", false),
    (0x049d_7878, "Bitcoin main network, nested SegWit", false),
    (0x04b2_430c, "Bitcoin main network, native SegWit", false),
    (0x0435_8394, "test mode: Bitcoin test network", false),
    (0x0488_b21e, "public key", true),
    (0x049d_7cb2, "public key", true),
    (0x04b2_4746, "public key", true),
    (0x0435_87cf, "public key", true),
];

impl Prove for ExtendedKey {
    fn name(&self) -> &'static str {
        "bip32-xprv"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text = trimmed(secret);
        if text.len() != 111 {
            return Verdict::Unknown;
        }
        let Some(bytes) = decode(text) else { return Verdict::Refuted("the text is not base58") };
        let Some(payload) = checked(&bytes) else { return Verdict::Refuted("the base58 checksum is wrong") };
        let Some((version, _)) = payload.split_first_chunk::<4>().filter(|_| payload.len() == 78) else {
            return Verdict::Refuted("the payload is not an extended key");
        };
        let version = u32::from_be_bytes(*version);
        let Some((_, fact, public)) = VERSIONS.iter().find(|(known, _, _)| *known == version) else {
            return Verdict::Unknown;
        };
        let evidence = Evidence::new(Proof::Checksum).fact(*fact).fact(format!("depth {}", payload[4]));
        Verdict::Proved(if *public { evidence.public() } else { evidence })
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let version: u32 = match prefix {
            "" | "xprv" => 0x0488_ade4,
            "tprv" => 0x0435_8394,
            "xpub" => 0x0488_b21e,
            _ => return None,
        };
        let mut random = Random::new(seed);
        let mut payload = version.to_be_bytes().to_vec();
        payload.extend([0; 9]);
        payload.extend(random.bytes(32));
        payload.push(if prefix == "xpub" { 2 } else { 0 });
        payload.extend(random.bytes(32));
        Some(encode(&payload))
    }
}

fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > LENGTH_MAX {
        return None;
    }
    let mut bytes: Vec<u8> = Vec::new();
    for letter in text {
        let mut carry = LETTERS.iter().position(|known| known == letter)? as u32;
        for byte in &mut bytes {
            carry += u32::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.push(carry as u8);
        }
    }
    let zeros = text.iter().take_while(|letter| **letter == b'1').count();
    bytes.extend(std::iter::repeat_n(0, zeros));
    bytes.reverse();
    Some(bytes)
}

fn encode(payload: &[u8]) -> String {
    let bytes = [payload, &checksum(payload)].concat();
    let mut digits: Vec<u8> = Vec::new();
    for byte in &bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    digits.extend(std::iter::repeat_n(0, zeros));
    digits.iter().rev().map(|digit| char::from(LETTERS[usize::from(*digit)])).collect()
}

fn checksum(payload: &[u8]) -> [u8; 4] {
    let hash = Sha256::digest(Sha256::digest(payload));
    [hash[0], hash[1], hash[2], hash[3]]
}

fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (payload, tail) = bytes.split_at(bytes.len().checked_sub(4)?);
    (checksum(payload) == tail).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_vector_of_bip32_passes() {
        let text = [
            "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChk",
            "VvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
        ]
        .concat();
        let Verdict::Proved(evidence) = ExtendedKey.prove(text.as_bytes(), b"") else { panic!() };
        assert_eq!(evidence.facts, ["Bitcoin main network", "depth 0"]);
    }

    #[test]
    fn a_changed_letter_is_refuted() {
        for proof in [&Wif as &dyn Prove, &ExtendedKey] {
            let mut text = proof.generate(9, "").unwrap().into_bytes();
            text[20] = if text[20] == b'2' { b'3' } else { b'2' };
            assert!(matches!(proof.prove(&text, b""), Verdict::Refuted(_)), "{}", proof.name());
        }
    }
}
