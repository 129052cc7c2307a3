//! Findings and suppressed findings as SARIF results.

use std::collections::BTreeSet;

use selvedge_model::{
    CommitInfo, Excerpt, Finding, Location, PackageFacts, Position, Report, SecretFacts, Subject,
    Suppression, SuppressionKind,
};

use super::{Index, level, message, rules, uri};
use crate::node::Node;
use crate::order;

pub(super) fn all<'a>(report: &'a Report, index: &'a Index<'_>) -> impl Iterator<Item = Node> + 'a {
    let failing = order::failing(report);
    let open = report.findings.iter().map(|finding| (finding, None));
    let closed = report.suppressed.iter().map(|entry| (&entry.finding, Some(&entry.suppression)));
    open.chain(closed).map(move |(finding, suppression)| result(finding, suppression, &failing, index))
}

fn result(
    finding: &Finding,
    suppression: Option<&Suppression>,
    failing: &BTreeSet<&str>,
    index: &Index<'_>,
) -> Node {
    let related = finding.related.iter().enumerate().map(|(at, related)| {
        let id = ("id", Node::Number(at as u64));
        let place = ("physicalLocation", physical(&related.location, None, index));
        Node::object([id, place, ("message", message(&related.message))])
    });
    let taxa = finding.references.iter().filter_map(|reference| rules::weakness(reference, index));
    let suppressions = suppression.map_or(Vec::new(), |decision| vec![suppressed(decision)]);
    let fingerprint = ("selvedge/v1", Node::text(finding.fingerprint.as_str()));
    Node::object([
        ("ruleId", Node::text(finding.rule.as_str())),
        ("ruleIndex", index.rules.get(finding.rule.as_str()).map(|at| Node::Number(*at)).into()),
        ("kind", Node::text("fail")),
        ("level", level(finding.severity)),
        ("message", message(&text(finding))),
        ("locations", Node::list([location(finding, index)])),
        ("partialFingerprints", Node::object([fingerprint])),
        ("relatedLocations", Node::list_or_absent(related)),
        ("suppressions", Node::list(suppressions)),
        ("taxa", Node::list_or_absent(taxa)),
        ("properties", properties(finding, failing)),
    ])
}

/// The message alone must tell what the excerpt on a terminal tells.
fn text(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let ended = text.ends_with(['.', '!', '?']);
    if !ended {
        text.push('.');
    }
    if let Some(first) = finding.remediation.steps.first() {
        text.push(' ');
        text.push_str(first);
    }
    text
}

fn location(finding: &Finding, index: &Index<'_>) -> Node {
    let place = finding.subject.location();
    let place = place.map(|location| physical(location, finding.excerpt.as_ref(), index));
    Node::object([
        ("physicalLocation", place.into()),
        ("logicalLocations", logical(&finding.subject).map(|node| Node::list([node])).into()),
    ])
}

/// What has a name of its own besides a place in a file.
fn logical(subject: &Subject) -> Option<Node> {
    let (kind, name) = match subject {
        Subject::Source { .. } => return None,
        Subject::Package { purl, .. } => ("package", purl.clone()),
        Subject::Resource { address, .. } => ("resource", address.clone()),
        Subject::Threat { id, .. } => ("threat", id.clone()),
        Subject::Host { host, item } => ("host", format!("{host}: {item}")),
        Subject::Endpoint { url } => ("endpoint", url.clone()),
        Subject::Event { source, group } => ("event", format!("{source}: {}", group.join(", "))),
    };
    Some(Node::object([("fullyQualifiedName", Node::Text(name)), ("kind", Node::text(kind))]))
}

fn physical(location: &Location, excerpt: Option<&Excerpt>, index: &Index<'_>) -> Node {
    let mut artifact = uri(&location.path);
    if let (Node::Object(members), Some(at)) = (&mut artifact, index.paths.get(location.path.as_str())) {
        members.push(("index", Node::Number(*at)));
    }
    Node::object([
        ("artifactLocation", artifact),
        ("region", region(location)),
        ("contextRegion", excerpt.and_then(context).into()),
    ])
}

fn region(location: &Location) -> Node {
    let one = |position: Position| Position { line: position.line.max(1), column: position.column.max(1) };
    let start = one(location.start);
    let end = one(location.end).max(start);
    if location.range.start == location.range.end && start == end {
        return Node::object([("startLine", Node::Number(start.line.into()))]);
    }
    let length = location.range.end.saturating_sub(location.range.start);
    Node::object([
        ("startLine", Node::Number(start.line.into())),
        ("startColumn", Node::Number(start.column.into())),
        ("endLine", Node::Number(end.line.into())),
        ("endColumn", Node::Number(end.column.into())),
        ("byteOffset", Node::Number(location.range.start.min(i64::MAX as u64))),
        ("byteLength", Node::Number(length.min(i64::MAX as u64))),
    ])
}

/// The excerpt, whose secrets are redacted already.
fn context(excerpt: &Excerpt) -> Option<Node> {
    let first = excerpt.lines.first()?.number.max(1);
    let last = excerpt.lines.last()?.number.max(first);
    let lines: Vec<_> = excerpt.lines.iter().map(|line| line.text.as_str()).collect();
    Some(Node::object([
        ("startLine", Node::Number(first.into())),
        ("endLine", Node::Number(last.into())),
        ("snippet", Node::object([("text", Node::Text(lines.join("\n")))])),
    ]))
}

fn suppressed(suppression: &Suppression) -> Node {
    let kind = match suppression.kind {
        SuppressionKind::Inline => "inSource",
        SuppressionKind::Exception
        | SuppressionKind::Baseline
        | SuppressionKind::GitleaksIgnore
        | SuppressionKind::Vex => "external",
    };
    let justification = (!suppression.reason.is_empty()).then(|| Node::text(&suppression.reason));
    let properties = Node::object([
        ("decision", Node::text(crate::summary::suppression_word(suppression.kind))),
        ("origin", Node::text(&suppression.origin)),
        ("owner", suppression.owner.as_ref().map(Node::text).into()),
        ("expires", suppression.expires.as_ref().map(Node::text).into()),
    ]);
    Node::object([
        ("kind", Node::text(kind)),
        ("status", Node::text("accepted")),
        ("justification", justification.into()),
        ("properties", properties),
    ])
}

fn properties(finding: &Finding, failing: &BTreeSet<&str>) -> Node {
    let commit = finding.subject.location().and_then(|location| location.commit.as_ref());
    Node::object([
        ("severity", Node::text(finding.severity.as_str())),
        ("confidence", Node::text(finding.confidence.as_str())),
        ("failsGate", Node::Bool(failing.contains(finding.fingerprint.as_str()))),
        ("reasons", Node::list_or_absent(finding.reasons.iter().map(Node::text))),
        ("owners", Node::list_or_absent(finding.owners.iter().map(Node::text))),
        ("secret", finding.secret.as_ref().map(secret).into()),
        ("package", finding.package.as_deref().map(package).into()),
        ("commit", commit.map(committed).into()),
    ])
}

fn package(facts: &PackageFacts) -> Node {
    let text = |text: Option<&String>| Node::from(text.map(Node::text));
    Node::object([
        ("ecosystem", Node::text(&facts.ecosystem)),
        ("name", Node::text(&facts.name)),
        ("version", text(facts.version.as_ref())),
        ("advisories", Node::list(facts.advisories.iter().map(Node::text))),
        ("fixedIn", text(facts.fixed.as_ref())),
        ("clearIn", text(facts.clear.as_ref())),
        ("scope", Node::text(&facts.scope)),
        ("relation", Node::text(&facts.relation)),
        ("path", Node::list(facts.path.iter().map(Node::text))),
        ("reach", facts.reach.map(|reach| Node::text(reach.as_str())).into()),
        ("cvss", text(facts.cvss.as_ref().map(|cvss| &cvss.score))),
        ("cvssVector", text(facts.cvss.as_ref().map(|cvss| &cvss.vector))),
        ("epss", text(facts.epss.as_ref().map(|epss| &epss.probability))),
        ("exploitedSince", text(facts.exploited_since.as_ref())),
    ])
}

fn secret(facts: &SecretFacts) -> Node {
    Node::object([
        ("redaction", Node::text(facts.redaction.to_string())),
        ("fingerprint", Node::text(facts.fingerprint.as_str())),
        ("proof", Node::text(facts.proof.as_str())),
        ("facts", Node::list_or_absent(facts.facts.iter().map(Node::text))),
        ("decoded", Node::list_or_absent(facts.decoded.iter().map(Node::text))),
    ])
}

fn committed(commit: &CommitInfo) -> Node {
    Node::object([
        ("id", Node::text(&commit.id)),
        ("author", Node::text(&commit.author)),
        ("email", Node::text(&commit.email)),
        ("date", Node::text(&commit.date)),
        ("summary", Node::text(&commit.summary)),
    ])
}
