//! Any text as a grok pattern, and as a line for it.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use selvedge_logformat::{Format, Grok, TimeContext};

fuzz_target!(|parts: (String, String, String)| {
    let (pattern, block, line) = parts;
    if let Ok(grok) = Grok::new(&[pattern], &BTreeMap::from([("OWN".to_owned(), block)])) {
        let _ = Format::Grok(grok).parse(&line, &TimeContext::utc(0));
    }
});
