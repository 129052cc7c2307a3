//! Rule files and code are hostile: whatever loads is compiled, and evaluated on the rest of the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_code::{RuleFile, RuleSet};

fuzz_target!(|input: (&str, &str, u8)| {
    let (rules, code, kind) = input;
    let paths = ["a.py", "a.js", "a.go", "a.java", "a.tf", "a.yaml", "a.txt", "a.php"];
    let (set, _) = RuleSet::load(&[RuleFile { name: "fuzz.yaml", text: rules }]);
    set.scan_file(paths[kind as usize % paths.len()], code.as_bytes());
});
