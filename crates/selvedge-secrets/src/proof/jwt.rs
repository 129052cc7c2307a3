//! JSON Web Tokens (RFC 7519) and private JSON Web Keys (RFC 7517, RFC 7518).
//!
//! A token is proved when header and payload are JSON objects and the header names an algorithm; who issued
//! it and until when it is good are facts. No clock is read: an expiry is told, not judged. A key is private
//! when it has the member that only the owner knows: `d`, or `k` for a symmetric key.

use selvedge_model::Proof;
use serde_json::{Map, Value};

use super::text::{base64_url, day_of, is_filler, printable, to_base64_url, trimmed};
use super::{Alphabet, Evidence, Prove, Random, SECRET_BYTES_MAX, Verdict};

/// Signed or unsigned JSON Web Tokens in compact form.
pub(super) struct Jwt;

/// JSON Web Keys.
pub(super) struct JwkPrivate;

impl Prove for Jwt {
    fn name(&self) -> &'static str {
        "jwt"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let token = trimmed(secret);
        if token.len() > SECRET_BYTES_MAX {
            return Verdict::Unknown;
        }
        let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').take(4).collect();
        let [header, payload, signature] = parts.as_slice() else { return Verdict::Unknown };
        let Some(header) = object(header) else {
            return Verdict::Refuted("the header is not a JSON object");
        };
        let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
            return Verdict::Refuted("the header names no algorithm");
        };
        let Some(payload) = object(payload) else {
            return Verdict::Refuted("the payload is not a JSON object");
        };
        if is_documentation(&payload) {
            return Verdict::Refuted("the example token of the JWT documentation");
        }
        let unsigned = algorithm.eq_ignore_ascii_case("none");
        if !unsigned && signature.len() < 20 {
            return Verdict::Refuted("the signature is missing or cut off");
        }
        Verdict::Proved(jwt_evidence(algorithm, unsigned, &payload))
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let algorithm = if prefix.is_empty() { "HS256" } else { prefix };
        let header = to_base64_url(format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#).as_bytes());
        let payload = format!(
            r#"{{"sub":"{}","iss":"https://issuer.invalid","exp":{}}}"#,
            random.text(Alphabet::LowerAlnum, 12),
            1_700_000_000 + random.below(99_999_999)
        );
        let signature =
            if algorithm == "none" { String::new() } else { random.text(Alphabet::Base64Url, 43) };
        Some(format!("{header}.{}.{signature}", to_base64_url(payload.as_bytes())))
    }
}

fn object(part: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&base64_url(part)?) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

/// The well-known token of jwt.io, in any of its algorithms.
fn is_documentation(payload: &Map<String, Value>) -> bool {
    payload.get("sub").and_then(Value::as_str) == Some("1234567890")
        && payload.get("name").and_then(Value::as_str) == Some("John Doe")
}

fn jwt_evidence(algorithm: &str, unsigned: bool, payload: &Map<String, Value>) -> Evidence {
    let mut evidence = Evidence::new(Proof::Structure).fact(if unsigned {
        "unsigned: anyone can make such a token (alg none)".to_owned()
    } else {
        format!("signed with {}", printable(algorithm))
    });
    if let Some(issuer) = payload.get("iss").and_then(Value::as_str) {
        evidence = evidence.fact(format!("issued by {}", printable(issuer)));
    }
    if let Some(role) = payload.get("role").and_then(Value::as_str) {
        evidence = evidence.fact(format!("role {}", printable(role)));
        if role == "anon" {
            evidence = evidence.public();
        }
    }
    let expiry = payload.get("exp").and_then(Value::as_f64).map(|seconds| seconds as i64);
    evidence.fact(match expiry.and_then(day_of) {
        Some(day) => format!("expires on {day}"),
        None => "never expires".to_owned(),
    })
}

impl Prove for JwkPrivate {
    fn name(&self) -> &'static str {
        "jwk"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let text = trimmed(if secret.trim_ascii_start().starts_with(b"{") { secret } else { context });
        if text.len() > SECRET_BYTES_MAX {
            return Verdict::Unknown;
        }
        let Ok(Value::Object(key)) = serde_json::from_slice(text) else { return Verdict::Unknown };
        let member = |name: &str| key.get(name).and_then(Value::as_str);
        let Some(kind) = member("kty") else { return Verdict::Unknown };
        let private = if kind == "oct" { member("k") } else { member("d") };
        let Some(private) = private else {
            let public = matches!(kind, "RSA" | "EC" | "OKP");
            return if public {
                Verdict::Proved(Evidence::new(Proof::Structure).fact("public key").public())
            } else {
                Verdict::Unknown
            };
        };
        if is_filler(private.as_bytes()) {
            return Verdict::Refuted("the private member is filler");
        }
        let Some(length) = base64_url(private.as_bytes()).map(|bytes| bytes.len()) else {
            return Verdict::Refuted("the private member is not base64url");
        };
        let complete = match kind {
            "RSA" => member("n").is_some() && member("e").is_some() && length >= 64,
            "EC" => member("crv").is_some() && member("x").is_some() && matches!(length, 32 | 48 | 66),
            "OKP" => member("crv").is_some() && member("x").is_some() && matches!(length, 32 | 56 | 57),
            "oct" => length >= 8,
            _ => return Verdict::Unknown,
        };
        if !complete {
            return Verdict::Refuted("the key lacks a member or has a wrong length");
        }
        Verdict::Proved(Evidence::new(Proof::KeyParse).fact(format!("{kind} key")))
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        match prefix {
            "" | "EC" => Some(format!(
                r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}","d":"{}"}}"#,
                to_base64_url(&random.bytes(32)),
                to_base64_url(&random.bytes(32)),
                to_base64_url(&random.bytes(32))
            )),
            "oct" => Some(format!(r#"{{"kty":"oct","k":"{}"}}"#, to_base64_url(&random.bytes(32)))),
            "RSA" => Some(format!(
                r#"{{"kty":"RSA","n":"{}","e":"AQAB","d":"{}"}}"#,
                to_base64_url(&random.bytes(128)),
                to_base64_url(&random.bytes(128))
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(token: &str) -> Vec<String> {
        match Jwt.prove(token.as_bytes(), b"") {
            Verdict::Proved(evidence) => evidence.facts,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tells_issuer_algorithm_and_expiry() {
        let facts = facts(&Jwt.generate(1, "RS256").unwrap());
        assert!(facts.contains(&"signed with RS256".to_owned()), "{facts:?}");
        assert!(facts.contains(&"issued by https://issuer.invalid".to_owned()), "{facts:?}");
        assert!(facts.iter().any(|fact| fact.starts_with("expires on 20")), "{facts:?}");
    }

    #[test]
    fn an_unsigned_token_is_named() {
        assert!(facts(&Jwt.generate(1, "none").unwrap())[0].starts_with("unsigned"));
    }

    #[test]
    fn a_jwk_without_private_member_is_public() {
        let Verdict::Proved(evidence) =
            JwkPrivate.prove(br#"{"kty":"EC","crv":"P-256","x":"a","y":"b"}"#, b"")
        else {
            panic!()
        };
        assert!(evidence.public_half);
    }
}
