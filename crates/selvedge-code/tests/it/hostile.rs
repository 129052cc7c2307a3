//! Hostile rules and files: bounded, reported, never a panic.

use std::fmt::Write as _;

use proptest::prelude::*;
use selvedge_code::{RuleFile, RuleSet};

use crate::rule;

fn scan(rules: &str, path: &str, code: &[u8]) -> (usize, usize) {
    let (set, rejected) = RuleSet::load(&[RuleFile { name: "r.yaml", text: rules }]);
    (set.scan_file(path, code).matches.len(), rejected.len())
}

#[test]
fn an_exponential_pattern_runs_out_of_steps_and_says_so() {
    let dots = "...\n      $X()\n      ".repeat(40);
    let text = rule("python", &format!("  pattern: |\n      f()\n      {dots}\n      never()\n"));
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let code = format!("{}never\n", "f()\na()\n".repeat(1500));
    let outcome = set.scan_file("a.py", code.as_bytes());
    assert!(outcome.matches.is_empty());
}

#[test]
fn a_regular_expression_that_backtracks_is_stopped() {
    let text = rule("regex", "  pattern-regex: (?:(a+)\\1?)+c\n");
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let outcome = set.scan_file("a.txt", "a".repeat(200).as_bytes());
    assert!(outcome.matches.is_empty());
    assert_eq!(outcome.diagnostics.len(), 1, "the limit is reported");
}

#[test]
fn deep_yaml_and_a_huge_regular_expression_are_refused() {
    let deep = format!("rules: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(scan(&deep, "a.py", b"x"), (0, 1));
    let huge = rule("regex", &format!("  pattern-regex: '{}'\n", "(a{1,900}){1,900}".repeat(4)));
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &huge }]);
    assert!(set.check()[0].reason.contains("bytes"));
}

#[test]
fn deeply_nested_code_and_binary_files_are_survived() {
    let text = rule("python", "  pattern: $F(...)\n");
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let nested = format!("{}{}", "f(".repeat(5000), ")".repeat(5000));
    set.scan_file("a.py", nested.as_bytes());
    let binary: Vec<u8> = (0..50_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    set.scan_file("a.py", &binary);
    set.scan_file("a.js", &binary);
}

#[test]
fn nested_code_is_followed_for_taint() {
    let text = rule(
        "python",
        "  mode: taint\n  pattern-sources: [{pattern: source()}]\n  pattern-sinks: [{pattern: sink(...)}]\n",
    );
    let mut code = String::from("x = source()\n");
    for depth in 0..90 {
        writeln!(code, "{}while c:", " ".repeat(depth)).expect("a string takes all");
    }
    writeln!(code, "{}sink(x)", " ".repeat(90)).expect("a string takes all");
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let outcome = set.scan_file("a.py", code.as_bytes());
    assert!(outcome.matches.len() + outcome.diagnostics.len() > 0, "found, or the limit is reported");
}

/// Texts of the characters that patterns, expressions and rules are made of.
fn source() -> impl Strategy<Value = String> {
    "[ \\n\\ta-c0-1$X.(){}\\[\\]<>=+\\-*/%&|!~^?:;,#@'\"\\\\é]{0,60}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_rule_file_loads_or_is_refused(text in "(rules:\n)?[-a-z :\\[\\]{}\n$X.&*|>]{0,200}") {
        scan(&text, "a.py", b"a = 1\n");
    }

    #[test]
    fn any_pattern_ends(pattern in source(), code in source(), target in 0usize..4) {
        let target = ["python", "javascript", "generic", "regex"][target];
        let quoted = format!("'{}'", pattern.replace('\'', "''").replace('\n', "\n\n  "));
        let text = rule(target, &format!("  pattern: {quoted}\n"));
        scan(&text, "a.py", code.as_bytes());
        scan(&text, "a.js", code.as_bytes());
    }

    #[test]
    fn any_comparison_and_expression_ends(expression in source(), regex in source(), code in source()) {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''").replace('\n', " "));
        let body = format!(
            "  patterns:\n  - pattern: $X\n  - metavariable-comparison: {{metavariable: $X, comparison: {}}}\n  - metavariable-regex: {{metavariable: $X, regex: {}}}\n  - metavariable-analysis: {{metavariable: $X, analyzer: redos}}\n",
            quoted(&expression),
            quoted(&regex),
        );
        scan(&rule("python", &body), "a.py", code.as_bytes());
    }
}
