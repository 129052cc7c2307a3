//! The last lines: counts, what was looked at, what was not and why, and the verdict with its reason.

use std::io::{self, Write};

use selvedge_model::Report;

use super::TerminalStyle;
use super::finding::place;
use super::paint::{Paint, padded};
use crate::order;
use crate::summary as facts;
use crate::text::{count, duration, grouped, printable, width, wrap};

/// Diagnostics and notices listed unless all are asked for.
const LISTED: usize = 10;
/// Columns of the widest label, `influenced by`, and a gap.
const LABEL_COLUMNS: usize = 15;

pub(super) fn write(
    report: &Report,
    style: &TerminalStyle,
    paint: &Paint<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines = Lines { style, paint };
    write_findings(report, &lines, out)?;
    write_suppressed(report, &lines, out)?;
    write_looked_at(report, &lines, out)?;
    write_settings(report, &lines, out)?;
    write_verdict(report, &lines, out)
}

/// `2 critical · 1 high (3 findings)`.
fn write_findings(report: &Report, lines: &Lines<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.findings.is_empty() {
        return lines.dressed("findings", "none", out);
    }
    let counts = facts::by_severity(&report.findings);
    let words: Vec<_> =
        counts.iter().map(|(severity, n)| (*severity, format!("{} {severity}", grouped(*n)))).collect();
    let plain: Vec<_> = words.iter().map(|(_, text)| text.as_str()).collect();
    let shown: Vec<_> = words.iter().map(|(severity, text)| lines.paint.severity(*severity, text)).collect();
    let total = format!("({})", facts::findings_count(&report.findings));
    let columns = width(&plain.join(" · ")) + width(&total);
    lines.pair("findings", columns, [&shown.join(" · "), &total], out)
}

fn write_suppressed(report: &Report, lines: &Lines<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(text) = facts::suppressed(report) else { return Ok(()) };
    if !lines.style.verbose {
        return lines.item("suppressed", &format!("{text}; --verbose lists them"), Tone::Plain, out);
    }
    lines.item("suppressed", &text, Tone::Plain, out)?;
    let listed = report.suppressed.iter().map(|suppressed| {
        let at = suppressed.finding.subject.location().map_or(String::new(), place);
        format!("{at} [{}] {}", suppressed.finding.rule, facts::decision(&suppressed.suppression))
    });
    lines.entries(listed, out)
}

fn write_looked_at(report: &Report, lines: &Lines<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(text) = facts::skipped(report) {
        lines.item("skipped", &text, Tone::Warning, out)?;
        lines.entries(facts::skipped_diagnostics(report).map(ToString::to_string), out)?;
    }
    if report.run.partial {
        lines.item("partial", "part of what was asked for could not be seen", Tone::Warning, out)?;
    }
    if let Some(info) = &report.run.dependencies {
        let tone = if info.database.is_some() { Tone::Plain } else { Tone::Warning };
        lines.item("packages", &crate::package::looked_at(info), tone, out)?;
        lines.entries(crate::package::gaps(info).into_iter(), out)?;
    }
    let elapsed = lines.style.elapsed.map_or(String::new(), |time| format!(", in {}", duration(time)));
    let run = &report.run;
    let text = format!("{} ({} {}){elapsed}", facts::looked_at(report), run.mode, run.target);
    lines.item("looked at", &text, Tone::Plain, out)
}

fn write_settings(report: &Report, lines: &Lines<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules = facts::rule_sources(report);
    if !rules.is_empty() {
        lines.item("rules", &rules, Tone::Plain, out)?;
    }
    let problems: Vec<_> = facts::configuration_diagnostics(report).map(ToString::to_string).collect();
    if !problems.is_empty() {
        let text = count(problems.len() as u64, "configuration problem");
        lines.item("problems", &text, Tone::Warning, out)?;
        lines.entries(problems.into_iter(), out)?;
    }
    for (at, influence) in report.run.influences.iter().enumerate() {
        lines.item(if at == 0 { "influenced by" } else { "" }, influence, Tone::Plain, out)?;
    }
    if !report.notices.is_empty() {
        let text = count(report.notices.len() as u64, "notice");
        lines.item("notices", &text, Tone::Warning, out)?;
        let listed = report.notices.iter().map(|notice| format!("{}: {}", notice.origin, notice.message));
        lines.entries(listed, out)?;
    }
    Ok(())
}

fn write_verdict(report: &Report, lines: &Lines<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verdict = &report.verdict;
    let failing = match order::failing(report).len() as u64 {
        0 => String::new(),
        n => format!(" · {}", count(n, "failing finding")),
    };
    let word = facts::verdict_word(report);
    let policy = format!("(policy: {})", printable(&verdict.policy));
    let columns = width(word) + width(&failing) + width(&policy);
    let word = if verdict.pass { lines.paint.good(word) } else { lines.paint.bad(word) };
    let decision = format!("{word}{failing}");
    lines.pair("verdict", columns, [&decision, &lines.paint.dim(&policy)], out)?;
    lines.all(verdict.reasons.iter().map(String::as_str), out)
}

/// How a line is coloured.
#[derive(Clone, Copy)]
enum Tone {
    Plain,
    Warning,
}

/// A column of labels and a column of wrapped text.
struct Lines<'a> {
    style: &'a TerminalStyle,
    paint: &'a Paint<'a>,
}

impl Lines<'_> {
    /// A labelled line of text that is short, ours or neutralised, and carries its own colours.
    fn dressed(&self, label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}{text}", self.paint.bold(&padded(label, LABEL_COLUMNS)))
    }

    /// Two pieces that are `columns` wide together, on one line if they fit.
    fn pair(&self, label: &str, columns: usize, pieces: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
        if LABEL_COLUMNS + columns < self.style.columns() {
            return self.dressed(label, &pieces.join(" "), out);
        }
        self.dressed(label, pieces[0], out)?;
        self.dressed("", pieces[1], out)
    }

    /// A labelled paragraph. An empty label continues the item above.
    fn item(&self, label: &str, text: &str, tone: Tone, out: &mut dyn Write) -> io::Result<()> {
        let text = printable(text);
        for (at, line) in wrap(&text, self.style.columns() - LABEL_COLUMNS).iter().enumerate() {
            let line = match tone {
                Tone::Plain => line.clone(),
                Tone::Warning => self.paint.warning(line),
            };
            self.dressed(if at == 0 { label } else { "" }, &line, out)?;
        }
        Ok(())
    }

    /// The first entries, or all of them if the reader wants everything.
    fn entries(&self, entries: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
        let entries: Vec<_> = entries.collect();
        let listed = LISTED + 1;
        let shown = if self.style.verbose || entries.len() <= listed { entries.len() } else { LISTED };
        self.all(entries[..shown].iter().map(String::as_str), out)?;
        let more = entries.len() - shown;
        if more > 0 {
            let text = format!("and {} more (--verbose lists them)", grouped(more as u64));
            self.all(std::iter::once(text.as_str()), out)?;
        }
        Ok(())
    }

    fn all<'t>(&self, entries: impl Iterator<Item = &'t str>, out: &mut dyn Write) -> io::Result<()> {
        for entry in entries {
            let room = self.style.columns() - LABEL_COLUMNS - 2;
            for (at, line) in wrap(&printable(entry), room).iter().enumerate() {
                writeln!(out, "{:LABEL_COLUMNS$}{}{line}", "", if at == 0 { "- " } else { "  " })?;
            }
        }
        Ok(())
    }
}
