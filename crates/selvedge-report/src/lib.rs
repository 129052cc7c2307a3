//! Every output format of a report. Pure functions from [`selvedge_model::Report`] to bytes.
//!
//! No file system, no clock, no environment, no terminal detection: the caller says how wide the
//! terminal is and whether it takes colour. The same report gives the same bytes. What comes from the
//! scanned repository (paths, messages, excerpts, author names) is hostile; the module `text` neutralises it.
//! Start reading at [`write`].

mod csv_table;
mod format;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod node;
mod order;
mod sarif;
mod summary;
mod terminal;
mod text;

use std::io::{self, Write};

use selvedge_model::Report;

pub use format::{Format, UnknownFormat};
pub use terminal::{RuleExamples, TerminalStyle, write_finding_detail, write_rule};

/// Writes `report` in `format`. `style` matters to [`Format::Terminal`] only.
pub fn write(report: &Report, format: Format, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Ndjson => json::write_lines(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::GitlabCodeQuality => gitlab::write_code_quality(report, out),
        Format::GitlabSecretDetection => gitlab::write_secret_detection(report, out),
        Format::Github => github::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Csv => csv_table::write(report, out),
        Format::Html => html::write(report, out),
    }
}
