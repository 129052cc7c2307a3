//! What is known about the terminal, and how errors are shown on it. The only place that looks at the
//! environment for it.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use selvedge_report::TerminalStyle;

use crate::cli::ColorChoice;

/// Width to wrap at where it cannot be found out.
const WIDTH_DEFAULT: usize = 100;
/// Wider lines than this are harder to read.
const WIDTH_MAX: usize = 120;

/// The terminal, as far as output cares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Colour on standard output.
    pub(crate) color: bool,
    /// Colour on standard error.
    pub(crate) error_color: bool,
    /// Standard error is a terminal that someone watches: progress may be drawn.
    pub(crate) interactive: bool,
    /// Columns to wrap at.
    pub(crate) width: usize,
}

impl Terminal {
    /// Looks at the standard streams, `NO_COLOR`, `CLICOLOR_FORCE`, `TERM` and `COLUMNS`.
    pub(crate) fn detect(choice: ColorChoice) -> Self {
        let allowed = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if is_set("NO_COLOR") => false,
            ColorChoice::Auto if is_set("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let out = std::io::stdout().is_terminal();
        let err = std::io::stderr().is_terminal();
        let color = allowed(out);
        choice_for_clap(color);
        Self { color, error_color: allowed(err), interactive: err && !is_set("CI"), width: width() }
    }

    /// How reports are drawn on standard output.
    pub(crate) fn style(&self, verbose: bool, elapsed: Option<std::time::Duration>) -> TerminalStyle {
        TerminalStyle { color: self.color, width: self.width, hyperlinks: None, verbose, elapsed }
    }

    /// Shows an error and its causes on standard error.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.message("error", AnsiColor::Red, &format!("{error:#}"));
    }

    /// Shows a remark that does not stop the command on standard error.
    pub(crate) fn note(&self, text: &str) {
        self.message("note", AnsiColor::Cyan, text);
    }

    /// Shows something that the reader must not overlook on standard error.
    pub(crate) fn warn(&self, text: &str) {
        self.message("warning", AnsiColor::Yellow, text);
    }

    fn message(&self, label: &str, color: AnsiColor, text: &str) {
        let style =
            if self.error_color { Style::new().bold().fg_color(Some(color.into())) } else { Style::new() };
        // Standard error may be closed; there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "{style}{label}:{style:#} {}", printable(text));
    }
}

/// Text without control characters but line ends, so that a hostile file name cannot drive the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
    let measured = || indicatif_width();
    columns.or_else(measured).unwrap_or(WIDTH_DEFAULT).clamp(40, WIDTH_MAX)
}

fn indicatif_width() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// anstream writes through this choice wherever clap prints.
fn choice_for_clap(color: bool) {
    let choice = if color { anstream::ColorChoice::Always } else { anstream::ColorChoice::Never };
    choice.write_global();
}
