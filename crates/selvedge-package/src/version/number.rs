//! Numbers of any length as runs of ASCII digits: versions with thirty digits exist, and dates are common.

use std::cmp::Ordering;

/// The value of a run of digits; an empty run is zero. The order of the fields is the order of the values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number<'a> {
    length: usize,
    significant: &'a [u8],
}

impl<'a> Number<'a> {
    pub(super) const ZERO: Number<'static> = Number { length: 0, significant: &[] };

    pub(super) fn of(digits: &'a [u8]) -> Self {
        let start = digits.iter().position(|byte| *byte != b'0').unwrap_or(digits.len());
        let significant = &digits[start..];
        Self { length: significant.len(), significant }
    }

    pub(super) fn is_zero(self) -> bool {
        self.length == 0
    }
}

/// Compares two runs of digits by value. An empty run counts as zero.
pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    Number::of(a).cmp(&Number::of(b))
}

/// Whether `text` consists of digits only and has at least one.
pub(super) fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Splits the leading digits off; either part may be empty.
pub(super) fn split(text: &[u8]) -> (&[u8], &[u8]) {
    split_while(text, u8::is_ascii_digit)
}

/// Splits the leading letters off; either part may be empty.
pub(super) fn split_letters(text: &[u8]) -> (&[u8], &[u8]) {
    split_while(text, u8::is_ascii_alphabetic)
}

fn split_while(text: &[u8], belongs: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !belongs(byte)).unwrap_or(text.len());
    text.split_at(end)
}

/// Compares lists of numbers that are separated by dots; missing numbers count as zero.
pub(super) fn compare_dotted(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a.split(|byte| *byte == b'.'), b.split(|byte| *byte == b'.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) => compare(x.unwrap_or_default(), y.unwrap_or_default()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes the longest prefix of the form `1.22.3` off; `None` if there is none.
pub(super) fn take_dotted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut end = 0;
    loop {
        let (digits, rest) = split(&text[end..]);
        if digits.is_empty() {
            return (end > 0).then(|| text.split_at(end - 1));
        }
        end += digits.len();
        if rest.first() != Some(&b'.') {
            return Some(text.split_at(end));
        }
        end += 1;
    }
}
