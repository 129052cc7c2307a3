//! Everything that the gate reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_gate::baseline::Baseline;
use selvedge_gate::codeowners::CodeOwners;
use selvedge_gate::config::Config;
use selvedge_gate::{GitleaksIgnore, exceptions, inline};

fuzz_target!(|text: &str| {
    let _ = Config::parse(text, "selvedge.toml");
    let _ = exceptions::parse(text, "exceptions.toml");
    let _ = Baseline::parse(text, "baseline.json");
    let (owners, _) = CodeOwners::parse(text, "CODEOWNERS");
    owners.owners("src/a.py");
    let _ = GitleaksIgnore::parse(text, ".gitleaksignore");
    let _ = inline::find("a.py", text.as_bytes());
});
