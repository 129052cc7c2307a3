//! Plain lists of numbers, where a longer list is greater: R (`numeric_version`, separators `.` and `-`) and
//! Haskell (`Data.Version`, separator `.`).

use std::cmp::Ordering;

use super::number;

pub(super) fn is_valid(text: &str, separators: &[u8]) -> bool {
    text.as_bytes().split(|byte| separators.contains(byte)).all(number::is_number)
}

pub(super) fn compare(a: &str, b: &str, separators: &[u8]) -> Ordering {
    let mut a = a.as_bytes().split(|byte| separators.contains(byte));
    let mut b = b.as_bytes().split(|byte| separators.contains(byte));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => number::compare(x, y),
        };
        if order.is_ne() {
            return order;
        }
    }
}
