//! The built-in pack: large enough, and every example does what it is for.

use std::sync::Arc;

use selvedge_secrets::{RuleSet, test_rules};

#[test]
fn there_are_at_least_180_token_families() {
    assert!(RuleSet::builtin().len() >= 180, "{}", RuleSet::builtin().len());
}

#[test]
fn every_example_does_what_it_is_for() {
    let (run, problems) = test_rules(&Arc::new(RuleSet::builtin()));
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{} of {run}:\n{}", problems.len(), shown.join("\n"));
}
