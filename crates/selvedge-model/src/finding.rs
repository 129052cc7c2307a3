//! A finding: one rule met one subject.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Confidence, Engine, Excerpt, Fingerprint, Location, PackageFacts, Redaction, Reference, Remediation,
    Rule, RuleId, Severity, Stage, Subject,
};

/// What was proved about a secret without asking anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Nothing beyond the pattern.
    None,
    /// The value decodes into the structure its issuer uses.
    Structure,
    /// A checksum inside the value is right.
    Checksum,
    /// The value parses as a private key.
    KeyParse,
}

impl Proof {
    /// The kebab-case name used in JSON and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Structure => "structure",
            Self::Checksum => "checksum",
            Self::KeyParse => "key-parse",
        }
    }
}

/// What may be said about the secret that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct SecretFacts {
    /// What may be shown of the value.
    pub redaction: Redaction,
    /// Keyed fingerprint of the value alone: equal wherever the same secret occurs.
    pub fingerprint: Fingerprint,
    /// What was proved about it offline.
    pub proof: Proof,
    /// Facts read out of the value that are not secret, such as an account number or an expiry date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Encodings that were undone to reach it, outermost first: `base64`, `percent`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decoded: Vec<String>,
    /// The 1-based line on which the text that the rule matched begins, if that is not the line of the secret:
    /// what Gitleaks calls the line of the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_line: Option<u32>,
}

/// Another place that belongs to the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What it has to do with the finding.
    pub message: String,
}

/// One rule met one subject. Engines build it with [`Finding::builder`]; later stages of the pass fill in
/// the excerpt, the owners and the commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// The engine that evaluated it.
    pub engine: Engine,
    /// The stage it belongs to.
    pub stage: Stage,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure we are.
    pub confidence: Confidence,
    /// What was found: the rule's title.
    pub title: String,
    /// The case at hand in one sentence: what, and what was learned about it. Holds no secret.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub remediation: Remediation,
    /// What it is about and where.
    pub subject: Subject,
    /// The lines around it, redacted. Absent for subjects outside files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Identity across runs.
    pub fingerprint: Fingerprint,
    /// Present on findings of the secrets engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretFacts>,
    /// Present on findings of the dependencies engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<Box<PackageFacts>>,
    /// Why the confidence is what it is: each a short phrase such as `in a test file`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Public references of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Other places that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Owners of the path by CODEOWNERS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
}

impl Finding {
    /// Starts a finding of `rule` about `subject`; title, why, fix, severity and references come from the rule.
    pub fn builder(rule: &Rule, subject: Subject, fingerprint: Fingerprint) -> FindingBuilder {
        FindingBuilder(Self {
            rule: rule.id.clone(),
            engine: rule.engine,
            stage: rule.stage,
            severity: rule.severity,
            confidence: Confidence::Medium,
            title: rule.title.clone(),
            message: rule.title.clone(),
            why: rule.why.clone(),
            remediation: rule.remediation.clone(),
            subject,
            excerpt: None,
            fingerprint,
            secret: None,
            package: None,
            reasons: Vec::new(),
            references: rule.references.clone(),
            related: Vec::new(),
            owners: Vec::new(),
        })
    }

    /// The path the finding is in, or an empty string for subjects outside files.
    pub fn path(&self) -> &str {
        self.subject.location().map_or("", |location| location.path.as_str())
    }

    /// Whether `name` means the rule of this finding: its identifier, or any identifier of the advisory
    /// behind it. Letter case of advisory identifiers is ignored.
    pub fn answers_to(&self, name: &str) -> bool {
        self.rule.as_str() == name
            || self
                .package
                .iter()
                .flat_map(|package| &package.advisories)
                .any(|id| id.eq_ignore_ascii_case(name))
    }

    /// Where the finding stands in any sorted output: path, position, rule, fingerprint.
    pub fn sort_key(&self) -> (&str, u64, u64, &str, &str) {
        let range =
            self.subject.location().map_or((0, 0), |location| (location.range.start, location.range.end));
        (self.path(), range.0, range.1, self.rule.as_str(), self.fingerprint.as_str())
    }
}

/// Fills in what a rule alone does not know.
#[derive(Debug)]
pub struct FindingBuilder(Finding);

impl FindingBuilder {
    /// Overrides the rule's severity for this case.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// Sets how sure the engine is, and why.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence, reasons: Vec<String>) -> Self {
        self.0.confidence = confidence;
        self.0.reasons = reasons;
        self
    }

    /// Says what was found here in one sentence.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Says why it matters here, where that is more than the rule says.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.0.why = why.into();
        self
    }

    /// Attaches what may be said about the secret.
    #[must_use]
    pub fn secret(mut self, facts: SecretFacts) -> Self {
        self.0.secret = Some(facts);
        self
    }

    /// Attaches what is known about the package.
    #[must_use]
    pub fn package(mut self, facts: PackageFacts) -> Self {
        self.0.package = Some(Box::new(facts));
        self
    }

    /// Replaces the rule's fix with the one for this case.
    #[must_use]
    pub fn remediation(mut self, remediation: Remediation) -> Self {
        self.0.remediation = remediation;
        self
    }

    /// Attaches the redacted lines around it.
    #[must_use]
    pub fn excerpt(mut self, excerpt: Excerpt) -> Self {
        self.0.excerpt = Some(excerpt);
        self
    }

    /// Adds a place that belongs to the finding.
    #[must_use]
    pub fn related(mut self, location: Location, message: impl Into<String>) -> Self {
        self.0.related.push(Related { location, message: message.into() });
        self
    }

    /// The finished finding.
    pub fn build(self) -> Finding {
        self.0
    }
}
