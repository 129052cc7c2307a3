//! NuGet: up to four numbers, then a Semantic Versioning pre-release compared without regard to case.
//!
//! Order as documented in "Package versioning" of the NuGet reference.

use std::cmp::Ordering;

use super::number;

/// Numbers that a version has at most: major, minor, patch, revision.
const NUMBERS_MAX: usize = 4;

pub(super) fn is_valid(text: &str) -> bool {
    parts(text).is_some()
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parts(a)?, parts(b)?);
    Some(number::compare_dotted(a.0, b.0).then_with(|| match (a.1.is_empty(), b.1.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare_labels(a.1, b.1),
    }))
}

/// Numbers and pre-release; metadata has no place in the order.
fn parts(text: &str) -> Option<(&[u8], &[u8])> {
    let (release, rest) = number::take_dotted(text.as_bytes())?;
    if release.split(|byte| *byte == b'.').count() > NUMBERS_MAX || !rest.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let rest = rest.split(|byte| *byte == b'+').next().unwrap_or_default();
    match rest {
        [] => Some((release, rest)),
        [b'-', label @ ..] if !label.is_empty() => Some((release, label)),
        _ => None,
    }
}

fn compare_labels(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a.split(|byte| *byte == b'.'), b.split(|byte| *byte == b'.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (number::is_number(x), number::is_number(y)) {
                (true, true) => number::compare(x, y),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => {
                    x.iter().map(u8::to_ascii_lowercase).cmp(y.iter().map(u8::to_ascii_lowercase))
                }
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}
