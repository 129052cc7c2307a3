//! Conda: `[epoch!]version[+local]` in the order of conda's `VersionOrder` (also CEP "version ordering").
//!
//! Parts are separated by `.`, `_` or `-`; each is a list of numbers and words; a part that begins with a word
//! has a zero before it; missing numbers count as zero. `dev` sorts below all words, `post` above all numbers.

use std::cmp::Ordering;

use super::number::{self, Number};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Item<'a> {
    Development,
    Word(Word<'a>),
    Number(Number<'a>),
    Post,
}

/// A word compared without regard to case; every sign sorts below the letters.
#[derive(Clone, Copy)]
struct Word<'a>(&'a [u8]);

impl Ord for Word<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().map(u8::to_ascii_lowercase).cmp(other.0.iter().map(u8::to_ascii_lowercase))
    }
}

impl PartialOrd for Word<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Word<'_> {}

const ZERO: Item<'static> = Item::Number(Number::ZERO);

struct Parts<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    local: &'a [u8],
}

pub(super) fn is_valid(text: &str) -> bool {
    parts(text).is_some()
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    let order = number::compare(a.epoch, b.epoch)
        .then_with(|| compare_lists(a.version, b.version))
        .then_with(|| compare_lists(a.local, b.local));
    Some(order)
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let text = text.as_bytes();
    let (epoch, rest) = match text.iter().position(|byte| *byte == b'!') {
        Some(at) if number::is_number(&text[..at]) => (&text[..at], &text[at + 1..]),
        Some(_) => return None,
        None => (&text[..0], text),
    };
    let (version, local) = match rest.iter().position(|byte| *byte == b'+') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &rest[rest.len()..]),
    };
    let has_local = rest.len() > version.len();
    (is_list(version) && (!has_local || is_list(local))).then_some(Parts { epoch, version, local })
}

/// No empty parts; one underscore at the end is a word of its own (`1.0.1_` of OpenSSL).
fn is_list(text: &[u8]) -> bool {
    let is_part = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_alphanumeric);
    text.first().is_some_and(u8::is_ascii_alphanumeric)
        && text.strip_suffix(b"_").unwrap_or(text).split(|byte| is_separator(*byte)).all(is_part)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'.' | b'_' | b'-')
}

fn compare_lists(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (part_a, rest_a) = next_part(a);
        let (part_b, rest_b) = next_part(b);
        let order = compare_parts(part_a, part_b);
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    Ordering::Equal
}

fn next_part(text: &[u8]) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| is_separator(*byte)) {
        Some(at) if at + 1 == text.len() && text[at] == b'_' => (text, &text[text.len()..]),
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &text[text.len()..]),
    }
}

fn compare_parts(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (Items::new(a), Items::new(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) => x.unwrap_or(ZERO).cmp(&y.unwrap_or(ZERO)),
        };
        if order.is_ne() {
            return order;
        }
    }
}

struct Items<'a> {
    rest: &'a [u8],
    needs_zero: bool,
}

impl<'a> Items<'a> {
    fn new(part: &'a [u8]) -> Self {
        Self { rest: part, needs_zero: part.first().is_some_and(|byte| !byte.is_ascii_digit()) }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if std::mem::take(&mut self.needs_zero) {
            return Some(ZERO);
        }
        if self.rest.is_empty() {
            return None;
        }
        let (digits, rest) = number::split(self.rest);
        if !digits.is_empty() {
            self.rest = rest;
            return Some(Item::Number(Number::of(digits)));
        }
        let end = self.rest.iter().position(u8::is_ascii_digit).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(match word {
            _ if word.eq_ignore_ascii_case(b"post") => Item::Post,
            _ if word.eq_ignore_ascii_case(b"dev") => Item::Development,
            _ => Item::Word(Word(word)),
        })
    }
}
