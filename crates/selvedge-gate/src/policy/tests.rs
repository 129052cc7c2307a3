//! File texts in, policy or placed mistakes out.

use std::collections::BTreeMap;

use super::*;
use crate::baseline;
use crate::testing::finding;

fn read(origin: &PolicyOrigin, files: &[(&str, &str)]) -> Result<PolicyBundle, Vec<String>> {
    let files: BTreeMap<_, _> = files.iter().copied().collect();
    let mut texts = |path: &str| match files.get(path) {
        Some(&"unreadable") => Err("permission denied".to_owned()),
        text => Ok(text.map(|text| (*text).to_owned())),
    };
    PolicyBundle::read(origin, &Overlay::default(), &mut texts)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

const EXCEPTION: &str = "[[exceptions]]\nrule = 'a'\nowner = 'o'\nreason = 'r'\nexpires = 2030-01-01\n";

#[test]
fn without_files_the_defaults_hold() {
    let bundle = read(&PolicyOrigin::Tree, &[]).expect("sound");
    assert_eq!(bundle.policy, Policy::default());
    assert!(bundle.allow_inline && bundle.exceptions.is_empty() && bundle.baseline.is_empty());
}

#[test]
fn the_files_of_the_tree_are_read_together() {
    let known = baseline::write(&[finding("r", "a", 1, "x")]);
    let config = format!("{EXCEPTION}[gate]\nbaseline = 'b.json'\n");
    let files = [
        ("selvedge.toml", config.as_str()),
        (".selvedge/exceptions.toml", EXCEPTION),
        ("b.json", &known),
        (".gitleaksignore", "a:b:1\nx\n"),
    ];
    let bundle = read(&PolicyOrigin::Tree, &files).expect("sound");
    let origins: Vec<_> = bundle.exceptions.iter().map(|e| e.origin.as_str()).collect();
    assert_eq!(origins, ["selvedge.toml:1", ".selvedge/exceptions.toml:1"]);
    assert_eq!((bundle.baseline.len(), bundle.gitleaks_ignore.len(), bundle.notices.len()), (1, 1, 1));
    assert_eq!(bundle.policy.origin, "selvedge.toml");
}

#[test]
fn a_policy_from_elsewhere_does_not_let_the_tree_excuse_itself_unless_it_says_so() {
    let main = PolicyOrigin::Revision("main".to_owned());
    let bundle = read(&main, &[("selvedge.toml", EXCEPTION)]).expect("sound");
    assert!(!bundle.allow_inline);
    assert_eq!(bundle.policy.origin, "selvedge.toml at main");
    assert_eq!(bundle.exceptions[0].origin, "main:selvedge.toml:1");
    let bundle = read(&main, &[("selvedge.toml", "gate.allow-inline = true")]).expect("sound");
    assert!(bundle.allow_inline);
    let bundle = read(&PolicyOrigin::Tree, &[("selvedge.toml", "gate.allow-inline = false")]).expect("sound");
    assert!(!bundle.allow_inline);
}

#[test]
fn a_policy_file_comes_alone() {
    let file = PolicyOrigin::File("ci/strict.toml".to_owned());
    let files =
        [("selvedge.toml", ""), (".selvedge/exceptions.toml", EXCEPTION), (".gitleaksignore", "a:b:1")];
    let bundle = read(&file, &files).expect("sound");
    assert!(bundle.exceptions.is_empty() && bundle.gitleaks_ignore.is_empty());
    assert_eq!(bundle.policy.origin, "ci/strict.toml");
}

#[test]
fn mistakes_of_all_files_are_told_together() {
    let files = [
        ("selvedge.toml", "x = 1"),
        (".selvedge/exceptions.toml", "[[exceptions]]\nrule = 'a'"),
        (".selvedge/baseline.json", "unreadable"),
    ];
    let errors = read(&PolicyOrigin::Revision("v1".to_owned()), &files).expect_err("mistakes");
    assert_eq!(errors.len(), 5, "{errors:?}");
    assert!(errors[0].starts_with("v1:selvedge.toml:1:1: unknown key `x`"));
    assert!(errors[1].starts_with("v1:.selvedge/exceptions.toml:1:1: an exception needs `owner`"));
    assert_eq!(errors[4], "v1:.selvedge/baseline.json: cannot be read: permission denied");
}
