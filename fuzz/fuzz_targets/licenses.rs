//! Licence statements, and policies over them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_license::{Pattern, Policy, parse};

fuzz_target!(|text: &str| {
    let Some(parsed) = parse(text) else { return };
    // Unknown licences may become one when their letters are the same; from then on nothing changes.
    let once = parse(&parsed.expression.to_spdx()).expect("an expression says something");
    let twice = parse(&once.expression.to_spdx()).expect("an expression says something");
    assert_eq!(once.expression, twice.expression);
    let mut policy = Policy::default();
    policy.allow.extend(Pattern::parse(text));
    policy.deny.extend(Pattern::parse("@copyleft"));
    let _ = policy.evaluate(&parsed.expression);
});
