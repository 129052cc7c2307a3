//! What the run as a whole has to say, in words that several formats share.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use selvedge_model::{
    Confidence, Diagnostic, DiagnosticKind, Finding, Report, Severity, Suppression, SuppressionKind,
};

use crate::text::{byte_size, count, grouped, list};

/// Number of findings of each severity that occurs, worst first.
pub(crate) fn by_severity(findings: &[Finding]) -> Vec<(Severity, u64)> {
    let mut counts: BTreeMap<Severity, u64> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    counts.into_iter().rev().collect()
}

/// `8 findings, 6 distinct secrets`; the second part only where it differs.
pub(crate) fn findings_count(findings: &[Finding]) -> String {
    let total = count(findings.len() as u64, "finding");
    let secrets: Vec<_> =
        findings.iter().filter_map(|finding| finding.secret.as_ref()).map(|s| &s.fingerprint).collect();
    let distinct = secrets.iter().collect::<BTreeSet<_>>().len();
    if distinct == secrets.len() {
        return total;
    }
    format!("{total}, {}", count(distinct as u64, "distinct secret"))
}

/// How a decision of this kind reads after a number.
pub(crate) fn suppression_label(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Inline => "inline",
        SuppressionKind::Exception => "by exception",
        SuppressionKind::Baseline => "in the baseline",
        SuppressionKind::GitleaksIgnore => "by .gitleaksignore",
        SuppressionKind::Vex => "by VEX",
    }
}

/// `4 (1 inline, 3 in the baseline)`; `None` if nothing is suppressed.
pub(crate) fn suppressed(report: &Report) -> Option<String> {
    let kinds = report.suppressed.iter().map(|suppressed| suppressed.suppression.kind);
    breakdown(kinds, suppression_label)
}

/// `2 (1 unreadable, 1 over the size limit)`, of what could not be looked at; `None` if there is nothing.
pub(crate) fn skipped(report: &Report) -> Option<String> {
    let kinds = skipped_diagnostics(report).map(|diagnostic| diagnostic.kind);
    let listed = breakdown(kinds, DiagnosticKind::label);
    let unlisted = report.run.stats.skipped.saturating_sub(skipped_diagnostics(report).count() as u64);
    match (listed, unlisted) {
        (None, 0) => None,
        (Some(text), 0) => Some(text),
        (None, more) => Some(format!("{} (reasons not listed)", grouped(more))),
        (Some(text), more) => Some(format!("{text} and {} more", grouped(more))),
    }
}

/// Diagnostics about something that was to be looked at.
pub(crate) fn skipped_diagnostics(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.diagnostics.iter().filter(|diagnostic| !is_configuration(diagnostic.kind))
}

/// Diagnostics about rules and configuration.
pub(crate) fn configuration_diagnostics(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.diagnostics.iter().filter(|diagnostic| is_configuration(diagnostic.kind))
}

/// Whether the problem lies in rules or configuration and not in what was looked at.
pub(crate) fn is_configuration(kind: DiagnosticKind) -> bool {
    match kind {
        DiagnosticKind::BadRule | DiagnosticKind::BadConfig | DiagnosticKind::BadAdvisory => true,
        DiagnosticKind::Unreadable
        | DiagnosticKind::Vanished
        | DiagnosticKind::TooLarge
        | DiagnosticKind::LimitReached
        | DiagnosticKind::BadArchive
        | DiagnosticKind::ArchiveLimit
        | DiagnosticKind::PartialHistory
        | DiagnosticKind::BadObject
        | DiagnosticKind::BadPackageFile
        | DiagnosticKind::SymlinkLoop
        | DiagnosticKind::Internal => false,
    }
}

fn breakdown<K: Ord + Copy>(kinds: impl Iterator<Item = K>, label: fn(K) -> &'static str) -> Option<String> {
    let mut counts: BTreeMap<K, u64> = BTreeMap::new();
    for kind in kinds {
        *counts.entry(kind).or_default() += 1;
    }
    if counts.is_empty() {
        return None;
    }
    let total: u64 = counts.values().sum();
    let parts: Vec<_> =
        counts.into_iter().map(|(kind, n)| format!("{} {}", grouped(n), label(kind))).collect();
    Some(format!("{} ({})", grouped(total), parts.join(", ")))
}

/// `4,812 files, 24.4 MB and 12 commits; 31 binary files left out`.
pub(crate) fn looked_at(report: &Report) -> String {
    let stats = report.run.stats;
    let mut parts = vec![count(stats.files, "file"), byte_size(stats.bytes)];
    if stats.commits > 0 {
        parts.push(count(stats.commits, "commit"));
    }
    let binary = match stats.binary {
        0 => String::new(),
        n => format!("; {} left out", count(n, "binary file")),
    };
    format!("{}{binary}", list(&parts))
}

/// `builtin (214 rules), .gitleaks.toml (12 rules)`.
pub(crate) fn rule_sources(report: &Report) -> String {
    let sources = report.run.rule_sources.iter();
    let parts: Vec<_> =
        sources.map(|source| format!("{} ({})", source.name, count(source.rules.into(), "rule"))).collect();
    parts.join(", ")
}

/// The decision and who made it: `inline at src/a.py:3: test key (owner @a, until 2026-01-01)`.
pub(crate) fn decision(suppression: &Suppression) -> String {
    let mut text = format!("{} at {}", suppression_word(suppression.kind), suppression.origin);
    if !suppression.reason.is_empty() {
        text.push_str(": ");
        text.push_str(&suppression.reason);
    }
    let owner = suppression.owner.iter().map(|owner| format!("owner {owner}"));
    let expires = suppression.expires.iter().map(|day| format!("until {day}"));
    let extra: Vec<_> = owner.chain(expires).collect();
    if !extra.is_empty() {
        let _infallible = write!(text, " ({})", extra.join(", "));
    }
    text
}

/// The kind of decision as a noun.
pub(crate) fn suppression_word(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Inline => "inline ignore",
        SuppressionKind::Exception => "exception",
        SuppressionKind::Baseline => "baseline",
        SuppressionKind::GitleaksIgnore => ".gitleaksignore",
        SuppressionKind::Vex => "VEX statement",
    }
}

/// What a reader should make of the confidence.
pub(crate) fn confidence_meaning(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "looks similar; expect to dismiss a good part of these",
        Confidence::Medium => "more likely right than wrong",
        Confidence::High => "right unless the surroundings say otherwise",
    }
}

/// The verdict in one word.
pub(crate) fn verdict_word(report: &Report) -> &'static str {
    if report.verdict.pass { "pass" } else { "fail" }
}
