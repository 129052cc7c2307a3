//! `PyPI` upload tokens: `pypi-` and a macaroon in base64url.
//!
//! Source: `PyPI`'s help on API tokens, and libmacaroons' version 2 binary format (field, length, data; sections
//! end with a zero byte; the signature has 32 bytes). The location tells the index, a caveat the scope.

use selvedge_model::Proof;

use super::text::{base64_url, to_base64_url, trimmed};
use super::{Evidence, Prove, Random, Verdict};

/// Upload tokens of pypi.org and test.pypi.org.
pub(super) struct PypiMacaroon;

const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const SIGNATURE: u8 = 6;
/// More caveats than any real token has.
const FIELDS_MAX: usize = 64;

impl Prove for PypiMacaroon {
    fn name(&self) -> &'static str {
        "pypi-macaroon"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let Some(body) = trimmed(secret).strip_prefix(b"pypi-") else { return Verdict::Unknown };
        if body.len() > 4096 {
            return Verdict::Unknown;
        }
        let Some(bytes) = base64_url(body) else { return Verdict::Refuted("the token is not base64url") };
        let Some((location, caveats)) = parse(&bytes) else {
            return Verdict::Refuted("the token does not parse as a macaroon");
        };
        let evidence = Evidence::new(Proof::Structure).fact(match location {
            b"pypi.org" => "for pypi.org",
            b"test.pypi.org" => "test mode: for test.pypi.org",
            _ => return Verdict::Refuted("the macaroon is of another service"),
        });
        let scoped = caveats.iter().any(|caveat| caveat.windows(8).any(|window| window == b"projects"));
        Verdict::Proved(evidence.fact(if scoped {
            "limited to named projects"
        } else {
            "scope not limited by name"
        }))
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let location: &[u8] = match prefix {
            "" | "pypi-" => b"pypi.org",
            "test" => b"test.pypi.org",
            _ => return None,
        };
        let mut random = Random::new(seed);
        let mut bytes = vec![2, LOCATION, location.len() as u8];
        bytes.extend_from_slice(location);
        bytes.extend([IDENTIFIER, 36]);
        bytes.extend(random.uuid().bytes());
        bytes.push(0);
        let caveat = br#"{"version": 1, "permissions": "user"}"#;
        bytes.extend([IDENTIFIER, caveat.len() as u8]);
        bytes.extend_from_slice(caveat);
        bytes.extend([0, 0, SIGNATURE, 32]);
        bytes.extend(random.bytes(32));
        Some(format!("pypi-{}", to_base64_url(&bytes)))
    }
}

/// Location and caveats of a version 2 macaroon; `None` when it is cut off or badly formed.
fn parse(bytes: &[u8]) -> Option<(&[u8], Vec<&[u8]>)> {
    let mut rest = bytes.strip_prefix(&[2])?;
    let (mut location, mut caveats) = (None, Vec::new());
    for _ in 0..FIELDS_MAX {
        let (&field, after) = rest.split_first()?;
        if field == 0 {
            rest = after;
            continue;
        }
        let (length, after) = length(after)?;
        if after.len() < length {
            return None;
        }
        let (data, after) = after.split_at(length);
        rest = after;
        match field {
            LOCATION if location.is_none() => location = Some(data),
            SIGNATURE => return (data.len() == 32 && rest.is_empty()).then_some((location?, caveats)),
            _ => caveats.push(data),
        }
    }
    None
}

/// A variable-length number of at most two bytes; no real field is longer.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first & 0x80 == 0 {
        return Some((usize::from(first), rest));
    }
    let (&second, rest) = rest.split_first()?;
    (second & 0x80 == 0).then_some((usize::from(first & 0x7f) | usize::from(second) << 7, rest))
}
