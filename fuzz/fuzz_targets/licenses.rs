//! Licence statements, and policies over them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_license::{Pattern, Policy, parse};

fuzz_target!(|text: &str| {
    let Some(parsed) = parse(text) else { return };
    let spdx = parsed.expression.to_spdx();
    let again = parse(&spdx).expect("an expression says something");
    assert_eq!(again.expression.to_spdx(), spdx);
    let mut policy = Policy::default();
    policy.allow.extend(Pattern::parse(text));
    policy.deny.extend(Pattern::parse("@copyleft"));
    let _ = policy.evaluate(&parsed.expression);
});
