//! What lints say, and what they do not.

use super::*;
use crate::load::Loader;

fn messages(text: &str) -> Vec<String> {
    let mut loader = Loader::new();
    loader.add("r.yml", text);
    let (rules, diagnostics) = loader.finish();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut found = lint(&rules);
    found.extend(lint_text("r.yml", text));
    found.iter().map(ToString::to_string).collect()
}

const GOOD: &str = "title: T
id: 0022869c-49f7-4ff2-ba03-85ac42ddac58
status: test
date: 2026-01-31
tags:
    - attack.t1059
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\a.exe'
    condition: selection
level: low
";

#[test]
fn a_good_rule_is_quiet() {
    assert_eq!(messages(GOOD), Vec::<String>::new());
}

#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    assert!(GOOD.contains(from));
    assert_eq!(messages(&GOOD.replace(from, to)), [expected]);
}

#[test]
fn violations_of_the_specification() {
    check("0022869c-49f7", "0022869c", "r.yml:2: the id `0022869c-4ff2-ba03-85ac42ddac58` is no UUID");
    check(
        "status: test",
        "status: done",
        "r.yml:3: unknown status `done`, expected one of stable, test, experimental, deprecated, unsupported",
    );
    check("2026-01-31", "2026/01/31", "r.yml:4: the date `2026/01/31` is not written YYYY-MM-DD");
    check("attack.t1059", "T1059", "r.yml:6: the tag `T1059` is not `namespace.name` in lower case");
    check("level: low\n", "", "r.yml:1: no `level`: findings will be of medium severity");
    check(
        "Image|endswith",
        "Image|contains|all",
        "r.yml:12: `Image|contains|all`: `all` needs more than one value",
    );
    check(
        "    condition",
        "    other:\n        Image: x\n    condition",
        "r.yml:13: the condition does not use `other`",
    );
}

#[test]
fn rules_that_cannot_work() {
    check("Image|endswith", "Imagee|endswith", "r.yml:12: windows/process_creation/- has no field `Imagee`");
    check(
        "    condition: selection",
        "    other:\n        User: b\n    another:\n        User: a\n    condition: all of them",
        "r.yml:1: the rule can never match: its condition contradicts itself",
    );
    check(
        "Image|endswith: '\\a.exe'",
        "User|expand: '%admins%'",
        "r.yml:1: no pipeline fills in the placeholder %admins%, so that its value matches nothing",
    );
    let twice = format!("{GOOD}---\n{GOOD}");
    assert_eq!(
        messages(&twice),
        ["r.yml:16: the id 0022869c-49f7-4ff2-ba03-85ac42ddac58 is also that of r.yml:1"]
    );
}
