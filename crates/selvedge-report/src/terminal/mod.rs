//! The report for a person at a terminal, in the shape of rustc's diagnostics.
//!
//! Colour only repeats what words say. Findings come worst first, and the places of one secret are
//! gathered under one heading; the last lines sum up and give the verdict.

mod excerpt;
mod finding;
mod page;
mod paint;
mod rule;
mod summary;

use std::io::{self, Write};
use std::time::Duration;

use selvedge_model::{Finding, Report};

use crate::order;
use paint::Paint;

pub use page::{Page, write_page};
pub use rule::{RuleExamples, write_evidence, write_rule};

/// How the terminal wants its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Whether to emit colour.
    pub color: bool,
    /// Columns to wrap at.
    pub width: usize,
    /// Makes paths and references clickable (OSC 8). Holds the `file://` address of the root of the run,
    /// ending in `/`; `None` emits no links.
    pub hyperlinks: Option<String>,
    /// Show every step, place, suppression and diagnostic instead of the first few.
    pub verbose: bool,
    /// How long the run took, if that is to be shown.
    pub elapsed: Option<Duration>,
}

impl Default for TerminalStyle {
    fn default() -> Self {
        Self { color: false, width: 100, hyperlinks: None, verbose: false, elapsed: None }
    }
}

impl TerminalStyle {
    /// Lines are never made narrower than this, however small the window.
    pub const WIDTH_MIN: usize = 40;
    /// Running text is not made wider than this, however large the window.
    pub const WIDTH_MAX: usize = 120;

    fn columns(&self) -> usize {
        self.width.clamp(Self::WIDTH_MIN, Self::WIDTH_MAX)
    }
}

/// Writes the whole report.
pub(crate) fn write(report: &Report, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(style);
    let failing = order::failing(report);
    for group in order::groups(&report.findings) {
        let places = std::iter::once(group.lead).chain(group.others.iter().copied());
        let fails = places.into_iter().any(|finding| failing.contains(finding.fingerprint.as_str()));
        finding::write(&group, fails, style, &paint, out)?;
        writeln!(out)?;
    }
    summary::write(report, style, &paint, out)
}

/// Writes one finding with everything known about it, for `selvedge explain`.
pub fn write_finding_detail(finding: &Finding, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let style = TerminalStyle { verbose: true, ..style.clone() };
    let paint = Paint::new(&style);
    let group = order::Group { lead: finding, others: Vec::new() };
    finding::write(&group, false, &style, &paint, out)?;
    rule::write_references(&finding.references, &paint, out)
}
