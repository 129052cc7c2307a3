//! Colour and links for words that are complete without them.

use anstyle::{AnsiColor, Style};
use selvedge_model::Severity;

use super::TerminalStyle;
use crate::text::{percent_encoded, printable, width};

/// Dresses text, or leaves it alone if the terminal wants it plain.
pub(super) struct Paint<'a> {
    color: bool,
    root: Option<&'a str>,
}

impl<'a> Paint<'a> {
    pub(super) fn new(style: &'a TerminalStyle) -> Self {
        Self { color: style.color, root: style.hyperlinks.as_deref() }
    }

    /// `text` in `style`. The text must be printable already.
    pub(super) fn styled(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    pub(super) fn dim(&self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    /// The lines and arrows around an excerpt.
    pub(super) fn frame(&self, text: &str) -> String {
        self.styled(Style::new().bold().fg_color(Some(AnsiColor::Blue.into())), text)
    }

    pub(super) fn severity(&self, severity: Severity, text: &str) -> String {
        self.styled(severity_style(severity), text)
    }

    pub(super) fn good(&self, text: &str) -> String {
        self.styled(Style::new().bold().fg_color(Some(AnsiColor::Green.into())), text)
    }

    pub(super) fn bad(&self, text: &str) -> String {
        self.styled(Style::new().bold().fg_color(Some(AnsiColor::Red.into())), text)
    }

    pub(super) fn warning(&self, text: &str) -> String {
        self.styled(Style::new().fg_color(Some(AnsiColor::Yellow.into())), text)
    }

    /// `shown`, which leads to the file `path` of the run if the terminal takes links.
    pub(super) fn file_link(&self, path: &str, shown: &str) -> String {
        let Some(root) = self.root else { return shown.to_owned() };
        let file = path.split('!').next().unwrap_or(path);
        link(&format!("{root}{}", percent_encoded(file)), shown)
    }

    /// `address`, clickable if the terminal takes links.
    pub(super) fn web_link(&self, address: &str) -> String {
        let shown = printable(address).into_owned();
        if self.root.is_none() {
            return shown;
        }
        link(&shown, &shown)
    }
}

fn link(target: &str, shown: &str) -> String {
    format!("\u{1b}]8;;{}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\", printable(target))
}

fn severity_style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Critical => AnsiColor::Magenta,
        Severity::High => AnsiColor::Red,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low => AnsiColor::Cyan,
        Severity::Info => AnsiColor::Green,
    };
    Style::new().bold().fg_color(Some(color.into()))
}

/// `text` filled up with spaces to `columns`.
pub(super) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}
