//! Conan 2: dot-separated items, then a pre-release after `-` and a build after `+`, each ordered the same way.
//!
//! Conan compares a number with a word as text, which goes in circles (`1a < 2 < 10 < 1a`). Here an item that
//! begins with digits is ordered by that number first and sorts before items that do not.

use std::cmp::Ordering;

use super::number::{self, Number};

struct Parts<'a> {
    main: &'a [u8],
    pre_release: Option<&'a [u8]>,
    build: Option<&'a [u8]>,
}

pub(super) fn is_valid(text: &str) -> bool {
    parts(text).is_some()
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    let order = compare_items(a.main, b.main)
        .then_with(|| match (a.pre_release, b.pre_release) {
            (Some(a), Some(b)) => compare_items(a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        })
        .then_with(|| match (a.build, b.build) {
            (Some(a), Some(b)) => compare_items(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        });
    Some(order)
}

/// Ranges (`[>=1.2]`) are no versions, nor is what has an empty part.
fn parts(text: &str) -> Option<Parts<'_>> {
    let is_clean = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-_~".contains(byte);
    if !text.as_bytes().iter().all(is_clean) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (rest, build) = split_at_byte(text.as_bytes(), b'+');
    let (main, pre_release) = split_at_byte(rest, b'-');
    (!main.is_empty()).then_some(Parts { main, pre_release, build })
}

fn split_at_byte(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The order of the variants is the order of the items; a missing item counts as zero.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Item<'a> {
    Number(Number<'a>, &'a [u8]),
    Word(&'a [u8]),
}

impl<'a> Item<'a> {
    fn of(text: Option<&'a [u8]>) -> Self {
        let text = text.unwrap_or_default();
        let (digits, rest) = number::split(text);
        if digits.is_empty() && !rest.is_empty() {
            return Self::Word(rest);
        }
        Self::Number(Number::of(digits), rest)
    }
}

fn compare_items(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a.split(|byte| *byte == b'.'), b.split(|byte| *byte == b'.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) => Item::of(x).cmp(&Item::of(y)),
        };
        if order.is_ne() {
            return order;
        }
    }
}
