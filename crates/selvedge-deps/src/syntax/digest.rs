//! Digests as lockfiles write them.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use selvedge_package::{Hash, HashAlgorithm};

/// Algorithms, the names that files use for them, and the length of the digest in bytes.
const ALGORITHMS: &[(HashAlgorithm, &str, usize)] = &[
    (HashAlgorithm::Md5, "md5", 16),
    (HashAlgorithm::Sha1, "sha1", 20),
    (HashAlgorithm::Sha224, "sha224", 28),
    (HashAlgorithm::Sha256, "sha256", 32),
    (HashAlgorithm::Sha384, "sha384", 48),
    (HashAlgorithm::Sha512, "sha512", 64),
    (HashAlgorithm::Blake2b, "blake2b", 64),
    (HashAlgorithm::Blake3, "blake3", 32),
];

/// The algorithm of this name and the length of its digest; `SHA-256` and `sha256` are the same.
fn algorithm(name: &str) -> Option<(HashAlgorithm, usize)> {
    let is_same = |own: &str| own.len() <= name.len() && own.bytes().eq(bare_name(name));
    ALGORITHMS.iter().find(|row| is_same(row.1)).map(|row| (row.0, row.2))
}

fn bare_name(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'-').map(|byte| byte.to_ascii_lowercase())
}

/// A digest in hexadecimal with the name of its algorithm. `None` if the algorithm is unknown or the digest
/// has another length than it gives.
pub(crate) fn hex(name: &str, digest: &str) -> Option<Hash> {
    let (algorithm, length) = algorithm(name)?;
    let is_hex = digest.len() == 2 * length && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| Hash { algorithm, hex: digest.to_ascii_lowercase() })
}

/// A digest in Base64 with the name of its algorithm.
pub(crate) fn base64(name: &str, digest: &str) -> Option<Hash> {
    let (algorithm, length) = algorithm(name)?;
    let bytes = BASE64.decode(digest.as_bytes()).or_else(|_| BASE64_NOPAD.decode(digest.as_bytes())).ok()?;
    (bytes.len() == length).then(|| Hash { algorithm, hex: HEXLOWER.encode(&bytes) })
}

/// `sha256:<hexadecimal>`, `sha256=<hexadecimal>`.
pub(crate) fn prefixed(text: &str) -> Option<Hash> {
    let (name, digest) = text.trim().split_once([':', '='])?;
    hex(name, digest)
}

/// Subresource integrity as npm writes it: `sha512-<Base64>`, several separated by blanks, each perhaps with
/// options after `?` (W3C Subresource Integrity, section 3.5). What is none is left out.
pub(crate) fn integrity(text: &str) -> Vec<Hash> {
    text.split_ascii_whitespace()
        .filter_map(|item| {
            let (name, digest) = item.split_once('-')?;
            base64(name, digest.split('?').next().unwrap_or(digest))
        })
        .collect()
}

/// A bare hexadecimal digest, its algorithm told by its length; 64 bytes are taken as SHA-512.
pub(crate) fn bare(digest: &str) -> Option<Hash> {
    let row = ALGORITHMS.iter().find(|row| 2 * row.2 == digest.len())?;
    hex(row.1, digest)
}

#[cfg(test)]
mod tests;
