use openssl::symm::Cipher;
use rsa::RsaPrivateKey;
use sha1::Sha1;
use sha2::Sha256;

fn digests(data: &[u8]) {
    // ruleid: rust-weak-hash
    let first = md5::compute(data);
    // ruleid: rust-weak-hash
    let second = Sha1::digest(data);
    // ok: rust-weak-hash
    let third = Sha256::digest(data);
    // ok: rust-weak-hash
    let fourth = blake3::hash(data);
    // ruleid: rust-weak-cipher
    let fifth = Cipher::des_ede3_cbc();
    // ruleid: rust-weak-cipher
    let sixth = Cipher::aes_256_ecb();
    // ok: rust-weak-cipher
    let seventh = Cipher::aes_256_gcm();
    // ok: rust-weak-cipher
    let eighth = Cipher::chacha20_poly1305();
    // ruleid: rust-short-rsa-key
    let ninth = RsaPrivateKey::new(&mut rng, 1024);
    // ruleid: rust-short-rsa-key
    let tenth = Rsa::generate(512);
    // ok: rust-short-rsa-key
    let eleventh = RsaPrivateKey::new(&mut rng, 3072);
    // ok: rust-short-rsa-key
    let twelfth = Rsa::generate(2048);
}
