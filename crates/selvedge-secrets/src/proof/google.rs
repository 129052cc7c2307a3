//! Google Cloud service account keys: a JSON object with a fixed set of members.
//!
//! Source: Google Cloud IAM documentation, "Create and delete service account keys". The key itself must parse
//! as PKCS#8; the account's address and the project are facts.

use selvedge_model::Proof;
use serde_json::{Map, Value};

use super::pem::PemPrivateKey;
use super::text::{printable, trimmed};
use super::{Alphabet, Evidence, Prove, Random, SECRET_BYTES_MAX, Verdict};

/// Service account key files, or the private key inside one.
pub(super) struct GcpServiceAccount;

impl Prove for GcpServiceAccount {
    fn name(&self) -> &'static str {
        "gcp-service-account"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let secret = trimmed(secret);
        if secret.len() > SECRET_BYTES_MAX {
            return Verdict::Unknown;
        }
        if let Ok(Value::Object(map)) = serde_json::from_slice(secret) {
            return whole(&map);
        }
        match PemPrivateKey.prove(secret, b"") {
            Verdict::Proved(mut evidence) => {
                evidence.facts.extend(account_in(context).map(|account| format!("account {account}")));
                Verdict::Proved(evidence)
            }
            other => other,
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        if !prefix.is_empty() {
            return None;
        }
        let mut random = Random::new(seed);
        let key = PemPrivateKey.generate(random.next_u64(), "PRIVATE KEY")?.replace('\n', "\\n");
        let project = format!("example-{}", random.text(Alphabet::Digits, 6));
        Some(format!(
            "{{\"type\": \"service_account\", \"project_id\": \"{project}\", \"private_key_id\": \"{}\", \
             \"private_key\": \"{key}\\n\", \"client_email\": \"robot@{project}.iam.gserviceaccount.com\", \
             \"client_id\": \"{}\", \"token_uri\": \"https://oauth2.googleapis.com/token\"}}",
            random.text(Alphabet::Hex, 40),
            random.text(Alphabet::Digits, 21)
        ))
    }
}

fn whole(map: &Map<String, Value>) -> Verdict {
    let member = |name: &str| map.get(name).and_then(Value::as_str);
    if member("type") != Some("service_account") {
        return Verdict::Unknown;
    }
    let (Some(key), Some(email)) = (member("private_key"), member("client_email")) else {
        return Verdict::Refuted("the service account file lacks its key or its account");
    };
    match PemPrivateKey.prove(key.as_bytes(), b"") {
        Verdict::Proved(_) => {
            let evidence = Evidence::new(Proof::KeyParse).fact(format!("account {}", printable(email)));
            Verdict::Proved(match member("project_id") {
                Some(project) => evidence.fact(format!("project {}", printable(project))),
                None => evidence,
            })
        }
        Verdict::Refuted(reason) => Verdict::Refuted(reason),
        Verdict::Unknown => Verdict::Unknown,
    }
}

/// The service account address in the text around a key.
fn account_in(context: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&context[..context.len().min(SECRET_BYTES_MAX)]);
    let end = text.find(".iam.gserviceaccount.com")? + ".iam.gserviceaccount.com".len();
    let start = text[..end].rfind(['"', '\'', ' ']).map_or(0, |quote| quote + 1);
    Some(printable(&text[start..end]))
}
