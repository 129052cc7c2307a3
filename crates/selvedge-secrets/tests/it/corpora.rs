//! Every rule of the public packs loads.

use selvedge_secrets::load_toml;

use crate::support::{corpus, no_files};

#[track_caller]
fn check(name: &str, rules: usize) {
    let Some(text) = corpus(name) else { return };
    let (set, diagnostics) = load_toml(&text, name, &no_files);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    assert_eq!(set.len(), rules);
}

#[test]
fn every_gitleaks_rule_loads() {
    check("secrets/gitleaks.toml", 222);
}

#[test]
fn every_betterleaks_rule_loads() {
    check("secrets/betterleaks.toml", 412);
}
