//! Markdown for a step summary or a comment on a merge request.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use selvedge_model::{Finding, Reference, Report, Severity};

use crate::order::{Group, failing, groups};
use crate::summary as facts;
use crate::text::{count, printable};

/// Rows of the table. A step summary may hold 1 MiB, and nobody reads so far.
const ROWS_MAX: usize = 200;
/// Entries of the lists below the table.
const ENTRIES_MAX: usize = 100;

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let word = if report.verdict.pass { "✅ pass" } else { "❌ fail" };
    writeln!(out, "## {}: {word}\n", escaped(&report.tool.name))?;
    for reason in &report.verdict.reasons {
        writeln!(out, "- {}", escaped(reason))?;
    }
    writeln!(out, "- policy: {}\n", escaped(&report.verdict.policy))?;
    write_counts(report, out)?;
    write_table(report, out)?;
    write_lists(report, out)
}

fn write_counts(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let by_severity = facts::by_severity(&report.findings);
    let counts: Vec<_> = by_severity.iter().map(|(severity, n)| format!("{n} {severity}")).collect();
    let findings = if counts.is_empty() {
        "**No findings**".to_owned()
    } else {
        format!("**{}**: {}", facts::findings_count(&report.findings), counts.join(" · "))
    };
    writeln!(out, "{findings} in {}.", facts::looked_at(report))?;
    if let Some(info) = &report.run.dependencies {
        let gaps = crate::package::gaps(info).into_iter();
        let parts: Vec<_> = std::iter::once(crate::package::looked_at(info)).chain(gaps).collect();
        writeln!(out, "Packages: {}.", escaped(&parts.join("; ")))?;
    }
    if let Some(text) = facts::suppressed(report) {
        writeln!(out, "Suppressed: {}.", escaped(&text))?;
    }
    if let Some(text) = facts::skipped(report) {
        writeln!(out, "Skipped: {}.", escaped(&text))?;
    }
    if report.run.partial {
        writeln!(out, "**Partial**: part of what was asked for could not be seen.")?;
    }
    writeln!(out)
}

fn write_table(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    let failing = failing(report);
    let groups = groups(&report.findings);
    writeln!(out, "| | Severity | Finding | Where | Confidence | What to do |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for group in groups.iter().take(ROWS_MAX) {
        let mut places = std::iter::once(group.lead).chain(group.others.iter().copied());
        let fails = places.any(|finding| failing.contains(finding.fingerprint.as_str()));
        writeln!(out, "{}", row(group, fails))?;
    }
    if groups.len() > ROWS_MAX {
        let more = count((groups.len() - ROWS_MAX) as u64, "more row");
        writeln!(out, "\n{more} left out; the JSON, SARIF and HTML reports hold them all.")?;
    }
    writeln!(out)
}

fn row(group: &Group<'_>, fails: bool) -> String {
    let finding = group.lead;
    let others = match group.others.len() as u64 {
        0 => String::new(),
        n => format!("<br>and {}", count(n, "more place")),
    };
    let owners = if finding.owners.is_empty() {
        String::new()
    } else {
        format!("<br>owner: {}", escaped(&finding.owners.join(", ")))
    };
    let step = finding.remediation.steps.first().map_or("", String::as_str);
    format!(
        "| {} | {} {} | {}<br>{} | {}{others}{owners} | {} | {} |",
        if fails { "❌" } else { "" },
        mark(finding.severity),
        finding.severity,
        escaped(&finding.title),
        code(finding.rule.as_str()),
        code(&place(finding)),
        confidence(finding),
        escaped(step),
    )
}

fn confidence(finding: &Finding) -> String {
    let proof = finding.secret.as_ref().map(|secret| secret.proof);
    match proof {
        None | Some(selvedge_model::Proof::None) => finding.confidence.to_string(),
        Some(proof) => format!("{}, proof: {}", finding.confidence, proof.as_str()),
    }
}

fn place(finding: &Finding) -> String {
    match finding.subject.location() {
        Some(location) => {
            let commit = location.commit.as_ref();
            let commit = commit.map_or(String::new(), |commit| {
                format!(" @ {}", commit.id.chars().take(10).collect::<String>())
            });
            format!("{}:{}:{}{commit}", location.path, location.start.line, location.start.column)
        }
        None => crate::order::subject_name(&finding.subject),
    }
}

fn write_lists(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let suppressed = report.suppressed.iter().map(|entry| {
        let decision = escaped(&facts::decision(&entry.suppression)).into_owned();
        format!("{} {}: {decision}", code(&place(&entry.finding)), code(entry.finding.rule.as_str()))
    });
    details("Suppressed findings", suppressed, out)?;
    let skipped = report
        .diagnostics
        .iter()
        .map(|entry| format!("{}: {}", entry.kind.label(), escaped(&entry.to_string())));
    details("Skipped and problems", skipped, out)?;
    let notices = report.notices.iter();
    let notices = notices.map(|entry| format!("{}: {}", code(&entry.origin), escaped(&entry.message)));
    details("Notices", notices, out)?;
    let sources = report
        .run
        .rule_sources
        .iter()
        .map(|source| format!("{}: {}", code(&source.name), count(source.rules.into(), "rule")));
    let influences = report.run.influences.iter().map(|text| escaped(text).into_owned());
    details("Rules and influences", sources.chain(influences), out)
}

fn details(title: &str, entries: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<_> = entries.collect();
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details><summary>{title} ({})</summary>\n", entries.len())?;
    for entry in entries.iter().take(ENTRIES_MAX) {
        writeln!(out, "- {entry}")?;
    }
    if entries.len() > ENTRIES_MAX {
        writeln!(out, "- and {} more", entries.len() - ENTRIES_MAX)?;
    }
    writeln!(out, "\n</details>\n")
}

/// A glance at the severity, beside its name.
fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🟣",
        Severity::High => "🔴",
        Severity::Medium => "🟠",
        Severity::Low => "🟡",
        Severity::Info => "🔵",
    }
}

/// A reference as a link where it has an address.
pub(crate) fn reference(reference: &Reference) -> String {
    let name = escaped(&reference.id);
    match reference.url() {
        Some(url) if is_linkable(&url) => format!("[{name}](<{url}>)"),
        _ => name.into_owned(),
    }
}

fn is_linkable(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\\\"'`|".contains(&byte))
}

/// Text in which nothing is markup: neither Markdown nor HTML nor a mention nor an address.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - number.len();
    let starts_a_list = text.starts_with(['-', '=', '+']) || (digits > 0 && number.starts_with(['.', ')']));
    let safe = escape_with(&text, |safe, c| safe.extend(['\\', c]));
    if !starts_a_list {
        return Cow::Owned(safe);
    }
    Cow::Owned(format!("{}\\{}", &safe[..digits], &safe[digits..]))
}

/// Text as code, also where it holds backticks or a column separator.
fn code(text: &str) -> String {
    let reference = |safe: &mut String, c| {
        let _infallible = write!(safe, "&#{};", c as u32);
    };
    format!("<code>{}</code>", escape_with(&printable(text), reference))
}

/// Makes marks of HTML and Markdown plain; `quote` does it for those that a backslash could quote.
fn escape_with(text: &str, quote: impl Fn(&mut String, char)) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' => safe.push_str("&#124;"),
            // A backslash does not stop GitHub from seeing a mention or an address.
            '@' => safe.push_str("&#64;"),
            ':' if text[at..].starts_with("://") => safe.push_str("&#58;"),
            '.' if ends_with_www(&text[..at]) => safe.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => quote(&mut safe, c),
            c => safe.push(c),
        }
    }
    safe
}

fn ends_with_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}
