//! AWS access key ids: 20 characters whose base32 part encodes the account number.
//!
//! Source: the IAM User Guide, "Unique identifiers" (prefixes), and the published observation that bits of
//! the base32 part are the account number (T. Be'ery, "A short note on AWS KEY ID", 2023). Ids made before
//! 2019 encode no account; there the prefix is followed by `I` or `J`.

use selvedge_model::Proof;

use super::text::{contains_ignore_case, is_filler, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// Access key ids of users, roles and Bedrock or bearer credentials.
pub(super) struct AwsAccessKeyId;

const PREFIXES: [(&str, &str); 3] = [
    ("AKIA", "long-term access key"),
    ("ASIA", "temporary access key, useless without its session token"),
    ("ABIA", "bearer token of an AWS service"),
];
const BODY: usize = 16;
/// The bits of the first six bytes that hold the account number.
const ACCOUNT_MASK: u64 = 0x7fff_ffff_ff80;

impl Prove for AwsAccessKeyId {
    fn name(&self) -> &'static str {
        "aws-access-key-id"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let id = trimmed(secret);
        let Some((prefix, kind)) = PREFIXES.iter().find(|(prefix, _)| id.starts_with(prefix.as_bytes()))
        else {
            return Verdict::Unknown;
        };
        let body = &id[prefix.len()..];
        if body.len() != BODY {
            return Verdict::Unknown;
        }
        if body.ends_with(b"EXAMPLE") || contains_ignore_case(body, b"EXAMPLE") || is_filler(body) {
            return Verdict::Refuted("an example id from documentation");
        }
        let Some(bits) = first_six_bytes(body) else {
            return Verdict::Refuted("the id has characters outside base32");
        };
        let evidence = Evidence::new(Proof::Structure).fact(*kind);
        Verdict::Proved(match account(body, bits) {
            Some(account) => evidence.fact(format!("account {account:012}")),
            None => evidence,
        })
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let (prefix, _) = PREFIXES.iter().find(|(known, _)| known.starts_with(prefix))?;
        let mut random = Random::new(seed);
        // `Q` is the first letter of ids that encode an account.
        Some(format!("{prefix}Q{}", random.text(Alphabet::Base32, BODY - 1)))
    }
}

/// The first 48 bits of the base32 text; `None` when any of it is not base32.
fn first_six_bytes(body: &[u8]) -> Option<u64> {
    let letters = Alphabet::Base32.letters();
    let mut bits: u64 = 0;
    for (index, byte) in body.iter().enumerate() {
        let value = letters.iter().position(|letter| letter == byte)? as u64;
        if index < 10 {
            bits = bits << 5 | value;
        }
    }
    Some(bits >> 2)
}

fn account(body: &[u8], bits: u64) -> Option<u64> {
    let number = (bits & ACCOUNT_MASK) >> 7;
    let is_old = matches!(body.first(), Some(b'I' | b'J'));
    (!is_old && number < 1_000_000_000_000).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_specimen_names_its_account() {
        // The specimen of the 2023 article.
        let id = ["ASIA", "QNZGKIQY56JQ7WML"].concat();
        let Verdict::Proved(evidence) = AwsAccessKeyId.prove(id.as_bytes(), b"") else { panic!("{id}") };
        assert!(evidence.facts.contains(&"account 029608264753".to_owned()), "{:?}", evidence.facts);
    }

    #[test]
    fn the_documentation_id_is_refuted() {
        assert!(matches!(AwsAccessKeyId.prove(b"AKIAIOSFODNN7EXAMPLE", b""), Verdict::Refuted(_)));
    }
}
