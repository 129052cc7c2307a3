//! Licence texts.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for found in selvedge_license::detect::detect(text) {
        assert!(found.lines.0 <= found.lines.1);
    }
});
