//! CSV by RFC 4180: one row per finding, suppressed ones included, safe to open in a spreadsheet.

use std::collections::BTreeSet;
use std::io::{self, Write};

use selvedge_model::{Finding, Reach, Report, Subject, Suppression};

use crate::order::{failing, path_or_name};
use crate::summary::suppression_word;
use crate::text::printable;

const COLUMNS: [&str; 31] = [
    "status",
    "severity",
    "confidence",
    "engine",
    "rule",
    "title",
    "message",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "fails_gate",
    "proof",
    "secret",
    "secret_fingerprint",
    "fingerprint",
    "commit",
    "commit_author",
    "commit_date",
    "owners",
    "fix",
    "package",
    "advisories",
    "fixed_in",
    "scope",
    "reach",
    "suppressed_by",
    "suppression_origin",
    "suppression_reason",
    "suppression_expires",
];

/// Writes a heading and the rows, each ended by CR LF.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_row(COLUMNS.map(str::to_owned), out)?;
    let failing = failing(report);
    for finding in &report.findings {
        write_row(row(finding, None, &failing), out)?;
    }
    for entry in &report.suppressed {
        write_row(row(&entry.finding, Some(&entry.suppression), &failing), out)?;
    }
    Ok(())
}

fn row(
    finding: &Finding,
    suppression: Option<&Suppression>,
    failing: &BTreeSet<&str>,
) -> [String; COLUMNS.len()] {
    let location = finding.subject.location();
    let number = |number: Option<u32>| number.map_or(String::new(), |number| number.to_string());
    let secret = finding.secret.as_ref();
    let package = finding.package.as_deref();
    let commit = location.and_then(|location| location.commit.as_ref());
    let optional = |text: Option<&String>| text.cloned().unwrap_or_default();
    [
        if suppression.is_some() { "suppressed" } else { "open" }.to_owned(),
        finding.severity.to_string(),
        finding.confidence.to_string(),
        finding.engine.to_string(),
        finding.rule.to_string(),
        finding.title.clone(),
        finding.message.clone(),
        path_or_name(finding),
        number(location.map(|location| location.start.line)),
        number(location.map(|location| location.start.column)),
        number(location.map(|location| location.end.line)),
        number(location.map(|location| location.end.column)),
        failing.contains(finding.fingerprint.as_str()).to_string(),
        secret.map_or(String::new(), |secret| secret.proof.as_str().to_owned()),
        secret.map_or(String::new(), |secret| secret.redaction.to_string()),
        secret.map_or(String::new(), |secret| secret.fingerprint.to_string()),
        finding.fingerprint.to_string(),
        optional(commit.map(|commit| &commit.id)),
        optional(commit.map(|commit| &commit.author)),
        optional(commit.map(|commit| &commit.date)),
        finding.owners.join(" "),
        finding.remediation.steps.join(" "),
        purl(finding),
        package.map_or(String::new(), |package| package.advisories.join(" ")),
        optional(package.and_then(|package| package.fixed.as_ref())),
        package.map_or(String::new(), |package| package.scope.clone()),
        package.and_then(|package| package.reach).map_or("", Reach::as_str).to_owned(),
        suppression.map_or("", |decision| suppression_word(decision.kind)).to_owned(),
        optional(suppression.map(|decision| &decision.origin)),
        optional(suppression.map(|decision| &decision.reason)),
        optional(suppression.and_then(|decision| decision.expires.as_ref())),
    ]
}

fn purl(finding: &Finding) -> String {
    match &finding.subject {
        Subject::Package { purl, .. } => purl.clone(),
        _ => String::new(),
    }
}

fn write_row(cells: [String; COLUMNS.len()], out: &mut dyn Write) -> io::Result<()> {
    let cells = cells.map(|text| cell(&text));
    write!(out, "{}\r\n", cells.join(","))
}

/// One cell. What a spreadsheet would take for a formula gets an apostrophe; what a reader with another
/// separator would take apart gets quotes.
fn cell(text: &str) -> String {
    let mut text = printable(text).into_owned();
    if text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        text.insert(0, '\'');
    }
    if text.contains(['"', ',', ';', '|']) || text.starts_with(' ') || text.ends_with(' ') {
        text = format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}
