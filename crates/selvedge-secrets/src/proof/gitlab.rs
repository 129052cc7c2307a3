//! GitLab tokens: the classic 20 characters, and routable tokens with payload, length and CRC32.
//!
//! Source: GitLab's "Routable tokens" design document and `lib/authn/token_field/generator/routable_token.rb`
//! in gitlab-org/gitlab: `prefix payload . version . length crc`, where payload is unpadded base64url, version
//! and length are two base36 digits, and the CRC32 of everything before it fills seven base36 digits. The
//! first edition had no version. Classic tokens carry nothing to check but their shape.

use selvedge_model::Proof;

use super::text::{base64_url, is_filler, to_base64_url, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// Every prefixed GitLab token.
pub(super) struct GitlabToken;

/// Prefix and what the token is.
const PREFIXES: [(&str, &str); 12] = [
    ("glpat-", "personal, project or group access token"),
    ("gldt-", "deploy token"),
    ("glrt-", "runner authentication token"),
    ("glptt-", "pipeline trigger token"),
    ("glft-", "feed token"),
    ("glimt-", "incoming mail token"),
    ("glagent-", "agent for Kubernetes token"),
    ("gloas-", "OAuth application secret"),
    ("glsoat-", "SCIM token"),
    ("glffct-", "feature flags client token"),
    ("glcbt-", "CI/CD job token"),
    ("glwt-", "workspace token"),
];

/// Digits of the checksum.
const TAIL: usize = 7;
/// The longest payload a routable token may have.
const PAYLOAD_MAX: usize = 300;

impl Prove for GitlabToken {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let token = trimmed(secret);
        let Some((prefix, kind)) = PREFIXES.iter().find(|(prefix, _)| token.starts_with(prefix.as_bytes()))
        else {
            return Verdict::Unknown;
        };
        let body = &token[prefix.len()..];
        if is_filler(body) {
            return Verdict::Refuted("the random part is filler");
        }
        let fields: Vec<&[u8]> = body.split(|byte| *byte == b'.').collect();
        match fields.as_slice() {
            [classic]
                if (20..=64).contains(&classic.len()) && classic.iter().all(|byte| is_token_byte(*byte)) =>
            {
                Verdict::Proved(Evidence::new(Proof::Structure).fact(*kind))
            }
            [payload, last] | [payload, _, last] if last.len() == 2 + TAIL => {
                routable(token, payload, last, kind)
            }
            _ => Verdict::Unknown,
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        if let Some(routable_prefix) = prefix.strip_suffix("routable") {
            PREFIXES.iter().find(|(known, _)| *known == routable_prefix)?;
            return Some(make_routable(&mut random, routable_prefix));
        }
        let (prefix, _) = PREFIXES.iter().find(|(known, _)| known.starts_with(prefix))?;
        Some(match *prefix {
            "glagent-" => format!("{prefix}{}", random.text(Alphabet::Base64Url, 50)),
            "gloas-" => format!("{prefix}{}", random.text(Alphabet::Hex, 64)),
            "glptt-" => format!("{prefix}{}", random.text(Alphabet::Hex, 40)),
            _ => format!("{prefix}{}", random.text(Alphabet::Alnum, 20)),
        })
    }
}

fn is_token_byte(byte: u8) -> bool {
    Alphabet::Base64Url.contains(byte)
}

fn routable(token: &[u8], payload: &[u8], last: &[u8], kind: &str) -> Verdict {
    if payload.len() > PAYLOAD_MAX {
        return Verdict::Unknown;
    }
    let (covered, tail) = token.split_at(token.len() - TAIL);
    if base36(crc32fast::hash(covered) as usize, TAIL).as_bytes() != tail {
        return Verdict::Refuted("the checksum in the last seven digits is wrong");
    }
    if base36(payload.len(), 2).as_bytes() != &last[..2] {
        return Verdict::Refuted("the length field does not fit the payload");
    }
    let mut evidence = Evidence::new(Proof::Checksum).fact(kind);
    if let Some(fact) = base64_url(payload).and_then(|bytes| routing_fact(&bytes)) {
        evidence = evidence.fact(fact);
    }
    Verdict::Proved(evidence)
}

/// Organisation, project and user numbers are routing data, in base36; they are not secret.
fn routing_fact(payload: &[u8]) -> Option<String> {
    let mut parts = Vec::new();
    for line in payload.split(|byte| *byte == b'\n').take(6) {
        let (key, rest) = line.split_first()?;
        let value: String = rest
            .iter()
            .skip(1)
            .take(13)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .map(|byte| char::from(*byte))
            .collect();
        let number = u64::from_str_radix(&value, 36).ok();
        match (key, number) {
            (b'o', Some(number)) => parts.push(format!("organisation {number}")),
            (b'p', Some(number)) => parts.push(format!("project {number}")),
            (b'g', Some(number)) => parts.push(format!("group {number}")),
            _ => {}
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn make_routable(random: &mut Random, prefix: &str) -> String {
    let mut bytes = format!("o:{}\np:{}\nu:", random.below(9) + 1, random.below(9) + 1).into_bytes();
    bytes.extend(random.text(Alphabet::LowerAlnum, 3).bytes());
    bytes.extend(random.bytes(16));
    bytes.push(16);
    let payload = to_base64_url(&bytes);
    let covered = format!("{prefix}{payload}.01.{}", base36(payload.len(), 2));
    let tail = base36(crc32fast::hash(covered.as_bytes()) as usize, TAIL);
    format!("{covered}{tail}")
}

fn base36(number: usize, width: usize) -> String {
    let letters = Alphabet::LowerAlnum.letters();
    let mut digits = Vec::new();
    let mut rest = number;
    while rest > 0 || digits.len() < width {
        digits.push(char::from(letters[rest % 36]));
        rest /= 36;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_routable_token_proves_and_a_changed_digit_refutes() {
        let token = GitlabToken.generate(5, "glpat-routable").unwrap();
        let Verdict::Proved(evidence) = GitlabToken.prove(token.as_bytes(), b"") else { panic!("{token}") };
        assert_eq!(evidence.proof, Proof::Checksum);
        assert!(evidence.facts.iter().any(|fact| fact.starts_with("organisation ")), "{:?}", evidence.facts);
        let mut broken = token.into_bytes();
        let last = broken.len() - 1;
        broken[last] = if broken[last] == b'0' { b'1' } else { b'0' };
        assert!(matches!(GitlabToken.prove(&broken, b""), Verdict::Refuted(_)));
    }
}
