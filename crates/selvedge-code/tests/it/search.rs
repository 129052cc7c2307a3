//! Search rules: operators of formulas and conditions, on code and on text.

use selvedge_code::{RuleFile, RuleSet};

use crate::{lines, rule};

#[track_caller]
fn check(body: &str, code: &str, expected: &[u32]) {
    assert_eq!(lines("python", body, "a.py", code), expected, "{body}");
}

const CODE: &str = "\
import os
def f(x):
    run(x)
    run('a')
run(x, 1)
size(0o777)
";

#[test]
fn formulas_narrow_and_take_away() {
    check("  pattern: run(...)\n", CODE, &[3, 4, 5]);
    check("  patterns:\n  - pattern: run(...)\n  - pattern-not: run('...')\n", CODE, &[3, 5]);
    check(
        "  patterns:\n  - pattern: run(...)\n  - pattern-inside: |\n      def $F(...): ...\n",
        CODE,
        &[3, 4],
    );
    check(
        "  patterns:\n  - pattern: run(...)\n  - pattern-not-inside: |\n      def $F(...): ...\n",
        CODE,
        &[5],
    );
    check("  pattern-either:\n  - pattern: run($A, 1)\n  - pattern: size(...)\n", CODE, &[5, 6]);
    check("  patterns:\n  - pattern: run($X)\n  - focus-metavariable: $X\n", CODE, &[3, 4]);
    check(
        "  match:\n    all:\n    - run(...)\n    - not: run('...')\n    - inside: 'def $F(...): ...'\n",
        CODE,
        &[3],
    );
}

#[test]
fn bindings_agree_across_operators() {
    let body = "  patterns:\n  - pattern: run($X)\n  - pattern-inside: |\n      def f($X): ...\n";
    check(body, CODE, &[3]);
}

#[test]
fn conditions_judge_what_is_bound() {
    let with = |condition: &str| format!("  patterns:\n  - pattern: $F($X)\n  - {condition}\n");
    check(&with("metavariable-regex: {metavariable: $F, regex: ru}"), CODE, &[3, 4]);
    check(&with("metavariable-regex: {metavariable: $F, regex: un}"), CODE, &[]);
    check(&with("metavariable-comparison: {metavariable: $X, comparison: $X >= 0o700}"), CODE, &[6]);
    check(&with("metavariable-pattern: {metavariable: $X, pattern: '\"...\"'}"), CODE, &[4]);
    check(&with("metavariable-pattern: {metavariable: $X, language: regex, pattern-regex: ^a$}"), CODE, &[4]);
    check(&with("metavariable-type: {metavariable: $X, type: str}"), CODE, &[4]);
    let random = "k = key('wJalrXUtnFEMIK7MDENGbPxRfiCY')\nk = key('changeme')\n";
    check(&with("metavariable-analysis: {metavariable: $X, analyzer: entropy}"), random, &[1]);
    let slow = "compile('(a+)+b')\ncompile('a+b')\n";
    check(&with("metavariable-analysis: {metavariable: $X, analyzer: redos}"), slow, &[1]);
}

#[test]
fn regular_expressions_run_over_the_text() {
    check("  pattern-regex: ^size", CODE, &[6]);
    check(
        "  patterns:\n  - pattern-regex: run\\((?<X>.)\\)\n  - metavariable-regex: {metavariable: $X, regex: x}\n",
        CODE,
        &[3],
    );
    check("  patterns:\n  - pattern: run(...)\n  - pattern-not-regex: '1'\n", CODE, &[3, 4]);
    assert_eq!(lines("regex", "  pattern-regex: s[a-z]+e\n", "notes.txt", "a size\n"), [1]);
}

#[test]
fn generic_text_is_matched_by_tokens() {
    let body = "  patterns:\n  - pattern: |\n      server { ... listen $X; ... }\n";
    assert_eq!(lines("generic", body, "nginx.conf", "server {\n  name a;\n  listen 80;\n}\n"), [1]);
    let body = "  pattern: listen $X;\n";
    assert_eq!(lines("generic", body, "nginx.conf", "server {\n  name a;\n  listen 80;\n}\n"), [3]);
}

#[test]
fn messages_and_fixes_name_what_was_found() {
    let text = rule("python", "  pattern: run($X)\n  fix: safe($X)\n");
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let found = set.scan_file("a.py", b"run(y)\n").matches.pop().expect("one match");
    assert_eq!((found.message.as_str(), found.fix.as_deref()), ("found y", Some("safe(y)")));
    let text = rule("python", "  pattern: run($X)\n  fix-regex: {regex: 'r(un)', replacement: 'f\\1'}\n");
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let found = set.scan_file("a.py", b"run(y)\n").matches.pop().expect("one match");
    assert_eq!(found.fix.as_deref(), Some("fun(y)"));
}

#[test]
fn comments_silence_and_are_listed() {
    let text = rule("python", "  pattern: run(...)\n");
    let (set, _) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    let outcome = set.scan_file("a.py", b"run(1)  # nosemgrep: r\nrun(2)\n");
    assert_eq!(outcome.matches.len(), 1);
    assert_eq!((outcome.suppressed[0].rule.as_str(), outcome.suppressed[0].line), ("r", 1));
}

#[test]
fn paths_decide_which_files_are_looked_at() {
    let body = "  pattern: run(...)\n  paths: {include: ['src/'], exclude: ['*_test.py']}\n";
    assert_eq!(lines("python", body, "src/a.py", "run(1)\n"), [1]);
    assert!(lines("python", body, "a.py", "run(1)\n").is_empty());
    assert!(lines("python", body, "src/a_test.py", "run(1)\n").is_empty());
}

#[test]
fn a_pattern_that_cannot_be_read_is_named_with_its_line() {
    let text = rule("python", "  patterns:\n  - pattern: run(\n");
    let (set, rejected) = RuleSet::load(&[RuleFile { name: "r.yaml", text: &text }]);
    assert_eq!(rejected, []);
    let problems = set.check();
    assert_eq!((problems[0].rule.as_deref(), problems[0].line, problems[0].whole), (Some("r"), 7, true));
}
