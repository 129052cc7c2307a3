//! Identity of a finding that survives moved lines and changes with its subject.
//!
//! BLAKE3 in keyed mode over length-prefixed parts, cut to 128 bits. The key matters for secrets:
//! without it nobody can guess a weak password and compare.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A 128-bit identity in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Number of hexadecimal digits.
    pub const DIGITS: usize = 32;

    /// Reads a fingerprint; `None` unless it is 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = text.len() == Self::DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit());
        valid.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The key under which fingerprints are made. The same key gives the same fingerprints everywhere.
#[derive(Clone)]
pub struct FingerprintKey([u8; 32]);

impl FingerprintKey {
    /// Derives the key from a passphrase or file content of any length.
    pub fn derive(material: &[u8]) -> Self {
        Self(blake3::derive_key("selvedge finding fingerprint v1", material))
    }

    /// The key used when the project has none of its own. Fingerprints of guessable values made with it
    /// can be confirmed by guessing, which the documentation says.
    pub fn builtin() -> Self {
        Self::derive(b"")
    }

    /// Fingerprint of the parts. Parts are length-prefixed, so `["ab","c"]` differs from `["a","bc"]`.
    pub fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize();
        Fingerprint(digest.to_hex()[..Fingerprint::DIGITS].to_owned())
    }

    /// A digest that changes with the key and reveals nothing of it: part of cache keys.
    pub fn id(&self) -> [u8; 32] {
        *blake3::keyed_hash(&self.0, b"key id").as_bytes()
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey([redacted])")
    }
}

/// Numbers equal things in the order in which they appear, so that the second of two equal secrets in
/// a file has an identity of its own.
#[derive(Debug, Default)]
pub struct Ordinals(BTreeMap<Fingerprint, u32>);

impl Ordinals {
    /// 0 for the first time `content` is seen, 1 for the second, and so on.
    pub fn next(&mut self, content: &Fingerprint) -> u32 {
        let count = self.0.entry(content.clone()).or_insert(0);
        *count += 1;
        *count - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_not_concatenated() {
        let key = FingerprintKey::builtin();
        assert_ne!(key.fingerprint(&[b"ab", b"c"]), key.fingerprint(&[b"a", b"bc"]));
    }

    #[test]
    fn the_key_changes_the_fingerprint() {
        let ours = FingerprintKey::derive(b"ours").fingerprint(&[b"x"]);
        assert_ne!(ours, FingerprintKey::builtin().fingerprint(&[b"x"]));
        assert_eq!(ours, FingerprintKey::derive(b"ours").fingerprint(&[b"x"]));
        assert_eq!(Fingerprint::parse(ours.as_str()), Some(ours));
    }
}
