//! What stands around the findings: the run, suppressed findings, what was not looked at, rules.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use selvedge_model::Report;

use super::{Escaped, finding};
use crate::summary as facts;
use crate::text::grouped;

/// What was looked at, and with which rules.
pub(super) fn run(report: &Report, page: &mut String) -> fmt::Result {
    writeln!(page, "<section class=\"facts\" aria-label=\"Run\">\n<dl>")?;
    let mut item = |label: &str, text: &str| {
        if text.is_empty() { Ok(()) } else { writeln!(page, "<dt>{label}</dt><dd>{}</dd>", Escaped(text)) }
    };
    item("Looked at", &facts::looked_at(report))?;
    if let Some(info) = &report.run.dependencies {
        let mut text = crate::package::looked_at(info);
        for gap in crate::package::gaps(info) {
            text.push_str("; ");
            text.push_str(&gap);
        }
        item("Packages", &text)?;
    }
    item("Skipped", &facts::skipped(report).unwrap_or_else(|| "nothing".to_owned()))?;
    item("Suppressed", &facts::suppressed(report).unwrap_or_else(|| "nothing".to_owned()))?;
    item("Rules", &facts::rule_sources(report))?;
    for influence in &report.run.influences {
        item("Influenced by", influence)?;
    }
    writeln!(page, "</dl>\n</section>")
}

/// Every suppression, who made it and why.
pub(super) fn suppressed(report: &Report, page: &mut String) -> fmt::Result {
    let rows = report.suppressed.iter().map(|entry| {
        let decision = &entry.suppression;
        let words = |text: Option<&String>| text.cloned().unwrap_or_default();
        vec![
            Cell::level(entry.finding.severity.as_str()),
            Cell::code(&finding::place(&entry.finding)),
            Cell::code(entry.finding.rule.as_str()),
            Cell::text(facts::suppression_word(decision.kind)),
            Cell::code(&decision.origin),
            Cell::text(&decision.reason),
            Cell::text(&words(decision.owner.as_ref())),
            Cell::text(&words(decision.expires.as_ref())),
        ]
    });
    let heads = ["Severity", "Where", "Rule", "Decision", "Written in", "Reason", "Owner", "Until"];
    table("Suppressed", &heads, rows.collect(), page)
}

/// Every diagnostic.
pub(super) fn diagnostics(report: &Report, page: &mut String) -> fmt::Result {
    let rows = report.diagnostics.iter().map(|entry| {
        let line = entry.line.map_or(String::new(), |line| format!(":{line}"));
        let place = entry.path.as_ref().map_or(String::new(), |path| format!("{path}{line}"));
        vec![Cell::text(entry.kind.label()), Cell::code(&place), Cell::text(&entry.message)]
    });
    table("Skipped and problems", &["What", "Where", "Details"], rows.collect(), page)
}

/// What the owner of the configuration should look at.
pub(super) fn notices(report: &Report, page: &mut String) -> fmt::Result {
    let rows = report.notices.iter().map(|entry| vec![Cell::code(&entry.origin), Cell::text(&entry.message)]);
    table("Notices", &["Where", "What"], rows.collect(), page)
}

/// The rules behind the findings.
pub(super) fn rules(report: &Report, page: &mut String) -> fmt::Result {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(finding.rule.as_str()).or_default() += 1;
    }
    let rows = report.rules.values().map(|rule| {
        let references: Vec<_> = rule.references.iter().map(finding::link).collect();
        vec![
            Cell::level(rule.severity.as_str()),
            Cell::code(rule.id.as_str()),
            Cell::text(&rule.title),
            Cell::text(&grouped(counts.get(rule.id.as_str()).copied().unwrap_or_default())),
            Cell::text(&rule.pack),
            Cell(references.join(" · ")),
        ]
    });
    let heads = ["Severity", "Rule", "Finds", "Findings", "Pack", "References"];
    table("Rules", &heads, rows.collect(), page)
}

/// Markup of one cell.
struct Cell(String);

impl Cell {
    fn text(text: &str) -> Self {
        Self(Escaped(text).to_string())
    }

    fn code(text: &str) -> Self {
        if text.is_empty() { Self(String::new()) } else { Self(format!("<code>{}</code>", Escaped(text))) }
    }

    fn level(name: &str) -> Self {
        Self(format!("<span class=\"level {name}\">{name}</span>"))
    }
}

/// A section with a table, left out if it has no rows.
fn table(title: &str, heads: &[&str], rows: Vec<Vec<Cell>>, page: &mut String) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let total = grouped(rows.len() as u64);
    writeln!(page, "<section>\n<h2>{title} <span>{total}</span></h2>\n<div class=\"scroll wide\"><table>")?;
    write!(page, "<thead><tr>")?;
    for head in heads {
        write!(page, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(page, "</tr></thead>\n<tbody>")?;
    for row in rows {
        write!(page, "<tr>")?;
        for Cell(html) in row {
            write!(page, "<td>{html}</td>")?;
        }
        writeln!(page, "</tr>")?;
    }
    writeln!(page, "</tbody>\n</table></div>\n</section>")
}
