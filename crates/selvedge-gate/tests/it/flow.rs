//! One small repository from its files to its verdict.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_gate::codeowners::CodeOwners;
use selvedge_gate::config::Overlay;
use selvedge_gate::{
    Coverage, Date, PolicyBundle, PolicyOrigin, TriageInput, Triaged, baseline, evaluate, inline, triage,
};
use selvedge_model::{
    ByteRange, Engine, Finding, FingerprintKey, LineIndex, Location, Remediation, Rule, RuleId, Severity,
    Stage, Subject, Verdict,
};

/// A stand-in for an engine: every `KEY-n` is a finding of the rule `key`.
fn findings(path: &str, text: &str) -> Vec<Finding> {
    let rule = Rule {
        id: RuleId::new("key"),
        engine: Engine::Secrets,
        stage: Stage::Code,
        title: "Key".to_owned(),
        why: String::new(),
        remediation: Remediation::default(),
        severity: Severity::High,
        references: Vec::new(),
        tags: Vec::new(),
        pack: "test".to_owned(),
    };
    let lines = LineIndex::new(text.as_bytes());
    let hits = text.match_indices("KEY-").map(|(at, _)| at..at + 5);
    hits.map(|range| {
        let content = &text[range.clone()];
        let fingerprint = FingerprintKey::builtin().fingerprint(&[path.as_bytes(), content.as_bytes()]);
        let bytes = ByteRange::new(range.start, range.end);
        let location = Location::new(path, bytes, &lines, text.as_bytes());
        Finding::builder(&rule, Subject::Source { location }, fingerprint).build()
    })
    .collect()
}

/// Checks `tree` with the policy files of `policy`.
fn check(tree: &[(&str, &str)], policy: &[(&str, &str)], origin: &PolicyOrigin) -> (Triaged, Verdict) {
    let files: BTreeMap<&str, &str> = policy.iter().copied().collect();
    let mut texts = |path: &str| Ok(files.get(path).map(|text| (*text).to_owned()));
    let bundle = PolicyBundle::read(origin, &Overlay::default(), &mut texts).expect("a sound policy");
    let ignores: Vec<_> =
        tree.iter().flat_map(|(path, text)| inline::find(path, text.as_bytes()).ignores).collect();
    let owners = CodeOwners::parse("* @all\n/src/ @src", "CODEOWNERS").0;
    let triaged = triage(
        tree.iter().flat_map(|(path, text)| findings(path, text)).collect(),
        &TriageInput {
            inline: &ignores,
            allow_inline: bundle.allow_inline,
            exceptions: &bundle.exceptions,
            baseline: &bundle.baseline,
            gitleaks_ignore: &[&bundle.gitleaks_ignore],
            vex: &BTreeMap::new(),
            codeowners: &owners,
            known_rules: &BTreeSet::from(["key".to_owned()]),
            whole: true,
            today: Date::parse("2026-06-01").expect("a day"),
        },
    );
    let verdict = evaluate(&triaged.findings, &triaged.suppressed, Coverage::default(), &bundle.policy);
    (triaged, verdict)
}

const TREE: &[(&str, &str)] = &[
    ("src/a.py", "x = 'KEY-1'\ny = 'KEY-2'  # selvedge:ignore key made up for a test\n"),
    ("b.py", "KEY-3\n"),
];

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let (first, verdict) = check(TREE, &[], &PolicyOrigin::Tree);
    assert_eq!(verdict.reasons, ["failed: 2 findings of severity high or above (limit 0)"]);
    assert_eq!(
        (first.findings[0].owners.join(" "), first.findings[1].owners.join(" ")),
        ("@all".into(), "@src".into())
    );
    let known = baseline::write(&first.findings);
    let policy = [(baseline::BASELINE_PATH, known.as_str())];
    let (again, verdict) = check(TREE, &policy, &PolicyOrigin::Tree);
    assert!(verdict.pass, "{verdict:?}");
    assert_eq!((again.debt.known, again.debt.remaining, again.notices.len()), (2, 2, 0));
    let moved: Vec<_> = TREE.iter().map(|(path, text)| (*path, format!("\n\n{text}KEY-9\n"))).collect();
    let moved: Vec<_> = moved.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let (third, verdict) = check(&moved[1..], &policy, &PolicyOrigin::Tree);
    assert_eq!((third.findings.len(), third.debt.fixed()), (1, 1));
    assert_eq!(verdict.failing, [third.findings[0].fingerprint.clone()]);
}

#[test]
fn a_tree_cannot_excuse_itself_under_a_policy_from_elsewhere() {
    let main = PolicyOrigin::Revision("main".to_owned());
    let (triaged, verdict) = check(TREE, &[("selvedge.toml", "")], &main);
    assert_eq!(verdict.reasons, ["failed: 3 findings of severity high or above (limit 0)"]);
    assert_eq!(verdict.policy, "selvedge.toml at main");
    assert!(triaged.suppressed.is_empty());
    assert!(triaged.notices[0].message.contains("would suppress"), "{:?}", triaged.notices);
    let (triaged, _) = check(TREE, &[("selvedge.toml", "gate.allow-inline = true")], &main);
    assert_eq!(triaged.suppressed.len(), 1);
}
