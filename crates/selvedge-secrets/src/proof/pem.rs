//! PEM private keys (RFC 7468): PKCS#1, PKCS#8, SEC1, DSA, encrypted or not.
//!
//! Source: RFC 8017 (RSA), RFC 5915 (EC), RFC 5208 and RFC 5958 (PKCS#8), RFC 1421 (the encrypted headers).
//! A key is proved by parsing it; for RSA the modulus must be the product of the primes. Text that a program
//! holds as one string with `\n` in it is read as well. An OpenSSH block is handed to its own proof.

use selvedge_model::Proof;

use super::der::{self, Der};
use super::text::{base64_wrapped, contains_ignore_case, to_base64};
use super::{Evidence, Prove, Random, SECRET_BYTES_MAX, Verdict, ssh};

/// Every PEM block that may hold a private key.
pub(super) struct PemPrivateKey;

/// One PEM block: label, headers and base64 text.
pub(super) struct Block {
    /// The label after `BEGIN`.
    pub(super) label: String,
    /// Header lines such as `Proc-Type`.
    pub(super) headers: Vec<u8>,
    /// The base64 text, dense; `None` when it is cut off or no base64.
    pub(super) body: Option<Vec<u8>>,
    /// Whether the end line is there.
    pub(super) closed: bool,
    /// Whether quotes or plus signs suggest pieces of source code.
    pub(super) quoted: bool,
}

impl Prove for PemPrivateKey {
    fn name(&self) -> &'static str {
        "pem-private-key"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let Some(block) = block(secret).or_else(|| block(context)) else { return Verdict::Unknown };
        prove_block(&block)
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let (label, bytes) = match prefix {
            "" | "RSA PRIVATE KEY" => ("RSA PRIVATE KEY", rsa_key(&mut random)),
            "EC PRIVATE KEY" => ("EC PRIVATE KEY", ec_key(&mut random)),
            "PRIVATE KEY" => ("PRIVATE KEY", pkcs8_key(&mut random)),
            "ENCRYPTED PRIVATE KEY" => ("ENCRYPTED PRIVATE KEY", encrypted_key(&mut random)),
            "DSA PRIVATE KEY" => ("DSA PRIVATE KEY", dsa_key(&mut random)),
            _ => return None,
        };
        Some(armour(label, &bytes))
    }
}

/// Wraps `bytes` as a PEM block.
pub(super) fn armour(label: &str, bytes: &[u8]) -> String {
    let text = to_base64(bytes);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
}

/// Finds the first block; `None` when there is no begin line.
pub(super) fn block(text: &[u8]) -> Option<Block> {
    let text = String::from_utf8_lossy(&text[..text.len().min(SECRET_BYTES_MAX)]);
    let start = text.find("-----BEGIN ")? + "-----BEGIN ".len();
    let label_end = start + text[start..].find("-----")?;
    let label = text[start..label_end].to_owned();
    if label.len() > 40 {
        return None;
    }
    let rest = &text[label_end + 5..];
    let end = rest.find("-----END");
    let inner = &rest[..end.unwrap_or(rest.len())];
    let quoted = inner.contains(['"', '\'', '`', '$', '{', '<']);
    let (mut headers, mut body) = (Vec::new(), Vec::new());
    let mark = comment_mark(inner);
    for line in inner.lines().map(|line| between_quotes(without_mark(line, mark))) {
        for line in line.replace("\\r", "\n").replace("\\n", "\n").lines() {
            let line = line
                .trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '\\'));
            if line.contains(": ") {
                headers.extend_from_slice(line.as_bytes());
                headers.push(b'\n');
            } else if !line.starts_with('=') {
                body.extend_from_slice(line.as_bytes());
            }
        }
    }
    Some(Block { label, headers, body: base64_wrapped(&body), closed: end.is_some(), quoted })
}

/// What every line of a commented-out or quoted block begins with. A line of base64 may begin with `//`, but
/// never the first of a key.
fn comment_mark(inner: &str) -> &'static str {
    let lines = || inner.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_mark = |mark: &&str| lines().count() > 1 && lines().all(|line| line.starts_with(*mark));
    ["#", "//", "*", ">", ";", "--"].into_iter().find(is_mark).unwrap_or_default()
}

fn without_mark<'a>(line: &'a str, mark: &str) -> &'a str {
    line.trim_start().strip_prefix(mark).unwrap_or(line)
}

/// What stands between the quotes of a source line such as `'MII…\n' +`; the whole line when it has none.
fn between_quotes(line: &str) -> &str {
    let is_quote = |letter: char| matches!(letter, '"' | '\'' | '`');
    let (Some(first), Some(last)) = (line.find(is_quote), line.rfind(is_quote)) else { return line };
    if last > first {
        return &line[first + 1..last];
    }
    let (before, after) = (&line[..first], &line[first + 1..]);
    let is_joint =
        |letter: char| letter.is_whitespace() || matches!(letter, '+' | '.' | ',' | ';' | '\\' | ')');
    if after.trim_matches(is_joint).is_empty() { before } else { after }
}

fn prove_block(block: &Block) -> Verdict {
    if block.label == "OPENSSH PRIVATE KEY" {
        return ssh::prove_block(block);
    }
    if matches!(block.label.as_str(), "CERTIFICATE" | "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE REQUEST")
    {
        return Verdict::Proved(Evidence::new(Proof::None).fact("a public part").public());
    }
    if !block.closed {
        return Verdict::Unknown;
    }
    let Some(bytes) = &block.body else {
        return if block.quoted { Verdict::Unknown } else { Verdict::Refuted("the block is not base64") };
    };
    if bytes.len() < 32 {
        return Verdict::Refuted("the block is too short for a key");
    }
    if contains_ignore_case(&block.headers, b"ENCRYPTED") {
        return Verdict::Proved(Evidence::new(Proof::Structure).fact("encrypted with a passphrase"));
    }
    let kind = match block.label.as_str() {
        "RSA PRIVATE KEY" => rsa(bytes),
        "EC PRIVATE KEY" => ec(bytes),
        "DSA PRIVATE KEY" => dsa(bytes),
        "PRIVATE KEY" => pkcs8(bytes),
        "ENCRYPTED PRIVATE KEY" => encrypted(bytes),
        _ => return Verdict::Unknown,
    };
    match kind {
        Some(fact) => Verdict::Proved(Evidence::new(Proof::KeyParse).fact(fact)),
        None if block.quoted => Verdict::Unknown,
        None => Verdict::Refuted("the block does not parse as a private key"),
    }
}

fn rsa(bytes: &[u8]) -> Option<String> {
    let mut key = Der::new(bytes).sequence()?;
    key.unsigned()?;
    let modulus = key.unsigned()?;
    key.unsigned()?;
    key.unsigned()?;
    let (first, second) = (key.unsigned()?, key.unsigned()?);
    let plausible = (32..=2048).contains(&modulus.len()) && first.len() + second.len() <= modulus.len() + 2;
    (plausible && der::product(first, second) == modulus)
        .then(|| format!("RSA key of {} bits", modulus.len() * 8))
}

fn ec(bytes: &[u8]) -> Option<String> {
    let mut key = Der::new(bytes).sequence()?;
    if key.unsigned()? != [1] {
        return None;
    }
    let secret = key.take(der::OCTET_STRING)?;
    (16..=66).contains(&secret.len()).then(|| format!("EC key of {} bits", secret.len() * 8))
}

fn dsa(bytes: &[u8]) -> Option<String> {
    let mut key = Der::new(bytes).sequence()?;
    if !key.unsigned()?.is_empty() {
        return None;
    }
    let modulus = key.unsigned()?;
    for _ in 0..4 {
        key.unsigned()?;
    }
    (64..=1024).contains(&modulus.len()).then(|| format!("DSA key of {} bits", modulus.len() * 8))
}

const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const OID_X25519: &[u8] = &[0x2b, 0x65, 0x6e];
const OID_PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];

fn pkcs8(bytes: &[u8]) -> Option<String> {
    let mut info = Der::new(bytes).sequence()?;
    if !matches!(info.unsigned()?, [] | [1]) {
        return None;
    }
    let algorithm = info.sequence()?.take(der::OBJECT_ID)?;
    let key = info.take(der::OCTET_STRING)?;
    match algorithm {
        OID_RSA => rsa(key),
        OID_EC => ec(key),
        OID_ED25519 => (Der::new(key).take(der::OCTET_STRING)?.len() == 32).then(|| "Ed25519 key".to_owned()),
        OID_X25519 => (Der::new(key).take(der::OCTET_STRING)?.len() == 32).then(|| "X25519 key".to_owned()),
        _ => (key.len() >= 16).then(|| "PKCS#8 key".to_owned()),
    }
}

fn encrypted(bytes: &[u8]) -> Option<String> {
    let mut info = Der::new(bytes).sequence()?;
    info.sequence()?.take(der::OBJECT_ID)?;
    (info.take(der::OCTET_STRING)?.len() >= 16).then(|| "PKCS#8 key encrypted with a passphrase".to_owned())
}

/// A number of `length` bytes with its highest bit set.
fn number(random: &mut Random, length: usize) -> Vec<u8> {
    let mut digits = random.bytes(length);
    digits[0] |= 0x80;
    digits
}

fn rsa_key(random: &mut Random) -> Vec<u8> {
    let (first, second) = (number(random, 64), number(random, 64));
    let mut parts =
        vec![der::unsigned(&[0]), der::unsigned(&der::product(&first, &second)), der::unsigned(&[1, 0, 1])];
    parts.push(der::unsigned(&number(random, 128)));
    parts.extend([der::unsigned(&first), der::unsigned(&second)]);
    parts.extend((0..3).map(|_| der::unsigned(&number(random, 64))));
    der::sequence(&parts)
}

fn ec_key(random: &mut Random) -> Vec<u8> {
    der::sequence(&[der::unsigned(&[1]), der::element(der::OCTET_STRING, &random.bytes(32))])
}

fn dsa_key(random: &mut Random) -> Vec<u8> {
    let mut parts = vec![der::unsigned(&[0])];
    parts.extend([128, 20, 128, 128, 20].map(|length| der::unsigned(&number(random, length))));
    der::sequence(&parts)
}

fn pkcs8_key(random: &mut Random) -> Vec<u8> {
    let algorithm = der::sequence(&[der::element(der::OBJECT_ID, OID_RSA), der::element(0x05, &[])]);
    der::sequence(&[der::unsigned(&[0]), algorithm, der::element(der::OCTET_STRING, &rsa_key(random))])
}

fn encrypted_key(random: &mut Random) -> Vec<u8> {
    let algorithm = der::sequence(&[der::element(der::OBJECT_ID, OID_PBES2)]);
    der::sequence(&[algorithm, der::element(der::OCTET_STRING, &random.bytes(128))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Vec<String> {
        match PemPrivateKey.prove(text.as_bytes(), b"") {
            Verdict::Proved(evidence) => evidence.facts,
            other => panic!("{other:?} for {text}"),
        }
    }

    #[test]
    fn every_kind_parses() {
        for (label, fact) in [
            ("RSA PRIVATE KEY", "RSA key of 1024 bits"),
            ("EC PRIVATE KEY", "EC key of 256 bits"),
            ("DSA PRIVATE KEY", "DSA key of 1024 bits"),
            ("ENCRYPTED PRIVATE KEY", "PKCS#8 key encrypted with a passphrase"),
        ] {
            assert_eq!(facts(&PemPrivateKey.generate(3, label).unwrap()), [fact]);
        }
    }

    #[test]
    fn one_line_with_escapes_is_read() {
        let text = PemPrivateKey.generate(4, "PRIVATE KEY").unwrap().replace('\n', "\\n");
        assert_eq!(facts(&format!("\"{text}\"")).len(), 1);
    }

    #[test]
    fn pieces_of_source_code_are_joined() {
        let text = PemPrivateKey.generate(6, "EC PRIVATE KEY").unwrap().replace('\n', "\\n' +\n  '");
        assert_eq!(facts(&format!("'{text}'")), ["EC key of 256 bits"]);
    }

    #[test]
    fn a_changed_modulus_is_refuted() {
        let mut text = PemPrivateKey.generate(5, "RSA PRIVATE KEY").unwrap().into_bytes();
        let position = text.iter().position(|byte| *byte == b'\n').unwrap() + 30;
        text[position] = if text[position] == b'A' { b'B' } else { b'A' };
        assert!(matches!(PemPrivateKey.prove(&text, b""), Verdict::Refuted(_)));
    }

    #[test]
    fn a_placeholder_is_refuted() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----";
        assert!(matches!(PemPrivateKey.prove(text.as_bytes(), b""), Verdict::Refuted(_)));
    }
}
