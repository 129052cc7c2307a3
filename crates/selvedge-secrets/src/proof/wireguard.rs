//! `WireGuard` private keys: 32 bytes in base64, clamped as Curve25519 asks.
//!
//! Source: `wg genkey` (wireguard-tools, `curve25519_clamp_secret`) and RFC 7748: the three low bits of the first
//! byte and the high bit of the last are clear, the next high bit is set. A key that is not clamped still works,
//! so it is only unknown; the line names it `PrivateKey` or `PublicKey`.

use selvedge_model::Proof;

use super::text::{base64, contains_ignore_case, is_filler, to_base64, trimmed};
use super::{Evidence, Prove, Random, Verdict};

/// Keys of interfaces, and pre-shared keys.
pub(super) struct WireguardKey;

impl Prove for WireguardKey {
    fn name(&self) -> &'static str {
        "wireguard"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let key = trimmed(secret);
        if key.len() != 44 {
            return Verdict::Unknown;
        }
        if is_filler(&key[..43]) {
            return Verdict::Refuted("the key is filler");
        }
        let Some(bytes) = base64(key).filter(|bytes| bytes.len() == 32) else {
            return Verdict::Refuted("the key does not decode to 32 bytes");
        };
        if contains_ignore_case(context, b"PublicKey") && !contains_ignore_case(context, b"PrivateKey") {
            return Verdict::Proved(Evidence::new(Proof::Structure).fact("public key").public());
        }
        let clamped = bytes[0].trailing_zeros() >= 3 && bytes[31] & 0xc0 == 0x40;
        if clamped {
            Verdict::Proved(Evidence::new(Proof::Structure).fact("clamped Curve25519 key"))
        } else {
            Verdict::Unknown
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut bytes = Random::new(seed).bytes(32);
        bytes[0] &= 0xf8;
        bytes[31] = bytes[31] & 0x3f | 0x40;
        prefix.is_empty().then(|| to_base64(&bytes))
    }
}
