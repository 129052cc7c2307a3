//! Tokens of GitHub and npm: 30 random characters and their CRC32 in six base62 digits.
//!
//! Source: GitHub's "Behind GitHub's new authentication token formats" (2021-04-05) and "Announcing npm's
//! new access token format" (2021-09-23). The checksum covers the 30 characters after the prefix; the
//! digits are `0-9A-Za-z`, padded with zeros on the left. The algorithm was confirmed on the specimen that
//! public write-ups of the format use, and is self-generated in the tests.

use selvedge_model::Proof;

use super::text::{is_filler, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// Random characters before the checksum.
const BODY: usize = 30;
/// Base62 digits of the checksum.
const TAIL: usize = 6;

/// Classic GitHub tokens.
pub(super) struct GithubToken;

/// npm access tokens.
pub(super) struct NpmToken;

/// Prefix and what the token is.
const GITHUB_PREFIXES: [(&str, &str); 5] = [
    ("ghp_", "personal access token"),
    ("gho_", "OAuth access token"),
    ("ghu_", "user-to-server token of a GitHub App"),
    ("ghs_", "installation token of a GitHub App"),
    ("ghr_", "refresh token of a GitHub App"),
];

impl Prove for GithubToken {
    fn name(&self) -> &'static str {
        "github-crc32"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        prove_any(secret, &GITHUB_PREFIXES)
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let prefix = if prefix.is_empty() { "ghp_" } else { prefix };
        GITHUB_PREFIXES.iter().any(|(known, _)| *known == prefix).then(|| make(seed, prefix))
    }
}

impl Prove for NpmToken {
    fn name(&self) -> &'static str {
        "npm-crc32"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        prove_any(secret, &[("npm_", "granular or classic access token")])
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        matches!(prefix, "" | "npm_").then(|| make(seed, "npm_"))
    }
}

fn prove_any(secret: &[u8], prefixes: &[(&str, &str)]) -> Verdict {
    let token = trimmed(secret);
    let Some((prefix, kind)) = prefixes.iter().find(|(prefix, _)| token.starts_with(prefix.as_bytes()))
    else {
        return Verdict::Unknown;
    };
    let body = &token[prefix.len()..];
    if body.len() != BODY + TAIL || !body.iter().all(u8::is_ascii_alphanumeric) {
        return Verdict::Unknown;
    }
    let (random, tail) = body.split_at(BODY);
    if is_filler(random) {
        return Verdict::Refuted("the random part is filler");
    }
    if base62(crc32fast::hash(random), TAIL).as_bytes() != tail {
        return Verdict::Refuted("the checksum in the last six characters is wrong");
    }
    Verdict::Proved(Evidence::new(Proof::Checksum).fact(*kind))
}

fn make(seed: u64, prefix: &str) -> String {
    let random = Random::new(seed).text(Alphabet::Alnum, BODY);
    let tail = base62(crc32fast::hash(random.as_bytes()), TAIL);
    format!("{prefix}{random}{tail}")
}

/// `number` in base62 with leading zeros up to `width`.
fn base62(number: u32, width: usize) -> String {
    let letters = Alphabet::Alnum.letters();
    let mut digits = Vec::new();
    let mut rest = number as usize;
    while rest > 0 || digits.len() < width {
        digits.push(char::from(letters[rest % 62]));
        rest /= 62;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_specimen_passes() {
        let specimen = ["ghp", "_zQWBuTSOoRi4A9spHcVY5", "ncnsDkxkJ0mLq17"].concat();
        assert!(matches!(GithubToken.prove(specimen.as_bytes(), b""), Verdict::Proved(_)));
    }

    #[test]
    fn small_checksums_are_padded() {
        assert_eq!(base62(0, 6), "000000");
        assert_eq!(base62(61, 6), "00000z");
        assert_eq!(base62(u32::MAX, 6), "4gfFC3");
    }
}
