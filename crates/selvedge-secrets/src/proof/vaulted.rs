//! Ansible Vault text and password hashes: secrets that are already sealed, reported for what they are.
//!
//! Source: Ansible's user guide ("Format of files encrypted with Ansible Vault") and the crypt(3) prefixes of
//! htpasswd and shadow files. A sealed value opens nothing by itself; it can be attacked offline.

use selvedge_model::Proof;

use super::text::{is_filler, trimmed};
use super::{Alphabet, Evidence, Prove, Random, SECRET_BYTES_MAX, Verdict};

/// `$ANSIBLE_VAULT;1.1;AES256` and lines of hexadecimal digits.
pub(super) struct AnsibleVault;

/// bcrypt, SHA-crypt, MD5-crypt, APR1, Argon2 and yescrypt hashes.
pub(super) struct PasswordHash;

impl Prove for AnsibleVault {
    fn name(&self) -> &'static str {
        "ansible-vault"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text = String::from_utf8_lossy(&secret[..secret.len().min(SECRET_BYTES_MAX)]);
        let mut lines = text.trim().lines().map(str::trim);
        let Some(header) = lines.next().and_then(|line| line.strip_prefix("$ANSIBLE_VAULT;")) else {
            return Verdict::Unknown;
        };
        if !header.ends_with("AES256") && !header.contains("AES256;") {
            return Verdict::Refuted("not a vault header");
        }
        let body: String = lines.take_while(|line| !line.is_empty()).collect();
        let is_hex = body.bytes().all(|byte| byte.is_ascii_hexdigit());
        if body.len() < 64 || !is_hex {
            return Verdict::Refuted("the vault holds no data");
        }
        Verdict::Proved(
            Evidence::new(Proof::Structure).fact("encrypted: safe as long as the vault password is").public(),
        )
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let lines: Vec<String> = (0..4).map(|_| random.text(Alphabet::Digits, 80)).collect();
        prefix.is_empty().then(|| format!("$ANSIBLE_VAULT;1.1;AES256\n{}", lines.join("\n")))
    }
}

/// Prefix, name, length of what follows at least.
const HASHES: [(&str, &str, usize); 10] = [
    ("$2a$", "bcrypt", 56),
    ("$2b$", "bcrypt", 56),
    ("$2y$", "bcrypt", 56),
    ("$apr1$", "Apache MD5, fast to guess", 24),
    ("$1$", "MD5-crypt, fast to guess", 24),
    ("$5$", "SHA-256-crypt", 45),
    ("$6$", "SHA-512-crypt", 88),
    ("$y$", "yescrypt", 50),
    ("$argon2id$", "Argon2id", 40),
    ("{SHA}", "unsalted SHA-1, fast to guess", 28),
];

impl Prove for PasswordHash {
    fn name(&self) -> &'static str {
        "password-hash"
    }

    fn prove(&self, secret: &[u8], _context: &[u8]) -> Verdict {
        let text = trimmed(secret);
        let Some((prefix, name, least)) =
            HASHES.iter().find(|(prefix, _, _)| text.starts_with(prefix.as_bytes()))
        else {
            return Verdict::Unknown;
        };
        let body = &text[prefix.len()..];
        let allowed = |byte: &u8| Alphabet::Alnum.contains(*byte) || b"./$+=,-".contains(byte);
        if body.len() < *least || !body.iter().all(allowed) {
            return Verdict::Refuted("the hash is cut off");
        }
        if is_filler(body) {
            return Verdict::Refuted("the hash is filler");
        }
        Verdict::Proved(Evidence::new(Proof::Structure).fact(*name))
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let body = |random: &mut Random, length| random.text(Alphabet::Alnum, length);
        match prefix {
            "" | "$2y$" => Some(format!("$2y$10${}", body(&mut random, 53))),
            "$2b$" => Some(format!("$2b$12${}", body(&mut random, 53))),
            "$apr1$" => Some(format!("$apr1${}${}", body(&mut random, 8), body(&mut random, 22))),
            "$6$" => Some(format!("$6${}${}", body(&mut random, 16), body(&mut random, 86))),
            "{SHA}" => Some(format!("{{SHA}}{}=", body(&mut random, 27))),
            _ => None,
        }
    }
}
