//! The tool, its rules with their help, and the taxonomy the rules refer to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use selvedge_model::{Confidence, Reference, Report, Rule, Severity, Taxonomy};

use super::{Index, all_findings, level, message, notifications};
use crate::markdown::escaped;
use crate::node::Node;

pub(super) fn driver(report: &Report, index: &Index<'_>) -> Node {
    let mut precision: BTreeMap<&str, Confidence> = BTreeMap::new();
    for finding in all_findings(report) {
        let best = precision.entry(finding.rule.as_str()).or_insert(finding.confidence);
        *best = (*best).max(finding.confidence);
    }
    let rules = index.rules.keys().map(|id| match report.rules.get(*id) {
        Some(rule) => described(rule, precision.get(id).copied(), index),
        None => Node::object([("id", Node::text(*id))]),
    });
    let taxonomy = [("name", Node::text("CWE")), ("index", Node::Number(0))];
    let supported = (!index.weaknesses.is_empty()).then(|| Node::list([Node::object(taxonomy)]));
    Node::object([
        ("name", Node::text(&report.tool.name)),
        ("version", Node::text(&report.tool.version)),
        ("semanticVersion", Node::text(&report.tool.version)),
        ("informationUri", Node::text(&report.tool.url)),
        ("rules", Node::list(rules)),
        ("notifications", notifications::descriptors(report)),
        ("supportedTaxonomies", supported.into()),
    ])
}

fn described(rule: &Rule, precision: Option<Confidence>, index: &Index<'_>) -> Node {
    let id = rule.id.as_str();
    let help_uri = rule.references.iter().find(|reference| reference.taxonomy == Taxonomy::Url);
    let relationships = rule.references.iter().filter_map(|reference| {
        let target = weakness(reference, index)?;
        Some(Node::object([("target", target), ("kinds", Node::list([Node::text("superset")]))]))
    });
    let help =
        Node::object([("text", Node::text(help_text(rule))), ("markdown", Node::text(help_markdown(rule)))]);
    Node::object([
        ("id", Node::text(id)),
        ("name", Node::text(pascal_case(id))),
        ("shortDescription", message(&rule.title)),
        ("fullDescription", message(if rule.why.is_empty() { &rule.title } else { &rule.why })),
        ("helpUri", help_uri.filter(|url| is_plain_uri(&url.id)).map(|url| Node::text(&url.id)).into()),
        ("help", help),
        ("defaultConfiguration", Node::object([("level", level(rule.severity))])),
        ("relationships", Node::list_or_absent(relationships)),
        ("properties", properties(rule, precision)),
    ])
}

fn properties(rule: &Rule, precision: Option<Confidence>) -> Node {
    let mut tags = vec!["security".to_owned()];
    tags.extend(rule.tags.iter().filter(|tag| *tag != "security").cloned());
    let weaknesses = rule.references.iter().filter(|reference| is_weakness(reference));
    tags.extend(weaknesses.map(|reference| format!("external/cwe/{}", reference.id.to_lowercase())));
    Node::object([
        ("tags", Node::list(tags.into_iter().map(Node::Text))),
        ("security-severity", Node::text(security_severity(rule.severity))),
        ("precision", precision.map(|confidence| Node::text(confidence.as_str())).into()),
        ("severity", Node::text(rule.severity.as_str())),
        ("engine", Node::text(rule.engine.as_str())),
        ("stage", Node::text(rule.stage.as_str())),
        ("pack", Node::text(&rule.pack)),
    ])
}

/// Code scanning sorts by a number: the middle of the band that it gives the name of our severity.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}

fn help_text(rule: &Rule) -> String {
    let why = if rule.why.is_empty() { &rule.title } else { &rule.why };
    let steps = rule.remediation.steps.iter().enumerate().map(|(at, step)| format!("{}. {step}", at + 1));
    let references = rule.references.iter().map(|entry| entry.url().unwrap_or_else(|| entry.id.clone()));
    let lines: Vec<_> = std::iter::once(why.clone()).chain(steps).chain(references).collect();
    lines.join("\n")
}

fn help_markdown(rule: &Rule) -> String {
    let mut text = format!("**{}**\n", escaped(&rule.title));
    if !rule.why.is_empty() {
        let _infallible = writeln!(text, "\n{}", escaped(&rule.why));
    }
    if !rule.remediation.steps.is_empty() {
        text.push_str("\n### How to fix it\n\n");
    }
    for (at, step) in rule.remediation.steps.iter().enumerate() {
        let _infallible = writeln!(text, "{}. {}", at + 1, escaped(step));
    }
    if !rule.references.is_empty() {
        text.push_str("\n### References\n\n");
    }
    for reference in &rule.references {
        let _infallible = writeln!(text, "- {}", crate::markdown::reference(reference));
    }
    text
}

pub(super) fn is_weakness(reference: &Reference) -> bool {
    reference.taxonomy == Taxonomy::Cwe
}

/// A pointer to the weakness in the run's taxonomy.
pub(super) fn weakness(reference: &Reference, index: &Index<'_>) -> Option<Node> {
    if !is_weakness(reference) {
        return None;
    }
    let at = *index.weaknesses.get(reference.id.as_str())?;
    let component = Node::object([("name", Node::text("CWE")), ("index", Node::Number(0))]);
    Some(Node::object([
        ("id", Node::text(&reference.id)),
        ("index", Node::Number(at)),
        ("toolComponent", component),
    ]))
}

pub(super) fn taxonomies(index: &Index<'_>) -> Node {
    if index.weaknesses.is_empty() {
        return Node::Absent;
    }
    let taxa = index.weaknesses.keys().map(|id| {
        let url = Reference::new(Taxonomy::Cwe, *id).url().filter(|url| is_plain_uri(url));
        Node::object([("id", Node::text(*id)), ("helpUri", url.map(Node::Text).into())])
    });
    Node::list([Node::object([
        ("name", Node::text("CWE")),
        ("organization", Node::text("MITRE")),
        ("shortDescription", Node::object([("text", Node::text("Common Weakness Enumeration"))])),
        ("informationUri", Node::text("https://cwe.mitre.org/")),
        ("isComprehensive", Node::Bool(false)),
        ("taxa", Node::list(taxa)),
    ])])
}

/// Readers reject a document in which one address is none.
fn is_plain_uri(address: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
    let after_scheme = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    after_scheme.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(allowed))
        && percent_signs_escape(address)
        && address.matches('#').count() <= 1
        && !address.contains(['[', ']'])
}

fn percent_signs_escape(address: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = address.as_bytes();
    let mut signs = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    signs.all(|(at, _)| is_hex(bytes.get(at + 1)) && is_hex(bytes.get(at + 2)))
}

/// `github-pat` as `GithubPat`, the shape viewers expect of a rule's name.
fn pascal_case(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}
