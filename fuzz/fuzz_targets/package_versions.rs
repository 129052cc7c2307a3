//! Versions in every order, which must be total, and requirements.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_package::{Ecosystem, VersionOrder};

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let texts = [lines.next(), lines.next(), lines.next()].map(Option::unwrap_or_default);
    for order in VersionOrder::ALL {
        let versions: Vec<_> = texts.iter().filter_map(|text| order.parse(text).ok()).collect();
        for a in &versions {
            for b in &versions {
                assert_eq!(a.cmp(b), b.cmp(a).reverse(), "{order:?}: {a} and {b}");
                for c in &versions {
                    assert!(!(a <= b && b <= c && a > c), "{order:?}: {a}, {b}, {c}");
                    assert!(a != b || a.cmp(c) == b.cmp(c), "{order:?}: {a} = {b}, {c}");
                }
            }
        }
    }
    for ecosystem in Ecosystem::all() {
        let _ = ecosystem.satisfies(texts[0], texts[1]);
        let key = ecosystem.normalize(texts[2]);
        assert_eq!(ecosystem.normalize(&key), key);
    }
});
