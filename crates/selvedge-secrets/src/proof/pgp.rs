//! `OpenPGP` private key blocks (RFC 9580): armour, CRC24, first packet.
//!
//! The checksum line is optional in RFC 9580; a block without it is judged by its first packet alone, which
//! must be a secret key (tag 5) or secret subkey (tag 7).

use selvedge_model::Proof;

use super::text::{base64_wrapped, to_base64};
use super::{Evidence, Prove, Random, SECRET_BYTES_MAX, Verdict};

/// `-----BEGIN PGP PRIVATE KEY BLOCK-----`.
pub(super) struct PgpPrivateKey;

const BEGIN: &str = "-----BEGIN PGP PRIVATE KEY BLOCK-----";
const END: &str = "-----END PGP PRIVATE KEY BLOCK-----";

impl Prove for PgpPrivateKey {
    fn name(&self) -> &'static str {
        "pgp-private-key"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text =
            String::from_utf8_lossy(&secret[..secret.len().min(SECRET_BYTES_MAX)]).replace("\\n", "\n");
        let Some(start) = text.find(BEGIN) else { return Verdict::Unknown };
        let rest = &text[start + BEGIN.len()..];
        let Some(end) = rest.find(END) else { return Verdict::Unknown };
        let (mut body, mut checksum) = (String::new(), None);
        for line in rest[..end].lines().map(str::trim) {
            match line.strip_prefix('=') {
                Some(tail) if tail.len() == 4 => checksum = Some(tail.to_owned()),
                _ if line.contains(": ") => {}
                _ => body.push_str(line),
            }
        }
        let Some(bytes) = base64_wrapped(body.as_bytes()).filter(|bytes| bytes.len() > 16) else {
            return Verdict::Refuted("the block is not base64");
        };
        if !is_secret_packet(bytes[0]) {
            return Verdict::Refuted("the block does not begin with a secret key");
        }
        match checksum {
            Some(tail) if base64_wrapped(tail.as_bytes()) != Some(crc24(&bytes).to_vec()) => {
                Verdict::Refuted("the armour checksum is wrong")
            }
            Some(_) => Verdict::Proved(Evidence::new(Proof::Checksum).fact("OpenPGP secret key")),
            None => Verdict::Proved(Evidence::new(Proof::Structure).fact("OpenPGP secret key")),
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut bytes = vec![0x95, 0x01, 0x00, 0x04];
        bytes.extend(Random::new(seed).bytes(92));
        let text = to_base64(&bytes);
        let (first, second) = text.split_at(64);
        let tail = to_base64(&crc24(&bytes));
        prefix.is_empty().then(|| format!("{BEGIN}\n\n{first}\n{second}\n={tail}\n{END}"))
    }
}

/// Whether a packet header, old or new format, is of a secret key or subkey.
fn is_secret_packet(header: u8) -> bool {
    let tag = if header & 0x40 == 0 { header >> 2 & 0x0f } else { header & 0x3f };
    header & 0x80 != 0 && matches!(tag, 5 | 7)
}

/// The checksum of RFC 9580, section 6.1.
fn crc24(bytes: &[u8]) -> [u8; 3] {
    let mut crc: u32 = 0x00b7_04ce;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4cfb;
            }
        }
    }
    [(crc >> 16) as u8, (crc >> 8) as u8, crc as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc24_is_right() {
        // The catalogue of CRC algorithms gives 21CF02 for "123456789".
        assert_eq!(crc24(b"123456789"), [0x21, 0xcf, 0x02]);
    }

    #[test]
    fn a_changed_checksum_is_refuted() {
        let text = PgpPrivateKey.generate(1, "").unwrap();
        let at = text.rfind("\n=").unwrap() + 2;
        let mut bytes = text.into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert!(matches!(PgpPrivateKey.prove(&bytes, b""), Verdict::Refuted(_)));
    }
}
