//! Names of digest algorithms in SBOM formats.

use selvedge_package::{Hash, HashAlgorithm};

/// Algorithm, plain lower-case name, digits of a digest (0 where it varies).
const TABLE: &[(HashAlgorithm, &str, usize)] = &[
    (HashAlgorithm::Md5, "md5", 32),
    (HashAlgorithm::Sha1, "sha1", 40),
    (HashAlgorithm::Sha224, "sha224", 56),
    (HashAlgorithm::Sha256, "sha256", 64),
    (HashAlgorithm::Sha384, "sha384", 96),
    (HashAlgorithm::Sha512, "sha512", 128),
    (HashAlgorithm::Blake2b, "blake2b", 0),
    (HashAlgorithm::Blake3, "blake3", 64),
    (HashAlgorithm::GoH1, "goh1", 64),
];

/// The plain name.
pub(crate) fn name(algorithm: HashAlgorithm) -> &'static str {
    TABLE.iter().find(|row| row.0 == algorithm).map_or("", |row| row.1)
}

/// `sha256:…`.
pub(crate) fn to_text(hash: &Hash) -> String {
    format!("{}:{}", name(hash.algorithm), hash.hex)
}

/// The name in CycloneDX; nothing where it has none or the digest is not one of its algorithm.
pub(crate) fn cyclonedx_name(hash: &Hash) -> Option<&'static str> {
    let name = match (hash.algorithm, hash.hex.len()) {
        (HashAlgorithm::Md5, 32) => "MD5",
        (HashAlgorithm::Sha1, 40) => "SHA-1",
        (HashAlgorithm::Sha256, 64) => "SHA-256",
        (HashAlgorithm::Sha384, 96) => "SHA-384",
        (HashAlgorithm::Sha512, 128) => "SHA-512",
        (HashAlgorithm::Blake2b, 64) => "BLAKE2b-256",
        (HashAlgorithm::Blake2b, 96) => "BLAKE2b-384",
        (HashAlgorithm::Blake2b, 128) => "BLAKE2b-512",
        (HashAlgorithm::Blake3, 64) => "BLAKE3",
        _ => return None,
    };
    is_hex(&hash.hex).then_some(name)
}

/// The name in SPDX 2.3, 7.10; nothing where it has none or the digest is not one of its algorithm.
pub(crate) fn spdx_name(hash: &Hash) -> Option<&'static str> {
    let name = match (hash.algorithm, hash.hex.len()) {
        (HashAlgorithm::Md5, 32) => "MD5",
        (HashAlgorithm::Sha1, 40) => "SHA1",
        (HashAlgorithm::Sha224, 56) => "SHA224",
        (HashAlgorithm::Sha256, 64) => "SHA256",
        (HashAlgorithm::Sha384, 96) => "SHA384",
        (HashAlgorithm::Sha512, 128) => "SHA512",
        (HashAlgorithm::Blake2b, 64) => "BLAKE2b-256",
        (HashAlgorithm::Blake2b, 96) => "BLAKE2b-384",
        (HashAlgorithm::Blake2b, 128) => "BLAKE2b-512",
        (HashAlgorithm::Blake3, 64) => "BLAKE3",
        _ => return None,
    };
    is_hex(&hash.hex).then_some(name)
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether it is an algorithm that documents may name and packages here do not carry (SHA-3, Streebog…).
pub(crate) fn is_foreign(name: &str) -> bool {
    let plain = plain(name);
    !TABLE.iter().any(|row| plain.starts_with(row.1))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}

/// The digest that a name (`SHA-256`, `SHA256`, `BLAKE2b-512`) and hexadecimal digits mean. Nothing for
/// algorithms that lockfiles do not use and for digests of the wrong length.
pub(crate) fn from_parts(name: &str, hex: &str) -> Option<Hash> {
    let plain = plain(name);
    let row = TABLE
        .iter()
        .find(|row| row.1 == plain || (row.0 == HashAlgorithm::Blake2b && plain.starts_with("blake2b")))?;
    let is_right = is_hex(hex) && (row.2 == 0 || hex.len() == row.2);
    is_right.then(|| Hash { algorithm: row.0, hex: hex.to_ascii_lowercase() })
}
