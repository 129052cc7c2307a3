//! From a match to a finding that a person can act on.

use selvedge_model::{
    Confidence, Engine, Finding, FingerprintKey, Reference, Remediation, Rule, RuleId, Severity, Stage,
    Subject, Taxonomy,
};

use crate::rule::RuleMeta;

/// Longer values are cut in messages.
const VALUE_CHARS_MAX: usize = 120;

/// A message names at most this many fields.
const FIELDS_SHOWN_MAX: usize = 6;

/// An event that belongs to an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Input that delivered it.
    pub source: String,
    /// Position in the input.
    pub position: u64,
    /// The line as it came; in correlations cut where it is long.
    pub raw: Vec<u8>,
}

/// A rule that met events.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// The finding, as every engine makes it.
    pub finding: Finding,
    /// Event time in microseconds since 1970-01-01 UTC: of the event, or of the last of several.
    pub time: i64,
    /// Fields that made the rule match, or by which events were grouped, with their values.
    pub fields: Vec<(String, String)>,
    /// The events.
    pub evidence: Vec<Evidence>,
}

/// The rule in the vocabulary of findings.
pub fn model_rule(meta: &RuleMeta) -> Rule {
    Rule {
        id: RuleId::new(&meta.id),
        engine: Engine::Detect,
        stage: Stage::Operate,
        title: meta.title.clone(),
        why: meta.description.split_whitespace().collect::<Vec<_>>().join(" "),
        remediation: Remediation::steps(steps(meta)),
        severity: meta.severity.unwrap_or(Severity::Medium),
        references: references(meta),
        tags: meta.tags.clone(),
        pack: meta.path.clone(),
    }
}

fn steps(meta: &RuleMeta) -> Vec<String> {
    if !meta.response.is_empty() {
        return meta.response.clone();
    }
    let mut steps = vec!["Look at the event and at what the same account and host did around it.".to_owned()];
    let known: Vec<&str> = meta
        .false_positives
        .iter()
        .map(String::as_str)
        .filter(|text| !text.eq_ignore_ascii_case("unknown"))
        .collect();
    if !known.is_empty() {
        steps
            .push(format!("Compare with known false positives: {}.", known.join("; ").trim_end_matches('.')));
    }
    steps
}

fn references(meta: &RuleMeta) -> Vec<Reference> {
    let techniques = meta.techniques().into_iter().map(|id| Reference::new(Taxonomy::Attack, id));
    let cve = |tag: &String| {
        let id = tag.to_ascii_lowercase().strip_prefix("cve.")?.to_ascii_uppercase();
        Some(Reference::new(Taxonomy::Cve, if id.starts_with("CVE-") { id } else { format!("CVE-{id}") }))
    };
    let cves = meta.tags.iter().filter_map(cve);
    let pages = meta.references.iter().map(|page| Reference::new(Taxonomy::Url, page.clone()));
    techniques.chain(cves).chain(pages).collect()
}

/// The finding of one event.
pub(crate) fn detection(
    rule: &Rule,
    author: Option<&str>,
    source: &str,
    host: Option<&str>,
    fields: &[(String, String)],
    key: &FingerprintKey,
) -> Finding {
    let host = host.unwrap_or(source);
    let mut parts: Vec<&[u8]> = vec![b"event", rule.id.as_str().as_bytes(), host.as_bytes()];
    parts.extend(fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
    let subject = Subject::Event { source: source.to_owned(), group: vec![host.to_owned()] };
    let message = format!("{} on {host}{}", rule.title, shown(fields));
    finding(rule, author, subject, &parts, message, key)
}

/// The finding of several events.
pub(crate) fn correlation(
    rule: &Rule,
    author: Option<&str>,
    source: &str,
    group: &[(String, String)],
    count: usize,
    key: &FingerprintKey,
) -> Finding {
    let mut parts: Vec<&[u8]> = vec![b"events", rule.id.as_str().as_bytes()];
    parts.extend(group.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
    let values = group.iter().map(|(_, value)| value.clone()).collect();
    let subject = Subject::Event { source: source.to_owned(), group: values };
    let plural = if count == 1 { "event" } else { "events" };
    let message = format!("{}: {count} {plural}{}", rule.title, shown(group));
    finding(rule, author, subject, &parts, message, key)
}

fn finding(
    rule: &Rule,
    author: Option<&str>,
    subject: Subject,
    parts: &[&[u8]],
    message: String,
    key: &FingerprintKey,
) -> Finding {
    // Rule licences such as DRL 1.1 ask that the author is named with every match.
    let reasons = author.map(|author| format!("rule by {author}")).into_iter().collect();
    Finding::builder(rule, subject, key.fingerprint(parts))
        .message(message)
        .confidence(Confidence::Medium, reasons)
        .build()
}

/// `: Image=…, User=…`, safe for a terminal.
fn shown(fields: &[(String, String)]) -> String {
    let one = |(name, value): &(String, String)| {
        let mut text: String = value.chars().take(VALUE_CHARS_MAX).map(printable).collect();
        if value.chars().nth(VALUE_CHARS_MAX).is_some() {
            text.push('…');
        }
        format!("{name}={text}")
    };
    let shown: Vec<String> = fields.iter().take(FIELDS_SHOWN_MAX).map(one).collect();
    if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(", ")) }
}

fn printable(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
