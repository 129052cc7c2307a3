//! Patterns, regular expressions and comparisons of one rule, each taken from the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_code::{RuleFile, RuleSet};

fuzz_target!(|input: (&str, &str, &str, &str)| {
    let (pattern, regex, comparison, code) = input;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    for target in ["python", "generic"] {
        let rules = format!(
            "rules:\n- id: fuzz\n  message: $X $1\n  severity: LOW\n  languages: [{target}]\n  patterns:\n  - pattern: {}\n  - \
             pattern-not-regex: {}\n  - metavariable-comparison: {{metavariable: $X, comparison: {}}}\n",
            quoted(pattern),
            quoted(regex),
            quoted(comparison),
        );
        let (set, _) = RuleSet::load(&[RuleFile { name: "fuzz.yaml", text: &rules }]);
        set.scan_file("a.py", code.as_bytes());
    }
});
