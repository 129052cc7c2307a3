//! Arch Linux: `[epoch:]version[-release]` in the order of `vercmp(8)`.
//!
//! Two differences keep it an order: a version without release sorts before the same version with one
//! (`vercmp` calls them equal, so that all releases would be), and a part that ends in a separator is refused.

use std::cmp::Ordering;

use super::number::{self, Number};

struct Parts<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    release: Option<&'a [u8]>,
}

pub(super) fn is_valid(text: &str) -> bool {
    parts(text).is_some()
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    let order = number::compare(a.epoch, b.epoch).then_with(|| compare_part(a.version, b.version)).then_with(
        || match (a.release, b.release) {
            (Some(a), Some(b)) => compare_part(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        },
    );
    Some(order)
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let text = text.as_bytes();
    let (epoch, rest) = match text.iter().position(|byte| *byte == b':') {
        Some(at) if number::is_number(&text[..at]) => (&text[..at], &text[at + 1..]),
        Some(_) => return None,
        None => (&text[..0], text),
    };
    let (version, release) = match rest.iter().rposition(|byte| *byte == b'-') {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let is_part = |part: &[u8]| {
        part.iter().all(u8::is_ascii_graphic) && part.last().is_some_and(u8::is_ascii_alphanumeric)
    };
    (is_part(version) && release.is_none_or(is_part)).then_some(Parts { epoch, version, release })
}

/// What follows an equal beginning, least first: letters without separator, the end, and then whatever has
/// fewer separators, letters before numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Letters(&'a [u8]),
    End,
    Separated(usize, Kind<'a>),
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind<'a> {
    Letters(&'a [u8]),
    Number(Number<'a>),
}

fn compare_part(a: &[u8], b: &[u8]) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    loop {
        let is_first = rest_a.len() == a.len();
        let (segment_a, next_a) = next_segment(rest_a, is_first);
        let (segment_b, next_b) = next_segment(rest_b, is_first);
        let order = segment_a.cmp(&segment_b);
        if order.is_ne() || segment_a == Segment::End {
            return order;
        }
        (rest_a, rest_b) = (next_a, next_b);
    }
}

fn next_segment(text: &[u8], is_first: bool) -> (Segment<'_>, &[u8]) {
    let Some(separators) = text.iter().position(u8::is_ascii_alphanumeric) else {
        return (Segment::End, &text[text.len()..]);
    };
    let text = &text[separators..];
    let (digits, rest) = number::split(text);
    if !digits.is_empty() {
        return (Segment::Separated(separators, Kind::Number(Number::of(digits))), rest);
    }
    let (letters, rest) = number::split_letters(text);
    if separators == 0 && !is_first {
        return (Segment::Letters(letters), rest);
    }
    (Segment::Separated(separators, Kind::Letters(letters)), rest)
}
