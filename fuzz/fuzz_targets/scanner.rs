//! The fast way finds what the plain way finds.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use selvedge_secrets::{RuleSet, ScanOptions, Scanner};

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::new(Arc::new(RuleSet::builtin()), ScanOptions::default()));

fuzz_target!(|bytes: &[u8]| {
    let places = |hits: Vec<selvedge_secrets::Hit>| {
        hits.into_iter().map(|hit| (hit.rule, hit.span, hit.secret_span)).collect::<Vec<_>>()
    };
    let fast = places(SCANNER.scan(Some("a.py"), bytes, &mut Vec::new()));
    let plain = places(SCANNER.scan_plain(Some("a.py"), bytes, &mut Vec::new()));
    assert_eq!(fast, plain);
});
