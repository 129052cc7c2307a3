use jsonwebtoken::{decode, Algorithm, DecodingKey, EncodingKey, Validation};

fn tokens(token: &str, secret: &[u8]) {
    let mut validation = Validation::new(Algorithm::HS256);
    // ruleid: rust-jwt-unverified
    validation.insecure_disable_signature_validation();
    // ruleid: rust-jwt-unverified
    let first: Data = jsonwebtoken::dangerous_insecure_decode(token);
    // ok: rust-jwt-unverified
    let second = decode::<Claims>(token, &DecodingKey::from_secret(secret), &Validation::default());
    // ok: rust-jwt-unverified
    validation.set_audience(&["shop"]);
    // ruleid: rust-hardcoded-key
    let third = EncodingKey::from_secret("sunny-Tuesday-81".as_bytes());
    // ruleid: rust-hardcoded-key
    let fourth = DecodingKey::from_secret(b"sunny-Tuesday-81");
    // ok: rust-hardcoded-key
    let fifth = EncodingKey::from_secret(secret);
    // ok: rust-hardcoded-key
    let sixth = DecodingKey::from_secret(key.as_bytes());
}
