//! Findings for the tests of this crate.

use selvedge_model::{
    ByteRange, Confidence, Engine, Finding, FingerprintKey, Location, Position, Proof, Redaction,
    Remediation, Rule, RuleId, SecretFacts, Severity, Stage, Subject,
};

/// A finding of `rule` at `path:line`, about the secret `value`.
pub(crate) fn finding(rule: &str, path: &str, line: u32, value: &str) -> Finding {
    let key = FingerprintKey::builtin();
    let rule = Rule {
        id: RuleId::new(rule),
        engine: Engine::Secrets,
        stage: Stage::Code,
        title: rule.to_owned(),
        why: String::new(),
        remediation: Remediation::default(),
        severity: Severity::High,
        references: Vec::new(),
        tags: Vec::new(),
        pack: "test".to_owned(),
    };
    let start = Position { line, column: 1 };
    let offset = line as usize * 100;
    let location =
        Location { range: ByteRange::new(offset, offset + 10), start, end: start, ..Location::file(path) };
    let parts = [rule.id.as_str().as_bytes(), path.as_bytes(), value.as_bytes()];
    let facts = SecretFacts {
        redaction: Redaction::of(value.as_bytes()),
        fingerprint: key.fingerprint(&[value.as_bytes()]),
        proof: Proof::None,
        facts: Vec::new(),
        decoded: Vec::new(),
        match_line: None,
    };
    Finding::builder(&rule, Subject::Source { location }, key.fingerprint(&parts)).secret(facts).build()
}

/// The same finding at other levels.
pub(crate) fn leveled(mut finding: Finding, severity: Severity, confidence: Confidence) -> Finding {
    finding.severity = severity;
    finding.confidence = confidence;
    finding
}
