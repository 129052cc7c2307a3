//! Proves and judges a hit: what its value shows by itself, and what its surroundings say.

use selvedge_model::Severity;

use crate::proof::{self, Verdict};
use crate::rule::SecretRule;
use crate::scan::{Hit, ScanOptions, lines};
use crate::score::{Candidate, Judgement, judge};

/// Why a hit is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dismissal {
    /// The value cannot be what it looks like.
    Refuted,
    /// Its surroundings or its wording say so.
    Judged,
}

/// The hit with its proof, confidence and reasons, or why it is no secret.
pub(crate) fn weigh(
    mut hit: Hit,
    rule: &SecretRule,
    options: &ScanOptions,
    path: Option<&str>,
    bytes: &[u8],
) -> Result<Hit, Dismissal> {
    if options.prove
        && let Some(proof) = rule.proof.as_deref().and_then(proof::by_name)
    {
        let line = lines::around(bytes, hit.span.start, hit.span.end);
        match proof.prove(hit.secret.expose(), line) {
            Verdict::Proved(evidence) => {
                hit.proof = evidence.proof;
                hit.facts = evidence.facts;
                if evidence.public_half {
                    hit.severity = Severity::Info;
                }
            }
            Verdict::Refuted(_) => return Err(Dismissal::Refuted),
            Verdict::Unknown => {}
        }
    }
    if options.judge {
        let candidate = Candidate {
            path,
            bytes,
            matched: hit.span.clone(),
            secret: hit.secret_span.clone(),
            rule_confidence: hit.confidence,
            context_rule: rule.context,
            proof: hit.proof,
        };
        match judge(&candidate) {
            Judgement::Keep { confidence, reasons } => {
                hit.confidence = confidence;
                hit.reasons = reasons;
            }
            Judgement::Drop { .. } => return Err(Dismissal::Judged),
        }
    }
    Ok(hit)
}
