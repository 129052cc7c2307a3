//! Behaviour of the crate as its callers see it.

mod builtin;
mod hostile;
mod scoreboard;
mod search;
mod taint;

use selvedge_code::{RuleFile, RuleSet};

/// A rule with `body` under its usual keys.
fn rule(language: &str, body: &str) -> String {
    format!("rules:\n- id: r\n  message: found $X\n  severity: ERROR\n  languages: [{language}]\n{body}")
}

/// The lines on which the rule is found.
#[track_caller]
fn lines(language: &str, body: &str, path: &str, code: &str) -> Vec<u32> {
    let text = rule(language, body);
    let (set, mut rejected) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    rejected.extend(set.check());
    assert_eq!(rejected, [], "{text}");
    let mut lines: Vec<u32> =
        set.scan_file(path, code.as_bytes()).matches.iter().map(|found| found.start.line).collect();
    lines.dedup();
    lines
}
