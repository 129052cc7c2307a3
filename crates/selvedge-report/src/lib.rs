//! Every output format of a report. Pure functions from [`selvedge_model::Report`] to bytes.
//!
//! No file system, no clock, no environment, no terminal detection: the caller says how wide the
//! terminal is and whether it takes colour. The same report gives the same bytes. What comes from the
//! scanned repository (paths, messages, excerpts, author names) is hostile; the module `text` neutralises it.
//! Start reading at [`write()`].

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
mod package;
mod sarif;
mod summary;
mod terminal;
mod text;

use std::io::{self, BufWriter, Write};

use selvedge_model::Report;

pub use format::{Format, UnknownFormat};
pub use terminal::{
    Page, RuleExamples, TerminalStyle, write_evidence, write_finding_detail, write_page, write_rule,
};

/// The formats write in small pieces; this much goes out at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Writes `report` in `format` through a buffer that is flushed before this returns, so that a full disk
/// or a closed pipe is an error here. `style` matters to [`Format::Terminal`] only.
pub fn write(report: &Report, format: Format, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, out);
    write_unbuffered(report, format, style, &mut buffer)?;
    buffer.flush()
}

fn write_unbuffered(
    report: &Report,
    format: Format,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
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
