//! GitLab's two report artefacts: code quality and secret detection.

use std::io::{self, Write};

use selvedge_model::{Engine, Finding, Location, Reference, Report, Severity, Taxonomy};

use crate::node::{Node, write_pretty};
use crate::order::subject_name;

/// Version of the secret detection schema that is written.
const SCHEMA_VERSION: &str = "15.0.7";
/// The schema asks for times and a report has none, so that equal input gives equal bytes.
const NO_TIME: &str = "1970-01-01T00:00:00";
/// What GitLab's own analyser writes for a file that is not looked at through git.
const NO_COMMIT: &str = "0000000";
/// Longest texts the schema allows, in characters.
const NAME_MAX: usize = 255;
const SOLUTION_MAX: usize = 7000;
const DESCRIPTION_MAX: usize = 1_048_576;

/// Writes the findings in the subset of the Code Climate format that GitLab reads.
pub(crate) fn write_code_quality(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(&Node::list(report.findings.iter().map(issue)), out)
}

fn issue(finding: &Finding) -> Node {
    let line = finding.subject.location().map_or(1, |location| location.start.line.max(1));
    let severity = match finding.severity {
        Severity::Info => "info",
        Severity::Low => "minor",
        Severity::Medium => "major",
        Severity::High => "critical",
        Severity::Critical => "blocker",
    };
    let lines = Node::object([("begin", Node::Number(line.into()))]);
    let location = Node::object([("path", Node::Text(subject_name(&finding.subject))), ("lines", lines)]);
    Node::object([
        ("type", Node::text("issue")),
        ("description", Node::text(&finding.message)),
        ("check_name", Node::text(finding.rule.as_str())),
        ("categories", Node::list([Node::text("Security")])),
        ("fingerprint", Node::text(finding.fingerprint.as_str())),
        ("severity", Node::text(severity)),
        ("location", location),
    ])
}

/// Writes the findings of the secrets engine as a secret detection report.
pub(crate) fn write_secret_detection(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let secrets = report.findings.iter().filter(|finding| finding.engine == Engine::Secrets);
    let found = secrets.filter_map(|finding| Some(vulnerability(finding, finding.subject.location()?)));
    let document = Node::object([
        ("version", Node::text(SCHEMA_VERSION)),
        ("scan", scan(report)),
        ("vulnerabilities", Node::list(found)),
    ]);
    write_pretty(&document, out)
}

fn scan(report: &Report) -> Node {
    let tool = || {
        Node::object([
            ("id", Node::text(&report.tool.name)),
            ("name", Node::text(&report.tool.name)),
            ("url", Node::text(&report.tool.url)),
            ("vendor", Node::object([("name", Node::text(&report.tool.name))])),
            ("version", Node::text(&report.tool.version)),
        ])
    };
    let messages = report.diagnostics.iter().map(|diagnostic| {
        let text = format!("{}: {diagnostic}", diagnostic.kind.label());
        Node::object([("level", Node::text("warn")), ("value", Node::Text(text))])
    });
    Node::object([
        ("analyzer", tool()),
        ("scanner", tool()),
        ("start_time", Node::text(NO_TIME)),
        ("end_time", Node::text(NO_TIME)),
        ("status", Node::text("success")),
        ("type", Node::text("secret_detection")),
        ("messages", Node::list_or_absent(messages)),
    ])
}

fn vulnerability(finding: &Finding, location: &Location) -> Node {
    let rule = finding.rule.as_str();
    let own = Node::object([
        ("type", Node::text("selvedge_rule_id")),
        ("name", Node::Text(format!("Selvedge rule {rule}"))),
        ("value", Node::text(rule)),
    ]);
    let weaknesses = finding.references.iter().filter_map(weakness);
    let links = finding.references.iter().filter_map(web_address);
    let links = links.map(|url| Node::object([("url", Node::Text(url))]));
    let description =
        [finding.message.as_str(), finding.why.as_str()].into_iter().filter(|text| !text.is_empty());
    let severity = match finding.severity {
        Severity::Info => "Info",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    };
    let steps = &finding.remediation.steps;
    Node::object([
        ("id", Node::text(finding.fingerprint.as_str())),
        ("name", cut(&finding.title, NAME_MAX)),
        ("description", cut(&description.collect::<Vec<_>>().join("\n\n"), DESCRIPTION_MAX)),
        ("severity", Node::text(severity)),
        ("solution", (!steps.is_empty()).then(|| cut(&steps.join("\n"), SOLUTION_MAX)).into()),
        ("identifiers", Node::list(std::iter::once(own).chain(weaknesses))),
        ("links", Node::list_or_absent(links)),
        ("location", place(location)),
    ])
}

fn weakness(reference: &Reference) -> Option<Node> {
    let number = reference.id.get(4..).filter(|number| !number.is_empty())?;
    if reference.taxonomy != Taxonomy::Cwe {
        return None;
    }
    Some(Node::object([
        ("type", Node::text("cwe")),
        ("name", Node::text(&reference.id)),
        ("value", Node::text(number)),
        ("url", web_address(reference).map(Node::Text).into()),
    ]))
}

/// The address of the reference, if it is one that the schema accepts.
fn web_address(reference: &Reference) -> Option<String> {
    let accepted = |url: &String| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('\n'))
    };
    reference.url().filter(accepted)
}

fn cut(text: &str, chars_max: usize) -> Node {
    Node::Text(text.chars().take(chars_max).collect())
}

fn place(location: &Location) -> Node {
    let commit = match location.commit.as_ref().filter(|commit| !commit.id.is_empty()) {
        None => Node::object([("sha", Node::text(NO_COMMIT))]),
        Some(commit) => Node::object([
            ("author", Node::text(&commit.author)),
            ("date", Node::text(&commit.date)),
            ("message", Node::text(&commit.summary)),
            ("sha", Node::text(&commit.id)),
        ]),
    };
    let start = location.start.line.max(1);
    Node::object([
        ("file", Node::text(&location.path)),
        ("start_line", Node::Number(start.into())),
        ("end_line", Node::Number(location.end.line.max(start).into())),
        ("commit", commit),
    ])
}
