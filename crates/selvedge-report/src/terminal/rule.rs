//! A rule explained: what it finds, why that matters, how to fix it, and what it does and does not match.

use std::io::{self, Write};

use selvedge_model::{Confidence, Reference, Rule};

use super::TerminalStyle;
use super::paint::Paint;
use crate::text::{printable, wrap};

/// Examples of a rule, as text that may be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleExamples<'a> {
    /// Texts in which the rule finds something.
    pub positives: &'a [String],
    /// Texts that look similar and in which it finds nothing.
    pub negatives: &'a [String],
}

/// Writes how sure a finding of the rule is to begin with, and which offline proof is tried on its value.
pub fn write_evidence(
    confidence: Confidence,
    proof: Option<&str>,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = Paint::new(style);
    section("How sure it is", &paint, out)?;
    let confidence =
        format!("confidence {confidence}, before the place and the wording of a finding are judged");
    paragraph("  ", &confidence, style.columns(), out)?;
    let proof = proof.map_or_else(
        || "proof none: nothing in the value can be checked offline".to_owned(),
        |name| {
            format!(
                "proof {name}: the value is checked offline, and dropped if it cannot be what it looks like"
            )
        },
    );
    paragraph("  ", &proof, style.columns(), out)
}

/// Writes everything known about a rule, for `selvedge explain`.
pub fn write_rule(
    rule: &Rule,
    examples: RuleExamples<'_>,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = Paint::new(style);
    let tag = paint.severity(rule.severity, &format!("{}[{}]", rule.severity, printable(rule.id.as_str())));
    writeln!(out, "{tag} {}", paint.bold(&printable(&rule.title)))?;
    let origin = format!("{} engine · {} stage · from {}", rule.engine, rule.stage, printable(&rule.pack));
    writeln!(out, "{}", paint.dim(&origin))?;
    let columns = style.columns();
    section("Why it matters", &paint, out)?;
    paragraph("  ", &rule.why, columns, out)?;
    if !rule.remediation.steps.is_empty() {
        section("How to fix it", &paint, out)?;
        for (at, step) in rule.remediation.steps.iter().enumerate() {
            paragraph(&format!("  {}. ", at + 1), step, columns, out)?;
        }
    }
    write_examples("Found in", examples.positives, &paint, out)?;
    write_examples("Not found in", examples.negatives, &paint, out)?;
    write_references(&rule.references, &paint, out)?;
    if !rule.tags.is_empty() {
        section("Tags", &paint, out)?;
        paragraph("  ", &rule.tags.join(", "), columns, out)?;
    }
    Ok(())
}

/// The references, one per line, with the address of each that has one.
pub(super) fn write_references(
    references: &[Reference],
    paint: &Paint<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if references.is_empty() {
        return Ok(());
    }
    section("References", paint, out)?;
    for reference in references {
        match reference.url() {
            Some(url) if url != reference.id => {
                writeln!(out, "  {} {}", printable(&reference.id), paint.dim(&paint.web_link(&url)))?;
            }
            Some(url) => writeln!(out, "  {}", paint.web_link(&url))?,
            None => writeln!(out, "  {}", printable(&reference.id))?,
        }
    }
    Ok(())
}

fn write_examples(
    title: &str,
    examples: &[String],
    paint: &Paint<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if examples.is_empty() {
        return Ok(());
    }
    section(title, paint, out)?;
    for (at, example) in examples.iter().enumerate() {
        let several_lines = example.trim_end().contains('\n');
        if several_lines && at > 0 {
            writeln!(out)?;
        }
        for line in example.lines() {
            writeln!(out, "  {} {}", paint.frame("|"), printable(line))?;
        }
    }
    Ok(())
}

pub(super) fn section(title: &str, paint: &Paint<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint.bold(title))
}

pub(super) fn paragraph(lead: &str, text: &str, columns: usize, out: &mut dyn Write) -> io::Result<()> {
    let indent = lead.len();
    for (at, line) in wrap(&printable(text), columns - indent).iter().enumerate() {
        if at == 0 {
            writeln!(out, "{lead}{line}")?;
        } else {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    Ok(())
}
