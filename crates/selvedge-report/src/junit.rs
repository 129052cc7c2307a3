//! JUnit XML: a suite per engine and a test case per finding.
//!
//! A finding that fails the gate is a failure, a suppressed one is skipped, and any other passes with its
//! text in `system-out`, so that the colour of the test report is the verdict of the gate. A suite without
//! findings holds one passing case that says what was looked at. Diagnostics stand in `system-err`.
//! No times are written: the report has none.

use std::collections::BTreeSet;
use std::io::{self, Write};

use selvedge_model::{Engine, Finding, Report};

use crate::order::{failing, subject_name, worst_first};
use crate::summary as facts;
use crate::text::push_printable;

/// Writes the document and a newline.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let suites: Vec<_> = engines(report).into_iter().map(|engine| Suite::new(report, engine)).collect();
    let tests: usize = suites.iter().map(Suite::tests).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    let name = escaped(&report.tool.name);
    writeln!(out, r#"<testsuites name="{name}" tests="{tests}" failures="{failures}" errors="0">"#)?;
    for suite in &suites {
        write_suite(report, suite, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn engines(report: &Report) -> BTreeSet<Engine> {
    let open = report.findings.iter().map(|finding| finding.engine);
    let closed = report.suppressed.iter().map(|entry| entry.finding.engine);
    report.run.engines.iter().copied().chain(open).chain(closed).collect()
}

struct Suite<'a> {
    engine: Engine,
    open: Vec<(&'a Finding, bool)>,
    suppressed: Vec<(&'a Finding, String)>,
}

impl<'a> Suite<'a> {
    fn new(report: &'a Report, engine: Engine) -> Self {
        let failing = failing(report);
        let open = worst_first(&report.findings).into_iter().filter(|finding| finding.engine == engine);
        let closed = report.suppressed.iter().filter(|entry| entry.finding.engine == engine);
        Self {
            engine,
            open: open.map(|finding| (finding, failing.contains(finding.fingerprint.as_str()))).collect(),
            suppressed: closed.map(|e| (&e.finding, facts::decision(&e.suppression))).collect(),
        }
    }

    fn tests(&self) -> usize {
        (self.open.len() + self.suppressed.len()).max(1)
    }

    fn failures(&self) -> usize {
        self.open.iter().filter(|(_, fails)| *fails).count()
    }
}

fn write_suite(report: &Report, suite: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let engine = suite.engine;
    let (tests, failures, skipped) = (suite.tests(), suite.failures(), suite.suppressed.len());
    writeln!(
        out,
        r#"  <testsuite name="{engine}" tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}">"#
    )?;
    for (finding, fails) in &suite.open {
        open_case(finding, out)?;
        if *fails {
            let kind = escaped(finding.rule.as_str());
            let message = escaped(&finding.message);
            write!(out, r#"      <failure type="{kind}" message="{message}">"#)?;
            writeln!(out, "{}</failure>", body(finding))?;
        } else {
            writeln!(out, "      <system-out>{}</system-out>", body(finding))?;
        }
        writeln!(out, "    </testcase>")?;
    }
    for (finding, decision) in &suite.suppressed {
        open_case(finding, out)?;
        writeln!(out, r#"      <skipped message="{}"/>"#, escaped(decision))?;
        writeln!(out, "    </testcase>")?;
    }
    if suite.open.is_empty() && suite.suppressed.is_empty() {
        let name = format!("no findings in {}", facts::looked_at(report));
        writeln!(out, r#"    <testcase classname="{engine}" name="{}"/>"#, escaped(&name))?;
    }
    if !report.diagnostics.is_empty() {
        let lines: Vec<_> = report
            .diagnostics
            .iter()
            .map(|entry| escaped(&format!("{}: {entry}", entry.kind.label())))
            .collect();
        writeln!(out, "    <system-err>{}</system-err>", lines.join("\n"))?;
    }
    writeln!(out, "  </testsuite>")
}

fn open_case(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let class = escaped(&format!("{}.{}", finding.engine, finding.rule));
    let place = place(finding);
    let name = escaped(&format!("{} ({place})", finding.title));
    let file = finding.subject.location().map_or(String::new(), |location| {
        format!(r#" file="{}" line="{}""#, escaped(&location.path), location.start.line)
    });
    writeln!(out, r#"    <testcase classname="{class}" name="{name}"{file}>"#)
}

fn place(finding: &Finding) -> String {
    match finding.subject.location() {
        Some(location) => format!("{}:{}:{}", location.path, location.start.line, location.start.column),
        None => subject_name(&finding.subject),
    }
}

/// What a reader of the test report needs, one fact per line.
fn body(finding: &Finding) -> String {
    let mut lines = vec![
        format!("{}[{}] {}", finding.severity, finding.rule, finding.title),
        format!("at: {}", place(finding)),
        format!("confidence: {}", finding.confidence),
    ];
    if !finding.why.is_empty() {
        lines.push(format!("why: {}", finding.why));
    }
    lines.extend(finding.remediation.steps.iter().map(|step| format!("fix: {step}")));
    if !finding.owners.is_empty() {
        lines.push(format!("owner: {}", finding.owners.join(", ")));
    }
    lines.push(format!("fingerprint: {}", finding.fingerprint));
    let lines: Vec<_> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("\n")
}

/// Text for an attribute or an element. XML cannot hold control characters in any notation, so they
/// become visible escapes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            c => push_printable(&mut safe, c),
        }
    }
    safe
}
