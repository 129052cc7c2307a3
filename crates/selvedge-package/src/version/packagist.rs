//! Packagist: PHP's `version_compare`, which Composer and the OSV schema build on, with Composer's leading `v`.
//!
//! Branches (`dev-main`, `2.x-dev`) are refused: they move, so they have no place between releases. So is
//! PHP's `#`, which equals every number and therefore fits no order.

use std::cmp::Ordering;

use super::number::{self, Number};

/// The order of the variants is the order of the parts; the end stands where [`Part::End`] stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// A word PHP does not know.
    Unknown,
    Development,
    Alpha,
    Beta,
    Candidate,
    End,
    Number(Number<'a>),
    Patch,
}

pub(super) fn is_valid(text: &str) -> bool {
    let text = strip_v(text.as_bytes());
    text.first().is_some_and(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || is_separator(*byte))
        && !text.split(|byte| is_separator(*byte)).any(|part| part.eq_ignore_ascii_case(b"x"))
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (strip_v(a.as_bytes()), strip_v(b.as_bytes()));
    loop {
        let (part_a, rest_a) = next_part(a);
        let (part_b, rest_b) = next_part(b);
        let order = part_a.cmp(&part_b);
        if order.is_ne() || part_a == Part::End {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

fn strip_v(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"v").or_else(|| text.strip_prefix(b"V")).unwrap_or(text)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'.' | b'-' | b'_' | b'+')
}

fn next_part(text: &[u8]) -> (Part<'_>, &[u8]) {
    let start = text.iter().position(|byte| !is_separator(*byte)).unwrap_or(text.len());
    let text = &text[start..];
    if text.is_empty() {
        return (Part::End, text);
    }
    let (digits, rest) = number::split(text);
    if !digits.is_empty() {
        return (Part::Number(Number::of(digits)), rest);
    }
    let (word, rest) = number::split_letters(text);
    (known(word), rest)
}

/// PHP looks only at how a word begins, and at upper case only in `RC`; tags are written in both, so that
/// case is ignored here.
fn known(word: &[u8]) -> Part<'_> {
    let begins = |name: &[u8]| word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    match word.first().map(u8::to_ascii_lowercase) {
        Some(b'a') => Part::Alpha,
        Some(b'b') => Part::Beta,
        Some(b'p') => Part::Patch,
        _ if begins(b"dev") => Part::Development,
        _ if begins(b"rc") => Part::Candidate,
        _ => Part::Unknown,
    }
}
