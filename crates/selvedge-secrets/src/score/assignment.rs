//! Judges the right-hand side of a name: is it a literal, and is it what the name promises?

use selvedge_model::Confidence;

use super::header::is_uuid;
use super::line::{Line, Operator};
use super::name::{self, Promise};
use super::place::{self, Family};
use super::placeholder;
use super::words::randomness_bits;

/// Kept with a confidence and the reason for it, or dropped with the reason.
pub(super) type Assessment = Result<(Confidence, &'static str), &'static str>;

/// Functions that hand their literal through.
#[rustfmt::skip]
const PASS_THROUGH: &[&str] = &[
    "byte", "bytes", "string", "str", "from", "new", "b", "secret", "secretstring", "buffer", "bytearray",
    "some", "ref", "quote", "value", "literal", "of", "valueof", "u", "text", "p", "securestring",
    "pointer", "strptr",
];

/// First words of setters: `setPassword("x")`, `withToken("x")`.
#[rustfmt::skip]
const SETTERS: &[&str] = &[
    "set", "with", "use", "add", "auth", "basic", "login", "default", "put", "assign", "update",
    "configure",
];

/// Judges `value` at `line` of the file at `path`.
pub(super) fn assess(path: Option<&str>, line: &Line<'_>, value: &[u8]) -> Assessment {
    if place::is_lock(path) {
        return Err("a checksum in a lock file");
    }
    if line.before.ends_with(b"::") || line.between.starts_with(b"::") {
        return Err("a path of types, not a name");
    }
    let promise = name::promise(line.own_name())?;
    let family = place::family(path);
    check_callee(line)?;
    let operator = line.operator();
    if operator == Operator::Comma && !line.is_quoted_pair() {
        return Err("an element of a list");
    }
    if value.iter().any(|byte| *byte < b' ' || *byte == 0x7f) {
        return Err("holds control characters");
    }
    if !line.is_quoted() {
        check_bare(family, line, value)?;
    }
    let foreign = value.iter().filter(|byte| !byte.is_ascii()).count();
    if foreign * 3 > value.len() {
        return Err("a text for people");
    }
    let spaced = value.iter().any(u8::is_ascii_whitespace);
    if place::is_translation(path) && (spaced || foreign > 0 || randomness_bits(value) < STRONG_BITS) {
        return Err("a text for people in a message catalogue");
    }
    if line.name.starts_with(b"token") && placeholder::find(line.before, b"badge").is_some() {
        return Err("the token of a badge, public by purpose");
    }
    let (confidence, reason) = match promise {
        Promise::Password => password(line, family, value)?,
        Promise::Secret | Promise::Token => token(value)?,
        Promise::Vague => vague(value)?,
    };
    let beside = match operator {
        Operator::Equals | Operator::Colon => false,
        Operator::Call | Operator::Element | Operator::Space => confidence == Confidence::Low,
        Operator::Comma => value.len() < 12 || randomness_bits(value) < STRONG_BITS,
    };
    if beside {
        return Err("a word beside the name, not its value");
    }
    Ok((confidence, reason))
}

/// A value inside a call is only a literal if the call hands it through or sets it.
fn check_callee(line: &Line<'_>) -> Result<(), &'static str> {
    if line.operator() == Operator::Call {
        let words = name::words(line.own_name());
        let setter = words.first().is_some_and(|word| SETTERS.contains(&word.as_str()));
        return if setter { Ok(()) } else { Err("the argument of a call that reads or checks") };
    }
    match line.callee() {
        Some(callee)
            if !PASS_THROUGH.contains(&String::from_utf8_lossy(callee).to_ascii_lowercase().as_str()) =>
        {
            Err("the argument of a call")
        }
        _ => Ok(()),
    }
}

/// A bare value is a value only where the language says so.
fn check_bare(family: Family, line: &Line<'_>, value: &[u8]) -> Result<(), &'static str> {
    const EXPRESSION: &str = "an expression, not a literal";
    let operator = line.operator();
    let tight = operator == Operator::Equals && line.is_tight();
    let allowed = match family {
        Family::Code => tight && line.is_in_string(),
        Family::Markup => operator == Operator::Element || (tight && line.is_in_string()),
        Family::Prose => tight || line.starts_line(),
        Family::Config | Family::Unknown => true,
    };
    if !allowed {
        return Err(EXPRESSION);
    }
    if matches!(
        value.first(),
        Some(
            b'$' | b'('
                | b'['
                | b'{'
                | b'<'
                | b'*'
                | b'&'
                | b'!'
                | b'|'
                | b'>'
                | b'@'
                | b'%'
                | b'\\'
                | b'-'
                | b'='
                | b'+'
        )
    ) {
        return Err(EXPRESSION);
    }
    if matches!(line.after.first(), Some(b'(' | b'[' | b'<' | b'{'))
        || value.ends_with(b"(")
        || value.ends_with(b":")
    {
        return Err("a call or an index, not a literal");
    }
    // `name:value` without a space is no mapping; option arguments (`-passin pass:x`) are the exception.
    if operator == Operator::Colon
        && line.is_tight()
        && !line
            .before
            .trim_ascii_end()
            .rsplit(|byte| *byte == b' ')
            .next()
            .is_some_and(|word| word.starts_with(b"-"))
    {
        return Err(EXPRESSION);
    }
    if operator == Operator::Colon && !line.rest().is_empty() && !line.is_tight() {
        return Err("a sentence, not a value");
    }
    let spaced = operator == Operator::Equals && !line.is_tight();
    if spaced && !line.rest().is_empty() {
        return Err(EXPRESSION);
    }
    let bare_word = !value.iter().any(u8::is_ascii_digit) && randomness_bits(value) < STRONG_BITS;
    if operator == Operator::Space && bare_word {
        return Err("a word beside the name, not its value");
    }
    let dotted = value.contains(&b'.') || value.contains(&b'/') || placeholder::find(value, b"::").is_some();
    if dotted && randomness_bits(value) < 0.0 {
        return Err("a path or a property, not a value");
    }
    Ok(())
}

/// Evidence from which a value in a field for a secret is taken to be generated. A short word may reach one or
/// two bits by chance.
const RANDOM_BITS: f32 = 4.0;
/// Evidence from which a value is taken to be generated whatever stands around it.
const STRONG_BITS: f32 = 16.0;
/// Evidence from which a value in a bare `key` field is taken to be generated.
const VERY_STRONG_BITS: f32 = 24.0;

const WORDS: &str = "words, not a generated value";

fn password(line: &Line<'_>, family: Family, value: &[u8]) -> Assessment {
    if value.len() < 4 {
        return Err("too short for a password");
    }
    if value.iter().any(u8::is_ascii_whitespace) {
        return Err("a text, not a password");
    }
    if is_date(value) || is_dotted_number(value) {
        return Err("a number or a date");
    }
    if is_hash(value) {
        return Err("the hash of a password");
    }
    check_reference(value)?;
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    if placeholder::is_filler(value) {
        // `Redis1!` is a poor password, yet somebody bowed to a policy to choose it.
        let chosen = value.len() >= 8 && has(u8::is_ascii_digit) && has(|byte| b"!@#$%^&*?".contains(byte));
        let refusal = Err("made of placeholder words");
        return if chosen { Ok((Confidence::Low, "a weak password")) } else { refusal };
    }
    let joined = value.iter().any(|byte| matches!(byte, b'_' | b'-' | b'.'));
    if joined && names_a_secret(value) {
        return Err("the name of a field, not a value");
    }
    if placeholder::is_spelled_filler(value) {
        return Ok((Confidence::Low, "a weak password"));
    }
    let bits = randomness_bits(value);
    let punctuated = value
        .iter()
        .any(|byte| byte.is_ascii_punctuation() && !matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b','));
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    if bits >= STRONG_BITS && value.len() >= 10 {
        return Ok((Confidence::High, "a generated value in a password field"));
    }
    if mixed || (punctuated && has(u8::is_ascii_alphabetic)) || (bits >= RANDOM_BITS && value.len() >= 8) {
        return Ok((Confidence::Medium, "a chosen password"));
    }
    let names_something = name::words(value).len() > 1
        && !has(u8::is_ascii_digit)
        && (value.contains(&b'_') || value.contains(&b'-') || value.contains(&b'.') || value.contains(&b':'));
    if names_something || names_a_secret(value) {
        return Err("the name of a field, not a value");
    }
    if family == Family::Markup
        || line.name.first().is_some_and(u8::is_ascii_uppercase)
            && line.operator() == Operator::Colon
            && family == Family::Prose
    {
        return Err("a text for people");
    }
    if !has(u8::is_ascii_alphanumeric) {
        return Err("punctuation only");
    }
    Ok((Confidence::Low, "a word in a password field"))
}

fn token(value: &[u8]) -> Assessment {
    check_generated(value)?;
    if is_uuid(value) {
        return Ok((Confidence::Medium, "a UUID in a field for a secret"));
    }
    let bits = randomness_bits(value);
    if value.len() < 8 || bits < RANDOM_BITS {
        return Err(WORDS);
    }
    // Digests are written in hex as well, and their fields are not always named as such.
    let may_be_digest = value.iter().all(u8::is_ascii_hexdigit);
    if bits >= STRONG_BITS && value.len() >= 16 && !may_be_digest {
        return Ok((Confidence::High, "a generated value in a field for a secret"));
    }
    Ok((Confidence::Medium, "a probably generated value in a field for a secret"))
}

fn vague(value: &[u8]) -> Assessment {
    check_generated(value)?;
    let digits = value.iter().any(u8::is_ascii_digit);
    let only_hex = value.iter().all(u8::is_ascii_hexdigit);
    if value.len() < 20 || !digits || only_hex || is_uuid(value) || randomness_bits(value) < VERY_STRONG_BITS
    {
        return Err("a key of an unknown kind that does not look generated");
    }
    Ok((Confidence::Low, "a generated value in a field of an unknown kind"))
}

/// What no generated value is.
fn check_generated(value: &[u8]) -> Result<(), &'static str> {
    if value.iter().any(u8::is_ascii_whitespace) && randomness_bits(value) < VERY_STRONG_BITS {
        return Err("a text, not a token");
    }
    if value
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':' | b'T' | b'Z' | b'+'))
    {
        return Err("a number or a date");
    }
    if is_hash(value) {
        return Err("the hash of a secret");
    }
    if placeholder::is_filler(value) {
        return Err("made of placeholder words");
    }
    if is_public_key(value) {
        return Err("a public key");
    }
    if is_algorithm(value) {
        return Err("the name of an algorithm");
    }
    if !value.is_ascii() {
        return Err("a text, not a token");
    }
    check_reference(value)
}

/// Base64 of the first bytes that every public key of a kind shares: DER of RSA, P-256 and Ed25519, and the
/// SSH wire format.
fn is_public_key(value: &[u8]) -> bool {
    let starts = [
        &b"MIGfMA0GCSqGSIb3DQEBAQUAA4"[..],
        b"MIIBIjANBgkqhkiG9w0BAQEFAAO",
        b"MIICIjANBgkqhkiG9w0BAQEFAAO",
        b"MFkwEwYHKoZIzj0CAQ",
        b"MCowBQYDK2VwAyEA",
        b"AAAAB3NzaC1",
        b"AAAAC3NzaC1",
    ];
    starts.iter().any(|start| value.starts_with(start))
}

/// Paths, URLs and prefixes of other things.
fn check_reference(value: &[u8]) -> Result<(), &'static str> {
    let url = placeholder::find(value, b"://").is_some()
        || value.starts_with(b"mailto:")
        || value.starts_with(b"data:")
        || value.starts_with(b"arn:")
        || value.starts_with(b"vault:");
    let path = [&b"/"[..], b"./", b"../", b"~/", b"C:\\"].iter().any(|start| value.starts_with(start))
        && randomness_bits(value) < STRONG_BITS;
    let extension = [
        &b".pem"[..],
        b".key",
        b".txt",
        b".json",
        b".yml",
        b".yaml",
        b".html",
        b".js",
        b".go",
        b".py",
        b".rb",
        b".php",
        b".com",
        b".crt",
        b".md",
    ]
    .iter()
    .any(|end| value.ends_with(end));
    if url || path || extension { Err("a path, a URL or a reference") } else { Ok(()) }
}

/// `2016-09-08T21:47:36Z` and its shorter forms.
fn is_date(value: &[u8]) -> bool {
    value.len() >= 10
        && value[..4].iter().all(u8::is_ascii_digit)
        && value[4] == b'-'
        && value
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':' | b'T' | b'Z' | b'+'))
}

/// `1.3.6.1.4.1`: an object identifier, an address or a version of at least four numbers.
fn is_dotted_number(value: &[u8]) -> bool {
    let mut numbers = value.split(|byte| *byte == b'.');
    value.split(|byte| *byte == b'.').count() >= 4
        && numbers.all(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// `A256CBC-HS512`, `ECDH-ES+A256KW`, `RSA-OAEP-256`: an algorithm as JOSE (RFC 7518) and TLS spell it.
fn is_algorithm(value: &[u8]) -> bool {
    const PARTS: &[&str] = &[
        "A128CBC",
        "A192CBC",
        "A256CBC",
        "A128GCM",
        "A192GCM",
        "A256GCM",
        "A128KW",
        "A192KW",
        "A256KW",
        "A128GCMKW",
        "A192GCMKW",
        "A256GCMKW",
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "PS256",
        "PS384",
        "PS512",
        "ECDH",
        "ES",
        "RSA",
        "OAEP",
        "RSA1_5",
        "PBES2",
        "AES",
        "CBC",
        "GCM",
        "CCM",
        "CTR",
        "HMAC",
        "SHA",
        "SHA1",
        "SHA256",
        "SHA384",
        "SHA512",
        "SHA224",
        "CHACHA20",
        "XCHACHA20",
        "POLY1305",
        "128",
        "192",
        "256",
        "384",
        "512",
        "ED25519",
        "X25519",
        "SECP256K1",
        "P",
        "DSA",
        "ECDSA",
        "EDDSA",
        "MD5",
        "3DES",
        "DES",
        "EDE3",
        "ECDHE",
        "DHE",
        "TLS",
        "WITH",
    ];
    value.iter().any(u8::is_ascii_alphabetic)
        && value
            .split(|byte| matches!(byte, b'-' | b'+' | b'_' | b'/'))
            .all(|part| PARTS.iter().any(|known| part.eq_ignore_ascii_case(known.as_bytes())))
}

/// Password hashes in the forms of crypt(3), LDAP and Django.
fn is_hash(value: &[u8]) -> bool {
    let crypt = matches!(value, [b'$', kind, .., ] if kind.is_ascii_alphanumeric())
        && value.split(|byte| *byte == b'$').count() >= 4;
    let prefixed = [
        &b"{CRYPT}"[..],
        b"{SSHA",
        b"{SHA",
        b"{MD5}",
        b"pbkdf2",
        b"sha256:",
        b"sha1:",
        b"md5:",
        b"sha512-",
        b"sha384-",
        b"sha256-",
        b"scrypt:",
        b"SCRAM-",
    ];
    crypt || prefixed.iter().any(|prefix| value.starts_with(prefix))
}

/// Whether the value is itself the name of a secret: `user_password`, `jwtSecret`.
fn names_a_secret(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b' '))
        && name::words(value).len() > 1
        && name::promise(value).is_ok()
}
