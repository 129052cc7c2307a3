//! Policy and findings in, sentences out.

use selvedge_model::{Suppression, SuppressionKind};

use super::*;
use crate::config::{Config, Overlay, resolve};
use crate::testing::{finding, leveled};

fn policy(text: &str) -> Policy {
    let config = Config::parse(text, "selvedge.toml").expect("a policy");
    let resolved = resolve(&config, &Overlay::default()).expect("no overlay");
    Policy { gate: resolved.settings.gate, origin: "selvedge.toml".to_owned() }
}

fn some(list: &[(Severity, Confidence)]) -> Vec<Finding> {
    let make = |(index, (severity, confidence)): (usize, &(Severity, Confidence))| {
        leveled(
            finding("r", "a.py", index as u32 + 1, &format!("secret number {index}")),
            *severity,
            *confidence,
        )
    };
    list.iter().enumerate().map(make).collect()
}

fn known(finding: Finding, kind: SuppressionKind) -> Suppressed {
    let suppression =
        Suppression { kind, origin: String::new(), reason: String::new(), owner: None, expires: None };
    Suppressed { finding, suppression }
}

#[track_caller]
fn check(policy_text: &str, findings: &[(Severity, Confidence)], pass: bool, reasons: &[&str]) {
    let findings = some(findings);
    let verdict = evaluate(&findings, &[], Coverage::default(), &policy(policy_text));
    assert_eq!(verdict.reasons, reasons);
    assert_eq!(verdict.pass, pass);
    assert_eq!(verdict.failing.is_empty(), pass);
    let reversed: Vec<_> = findings.into_iter().rev().collect();
    assert_eq!(evaluate(&reversed, &[], Coverage::default(), &policy(policy_text)), verdict);
}

use Confidence as C;
use Severity as S;

#[test]
fn the_default_fails_on_high_and_above_from_medium_confidence_on() {
    check("", &[], true, &["passed: no finding of severity high or above counts"]);
    check(
        "",
        &[(S::High, C::Medium), (S::Critical, C::High), (S::Medium, C::High)],
        false,
        &["failed: 2 findings of severity high or above (limit 0)"],
    );
    check(
        "",
        &[(S::High, C::Low), (S::Medium, C::High)],
        true,
        &[
            "passed: no finding of severity high or above counts",
            "1 finding of confidence below medium does not count",
        ],
    );
}

#[test]
fn budgets_replace_the_threshold_for_their_severity() {
    let text = "[gate.budget]\nhigh = 1\nmedium = 0";
    check(
        text,
        &[(S::High, C::High)],
        true,
        &[
            "passed: 1 finding of severity high (budget 1)",
            "passed: 0 findings of severity medium (budget 0)",
            "passed: no finding of severity critical counts",
        ],
    );
    check(
        text,
        &[(S::High, C::High), (S::High, C::High), (S::Medium, C::High), (S::Critical, C::High)],
        false,
        &[
            "failed: 2 findings of severity high (budget 1)",
            "failed: 1 finding of severity medium (budget 0)",
            "failed: 1 finding of severity critical (limit 0)",
        ],
    );
    check(
        "gate.fail-on = 'low'\ngate.budget.high = 9",
        &[(S::Low, C::High)],
        false,
        &["failed: 1 finding of severity low, medium or critical (limit 0)"],
    );
}

#[test]
fn never_leaves_it_to_the_budgets() {
    check(
        "gate.fail-on = 'never'",
        &[(S::Critical, C::High)],
        true,
        &["passed: the policy sets neither a threshold nor a budget"],
    );
    check(
        "gate = { fail-on = 'never', budget = { low = 0 } }",
        &[(S::Low, C::High)],
        false,
        &["failed: 1 finding of severity low (budget 0)"],
    );
}

#[test]
fn an_engine_may_differ() {
    let text = "[gate]\nfail-on = 'critical'\n[gate.secrets]\nfail-on = 'low'\nmin-confidence = 'high'";
    check(
        text,
        &[(S::Low, C::High), (S::High, C::Medium)],
        false,
        &[
            "failed: 1 finding of severity low or above (limit 0)",
            "1 finding of confidence below high does not count",
        ],
    );
}

#[test]
fn known_findings_count_only_if_asked_for() {
    let mut all = some(&[(S::High, C::High); 3]);
    let excepted = known(all.pop().expect("three"), SuppressionKind::Exception);
    let suppressed = [known(all.pop().expect("three"), SuppressionKind::Baseline), excepted];
    let verdict = evaluate(&[], &suppressed, Coverage::default(), &policy(""));
    assert!(verdict.pass);
    assert_eq!(
        verdict.reasons,
        [
            "passed: no finding of severity high or above counts",
            "1 finding known to the baseline does not count",
        ]
    );
    let verdict = evaluate(&all, &suppressed, Coverage::default(), &policy("gate.new-only = false"));
    assert_eq!(
        verdict.reasons,
        ["failed: 2 findings of severity high or above, 1 of them known to the baseline (limit 0)",]
    );
    assert_eq!(verdict.failing.len(), 2);
}

#[test]
fn an_incomplete_run_fails_if_the_policy_says_so() {
    let diagnostics = [
        Diagnostic::new(DiagnosticKind::Unreadable, "x").at("a"),
        Diagnostic::new(DiagnosticKind::PartialHistory, "y"),
        Diagnostic::new(DiagnosticKind::Unreadable, "x").at("b"),
    ];
    let coverage = Coverage { partial: true, diagnostics: &diagnostics };
    assert!(evaluate(&[], &[], coverage, &policy("")).pass);
    let verdict = evaluate(&[], &[], coverage, &policy("gate.fail-on-partial = true"));
    assert!(!verdict.pass);
    assert_eq!(
        verdict.reasons,
        ["failed: part of what was asked for could not be looked at (gate.fail-on-partial): 2 unreadable, \
         1 incomplete history",]
    );
}
