//! Rule packs are hostile: whatever loads is also used once.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use selvedge_secrets::{ScanOptions, Scanner, load_toml};

fuzz_target!(|text: &str| {
    let (rules, _) = load_toml(text, "fuzz.toml", &|_| Err("nothing to extend".to_owned()));
    let scanner = Scanner::new(Arc::new(rules), ScanOptions::default());
    scanner.scan(Some("a.py"), text.as_bytes(), &mut Vec::new());
});
