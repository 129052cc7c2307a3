//! Findings and decisions in, division and notices out.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::testing::finding;
use crate::{baseline, exceptions, inline};

/// Texts of a small repository, and the run over it.
#[derive(Default)]
struct Case<'a> {
    inline: &'a [(&'a str, &'a str)],
    exceptions: &'a str,
    baseline: &'a [Finding],
    gitleaks_ignore: &'a str,
    codeowners: &'a str,
    part: bool,
    distrust: bool,
}

impl Case<'_> {
    fn run(&self, findings: Vec<Finding>) -> Triaged {
        let inline: Vec<_> =
            self.inline.iter().flat_map(|(path, text)| inline::find(path, text.as_bytes()).ignores).collect();
        let exceptions = exceptions::parse(self.exceptions, "e.toml").unwrap_or_else(|e| panic!("{e:?}"));
        let known = baseline::write(self.baseline);
        let baseline = Baseline::parse(&known, "b.json").expect("sound");
        let (ignore, _) = GitleaksIgnore::parse(self.gitleaks_ignore, ".gitleaksignore");
        let (codeowners, _) = CodeOwners::parse(self.codeowners, "CODEOWNERS");
        let known_rules = ["aws-key", "github-pat", "r"].map(str::to_owned).into();
        triage(
            findings,
            &TriageInput {
                inline: &inline,
                allow_inline: !self.distrust,
                exceptions: &exceptions,
                baseline: &baseline,
                gitleaks_ignore: &[&ignore],
                vex: &BTreeMap::new(),
                codeowners: &codeowners,
                known_rules: &known_rules,
                whole: !self.part,
                today: Date::new(2026, 6, 1).expect("a day"),
            },
        )
    }

    #[track_caller]
    fn check(&self, findings: Vec<Finding>, expected: &Expect) {
        expected.assert_eq(&show(&self.run(findings)));
    }
}

fn show(triaged: &Triaged) -> String {
    let mut page = String::new();
    for f in &triaged.findings {
        let _ = writeln!(page, "counts: {} {} {}", f.path(), f.rule, f.owners.join(" "));
    }
    for s in &triaged.suppressed {
        let (f, by) = (&s.finding, &s.suppression);
        let _ = writeln!(
            page,
            "suppressed: {} {} by {:?} {}: {}",
            f.path(),
            f.rule,
            by.kind,
            by.origin,
            by.reason
        );
    }
    for notice in &triaged.notices {
        let _ = writeln!(page, "notice: {}: {}", notice.origin, notice.message);
    }
    page
}

fn exception(selector: &str, expires: &str) -> String {
    format!("[[exceptions]]\n{selector}\nowner = 'ann'\nreason = 'why'\nexpires = {expires}\n")
}

#[test]
fn each_kind_of_decision_suppresses() {
    let text = exception("rule = 'r'\npath = 'tests/'", "2026-06-01");
    let old = finding("r", "d.py", 1, "old");
    Case {
        inline: &[("a.py", "key # selvedge:ignore r made up")],
        exceptions: &text,
        baseline: std::slice::from_ref(&old),
        gitleaks_ignore: "c.py:r:7",
        codeowners: "* @all\n*.rb @rb",
        ..Case::default()
    }
    .check(
        vec![
            old.clone(),
            finding("r", "c.py", 7, "c"),
            finding("r", "tests/b.py", 1, "b"),
            finding("r", "a.py", 1, "a"),
            finding("r", "e.rb", 1, "e"),
        ],
        &expect![[r#"
            counts: e.rb r @rb
            suppressed: a.py r by Inline a.py:1: made up
            suppressed: c.py r by GitleaksIgnore .gitleaksignore:1: 
            suppressed: d.py r by Baseline b.json:2: known before the baseline was written
            suppressed: tests/b.py r by Exception e.toml:1: why
        "#]],
    );
}

#[test]
fn the_nearest_decision_wins_and_none_that_matches_is_called_unused() {
    let one = finding("r", "a.py", 1, "a");
    let case = Case {
        inline: &[("a.py", "key # selvedge:ignore r made up")],
        exceptions: &exception("rule = 'r'", "2026-12-31"),
        baseline: std::slice::from_ref(&one),
        gitleaks_ignore: "a.py:r:1",
        ..Case::default()
    };
    case.check(
        vec![one.clone()],
        &expect![[r#"
        suppressed: a.py r by Inline a.py:1: made up
    "#]],
    );
    Case { inline: &[], ..case }.check(
        vec![one.clone()],
        &expect![[r#"
        suppressed: a.py r by Exception e.toml:1: why
    "#]],
    );
}

#[test]
fn an_expired_exception_no_longer_suppresses_and_says_so() {
    let text = [
        exception("rule = 'r'", "2026-05-31"),
        exception("rule = 'aws-key'", "2020-01-01"),
        exception("path = 'x/'", "2027-01-01"),
        exception("rule = 'github-pta'", "2027-01-01"),
        exception("path = 'b.py'", "2999-01-01"),
    ]
    .concat();
    let findings = vec![finding("r", "a.py", 1, "a"), finding("r", "b.py", 1, "b")];
    Case { exceptions: &text, ..Case::default() }.check(findings.clone(), &expect![[r#"
        counts: a.py r 
        suppressed: b.py r by Exception e.toml:21: why
        notice: e.toml:1: the exception of ann expired on 2026-05-31 and no longer suppresses 2 findings
        notice: e.toml:11: the exception of ann matches no finding; remove it
        notice: e.toml:16: the exception names the unknown rule `github-pta`; did you mean `github-pat`?
        notice: e.toml:21: the exception of ann holds for 355230 more days; one that ends after more than 1098 days will hardly be looked at again
        notice: e.toml:6: the exception of ann expired on 2020-01-01 and matches no finding; remove it
    "#]]);
    Case { exceptions: &text, part: true, ..Case::default() }.check(findings, &expect![[r#"
        counts: a.py r 
        suppressed: b.py r by Exception e.toml:21: why
        notice: e.toml:1: the exception of ann expired on 2026-05-31 and no longer suppresses 2 findings
        notice: e.toml:16: the exception names the unknown rule `github-pta`; did you mean `github-pat`?
        notice: e.toml:21: the exception of ann holds for 355230 more days; one that ends after more than 1098 days will hardly be looked at again
    "#]]);
}

#[test]
fn a_fingerprint_names_the_finding_or_the_secret_everywhere() {
    let findings = vec![
        finding("r", "a.py", 1, "same"),
        finding("r", "b.py", 1, "same"),
        finding("r", "c.py", 1, "other"),
    ];
    let secret = findings[0].secret.as_ref().expect("a secret").fingerprint.clone();
    let by_secret = exception(&format!("fingerprint = '{secret}'"), "2027-01-01");
    assert_eq!(Case { exceptions: &by_secret, ..Case::default() }.run(findings.clone()).suppressed.len(), 2);
    let by_finding = exception(&format!("fingerprint = '{}'", findings[0].fingerprint), "2027-01-01");
    let triaged = Case { exceptions: &by_finding, ..Case::default() }.run(findings.clone());
    assert_eq!(triaged.suppressed.len(), 1);
    assert_eq!(triaged.suppressed[0].suppression.expires.as_deref(), Some("2027-01-01"));
    let elsewhere = exception(&format!("fingerprint = '{secret}'\npath = 'b.py'"), "2027-01-01");
    assert_eq!(Case { exceptions: &elsewhere, ..Case::default() }.run(findings).suppressed.len(), 1);
}

#[test]
fn inline_ignores_with_mistakes_are_told() {
    let text = "a # selvedge:ignore github-pta fake\nb # selvedge:ignore *\nc # selvedge:ignore\n\
                d # selvedge:ignore r\ne # selvedge:ignore r gone\nf gitleaks:allow\n";
    let at = |line| finding("r", "a.py", line, &format!("secret {line}"));
    let case = Case { inline: &[("a.py", text)], ..Case::default() };
    case.check(
        vec![at(1), at(2), at(3), at(4), at(6)],
        &expect![[r#"
        counts: a.py r 
        counts: a.py r 
        counts: a.py r 
        suppressed: a.py r by Inline a.py:4: 
        suppressed: a.py r by Inline a.py:6: gitleaks:allow
        notice: a.py:1: `selvedge:ignore` names the unknown rule `github-pta`; did you mean `github-pat`?
        notice: a.py:2: `selvedge:ignore *` needs a reason and does not suppress without one
        notice: a.py:3: `selvedge:ignore` names no rule; expected `selvedge:ignore RULE reason`
        notice: a.py:4: `selvedge:ignore r` gives no reason
        notice: a.py:5: `selvedge:ignore r` matches no finding
    "#]],
    );
    Case { distrust: true, ..case }.check(vec![at(4), at(6)], &expect![[r#"
        counts: a.py r 
        counts: a.py r 
        notice: policy: 2 inline ignores of the checked tree would suppress findings and are not honoured (gate.allow-inline)
    "#]]);
}

#[test]
fn fixed_findings_are_told_once() {
    let known = [finding("r", "a.py", 1, "a"), finding("r", "b.py", 1, "b")];
    let case = Case { baseline: &known, ..Case::default() };
    case.check(vec![known[0].clone(), finding("r", "a.py", 2, "new")], &expect![[r#"
        counts: a.py r 
        suppressed: a.py r by Baseline b.json:2: known before the baseline was written
        notice: b.json: 1 of 2 known findings are gone, 1 are left; write the baseline anew with --write-baseline so that they cannot come back unseen
    "#]]);
    assert_eq!(case.run(vec![known[1].clone()]).debt, Debt { known: 2, remaining: 1 });
    assert!(Case { part: true, ..case }.run(Vec::new()).notices.is_empty());
}

#[test]
fn unused_gitleaks_entries_are_told() {
    Case { gitleaks_ignore: "a.py:r:1\nb.py:r:2", ..Case::default() }.check(
        vec![finding("r", "a.py", 1, "a")],
        &expect![[r#"
            suppressed: a.py r by GitleaksIgnore .gitleaksignore:1: 
            notice: .gitleaksignore:2: `b.py:r:2` matches no finding
        "#]],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Indexed look-up and asking every exception one by one agree, in any order of findings.
    #[test]
    fn every_finding_is_kept_once_and_the_index_agrees_with_the_plain_search(
        subjects in prop::collection::vec((0usize..3, 0usize..4, 0u32..3), 0..12),
        selectors in prop::collection::vec((0usize..4, 0usize..3, 0usize..4, any::<bool>()), 0..8),
    ) {
        let rules = ["r", "aws-key", "github-pat"];
        let paths = ["a.py", "src/b.py", "src/c.rs", "d"];
        let findings: Vec<_> = subjects.iter().enumerate()
            .map(|(n, (rule, path, line))| finding(rules[*rule], paths[*path], line + 1, &format!("value {n}")))
            .collect();
        let text: String = selectors.iter().map(|(kind, rule, path, holds)| {
            let selector = match kind {
                0 => format!("rule = '{}'", rules[*rule]),
                1 => format!("path = '{}'", ["*.py", "src/", "d", "/a.py"][*path]),
                2 => format!("rule = '{}'\npath = 'src/'", rules[*rule]),
                _ => format!("fingerprint = '{}'", finding("r", paths[*path], 1, "value 0").fingerprint),
            };
            exception(&selector, if *holds { "2027-01-01" } else { "2025-01-01" })
        }).collect();
        let all = exceptions::parse(&text, "e").expect("sound");
        let today = Date::new(2026, 6, 1).expect("a day");
        let case = Case { exceptions: &text, ..Case::default() };
        let triaged = case.run(findings.clone());
        prop_assert_eq!(triaged.findings.len() + triaged.suppressed.len(), findings.len());
        for f in &triaged.findings {
            prop_assert!(!all.iter().any(|e| e.holds_on(today) && e.matches(f)));
        }
        for s in &triaged.suppressed {
            prop_assert!(all.iter().any(|e| e.holds_on(today) && e.matches(&s.finding)));
        }
        prop_assert_eq!(case.run(findings.into_iter().rev().collect()), triaged);
    }
}
