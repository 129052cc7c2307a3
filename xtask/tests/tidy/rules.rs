//! Rules about the built-in rule packs. What a rule finds is tested in its engine; here every rule
//! must carry what a reader needs.

use std::collections::BTreeMap;

use super::{files_below, none, read, root};

/// Keys that every rule of the secrets pack carries.
const REQUIRED: &[&str] =
    &["id", "description", "severity", "why", "fix", "references", "positives", "negatives"];

#[test]
fn every_rule_has_docs_and_examples() {
    let mut offenders = Vec::new();
    for path in files_below(&root().join("rules/secrets"), ".toml") {
        for block in read(&path).split("\n[[rules]]").skip(1) {
            let keys = keys_of(block);
            let id = keys.get("id").cloned().unwrap_or_else(|| "?".to_owned());
            for key in REQUIRED.iter().filter(|key| !keys.contains_key(**key)) {
                offenders.push(format!("{}: rule {id} lacks `{key}`", path.display()));
            }
        }
    }
    none("a rule says why, how to fix it, and shows examples", &offenders);
}

#[test]
fn every_rule_about_packages_has_docs_and_examples() {
    let mut offenders = Vec::new();
    for path in files_below(&root().join("rules/dependencies"), ".toml") {
        for block in read(&path).split("\n[[rules]]").skip(1) {
            let keys = keys_of(block);
            let id = keys.get("id").cloned().unwrap_or_else(|| "?".to_owned());
            for key in ["id", "description", "severity", "why", "fix", "references"] {
                if !keys.contains_key(key) {
                    offenders.push(format!("{}: rule {id} lacks `{key}`", path.display()));
                }
            }
            for examples in ["positives", "negatives"] {
                if !block.contains(&format!("[[rules.{examples}]]")) {
                    offenders.push(format!("{}: rule {id} has no {examples}", path.display()));
                }
            }
        }
    }
    none("a rule says why, how to fix it, and shows examples", &offenders);
}

#[test]
fn rule_ids_are_unique() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut offenders = Vec::new();
    for path in files_below(&root().join("rules"), ".toml") {
        for block in read(&path).split("\n[[rules]]").skip(1) {
            let id = keys_of(block).get("id").cloned().unwrap_or_default();
            if let Some(other) = seen.insert(id.clone(), path.display().to_string()) {
                offenders.push(format!("{id} in {} and {other}", path.display()));
            }
        }
    }
    none("a rule id exists once", &offenders);
}

/// `key = value` lines at the start of a line, values without quotes.
fn keys_of(block: &str) -> BTreeMap<String, String> {
    let pairs = block.lines().filter_map(|line| line.split_once('='));
    pairs
        .map(|(key, value)| (key.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned()))
        .collect()
}
