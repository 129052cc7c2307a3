//! RubyGems (`Gem::Version`): numbers and words, words before numbers, a hyphen read as `.pre.`.
//!
//! CocoaPods uses the same order.

use std::cmp::Ordering;

use super::number::{self, Number};

/// The order of the variants is the order of the segments; a missing one counts as zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Word(&'a [u8]),
    Number(Number<'a>),
}

const ZERO: Segment<'static> = Segment::Number(Number::ZERO);

pub(super) fn is_valid(text: &str) -> bool {
    let text = text.as_bytes();
    let (main, pre) = match text.iter().position(|byte| *byte == b'-') {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let is_word = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_alphanumeric);
    let is_label = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    text.first().is_some_and(u8::is_ascii_digit)
        && main.split(|byte| *byte == b'.').all(is_word)
        && pre.is_none_or(|pre| pre.split(|byte| *byte == b'.').all(is_label))
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Segments::new(a), Segments::new(b));
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

#[derive(Clone)]
struct Segments<'a> {
    rest: &'a [u8],
    /// Zeros before the first word do not count, so that `1.0.a` is `1.a`.
    before_word: bool,
    /// Zeros that have been found to be followed by another number: they stay.
    kept: usize,
}

impl<'a> Segments<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), before_word: true, kept: 0 }
    }

    fn raw(&mut self) -> Option<Segment<'a>> {
        if let [b'.', rest @ ..] = self.rest {
            self.rest = rest;
        }
        if let [b'-', rest @ ..] = self.rest {
            self.rest = rest;
            return Some(Segment::Word(b"pre"));
        }
        let (digits, rest) = number::split(self.rest);
        if !digits.is_empty() {
            self.rest = rest;
            return Some(Segment::Number(Number::of(digits)));
        }
        let (letters, rest) = number::split_letters(self.rest);
        self.rest = rest;
        (!letters.is_empty()).then_some(Segment::Word(letters))
    }

    /// How many zeros stay, the one just read included: none if a word follows, all otherwise.
    fn count_kept(&self) -> usize {
        let mut ahead = self.clone();
        let mut count = 1;
        loop {
            match ahead.raw() {
                Some(ZERO) => count += 1,
                Some(Segment::Word(_)) => return 0,
                Some(Segment::Number(_)) | None => return count,
            }
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        let mut segment = self.raw()?;
        if self.before_word && segment == ZERO {
            if self.kept == 0 {
                self.kept = self.count_kept();
            }
            if self.kept > 0 {
                self.kept -= 1;
            } else {
                while segment == ZERO {
                    segment = self.raw()?;
                }
            }
        }
        self.before_word &= !matches!(segment, Segment::Word(_));
        Some(segment)
    }
}
