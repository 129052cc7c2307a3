//! Examples that rules carry, and the built-in pack's.

use std::path::Path;

use selvedge_detect::{Loader, load_folder, run_examples};

const RULES: &str = "title: A
id: a
logsource: {product: linux, service: sshd}
detection: {s: {message|startswith: Failed}, condition: s}
selvedge:
    response: [Look.]
    examples:
        positive:
            - {message: Failed password, user: x}
        negative:
            - {message: Accepted password}
            - {message: Failed again}
---
title: C
id: c
correlation:
    type: event_count
    rules: [a]
    group-by: [user]
    timespan: 1m
    condition: {gte: 2}
    generate: true
selvedge:
    examples:
        positive:
            - - {message: Failed, user: x, timestamp: '2026-01-01T00:00:00Z'}
              - {message: Failed, user: x, timestamp: '2026-01-01T00:00:30Z'}
        negative:
            - - {message: Failed, user: x, timestamp: '2026-01-01T00:00:00Z'}
              - {message: Failed, user: x, timestamp: '2026-01-01T00:02:00Z'}
---
title: B
id: b
logsource: {product: linux, service: sshd}
detection: {s: {message: x}, condition: s}
";

#[test]
fn examples_are_run_and_rules_without_are_named() {
    let mut loader = Loader::new();
    loader.add("r.yml", RULES);
    let (rules, diagnostics) = loader.finish();
    assert_eq!(diagnostics, []);
    let report = run_examples(&rules);
    let results: Vec<_> =
        report.results.iter().map(|result| (result.rule.as_str(), result.line, result.passed())).collect();
    assert_eq!(
        results,
        [("a", 9, true), ("a", 11, true), ("a", 12, false), ("c", 26, true), ("c", 29, true)]
    );
    assert_eq!(report.unproven.iter().map(|rule| rule.rule.as_str()).collect::<Vec<_>>(), ["b"]);
    assert!(!report.passed(false));
}

#[test]
fn the_built_in_pack_holds_what_its_examples_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/detect");
    if !folder.is_dir() {
        return;
    }
    let (rules, diagnostics) = load_folder(&folder);
    let report = run_examples(&rules);
    let mut wrong: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    wrong.extend(report.results.iter().filter(|result| !result.passed()).map(|result| {
        format!(
            "{}:{}: {} must_match={} matched={:?}",
            result.path, result.line, result.title, result.must_match, result.matched
        )
    }));
    wrong.extend(
        report
            .unproven
            .iter()
            .map(|rule| format!("{}:{}: {} has no examples", rule.path, rule.line, rule.title)),
    );
    assert!(wrong.is_empty(), "{}\n{} problems", wrong.join("\n"), wrong.len());
}
