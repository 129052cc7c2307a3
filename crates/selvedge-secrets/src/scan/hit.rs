//! What the scanner found.

use std::ops::Range;

use selvedge_model::{Confidence, Proof, Secret, Severity};

use crate::decode::Encoding;

/// A secret that a rule met.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Position of the rule in [`RuleSet::secret_rules`](crate::RuleSet::secret_rules).
    pub rule: usize,
    /// The match without surrounding newlines, in the bytes that were scanned.
    pub span: Range<usize>,
    /// The secret, in the bytes that were scanned; of a decoded secret, the encoded text.
    pub secret_span: Range<usize>,
    /// The secret; empty for a rule that judges by path alone.
    pub secret: Secret,
    /// The encodings that were undone to see it, outermost first.
    pub decoded: Vec<Encoding>,
    /// What an offline proof showed.
    pub proof: Proof,
    /// What the proof read from the value; nothing secret.
    pub facts: Vec<String>,
    /// How sure we are.
    pub confidence: Confidence,
    /// What made us sure or unsure.
    pub reasons: Vec<String>,
    /// The rule's severity, or less where the value is the public half of a pair.
    pub severity: Severity,
    /// The comment that allows it, if the line holds one: `gitleaks:allow`.
    pub allowed: Option<&'static str>,
    /// Where other rules were met that this rule requires nearby.
    pub related: Vec<(usize, Range<usize>)>,
    /// The raw match's start, which may be a newline; Gitleaks counts lines from it.
    pub match_start: usize,
}

impl Hit {
    /// The 1-based line Gitleaks reports for it, which `.gitleaksignore` entries name.
    pub fn gitleaks_line(&self, bytes: &[u8]) -> u32 {
        super::lines::line_index(bytes, self.match_start) as u32 + 1
    }

    /// Whether it says that the file itself should not be there.
    pub fn is_path_only(&self) -> bool {
        self.secret.expose().is_empty()
    }
}
