//! Every order is total, on whatever texts: a range can be evaluated only if it is.

use std::cmp::Ordering;

use proptest::prelude::*;
use selvedge_package::{EventVersion, VersionOrder};

/// Pieces that versions of all ecosystems are made of, so that generated texts meet every rule and each other.
const PIECES: &[&str] = &[
    "0",
    "0",
    "1",
    "1",
    "2",
    "10",
    "01",
    "00",
    "20240101",
    "99999999999999999999999",
    ".",
    ".",
    ".",
    "-",
    "-",
    "_",
    "+",
    "~",
    "^",
    ":",
    "!",
    "v",
    "a",
    "b",
    "c",
    "rc",
    "alpha",
    "beta",
    "pre",
    "post",
    "dev",
    "p",
    "pl",
    "r",
    "-r1",
    "_p1",
    "_rc2",
    "_git",
    "ga",
    "final",
    "sp",
    "snapshot",
    "foo",
    "x",
    "RC",
    "SNAPSHOT",
    "z",
    "",
];

fn version() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Versions that begin with a number, of which every order admits many.
fn likely_version() -> impl Strategy<Value = String> {
    ("[0-2]", version()).prop_map(|(start, rest)| format!("{start}{rest}"))
}

fn holds(order: VersionOrder, texts: [&str; 3]) -> Result<(), TestCaseError> {
    let parsed: Vec<_> = texts.iter().filter_map(|text| order.parse(text).ok()).collect();
    for a in &parsed {
        prop_assert_eq!(a.cmp(a), Ordering::Equal);
        for b in &parsed {
            prop_assert_eq!(a.cmp(b), b.cmp(a).reverse(), "{:?}: {} and {}", order, a, b);
            for c in &parsed {
                let is_broken = a <= b && b <= c && a > c;
                prop_assert!(!is_broken, "{:?}: {} <= {} <= {} but not transitive", order, a, b, c);
                let is_uneven = a == b && a.cmp(c) != b.cmp(c);
                prop_assert!(!is_uneven, "{:?}: {} = {} but {} tells them apart", order, a, b, c);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn orders_are_total(a in likely_version(), b in likely_version(), c in likely_version()) {
        for order in VersionOrder::ALL {
            holds(order, [&a, &b, &c])?;
        }
    }

    #[test]
    fn orders_are_total_on_texts_that_begin_alike(start in likely_version(), a in version(), b in version()) {
        let (a, b) = (format!("{start}{a}"), format!("{start}{b}"));
        for order in VersionOrder::ALL {
            holds(order, [&start, &a, &b])?;
        }
    }

    #[test]
    fn any_text_is_admitted_or_refused(a in any::<String>(), b in "\\PC{0,40}") {
        for order in VersionOrder::ALL {
            holds(order, [&a, &b, "1.0"])?;
            prop_assert_eq!(order.parse(&b).is_ok(), order.admits(b.trim_ascii()));
        }
    }
}

#[test]
fn every_order_admits_a_plain_version_and_its_beginning() {
    for order in VersionOrder::ALL {
        let version = order.parse("1.2.3").unwrap();
        assert!(EventVersion::Beginning < EventVersion::At(version), "{order:?}");
        assert_eq!(order.parse_event(" 0 ").unwrap(), EventVersion::Beginning);
        assert!(EventVersion::Beginning < EventVersion::At(order.parse("0.0.0").unwrap()));
        assert!(!order.admits(""));
        assert!(!order.admits(&"1".repeat(2000)), "longer than any version");
    }
}
