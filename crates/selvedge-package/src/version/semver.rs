//! Semantic Versioning 2.0.0 as packages really write it, and the orders that build on it.
//!
//! The front end is lenient where the meaning is plain: a leading `v`, missing minor or patch numbers (zero),
//! more than three numbers (compared in turn), numbers of any length, a pre-release without its hyphen
//! (`1.0rc1`). What remains unclear is refused.

use std::cmp::Ordering;

use super::number;

/// What differs between the users of Semantic Versioning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// The specification: build metadata has no place in the order (item 10).
    Plain,
    /// Go: `go1.21rc2` is the toolchain's spelling of `1.21.0-rc.2`.
    Go,
    /// Pub and Julia, which order by build metadata last: none, then as pre-releases are ordered.
    OrderedBuild,
}

struct Parts<'a> {
    release: &'a [u8],
    pre_release: &'a [u8],
    build: &'a [u8],
    /// The pre-release followed the numbers without a hyphen.
    is_glued: bool,
}

pub(super) fn is_valid(text: &str, flavour: Flavour) -> bool {
    parts(text, flavour).is_some()
}

pub(super) fn compare(a: &str, b: &str, flavour: Flavour) -> Option<Ordering> {
    let (a, b) = (parts(a, flavour)?, parts(b, flavour)?);
    let order = number::compare_dotted(a.release, b.release)
        .then_with(|| compare_pre_release(&a, &b, flavour))
        .then_with(|| match flavour {
            Flavour::OrderedBuild => compare_identifiers(a.build, b.build),
            Flavour::Plain | Flavour::Go => Ordering::Equal,
        });
    Some(order)
}

fn parts(text: &str, flavour: Flavour) -> Option<Parts<'_>> {
    let text = text.as_bytes();
    let text = match text {
        [b'v' | b'V', rest @ ..] => rest,
        [b'g', b'o', rest @ ..] if flavour == Flavour::Go => rest,
        _ => text,
    };
    let (release, rest) = number::take_dotted(text)?;
    let (rest, build) = match rest.iter().position(|byte| *byte == b'+') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &rest[rest.len()..]),
    };
    let (pre_release, is_glued) = match rest {
        [] => (rest, false),
        [b'-', pre @ ..] if !pre.is_empty() => (pre, false),
        [first, ..] if first.is_ascii_alphabetic() => (rest, true),
        _ => return None,
    };
    let is_clean = pre_release.iter().chain(build).all(u8::is_ascii_graphic);
    is_clean.then_some(Parts { release, pre_release, build, is_glued })
}

fn compare_pre_release(a: &Parts<'_>, b: &Parts<'_>, flavour: Flavour) -> Ordering {
    match (a.pre_release.is_empty(), b.pre_release.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) if flavour == Flavour::Go && (a.is_glued || b.is_glued) => {
            let (x, y) = (toolchain_identifiers(a), toolchain_identifiers(b));
            compare_identifier(x.0, y.0).then_with(|| compare_identifiers(x.1, y.1))
        }
        (false, false) => compare_identifiers(a.pre_release, b.pre_release),
    }
}

/// The first identifier and the rest, with `rc2` read as `rc.2` where it is glued to the numbers.
fn toolchain_identifiers<'a>(parts: &Parts<'a>) -> (&'a [u8], &'a [u8]) {
    if parts.is_glued {
        return number::split_letters(parts.pre_release);
    }
    let mut pieces = parts.pre_release.splitn(2, |byte| *byte == b'.');
    (pieces.next().unwrap_or_default(), pieces.next().unwrap_or_default())
}

/// Semantic Versioning 2.0.0, item 11.4: identifiers from left to right, and the shorter list is the lesser.
pub(super) fn compare_identifiers(a: &[u8], b: &[u8]) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        (false, false) => {}
    }
    let (mut a, mut b) = (a.split(|byte| *byte == b'.'), b.split(|byte| *byte == b'.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => compare_identifier(x, y),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn compare_identifier(a: &[u8], b: &[u8]) -> Ordering {
    match (number::is_number(a), number::is_number(b)) {
        (true, true) => number::compare(a, b),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}
