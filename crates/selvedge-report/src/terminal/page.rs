//! A page of headed sections at a terminal: an advisory explained.

use std::io::{self, Write};

use selvedge_model::{Reference, Severity};

use super::TerminalStyle;
use super::paint::Paint;
use super::rule::{paragraph, section, write_references};
use crate::text::printable;

/// Something explained under headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// Its identifier.
    pub id: &'a str,
    /// What it is, in one line.
    pub title: &'a str,
    /// Where it comes from, in one line.
    pub origin: &'a str,
    /// Headings with their paragraphs; one without paragraphs is left out.
    pub sections: &'a [(&'a str, Vec<String>)],
    /// Where to read on.
    pub references: &'a [Reference],
}

/// Writes a page. A line break within a paragraph stays one.
pub fn write_page(page: &Page<'_>, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(style);
    let tag = paint.severity(page.severity, &format!("{}[{}]", page.severity, printable(page.id)));
    writeln!(out, "{tag} {}", paint.bold(&printable(page.title)))?;
    writeln!(out, "{}", paint.dim(&printable(page.origin)))?;
    for (title, paragraphs) in page.sections.iter().filter(|(_, paragraphs)| !paragraphs.is_empty()) {
        section(title, &paint, out)?;
        for text in paragraphs {
            for line in text.lines() {
                let rest = line.trim_start();
                if rest.is_empty() {
                    writeln!(out)?;
                    continue;
                }
                let lead = " ".repeat(2 + (line.len() - rest.len()).min(4));
                paragraph(&lead, rest, style.columns(), out)?;
            }
        }
    }
    write_references(page.references, &paint, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_headed_and_wrapped_and_control_characters_are_shown_as_such() {
        let sections = [("Details", vec!["one two three\u{1b}[31m four".repeat(6)]), ("Nothing", Vec::new())];
        let page = Page {
            severity: Severity::High,
            id: "CVE-2026-1",
            title: "A flaw",
            origin: "from here",
            sections: &sections,
            references: &[],
        };
        let style = TerminalStyle { width: 60, ..TerminalStyle::default() };
        let mut text = Vec::new();
        write_page(&page, &style, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("high[CVE-2026-1] A flaw\nfrom here\n\nDetails\n  one two"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("Nothing"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
    }
}
