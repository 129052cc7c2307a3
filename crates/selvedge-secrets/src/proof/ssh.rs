//! OpenSSH private keys and `PuTTY` key files.
//!
//! Source: OpenSSH's `PROTOCOL.key` (`openssh-key-v1`: cipher, key derivation, public keys, private part with a
//! repeated check number) and the `PuTTY` manual, appendix "PPK file format".

use selvedge_model::Proof;

use super::pem::{self, Block};
use super::text::{base64_wrapped, contains_ignore_case, printable};
use super::{Alphabet, Evidence, Prove, Random, SECRET_BYTES_MAX, Verdict};

/// `-----BEGIN OPENSSH PRIVATE KEY-----`.
pub(super) struct OpensshPrivateKey;

/// `PuTTY-User-Key-File-2` and `-3`.
pub(super) struct PuttyKey;

const MAGIC: &[u8] = b"openssh-key-v1\0";

impl Prove for OpensshPrivateKey {
    fn name(&self) -> &'static str {
        "openssh-private-key"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        match pem::block(secret).or_else(|| pem::block(context)) {
            Some(block) if block.label == "OPENSSH PRIVATE KEY" => prove_block(&block),
            _ => Verdict::Unknown,
        }
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let encrypted = prefix == "encrypted";
        if !encrypted && !prefix.is_empty() {
            return None;
        }
        let (cipher, derivation): (&[u8], &[u8]) =
            if encrypted { (b"aes256-ctr", b"bcrypt") } else { (b"none", b"none") };
        let mut public = string(b"ssh-ed25519");
        public.extend(string(&random.bytes(32)));
        let check = random.bytes(4);
        let mut private =
            [check.clone(), check, public.clone(), string(&random.bytes(64)), string(b"")].concat();
        while !private.len().is_multiple_of(8) {
            private.push(1);
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend([string(cipher), string(derivation), string(b""), vec![0, 0, 0, 1]].concat());
        bytes.extend([string(&public), string(&private)].concat());
        Some(pem::armour("OPENSSH PRIVATE KEY", &bytes))
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// Judges a PEM block with the OpenSSH label.
pub(super) fn prove_block(block: &Block) -> Verdict {
    if !block.closed {
        return Verdict::Unknown;
    }
    let Some(bytes) = &block.body else {
        return if block.quoted { Verdict::Unknown } else { Verdict::Refuted("the block is not base64") };
    };
    match parse(bytes) {
        Some(fact) => Verdict::Proved(Evidence::new(Proof::KeyParse).fact(fact)),
        None => Verdict::Refuted("the block does not parse as an OpenSSH key"),
    }
}

fn parse(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let cipher = take_string(&mut rest)?;
    take_string(&mut rest)?;
    take_string(&mut rest)?;
    let (count, after) = rest.split_first_chunk::<4>()?;
    rest = after;
    if u32::from_be_bytes(*count) != 1 {
        return None;
    }
    let mut public = take_string(&mut rest)?;
    let kind = printable(std::str::from_utf8(take_string(&mut public)?).ok()?);
    let private = take_string(&mut rest)?;
    if cipher != b"none" {
        return Some(format!("{kind} key encrypted with a passphrase"));
    }
    let (first, private) = private.split_first_chunk::<4>()?;
    let (second, mut private) = private.split_first_chunk::<4>()?;
    let inner = take_string(&mut private)?;
    (first == second && inner == kind.as_bytes()).then(|| format!("{kind} key"))
}

fn take_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    if after.len() < length {
        return None;
    }
    let (content, after) = after.split_at(length);
    *rest = after;
    Some(content)
}

impl Prove for PuttyKey {
    fn name(&self) -> &'static str {
        "putty-key"
    }

    fn prove(&self, secret: &[u8], context: &[u8]) -> Verdict {
        let start = b"PuTTY-User-Key-File-";
        let text = if contains_ignore_case(&secret[..secret.len().min(SECRET_BYTES_MAX)], start) {
            secret
        } else {
            context
        };
        let text = String::from_utf8_lossy(&text[..text.len().min(SECRET_BYTES_MAX)]);
        let Some(at) = text.find("PuTTY-User-Key-File-") else { return Verdict::Unknown };
        let mut lines = text[at..].lines();
        let Some(kind) = lines.next().and_then(|line| line.split_once(": ")).map(|(_, kind)| kind.trim())
        else {
            return Verdict::Unknown;
        };
        let (mut encryption, mut private) = (None, None);
        while let Some(line) = lines.next() {
            match line.split_once(": ") {
                Some(("Encryption", value)) => encryption = Some(value.trim()),
                Some(("Private-Lines", value)) => {
                    let count = value.trim().parse::<usize>().unwrap_or(0).min(200);
                    private = Some(lines.by_ref().take(count).collect::<Vec<_>>().concat());
                }
                _ => {}
            }
        }
        let (Some(encryption), Some(private)) = (encryption, private) else { return Verdict::Unknown };
        if base64_wrapped(private.as_bytes()).is_none_or(|bytes| bytes.len() < 16) {
            return Verdict::Refuted("the private part is not base64");
        }
        let evidence = Evidence::new(Proof::KeyParse).fact(format!("{} key", printable(kind)));
        Verdict::Proved(if encryption == "none" {
            evidence
        } else {
            evidence.fact("encrypted with a passphrase")
        })
    }

    fn generate(&self, seed: u64, prefix: &str) -> Option<String> {
        let mut random = Random::new(seed);
        let encryption = if prefix.is_empty() { "none" } else { prefix };
        let public = random.text(Alphabet::Base64, 64);
        let private = random.text(Alphabet::Base64, 64);
        let mac = random.text(Alphabet::Hex, 64);
        Some(format!(
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: {encryption}\nComment: example\nPublic-Lines: 1\n{public}\n\
             Private-Lines: 1\n{private}\nPrivate-MAC: {mac}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encrypted_key_is_told() {
        let text = OpensshPrivateKey.generate(1, "encrypted").unwrap();
        let Verdict::Proved(evidence) = OpensshPrivateKey.prove(text.as_bytes(), b"") else {
            panic!("{text}")
        };
        assert_eq!(evidence.facts, ["ssh-ed25519 key encrypted with a passphrase"]);
    }

    #[test]
    fn a_cut_or_inconsistent_key_is_refuted() {
        let text = OpensshPrivateKey.generate(2, "").unwrap();
        let bytes = pem::block(text.as_bytes()).unwrap().body.unwrap();
        let cut = pem::armour("OPENSSH PRIVATE KEY", &bytes[..bytes.len() - 20]);
        assert!(matches!(OpensshPrivateKey.prove(cut.as_bytes(), b""), Verdict::Refuted(_)));

        let mut unequal = bytes.clone();
        let public = b"ssh-ed25519";
        let last = bytes.windows(public.len()).rposition(|window| window == public).unwrap();
        unequal[last - 5] ^= 0xff;
        let unequal = pem::armour("OPENSSH PRIVATE KEY", &unequal);
        assert!(matches!(OpensshPrivateKey.prove(unequal.as_bytes(), b""), Verdict::Refuted(_)));
    }
}
