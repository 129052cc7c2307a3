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
    let suppression = Suppression {
        kind,
        origin: String::new(),
        reason: String::new(),
        owner: None,
        expires: None,
        justification: None,
    };
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
    let coverage = Coverage { partial: true, diagnostics: &diagnostics, dependencies: None };
    assert!(evaluate(&[], &[], coverage, &policy("")).pass);
    let verdict = evaluate(&[], &[], coverage, &policy("gate.fail-on-partial = true"));
    assert!(!verdict.pass);
    assert_eq!(
        verdict.reasons,
        ["failed: part of what was asked for could not be looked at (gate.fail-on-partial): 2 unreadable, \
         1 incomplete history",]
    );
}

/// A finding about a package, of low severity.
fn packaged(path: &str, facts: selvedge_model::PackageFacts) -> Finding {
    let mut finding = leveled(finding("CVE-2021-0001", path, 1, path), Severity::Low, Confidence::High);
    finding.engine = selvedge_model::Engine::Dependencies;
    finding.package = Some(Box::new(facts));
    finding
}

#[test]
fn malicious_and_exploited_packages_fail_whatever_their_severity() {
    use selvedge_model::{EpssScore, PackageFacts};
    let epss = EpssScore { probability: "0.25".to_owned(), percentile: "0.9".to_owned() };
    let findings = [
        packaged("a", PackageFacts { malicious: true, ..PackageFacts::default() }),
        packaged(
            "b",
            PackageFacts { exploited_since: Some("2024-01-01".to_owned()), ..PackageFacts::default() },
        ),
        packaged("c", PackageFacts { epss: Some(epss), ..PackageFacts::default() }),
        packaged("d", PackageFacts::default()),
    ];
    let mut policy = Policy::default();
    policy.gate.all.fail_on = Threshold::Never;
    for (_, engine) in &mut policy.gate.engines {
        engine.fail_on = Threshold::Never;
    }
    let failing = |policy: &Policy| evaluate(&findings, &[], Coverage::default(), policy).failing.len();
    assert_eq!(failing(&policy), 2);
    policy.gate.dependencies.fail_on_epss_percent = Some(25);
    assert_eq!(failing(&policy), 3);
    policy.gate.dependencies.fail_on_epss_percent = Some(26);
    policy.gate.dependencies.fail_on_exploited = false;
    assert_eq!(failing(&policy), 1, "a malicious package cannot be tolerated by policy");
}

#[test]
fn without_advisories_nothing_is_clean_and_a_policy_can_insist() {
    use selvedge_model::{AdvisoryDatabase, DependencyInfo};
    let mut policy = Policy::default();
    let verdict = |info: &DependencyInfo, policy: &Policy| {
        evaluate(&[], &[], Coverage { dependencies: Some(info), ..Coverage::default() }, policy)
    };
    let none = DependencyInfo { packages: 2, ..DependencyInfo::default() };
    let lenient = verdict(&none, &policy);
    assert!(lenient.pass && !lenient.undecided);
    assert!(lenient.reasons.last().unwrap().starts_with("2 packages were not held against any advisory"));
    policy.gate.dependencies.require_advisories = true;
    policy.gate.dependencies.max_age_days = Some(7);
    let strict = verdict(&none, &policy);
    assert!(!strict.pass && strict.undecided, "{strict:?}");
    let fresh = AdvisoryDatabase { age_days: 7, ..AdvisoryDatabase::default() };
    let mut info = DependencyInfo { packages: 2, database: Some(fresh), ..DependencyInfo::default() };
    assert!(verdict(&info, &policy).pass);
    info.without_data.insert("npm".to_owned(), 1);
    assert!(verdict(&info, &policy).undecided, "an ecosystem without data is not clean either");
    info.without_data.clear();
    info.database = Some(AdvisoryDatabase { age_days: 8, ..AdvisoryDatabase::default() });
    assert!(verdict(&info, &policy).undecided);
    info.packages = 0;
    assert!(verdict(&info, &policy).pass, "there is nothing to decide about");
}
