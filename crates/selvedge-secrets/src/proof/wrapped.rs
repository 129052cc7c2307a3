//! Tokens that wrap readable data in base64: JSON of 1Password, Grafana Cloud and Sentry, and basic credentials.
//!
//! Source: 1Password developer docs ("Service accounts": `ops_` and a JSON object), Grafana Cloud access policy
//! tokens (`glc_` and a JSON object with organisation and region), Sentry's organization tokens (`sntrys_`, JSON with
//! region and organisation, `_`, secret), RFC 7617 (user and password joined by a colon).

use selvedge_model::Proof;
use serde_json::{Map, Value};

use super::text::{base64, base64_url, is_filler, printable, to_base64, to_base64_url, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// A prefix before a JSON object in base64, with the members that must and that may be told.
pub(super) struct JsonToken {
    name: &'static str,
    prefix: &'static str,
    required: &'static [&'static str],
    told: &'static [(&'static str, &'static str)],
}

/// 1Password service account tokens.
pub(super) static ONEPASSWORD: JsonToken = JsonToken {
    name: "onepassword-service-account",
    prefix: "ops_",
    required: &["signInAddress", "secretKey"],
    told: &[("sign-in address", "signInAddress"), ("account", "email")],
};

/// Grafana Cloud access policy tokens.
pub(super) static GRAFANA_CLOUD: JsonToken = JsonToken {
    name: "grafana-cloud",
    prefix: "glc_",
    required: &["o", "k"],
    told: &[("organisation", "o"), ("token", "n")],
};

/// Sentry organization tokens.
pub(super) static SENTRY: JsonToken = JsonToken {
    name: "sentry-organization",
    prefix: "sntrys_",
    required: &["org", "url"],
    told: &[("organisation", "org"), ("server", "url")],
};

/// Base64 of `user:password`.
pub(super) struct BasicCredentials;

/// Longer values are not read.
const LENGTH_MAX: usize = 4096;

impl JsonToken {
    fn object(&self, body: &[u8]) -> Option<Map<String, Value>> {
        // Sentry appends a secret after an underscore; the others end with the JSON.
        let json = if self.prefix == SENTRY.prefix { body.split(|byte| *byte == b'_').next()? } else { body };
        let bytes = base64(json).or_else(|| base64_url(json))?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(map)) => Some(map),
            _ => None,
        }
    }
}

impl Prove for JsonToken {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let Some(body) = trimmed(secret).strip_prefix(self.prefix.as_bytes()) else {
            return Verdict::Unknown;
        };
        if body.len() > LENGTH_MAX {
            return Verdict::Unknown;
        }
        let Some(object) = self.object(body) else {
            return Verdict::Refuted("the token holds no JSON object");
        };
        if !self.required.iter().all(|name| object.contains_key(*name)) {
            return Verdict::Refuted("the token's JSON lacks a member");
        }
        let mut evidence = Evidence::new(Proof::Structure);
        for (label, name) in self.told {
            if let Some(text) = object.get(*name).and_then(Value::as_str) {
                evidence = evidence.fact(format!("{label} {}", printable(text)));
            }
        }
        Verdict::Proved(evidence)
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        if !self.prefix.starts_with(prefix) {
            return None;
        }
        let mut random = Random::new(seed);
        let secret = random.text(Alphabet::Alnum, 32);
        let members: Vec<String> = self
            .required
            .iter()
            .map(|name| match *name {
                "signInAddress" => format!("\"{name}\":\"team.1password.com\""),
                "url" => format!("\"{name}\":\"https://sentry.io\""),
                "org" => format!("\"{name}\":\"acme\""),
                "o" => format!("\"{name}\":\"{}\"", random.below(900_000) + 1000),
                _ => format!("\"{name}\":\"{secret}\""),
            })
            .collect();
        let json = format!("{{\"iat\":1700000000.25,{}}}", members.join(","));
        Some(if self.prefix == SENTRY.prefix {
            format!("{}{}_{}", self.prefix, to_base64(json.as_bytes()), random.text(Alphabet::Base64, 43))
        } else {
            format!("{}{}", self.prefix, to_base64_url(json.as_bytes()))
        })
    }
}

impl Prove for BasicCredentials {
    fn name(&self) -> &'static str {
        "basic-credentials"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text = trimmed(secret);
        if text.len() > LENGTH_MAX || text.len() < 8 {
            return Verdict::Unknown;
        }
        let Some(bytes) = base64(text) else { return Verdict::Refuted("the value is not base64") };
        let Ok(pair) = std::str::from_utf8(&bytes) else {
            return Verdict::Refuted("the value does not decode to user and password");
        };
        let Some((user, password)) = pair.split_once(':').filter(|_| !pair.contains(char::is_control)) else {
            return Verdict::Refuted("the value does not decode to user and password");
        };
        let placeholder =
            ["password", "pass", "pwd", "secret", "token", "changeme", "opensesame", "open sesame", ""];
        let lower = password.to_ascii_lowercase();
        if placeholder.contains(&lower.as_str())
            || is_filler(password.as_bytes())
            || password.starts_with(['$', '<', '{'])
        {
            return Verdict::Refuted("the password is a placeholder");
        }
        Verdict::Proved(Evidence::new(Proof::Structure).fact(format!("user {}", printable(user))))
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let user = if prefix.is_empty() { "robot" } else { prefix };
        Some(to_base64(format!("{user}:{}", Random::new(seed).text(Alphabet::Alnum, 24)).as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_tell_the_user_only() {
        let Verdict::Proved(evidence) =
            BasicCredentials.prove(to_base64(b"deploy:Zk3vQ9pLx7Wm2Tb4").as_bytes(), b"")
        else {
            panic!()
        };
        assert_eq!(evidence.facts, ["user deploy"]);
        assert!(matches!(
            BasicCredentials.prove(to_base64(b"user:password").as_bytes(), b""),
            Verdict::Refuted(_)
        ));
        assert!(matches!(
            BasicCredentials.prove(to_base64(&[0xff; 12]).as_bytes(), b""),
            Verdict::Refuted(_)
        ));
    }
}
