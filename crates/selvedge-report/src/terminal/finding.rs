//! One finding: what, where, why it matters, what to do.

use std::fmt::Write as _;
use std::io::{self, Write};

use selvedge_model::{Confidence, Finding, Location, Proof, SecretFacts, Subject};

use super::paint::{Paint, padded};
use super::{TerminalStyle, excerpt};
use crate::order::Group;
use crate::text::{count, printable, wrap};

/// Steps and further places shown unless all are asked for.
const STEPS_SHOWN: usize = 2;
const PLACES_SHOWN: usize = 3;
/// Columns of the widest label, `fingerprint`.
const LABEL_COLUMNS: usize = 11;

pub(super) fn write(
    group: &Group<'_>,
    fails: bool,
    style: &TerminalStyle,
    paint: &Paint<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = group.lead;
    write_heading(finding, fails, style, paint, out)?;
    let gutter = finding.excerpt.as_ref().and_then(|excerpt| excerpt.lines.last());
    let gutter = gutter.map_or(1, |line| line.number.to_string().len()).max(2);
    writeln!(out, "{:gutter$}{} {}", "", paint.frame("-->"), subject(&finding.subject, paint))?;
    let message = printable(&finding.message);
    let label = (finding.message != finding.title).then_some(message.as_ref());
    let block = Block { gutter, columns: style.columns(), paint };
    match &finding.excerpt {
        Some(lines) => {
            excerpt::write(lines, finding.severity, gutter, style.columns(), label, paint, out)?;
        }
        None => {
            if let Some(label) = label {
                block.item("found", label, out)?;
            }
        }
    }
    write_items(group, style, &block, out)
}

fn write_heading(
    finding: &Finding,
    fails: bool,
    style: &TerminalStyle,
    paint: &Paint<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tag = format!("{}[{}]", finding.severity, printable(finding.rule.as_str()));
    let mut facts = format!("{} confidence", finding.confidence);
    if finding.package.as_ref().is_some_and(|package| package.exploited_since.is_some()) {
        facts.push_str(" · exploited");
    }
    if let Some(secret) = finding.secret.as_ref().filter(|secret| secret.proof != Proof::None) {
        let _infallible = write!(facts, " · proof: {}", secret.proof.as_str());
    }
    if fails {
        facts.push_str(" · fails the gate");
    }
    let title = printable(&finding.title);
    let one_line = crate::text::width(&tag) + crate::text::width(&title) + crate::text::width(&facts) + 4;
    let tag = paint.severity(finding.severity, &tag);
    let title = paint.bold(&title);
    let separator = if one_line <= style.columns() { " · " } else { "\n   " };
    writeln!(out, "{tag} {title}{}", paint.dim(&format!("{separator}{facts}")))
}

fn write_items(
    group: &Group<'_>,
    style: &TerminalStyle,
    block: &Block<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = group.lead;
    if !finding.why.is_empty() {
        block.item("why", &finding.why, out)?;
    }
    write_steps(finding, style, block, out)?;
    for (label, text) in finding.package.iter().flat_map(|package| crate::package::lines(package)) {
        block.item(label, &text, out)?;
    }
    if !finding.owners.is_empty() {
        block.item("owner", &finding.owners.join(", "), out)?;
    }
    if let Some(commit) = finding.subject.location().and_then(|location| location.commit.as_ref()) {
        let id: String = commit.id.chars().take(10).collect();
        let day = commit.date.get(..10).unwrap_or(&commit.date);
        let text = format!("commit {id} of {day} by {}: {}", commit.author, commit.summary);
        block.item("since", &text, out)?;
    }
    if let Some(secret) = &finding.secret {
        write_secret(secret, block, out)?;
    }
    if finding.confidence != Confidence::High && !finding.reasons.is_empty() || style.verbose {
        let because = if finding.reasons.is_empty() {
            crate::summary::confidence_meaning(finding.confidence).to_owned()
        } else {
            finding.reasons.join(", ")
        };
        block.item("confidence", &format!("{}: {because}", finding.confidence), out)?;
    }
    for related in &finding.related {
        block.item("see also", &format!("{}: {}", place(&related.location), related.message), out)?;
    }
    write_others(&group.others, style, block, out)?;
    block.faint("fingerprint", finding.fingerprint.as_str(), out)
}

fn write_steps(
    finding: &Finding,
    style: &TerminalStyle,
    block: &Block<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let steps = &finding.remediation.steps;
    let shown = if style.verbose || steps.len() <= STEPS_SHOWN + 1 { steps.len() } else { STEPS_SHOWN };
    for (at, step) in steps[..shown].iter().enumerate() {
        let number = if steps.len() > 1 { format!("{}. ", at + 1) } else { String::new() };
        block.part(if at == 0 { "fix" } else { "" }, &number, step, out)?;
    }
    if shown < steps.len() {
        let more = count((steps.len() - shown) as u64, "more step");
        let text = format!("({more}: selvedge explain {})", finding.rule);
        block.part("", "", &text, out)?;
    }
    Ok(())
}

fn write_secret(secret: &SecretFacts, block: &Block<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !secret.decoded.is_empty() {
        let layers = secret.decoded.join(", then ");
        block.item("decoded", &format!("from {layers}"), out)?;
    }
    let proved = match secret.proof {
        Proof::None => None,
        Proof::Structure => Some("the value has the structure its issuer uses"),
        Proof::Checksum => Some("the checksum inside the value is right"),
        Proof::KeyParse => Some("the value parses as a private key"),
    };
    let facts: Vec<&str> = proved.into_iter().chain(secret.facts.iter().map(String::as_str)).collect();
    if facts.is_empty() {
        return Ok(());
    }
    block.item("proof", &facts.join("; "), out)
}

fn write_others(
    others: &[&Finding],
    style: &TerminalStyle,
    block: &Block<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = if style.verbose || others.len() <= PLACES_SHOWN + 1 { others.len() } else { PLACES_SHOWN };
    for (at, other) in others[..shown].iter().enumerate() {
        let label = if at == 0 { "also at" } else { "" };
        let commit = other.subject.location().and_then(|location| location.commit.as_ref());
        let commit = commit.map_or(String::new(), |commit| {
            format!(" (commit {})", commit.id.chars().take(10).collect::<String>())
        });
        let place = other.subject.location().map_or(String::new(), place);
        block.part(label, "", &format!("{place}{commit}"), out)?;
    }
    if shown < others.len() {
        let more = count((others.len() - shown) as u64, "more place");
        block.part("", "", &format!("and {more} (--verbose lists them)"), out)?;
    }
    Ok(())
}

/// `path:line:column`, as the user would type it into an editor.
pub(super) fn place(location: &Location) -> String {
    format!("{}:{}:{}", location.path, location.start.line, location.start.column)
}

fn subject(subject: &Subject, paint: &Paint<'_>) -> String {
    let linked = |location: &Location| {
        let shown = place(location);
        paint.file_link(&location.path, &printable(&shown))
    };
    match subject {
        Subject::Source { location } => linked(location),
        Subject::Package { purl, location } => format!("{} ({})", linked(location), printable(purl)),
        Subject::Resource { address, location } => {
            format!("{} ({})", linked(location), printable(address))
        }
        Subject::Threat { id, location } => format!("{} ({})", linked(location), printable(id)),
        Subject::Host { host, item } => format!("{}: {}", printable(host), printable(item)),
        Subject::Endpoint { url } => printable(url).into_owned(),
        Subject::Event { source, group } => {
            format!("{}: {}", printable(source), printable(&group.join(", ")))
        }
    }
}

/// Labelled lines under the gutter, wrapped with a hanging indent.
struct Block<'a> {
    gutter: usize,
    columns: usize,
    paint: &'a Paint<'a>,
}

impl Block<'_> {
    fn item(&self, label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.part(label, "", text, out)
    }

    /// A line whose continuations hang under the text after `lead`. An empty label continues the item above.
    fn part(&self, label: &str, lead: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.lines(label, lead, text, out, str::to_owned)
    }

    fn faint(&self, label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.lines(label, "", text, out, |line| self.paint.dim(line))
    }

    fn lines(
        &self,
        label: &str,
        lead: &str,
        text: &str,
        out: &mut dyn Write,
        dress: impl Fn(&str) -> String,
    ) -> io::Result<()> {
        let indent = self.gutter + 3 + LABEL_COLUMNS + 2 + lead.len();
        let room = self.columns.saturating_sub(indent).max(20);
        for (at, line) in wrap(&printable(text), room).iter().enumerate() {
            if at > 0 {
                writeln!(out, "{:indent$}{}", "", dress(line))?;
                continue;
            }
            let mark = if label.is_empty() { " ".to_owned() } else { self.paint.frame("=") };
            let name = if label.is_empty() { String::new() } else { format!("{label}:") };
            let name = self.paint.bold(&padded(&name, LABEL_COLUMNS + 1));
            writeln!(out, "{:1$} {mark} {name} {lead}{2}", "", self.gutter, dress(line))?;
        }
        Ok(())
    }
}
