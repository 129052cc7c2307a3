//! Values whose place alone says what they are: `Basic` and `Bearer` headers, credentials in a URL, the
//! private members of a JSON Web Key.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::placeholder;

/// Reads base64 with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Bytes searched for the `kty` member on either side of a key's private member. A 4096-bit modulus, which
/// may stand between them, takes 683.
const KEY_SIDE_MAX: usize = 1_024;

/// Longest `Basic` value that is decoded.
const BASIC_MAX: usize = 512;

/// What a place says a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After the word `Basic`.
    Basic,
    /// After the word `Bearer`, or another scheme of the `Authorization` header.
    Bearer,
    /// The password of `scheme://user:password@host`.
    Url,
    /// The password of `curl -u user:password`.
    Command,
    /// The member `d` or `k` of a JSON Web Key.
    WebKey,
    /// The right-hand side of a name.
    Assignment,
}

/// The place of `secret` in the text that its rule matched.
pub(super) fn place(bytes: &[u8], matched: &Range<usize>, secret: &Range<usize>) -> Place {
    let head = bytes[matched.start..secret.start].to_ascii_lowercase();
    let trimmed = head.trim_ascii_start();
    if trimmed.starts_with(b"curl") {
        return Place::Command;
    }
    if placeholder::find(&head, b"://").is_some() {
        return Place::Url;
    }
    if trimmed.starts_with(b"basic") && trimmed.get(5).is_some_and(u8::is_ascii_whitespace) {
        return Place::Basic;
    }
    if trimmed.starts_with(b"bearer") && trimmed.get(6).is_some_and(u8::is_ascii_whitespace) {
        return Place::Bearer;
    }
    if trimmed.starts_with(b"authorization") || trimmed.starts_with(b"ntlm") {
        return Place::Bearer;
    }
    let member: Vec<u8> = head.iter().copied().filter(u8::is_ascii_alphabetic).collect();
    if member == b"d" || member == b"k" { Place::WebKey } else { Place::Assignment }
}

/// `user:password` of a `Basic` value; `None` if it does not decode to that.
pub(super) fn basic_pair(value: &[u8]) -> Option<Vec<u8>> {
    let value = &value[..value.len().min(BASIC_MAX)];
    let decoded = LENIENT.decode(value).ok()?;
    let printable =
        std::str::from_utf8(&decoded).is_ok_and(|text| text.chars().all(|character| !character.is_control()));
    (printable && decoded.contains(&b':')).then_some(decoded)
}

/// Whether the object around a private member names a key type.
pub(super) fn is_in_web_key(bytes: &[u8], secret: &Range<usize>) -> bool {
    let around = &bytes
        [secret.start.saturating_sub(KEY_SIDE_MAX)..bytes.len().min(secret.end.saturating_add(KEY_SIDE_MAX))];
    placeholder::find(around, b"kty").is_some()
}

/// Whether the value is the key id that a presigned AWS URL shows to everyone who gets the URL.
pub(super) fn is_presigned_id(bytes: &[u8], secret: &Range<usize>) -> bool {
    let head = bytes[secret.start.saturating_sub(40)..secret.start].to_ascii_lowercase();
    let after = &bytes[secret.end..bytes.len().min(secret.end + 3)];
    let scoped = after.starts_with(b"/") || after.eq_ignore_ascii_case(b"%2f");
    let ends = |name: &[u8]| {
        [&b"="[..], b"%3d", b"\\u003d"]
            .iter()
            .any(|equals| head.strip_suffix(*equals).is_some_and(|head| head.ends_with(name)))
    };
    (scoped && ends(b"x-amz-credential")) || ends(b"?awsaccesskeyid") || ends(b"&awsaccesskeyid")
}

/// Whether `value` has the form of a UUID.
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_values_decode_to_a_pair() {
        assert_eq!(basic_pair(b"am9objpyMGNrZXQ=").as_deref(), Some(&b"john:r0cket"[..]));
        assert_eq!(basic_pair(b"am9objpyMGNrZXQ").as_deref(), Some(&b"john:r0cket"[..]));
        assert_eq!(basic_pair(b"authentication"), None);
        assert_eq!(basic_pair(b""), None);
    }

    #[test]
    fn a_presigned_url_shows_its_key_id() {
        let presigned = |head: &str, tail: &str| {
            let text = [head, "AKIAQ8ZK", tail].concat();
            is_presigned_id(text.as_bytes(), &(head.len()..head.len() + 8))
        };
        assert!(presigned("https://b.s3/o?X-Amz-Expires=9&X-Amz-Credential=", "%2F20240101%2Fus-east-1"));
        assert!(presigned("\\u0026X-Amz-Credential\\u003d", "/20240101/us-east-1"));
        assert!(presigned("https://b.s3/o?AWSAccessKeyId=", "&Signature=x"));
        assert!(!presigned("X-Amz-Credential=", ""));
        assert!(!presigned("AWSAccessKeyId=", ""));
        assert!(!presigned("", ""));
    }

    #[test]
    fn a_uuid_is_eight_four_four_four_twelve() {
        assert!(is_uuid(b"123e4567-e89b-12d3-a456-426614174000"));
        assert!(!is_uuid(b"123e4567-e89b-12d3-a456-42661417400"));
        assert!(!is_uuid(b"123e4567xe89bx12d3xa456x426614174000"));
    }
}
