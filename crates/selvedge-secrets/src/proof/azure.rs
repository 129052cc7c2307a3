//! Azure storage and Cosmos DB keys, keys with a fixed signature, shared access signatures, client secrets.
//!
//! Source: Microsoft Learn ("Manage storage account access keys": 512 bits; "Create a service SAS": parameters;
//! the sensitive information type definitions of Purview) and microsoft/security-utilities, which lists the
//! signatures that newer keys carry near their end. The checksum of those keys is not verified here.

use selvedge_model::Proof;

use super::text::{base64, is_filler, sha256_hex, to_base64, trimmed};
use super::{Alphabet, Evidence, Prove, Random, Verdict};

/// 64-byte account keys in base64.
pub(super) struct AzureStorageKey;

/// Query strings with `sig`, `sv` and an expiry.
pub(super) struct AzureSas;

/// Keys of Azure services that carry a fixed signature.
pub(super) struct AzureIdentifiableKey;

/// SHA-256 of the published keys of the storage and Cosmos DB emulators.
const EMULATOR_KEYS: [&str; 2] = [
    "0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059",
    "aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615",
];

impl Prove for AzureStorageKey {
    fn name(&self) -> &'static str {
        "azure-storage-key"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let key = trimmed(secret);
        if key.len() != 88 || !key.ends_with(b"==") {
            return Verdict::Unknown;
        }
        if is_filler(&key[..86]) {
            return Verdict::Refuted("the key is filler");
        }
        if EMULATOR_KEYS.contains(&sha256_hex(key).as_str()) {
            return Verdict::Refuted("the published key of a local emulator");
        }
        if base64(key).map(|bytes| bytes.len()) != Some(64) {
            return Verdict::Refuted("the key does not decode to 64 bytes");
        }
        let evidence = Evidence::new(Proof::Structure).fact("512-bit account key");
        let signed = [(&b"+ASt"[..], "storage account"), (b"ACDb", "Cosmos DB"), (b"+ABa", "Batch")];
        let service = signed.iter().find(|(mark, _)| key[72..].windows(4).any(|window| window == *mark));
        Verdict::Proved(match service {
            Some((_, service)) => evidence.fact(format!("carries the signature of {service} keys")),
            None => evidence,
        })
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        prefix.is_empty().then(|| to_base64(&Random::new(seed).bytes(64)))
    }
}

/// Signature, and the service whose keys carry it.
const SIGNATURES: [(&str, &str); 8] = [
    ("AzFu", "Functions"),
    ("AzSe", "AI Search"),
    ("AzCa", "Cache for Redis"),
    ("+ASb", "Service Bus"),
    ("+AEh", "Event Hubs"),
    ("+ARm", "Relay"),
    ("+ACR", "Container Registry"),
    ("AIoT", "IoT Hub"),
];

impl Prove for AzureIdentifiableKey {
    fn name(&self) -> &'static str {
        "azure-identifiable-key"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let key = trimmed(secret);
        if !(40..=90).contains(&key.len()) {
            return Verdict::Unknown;
        }
        if is_filler(key) {
            return Verdict::Refuted("the key is filler");
        }
        if key.len() == 84 && key.get(52..58) == Some(b"JQQJ99") {
            return Verdict::Proved(
                Evidence::new(Proof::Structure).fact("carries the common signature of Azure keys"),
            );
        }
        let tail = &key[key.len() / 2..];
        match SIGNATURES.iter().find(|(mark, _)| tail.windows(4).any(|window| window == mark.as_bytes())) {
            Some((_, service)) => Verdict::Proved(
                Evidence::new(Proof::Structure).fact(format!("carries the signature of {service} keys")),
            ),
            None => Verdict::Unknown,
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        if matches!(prefix, "" | "JQQJ99") {
            let (head, tail) = (random.text(Alphabet::Alnum, 52), random.text(Alphabet::Alnum, 26));
            return Some(format!("{head}JQQJ99{tail}"));
        }
        SIGNATURES.iter().find(|(mark, _)| *mark == prefix)?;
        let head =
            random.text(Alphabet::Alnum, if prefix.starts_with("Az") && prefix != "AzCa" { 42 } else { 33 });
        let tail = random.text(Alphabet::Alnum, 5);
        Some(if prefix.starts_with("Az") && prefix != "AzCa" {
            format!("{head}{prefix}{tail}A")
        } else {
            format!("{head}{prefix}{tail}A=")
        })
    }
}

impl Prove for AzureSas {
    fn name(&self) -> &'static str {
        "azure-sas"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let Some(query) =
            [secret, context].into_iter().find(|text| text.windows(4).any(|window| window == b"sig="))
        else {
            return Verdict::Unknown;
        };
        let query = String::from_utf8_lossy(&query[..query.len().min(4096)]).replace("&amp;", "&");
        let parameter = |name: &str| {
            query
                .split(['?', '&', '"', '\'', ' ', '\n'])
                .find_map(|pair| pair.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')))
        };
        let (Some(signature), Some(version)) = (parameter("sig"), parameter("sv")) else {
            return Verdict::Unknown;
        };
        if !is_day(version) {
            return Verdict::Refuted("the service version is not a date");
        }
        let signature =
            signature.replace("%2B", "+").replace("%2b", "+").replace("%2F", "/").replace("%2f", "/");
        let signature = signature.replace("%3D", "=").replace("%3d", "=");
        if base64(signature.as_bytes()).map(|bytes| bytes.len()) != Some(32) {
            return Verdict::Refuted("the signature is not 32 bytes");
        }
        let mut evidence = Evidence::new(Proof::Structure);
        if let Some(day) = parameter("se").and_then(|expiry| expiry.get(..10)).filter(|day| is_day(day)) {
            evidence = evidence.fact(format!("expires on {day}"));
        }
        if let Some(permissions) =
            parameter("sp").filter(|text| text.bytes().all(|byte| byte.is_ascii_lowercase()))
        {
            evidence = evidence.fact(format!("permissions {}", &permissions[..permissions.len().min(16)]));
        }
        Verdict::Proved(evidence)
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let signature = to_base64(&Random::new(seed).bytes(32))
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        prefix.is_empty().then(|| {
            format!("sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2030-01-31T00:00:00Z&spr=https&sig={signature}")
        })
    }
}

/// Whether `text` is shaped like `2026-01-31`.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}
