//! Digests in every spelling become lower-case hexadecimal.

use super::*;

const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn spellings_of_one_digest_agree() {
    let expected = Some(Hash { algorithm: HashAlgorithm::Sha256, hex: EMPTY_SHA256.to_owned() });
    assert_eq!(hex("SHA-256", &EMPTY_SHA256.to_uppercase()), expected);
    assert_eq!(prefixed(&format!("sha256:{EMPTY_SHA256}")), expected);
    assert_eq!(prefixed(&format!("sha256={EMPTY_SHA256}")), expected);
    assert_eq!(bare(EMPTY_SHA256), expected);
    let sri = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=?opt sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
    let both = integrity(sri);
    assert_eq!(both.first(), expected.as_ref());
    assert_eq!(both[1].hex, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

#[test]
fn what_is_no_digest_is_none() {
    assert_eq!(hex("sha256", "abc"), None);
    assert_eq!(hex("crc32", "00000000"), None);
    assert_eq!(bare(""), None);
    assert!(integrity("sha512-AAAA nothing").is_empty());
}
