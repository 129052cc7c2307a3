//! Debian: `[epoch:]upstream[-revision]`, Debian policy section 5.6.12. opam orders its versions by the same
//! algorithm without epoch and revision.

use std::cmp::Ordering;

use super::number;

struct Parts<'a> {
    epoch: &'a [u8],
    upstream: &'a [u8],
    revision: &'a [u8],
}

pub(super) fn is_valid(text: &str) -> bool {
    parts(text).is_some()
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    let order = number::compare(a.epoch, b.epoch)
        .then_with(|| compare_part(a.upstream, b.upstream))
        .then_with(|| compare_part(a.revision, b.revision));
    Some(order)
}

pub(super) fn is_valid_opam(text: &str) -> bool {
    is_clean(text.as_bytes())
}

pub(super) fn compare_opam(a: &str, b: &str) -> Ordering {
    compare_part(a.as_bytes(), b.as_bytes())
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let text = text.as_bytes();
    let (epoch, rest) = match text.iter().position(|byte| *byte == b':') {
        Some(at) if number::is_number(&text[..at]) => (&text[..at], &text[at + 1..]),
        Some(_) => return None,
        None => (&text[..0], text),
    };
    let (upstream, revision) = match rest.iter().rposition(|byte| *byte == b'-') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &rest[rest.len()..]),
    };
    (!upstream.is_empty() && is_clean(rest)).then_some(Parts { epoch, upstream, revision })
}

/// Letters, digits and punctuation that occurs; a version without a digit is a word, not a version.
fn is_clean(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || b".+-~:_^".contains(byte))
        && text.iter().any(u8::is_ascii_digit)
}

/// The published algorithm: alternately the longest prefix of non-digits, by `weight`, and of digits, by value.
fn compare_part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (text_a, rest_a) = split_text(a);
        let (text_b, rest_b) = split_text(b);
        let length = text_a.len().max(text_b.len());
        for index in 0..length {
            let order = weight(text_a.get(index)).cmp(&weight(text_b.get(index)));
            if order.is_ne() {
                return order;
            }
        }
        let (digits_a, rest_a) = number::split(rest_a);
        let (digits_b, rest_b) = number::split(rest_b);
        let order = number::compare(digits_a, digits_b);
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    Ordering::Equal
}

fn split_text(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(u8::is_ascii_digit).unwrap_or(text.len());
    text.split_at(end)
}

/// A tilde sorts before the end, the end before letters, letters before everything else.
fn weight(byte: Option<&u8>) -> i16 {
    match byte {
        None => 0,
        Some(b'~') => -1,
        Some(byte) if byte.is_ascii_alphabetic() => i16::from(*byte),
        Some(byte) => i16::from(*byte) + 256,
    }
}
