//! What a match says as a finding.

use selvedge_model::{FingerprintKey, LineIndex, Severity};

use crate::{RuleFile, RuleSet, Telling};

const RULE: &str = "rules:
- id: no-eval
  message: Do not call eval. It runs $X.
  severity: ERROR
  languages: [python]
  pattern: eval($X)
  fix: safe($X)
  metadata:
    cwe: ['CWE-95: Improper Neutralization']
    owasp: A03:2021 - Injection
    references: [https://example.org/]
    confidence: HIGH
    category: security
    subcategory: [audit]
    fix: [Parse the text instead.]
";

fn findings(code: &str) -> Vec<selvedge_model::Finding> {
    let (set, rejected) = RuleSet::load(&[RuleFile { name: "r.yaml", text: RULE }]);
    assert_eq!(rejected, []);
    let outcome = set.scan_file("a.py", code.as_bytes());
    let lines = LineIndex::new(code.as_bytes());
    let key = FingerprintKey::builtin();
    let telling = Telling { path: "a.py", bytes: code.as_bytes(), lines: &lines, secrets: &[], key: &key };
    set.findings(&telling, &outcome.matches)
}

#[test]
fn a_finding_says_what_why_and_what_to_do() {
    let finding = findings("x = eval( y )\n").pop().expect("one finding");
    assert_eq!(finding.severity, Severity::High);
    assert_eq!(finding.title, "Do not call eval");
    assert_eq!(finding.message, "Do not call eval.");
    assert_eq!(finding.why, "It runs y.");
    assert_eq!(finding.remediation.steps, ["Parse the text instead."]);
    assert_eq!(finding.remediation.edits[0].replacement, "safe(y)");
    assert_eq!(finding.remediation.edits[0].range.as_range(), 4..13);
    let references: Vec<_> = finding.references.iter().map(|reference| reference.id.as_str()).collect();
    assert_eq!(references, ["CWE-95", "A03:2021", "https://example.org/"]);
}

#[test]
fn identity_survives_moves_and_white_space() {
    let before = findings("eval(y)\neval(y)\n");
    let wrapped = findings("import os\n\neval(y\n)\n");
    assert_ne!(before[0].fingerprint, before[1].fingerprint);
    let moved = findings("import os\n\neval(y)\n");
    assert_eq!(before[0].fingerprint, moved[0].fingerprint);
    assert_ne!(wrapped[0].fingerprint, moved[0].fingerprint, "a changed token is a changed subject");
}
