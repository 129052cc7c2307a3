//! GitHub workflow commands: annotations on the lines of a pull request.
//!
//! What fails the gate is an error, the rest a warning or a notice. A step may show ten annotations of a
//! level; the tenth tells how many are left out, and the log below lists every finding.

use std::fmt::Write as _;
use std::io::{self, Write};

use selvedge_model::{Finding, Report, Severity};

use crate::order::{failing, subject_name, worst_first};
use crate::summary as facts;
use crate::text::{count, printable};

/// Annotations of one level that GitHub shows per step.
const SHOWN_MAX: usize = 10;

/// Writes the annotations, then a plain log.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let failing = failing(report);
    let mut levels = [("error", Vec::new()), ("warning", Vec::new()), ("notice", Vec::new())];
    for finding in worst_first(&report.findings) {
        let level = if failing.contains(finding.fingerprint.as_str()) {
            0
        } else if finding.severity >= Severity::Medium {
            1
        } else {
            2
        };
        levels[level].1.push(finding);
    }
    if let Some(text) = not_looked_at(report) {
        writeln!(out, "::warning title=Not everything was looked at::{}", data(&text))?;
    }
    for (level, findings) in &levels {
        let taken = usize::from(*level == "warning" && not_looked_at(report).is_some());
        write_level(level, findings, SHOWN_MAX - taken, out)?;
    }
    write_log(report, out)
}

fn write_level(level: &str, findings: &[&Finding], room: usize, out: &mut dyn Write) -> io::Result<()> {
    let shown = if findings.len() > room { room - 1 } else { findings.len() };
    for finding in &findings[..shown] {
        writeln!(out, "::{level} {}::{}", properties(finding), data(&message(finding)))?;
    }
    if shown < findings.len() {
        let more = count((findings.len() - shown) as u64, "more finding");
        writeln!(out, "::{level} title=Not all are annotated::{more}; the log of this step lists them all")?;
    }
    Ok(())
}

fn properties(finding: &Finding) -> String {
    let mut text = String::new();
    if let Some(location) = finding.subject.location() {
        let (start, end) = (location.start, location.end);
        let _infallible = write!(
            text,
            "file={},line={},endLine={},",
            property(&location.path),
            start.line,
            end.line.max(start.line)
        );
        // Columns count only within one line.
        if start.line == end.line {
            let _infallible = write!(text, "col={},endColumn={},", start.column, end.column);
        }
    }
    let title = format!("{}[{}] {}", finding.severity, finding.rule, finding.title);
    text.push_str("title=");
    text.push_str(&property(&title));
    text
}

fn message(finding: &Finding) -> String {
    let mut parts = vec![finding.message.as_str(), finding.why.as_str()];
    let fix = finding.remediation.steps.first().map(|step| format!("Fix: {step}"));
    parts.extend(fix.as_deref());
    let owners = (!finding.owners.is_empty()).then(|| format!("Owner: {}", finding.owners.join(", ")));
    parts.extend(owners.as_deref());
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn not_looked_at(report: &Report) -> Option<String> {
    let skipped = facts::skipped(report).map(|text| format!("skipped {text}"));
    let partial = report.run.partial.then(|| "part of what was asked for could not be seen".to_owned());
    let parts: Vec<_> = skipped.into_iter().chain(partial).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn write_log(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in worst_first(&report.findings) {
        let place = finding.subject.location().map_or_else(
            || subject_name(&finding.subject),
            |location| format!("{}:{}:{}", location.path, location.start.line, location.start.column),
        );
        let tag = format!("{}[{}]", finding.severity, finding.rule);
        writeln!(out, "{}", log_line(&format!("{tag} {} at {place}", finding.title)))?;
    }
    if let Some(text) = facts::suppressed(report) {
        writeln!(out, "{}", log_line(&format!("suppressed: {text}")))?;
    }
    let findings = facts::findings_count(&report.findings);
    let line = format!("{findings} in {}", facts::looked_at(report));
    writeln!(out, "{}", log_line(&line))?;
    let reasons = report.verdict.reasons.join("; ");
    writeln!(out, "{}", log_line(&format!("verdict: {}: {reasons}", facts::verdict_word(report))))
}

/// The message of a command, in which a line end is written `%0A`.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| printable(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// A property of a command. The line ends of a path stay what they are, so that the file is found.
fn property(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => safe.push_str("%25"),
            '\r' => safe.push_str("%0D"),
            '\n' => safe.push_str("%0A"),
            ':' => safe.push_str("%3A"),
            ',' => safe.push_str("%2C"),
            c => crate::text::push_printable(&mut safe, c),
        }
    }
    safe
}

/// A line of the log, indented and broken up so that nothing in it is a command.
fn log_line(text: &str) -> String {
    format!("| {}", printable(text).replace("##[", "# #["))
}
