//! Perl (`version.pm`): decimal versions, whose fraction is read in groups of three digits (`1.5` is
//! `v1.500.0`), and dotted ones. An underscore marks a trial release and has no place in the order.

use std::cmp::Ordering;

/// Digits of a fraction that make one number.
const GROUP: usize = 3;

pub(super) fn is_valid(text: &str) -> bool {
    Numbers::new(text).is_some()
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (mut a, mut b) = (Numbers::new(a)?, Numbers::new(b)?);
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Some(Ordering::Equal),
            (x, y) => x.unwrap_or(0).cmp(&y.unwrap_or(0)),
        };
        if order.is_ne() {
            return Some(order);
        }
    }
}

/// The numbers of a version, most significant first.
struct Numbers<'a> {
    rest: &'a [u8],
    is_decimal: bool,
    is_first: bool,
}

impl<'a> Numbers<'a> {
    /// `None` if it is no version, or if one of its numbers is beyond what Perl itself can hold.
    fn new(text: &'a str) -> Option<Self> {
        let text = text.as_bytes();
        let (rest, has_v) = match text {
            [b'v', rest @ ..] => (rest, true),
            _ => (text, false),
        };
        let is_decimal = !has_v && rest.split(|byte| *byte == b'.').count() < 3;
        let is_clean = rest.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'));
        let starts_well =
            rest.first().is_some_and(|byte| byte.is_ascii_digit() || (is_decimal && *byte == b'.'));
        let mut parts = rest.split(|byte| *byte == b'.').enumerate();
        let fits = parts.all(|(index, part)| {
            let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
            (is_decimal && index == 1) || (digits < 18 && (digits > 0 || (is_decimal && index == 0)))
        });
        (is_clean && starts_well && fits && rest != b".").then_some(Self { rest, is_decimal, is_first: true })
    }
}

impl Iterator for Numbers<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.rest.is_empty() {
            return None;
        }
        let is_fraction = self.is_decimal && !self.is_first;
        self.is_first = false;
        let (mut value, mut digits) = (0, 0);
        while let [byte, rest @ ..] = self.rest {
            if is_fraction && digits == GROUP {
                return Some(value);
            }
            self.rest = rest;
            match byte {
                b'.' => return Some(value),
                b'_' => {}
                _ => {
                    value = value * 10 + u64::from(byte - b'0');
                    digits += 1;
                }
            }
        }
        if is_fraction {
            for _ in digits..GROUP {
                value *= 10;
            }
        }
        Some(value)
    }
}
