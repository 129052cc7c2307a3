//! SARIF 2.1.0, complete enough for code scanning, editors and auditors.
//!
//! Only what the report knows is stated: no version control provenance, no times, no exit code.
//! Snippets are the redacted excerpts. Start reading at [`write()`]; `rules` describes the tool,
//! `results` the findings.

mod notifications;
mod results;
mod rules;

use std::collections::BTreeMap;
use std::io::{self, Write};

use selvedge_model::{Finding, Report, Severity};

use crate::node::{Node, write_pretty};
use crate::text::percent_encoded;

/// The base against which every path is resolved: the root of the run.
const ROOT: &str = "SRCROOT";

/// Writes the report as one SARIF document and a newline.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let index = Index::new(report);
    let run = Node::object([
        ("tool", Node::object([("driver", rules::driver(report, &index))])),
        ("invocations", Node::list([notifications::invocation(report)])),
        ("originalUriBaseIds", base_ids()),
        ("artifacts", Node::list(index.paths.keys().map(|path| artifact(path)))),
        ("results", Node::list(results::all(report, &index))),
        ("taxonomies", rules::taxonomies(&index)),
        ("columnKind", Node::text("unicodeCodePoints")),
        ("properties", properties(report)),
    ]);
    let document = Node::object([
        ("$schema", Node::text("https://json.schemastore.org/sarif-2.1.0.json")),
        ("version", Node::text("2.1.0")),
        ("runs", Node::list([run])),
    ]);
    write_pretty(&document, out)
}

/// Where things stand in the arrays that results point into.
struct Index<'a> {
    rules: BTreeMap<&'a str, u64>,
    weaknesses: BTreeMap<&'a str, u64>,
    paths: BTreeMap<&'a str, u64>,
}

impl<'a> Index<'a> {
    fn new(report: &'a Report) -> Self {
        let findings = || all_findings(report);
        let rules = report.rules.keys().map(String::as_str).chain(findings().map(|f| f.rule.as_str()));
        let in_rules = report.rules.values().flat_map(|rule| &rule.references);
        let weaknesses = in_rules
            .chain(findings().flat_map(|finding| &finding.references))
            .filter(|reference| rules::is_weakness(reference))
            .map(|reference| reference.id.as_str());
        let related = findings().flat_map(|finding| &finding.related);
        let locations = findings()
            .filter_map(|finding| finding.subject.location())
            .chain(related.map(|related| &related.location));
        Self {
            rules: numbered(rules),
            weaknesses: numbered(weaknesses),
            paths: numbered(locations.map(|location| location.path.as_str())),
        }
    }
}

fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u64> {
    let mut numbers: BTreeMap<&str, u64> = names.map(|name| (name, 0)).collect();
    for (at, number) in numbers.values_mut().enumerate() {
        *number = at as u64;
    }
    numbers
}

fn all_findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().chain(report.suppressed.iter().map(|suppressed| &suppressed.finding))
}

fn base_ids() -> Node {
    let description = Node::object([("text", Node::text("The root of what was checked."))]);
    Node::object([(ROOT, Node::object([("description", description)]))])
}

fn artifact(path: &str) -> Node {
    Node::object([("location", uri(path))])
}

/// A path as a reference relative to the root of the run, unless it is absolute.
fn uri(path: &str) -> Node {
    if path.starts_with('/') {
        return Node::object([("uri", Node::Text(format!("file://{}", percent_encoded(path))))]);
    }
    Node::object([("uri", Node::text(percent_encoded(path))), ("uriBaseId", Node::text(ROOT))])
}

fn properties(report: &Report) -> Node {
    let run = &report.run;
    let verdict = Node::object([
        ("pass", Node::Bool(report.verdict.pass)),
        ("reasons", Node::list(report.verdict.reasons.iter().map(Node::text))),
        ("policy", Node::text(&report.verdict.policy)),
    ]);
    let sources = run.rule_sources.iter().map(|source| {
        Node::object([
            ("name", Node::text(&source.name)),
            ("rules", Node::Number(source.rules.into())),
            ("digest", Node::text(&source.digest)),
        ])
    });
    Node::object([
        ("target", Node::text(&run.target)),
        ("mode", Node::text(&run.mode)),
        ("partial", Node::Bool(run.partial)),
        ("filesLookedAt", Node::Number(run.stats.files)),
        ("bytesLookedAt", Node::Number(run.stats.bytes)),
        ("commitsLookedAt", Node::Number(run.stats.commits)),
        ("filesSkipped", Node::Number(run.stats.skipped)),
        ("binaryFilesLeftOut", Node::Number(run.stats.binary)),
        ("ruleSources", Node::list(sources)),
        ("influences", Node::list(run.influences.iter().map(Node::text))),
        ("verdict", verdict),
    ])
}

/// A plain message. Brackets that would make a link of it are escaped.
fn message(text: &str) -> Node {
    let text =
        if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() };
    Node::object([("text", Node::Text(text))])
}

/// SARIF has three levels for our five.
fn level(severity: Severity) -> Node {
    Node::text(match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    })
}
