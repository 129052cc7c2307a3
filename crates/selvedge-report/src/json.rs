//! JSON and NDJSON: the report as the model defines it, described by `selvedge_model::report_schema`.

use std::io::{self, Write};

use selvedge_model::Report;

use crate::node::{write_line, write_pretty};

/// Writes the report as one indented document and a newline.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(report, out)
}

/// Writes each finding on a line of its own, then the report without its findings as the last line,
/// which alone has `schema_version`.
pub(crate) fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        write_line(finding, out)?;
    }
    let rest = Report {
        schema_version: report.schema_version,
        tool: report.tool.clone(),
        run: report.run.clone(),
        verdict: report.verdict.clone(),
        findings: Vec::new(),
        suppressed: report.suppressed.clone(),
        diagnostics: report.diagnostics.clone(),
        notices: report.notices.clone(),
        rules: report.rules.clone(),
    };
    write_line(&rest, out)
}
