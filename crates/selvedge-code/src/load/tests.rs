//! What rule files load into, and what is told about those that do not.

use std::fmt::Write as _;

use super::*;
use crate::rule::{Condition, Formula, SideEffect};

fn load(text: &str) -> (Vec<RuleDefinition>, Vec<Rejected>) {
    let (mut rules, mut rejected) = (Vec::new(), Vec::new());
    read_file("r.yaml", text, &mut rules, &mut rejected);
    (rules, rejected)
}

fn rule(body: &str) -> String {
    format!("rules:\n- id: r\n  message: m\n  severity: ERROR\n  languages: [python]\n{body}")
}

#[track_caller]
fn one(body: &str) -> RuleDefinition {
    let (mut rules, rejected) = load(&rule(body));
    assert_eq!(rejected, []);
    rules.pop().expect("one rule")
}

#[track_caller]
fn refused(body: &str, line: u32, reason: &str) {
    let (rules, rejected) = load(&rule(body));
    assert!(rules.is_empty(), "the rule was loaded");
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].line, line, "{}", rejected[0].reason);
    assert!(rejected[0].reason.contains(reason), "{}", rejected[0].reason);
    assert_eq!(rejected[0].rule.as_deref(), Some("r"));
}

#[test]
fn every_operator_of_the_classic_syntax_loads() {
    let rule = one(
        "  patterns:\n  - pattern-either:\n    - pattern: f($X)\n    - pattern-regex: a+\n  - pattern-inside: |\n      def $F(): ...\n  - pattern-not: f(1)\n  - pattern-not-inside: 'class C: ...'\n  - pattern-not-regex: b\n  - metavariable-regex: {metavariable: $X, regex: a}\n  - metavariable-pattern: {metavariable: $X, language: regex, pattern-regex: x}\n  - metavariable-comparison: {metavariable: $X, comparison: $X > 1, base: 8, strip: true}\n  - metavariable-analysis: {metavariable: $X, analyzer: entropy}\n  - metavariable-type: {metavariable: $X, type: str}\n  - metavariable-name: {metavariable: $X, module: a.b}\n  - focus-metavariable: [$X, $F]\n",
    );
    let Mode::Search(Formula::And(all)) = &rule.mode else { panic!("expected a conjunction") };
    assert_eq!((all.positive.len(), all.negative.len(), all.conditions.len()), (2, 3, 6));
    assert_eq!(all.focus, [["$X", "$F"]]);
    assert_eq!(rule.leaves.len(), 7);
    assert_eq!(rule.leaves[6].target, Some(Target::Regex));
}

#[test]
fn the_newer_syntax_means_the_same() {
    let rule = one(
        "  match:\n    all:\n    - f($X)\n    - not: f(1)\n    - inside: 'def $F(): ...'\n    - any: [a, {regex: b}]\n    where:\n    - metavariable: $X\n      regex: a\n    - comparison: $X > 1\n    - focus: $X\n    - metavariable: $F\n      any: [x, y]\n",
    );
    let Mode::Search(Formula::And(all)) = &rule.mode else { panic!("expected a conjunction") };
    assert_eq!((all.positive.len(), all.negative.len(), all.conditions.len()), (3, 1, 3));
    assert_eq!(all.focus, [["$X"]]);
    assert!(matches!(all.conditions[2], Condition::Pattern { .. }));
}

#[test]
fn taint_rules_load_in_both_syntaxes() {
    let rule = one(
        "  mode: taint\n  pattern-sources:\n  - pattern: src()\n    label: A\n    by-side-effect: only\n  pattern-sinks:\n  - patterns:\n    - pattern: sink($X)\n    - focus-metavariable: $X\n    requires: A and not B\n  pattern-propagators:\n  - pattern: $A.add($B)\n    from: $B\n    to: $A\n  pattern-sanitizers:\n  - pattern: clean(...)\n",
    );
    let Mode::Taint(taint) = &rule.mode else { panic!("expected taint") };
    assert_eq!(taint.sources[0].side_effect, SideEffect::Only);
    assert_eq!(taint.propagators[0].to, "$A");
    let rule = one(
        "  taint:\n    sources: [src()]\n    sinks:\n    - pattern: sink($X)\n      where: [{focus: $X}]\n",
    );
    assert!(matches!(rule.mode, Mode::Taint(_)));
}

#[test]
fn what_is_not_evaluated_is_named_with_its_line() {
    refused("  mode: join\n  join: {}\n", 6, "`mode: join`");
    refused("  patterns:\n  - pattern-where-python: x\n", 7, "run code");
    refused("  pattern: a\n  pattern-regex: b\n", 7, "beside");
    refused("  message: x\n", 2, "expected `pattern`");
    refused("  patterns:\n  - metavariable-regex: {regex: a}\n", 7, "`metavariable` is missing");
    refused("  patterns: {a: b}\n", 6, "expected a list");
    refused("  min-version: 99.0.0\n  pattern: a\n", 6, "newer");
    let (rules, rejected) =
        load("rules:\n- id: r\n  languages: [python, brainfuck]\n  severity: LOW\n  pattern: a\n");
    assert_eq!(rules.len(), 1);
    assert_eq!((rejected[0].line, rejected[0].whole), (3, false));
}

#[test]
fn one_bad_rule_does_not_hide_the_next() {
    let text =
        "rules:\n- id: a\n  pattern: x\n- id: b\n  languages: [python]\n  severity: INFO\n  pattern: y\n";
    let (rules, rejected) = load(text);
    assert_eq!(rules[0].id, "b");
    assert_eq!((rejected[0].rule.as_deref(), rejected[0].line), (Some("a"), 2));
}

#[test]
fn depth_is_bounded() {
    let mut body = String::new();
    for depth in 0..60 {
        let pad = " ".repeat(2 + depth * 2);
        let dash = if depth == 0 { "" } else { "- " };
        let pad = if depth == 0 { pad } else { " ".repeat(depth * 2) };
        writeln!(body, "{pad}{dash}pattern-either:").expect("a string takes all");
    }
    writeln!(body, "{}- pattern: x", " ".repeat(60 * 2)).expect("a string takes all");
    let (rules, rejected) = load(&rule(&body));
    assert!(rules.is_empty());
    assert!(rejected.iter().any(|rejected| rejected.reason.contains("nested")), "{rejected:?}");
}

#[test]
fn options_are_read_and_unknown_ones_named() {
    let (rules, rejected) = load(&rule(
        "  pattern: a\n  options:\n    generic_ellipsis_max_span: 3\n    taint_assume_safe_numbers: true\n    interfile: true\n    nonsense: true\n",
    ));
    assert_eq!(rules[0].options.generic.ellipsis_max_span, 3);
    assert!(rules[0].options.taint.assume_safe_numbers);
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].line, 11);
}

#[test]
fn options_that_are_not_honoured_are_named_and_the_rule_is_used() {
    let (rules, rejected) = load(&rule("  pattern: a\n  options:\n    generic_braces: ['()']\n"));
    assert_eq!(rules.len(), 1);
    assert_eq!(rejected.len(), 1);
    assert!(!rejected[0].whole && rejected[0].reason.contains("generic_braces"), "{rejected:?}");
}
