//! RPM: `[epoch:]version[-release]`, each part by the segments of `rpmvercmp` (rpm-version(7)).
//!
//! A version without release sorts before the same version with one; rpm itself leaves that pair open, which
//! would be no order.

use std::cmp::Ordering;

use super::number::{self, Number};

struct Parts<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    release: Option<&'a [u8]>,
}

pub(super) fn is_valid(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a.as_bytes()), parts(b.as_bytes()));
    number::compare(a.epoch, b.epoch).then_with(|| compare_part(a.version, b.version)).then_with(|| {
        match (a.release, b.release) {
            (Some(a), Some(b)) => compare_part(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    })
}

/// The part before a colon is an epoch only if it is a number (or empty), as rpm reads it.
fn parts(text: &[u8]) -> Parts<'_> {
    let (digits, rest) = number::split(text);
    let (epoch, rest) = match rest {
        [b':', rest @ ..] => (digits, rest),
        _ => (&text[..0], text),
    };
    match rest.iter().rposition(|byte| *byte == b'-') {
        Some(at) => Parts { epoch, version: &rest[..at], release: Some(&rest[at + 1..]) },
        None => Parts { epoch, version: rest, release: None },
    }
}

/// One segment, in the order of the variants: `~` before the end, the end before `^`, that before letters, and
/// letters before numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Tilde,
    End,
    Caret,
    Letters(&'a [u8]),
    Number(Number<'a>),
}

fn compare_part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        let (segment_a, rest_a) = next_segment(a);
        let (segment_b, rest_b) = next_segment(b);
        let order = segment_a.cmp(&segment_b);
        if order.is_ne() || segment_a == Segment::End {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// Separators are whatever is no ASCII letter, digit, `~` or `^`; their kind and count do not matter.
fn next_segment(text: &[u8]) -> (Segment<'_>, &[u8]) {
    let start = text.iter().position(|byte| byte.is_ascii_alphanumeric() || b"~^".contains(byte));
    let text = &text[start.unwrap_or(text.len())..];
    match text {
        [] => (Segment::End, text),
        [b'~', rest @ ..] => (Segment::Tilde, rest),
        [b'^', rest @ ..] => (Segment::Caret, rest),
        [first, ..] if first.is_ascii_digit() => {
            let (digits, rest) = number::split(text);
            (Segment::Number(Number::of(digits)), rest)
        }
        _ => {
            let (letters, rest) = number::split_letters(text);
            (Segment::Letters(letters), rest)
        }
    }
}
