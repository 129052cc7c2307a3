//! Judges one match as its pack says: group, entropy, allowlists.

use std::ops::Range;

use selvedge_model::{Proof, Secret};

use super::{Hit, Scanner, entropy, lines};
use crate::allow::{Matched, Origin};
use crate::filter::Judged;
use crate::rule::{Dialect, SecretRule};

/// Comments on a finding's line that allow it.
const ALLOW_GITLEAKS: &str = "gitleaks:allow";
const ALLOW_BETTERLEAKS: &str = "betterleaks:allow";

impl Scanner {
    /// Whether the pack of `rule` leaves out everything from `origin`.
    pub(super) fn skips_origin(rule: &SecretRule, origin: Origin<'_>) -> bool {
        rule.allowlists.iter().any(|allowlist| allowlist.allows_origin(origin))
    }

    /// Whether the rule's own path condition holds. While the path is unknown it may.
    pub(super) fn path_fits(rule: &SecretRule, origin: Origin<'_>) -> bool {
        match (&rule.path, origin.path) {
            (Some(pattern), Some(path)) => pattern.is_match(path.as_bytes()),
            (Some(_), None) => rule.regex.is_some(),
            (None, _) => true,
        }
    }

    /// The hit that a match makes, unless its pack says that it is none.
    pub(super) fn vet(
        &self,
        index: usize,
        origin: Origin<'_>,
        bytes: &[u8],
        raw: &Range<usize>,
    ) -> Option<Hit> {
        let rule = &self.set.rules[index];
        let span = trimmed(bytes, raw);
        let matched = &bytes[span.clone()];
        // Gitleaks keeps the raw start and takes the trimmed length from there.
        let line = lines::around(bytes, raw.start, raw.start + matched.len());
        let secret_span = secret_span(rule, matched)?;
        let secret = &matched[secret_span.clone()];
        if rule.entropy != 0.0 && entropy::shannon(secret) <= rule.entropy {
            return None;
        }
        if rule.token_efficiency && crate::token_efficiency::fails_token_efficiency(secret) {
            return None;
        }
        let parts = Matched { secret, whole: matched, line };
        let scope = &self.set.scopes[rule.scope];
        let judged = Judged { rule, text: bytes, matched: span.clone(), secret };
        let mut filters = scope.filter.iter().chain(&rule.filter);
        if filters.any(|filter| filter.skips_finding(origin, &judged)) {
            return None;
        }
        let mut lists = scope.allowlists.iter().chain(&rule.allowlists);
        if lists.any(|allowlist| allowlist.allows_match(origin, parts)) {
            return None;
        }
        let secret_span = span.start + secret_span.start..span.start + secret_span.end;
        Some(Hit {
            rule: index,
            secret: Secret::new(secret),
            span,
            secret_span,
            decoded: Vec::new(),
            proof: Proof::None,
            facts: Vec::new(),
            confidence: rule.confidence,
            reasons: Vec::new(),
            severity: rule.meta.severity,
            allowed: comment_in(line, scope.dialect),
            related: Vec::new(),
            match_start: raw.start,
        })
    }

    /// The hit of a rule that judges by path alone.
    pub(super) fn path_hit(&self, index: usize) -> Hit {
        let rule = &self.set.rules[index];
        Hit {
            rule: index,
            secret: Secret::new(b""),
            span: 0..0,
            secret_span: 0..0,
            decoded: Vec::new(),
            proof: Proof::None,
            facts: Vec::new(),
            confidence: rule.confidence,
            reasons: Vec::new(),
            severity: rule.meta.severity,
            allowed: None,
            related: Vec::new(),
            match_start: 0,
        }
    }
}

/// The match without newlines at its ends.
fn trimmed(bytes: &[u8], raw: &Range<usize>) -> Range<usize> {
    let text = &bytes[raw.clone()];
    let front = text.iter().take_while(|byte| **byte == b'\n').count();
    if front == text.len() {
        return raw.start..raw.start;
    }
    let back = text.iter().rev().take_while(|byte| **byte == b'\n').count();
    raw.start + front..raw.end - back
}

/// The secret within the trimmed match: the group the rule names, else the first group that holds
/// something. The pattern is run again on the match alone, as Gitleaks does; where it no longer matches
/// without its surroundings, the whole match is the secret.
fn secret_span(rule: &SecretRule, matched: &[u8]) -> Option<Range<usize>> {
    let whole = 0..matched.len();
    let pattern = rule.regex.as_ref()?;
    if pattern.groups() == 0 {
        return Some(whole);
    }
    let groups = pattern.captures(matched);
    if groups.len() < 2 {
        return Some(whole);
    }
    if rule.secret_group > 0 {
        return Some(groups.get(rule.secret_group)?.clone().unwrap_or(0..0));
    }
    Some(groups.into_iter().skip(1).flatten().find(|group| !group.is_empty()).unwrap_or(whole))
}

/// The comment that allows what stands at `span`, if its lines hold one.
pub(super) fn allow_comment(bytes: &[u8], span: &Range<usize>, dialect: Dialect) -> Option<&'static str> {
    comment_in(lines::around(bytes, span.start, span.end), dialect)
}

fn comment_in(line: &[u8], dialect: Dialect) -> Option<&'static str> {
    let holds = |comment: &str| memchr::memmem::find(line, comment.as_bytes()).is_some();
    if holds(ALLOW_GITLEAKS) {
        return Some(ALLOW_GITLEAKS);
    }
    (dialect == Dialect::Betterleaks && holds(ALLOW_BETTERLEAKS)).then_some(ALLOW_BETTERLEAKS)
}
