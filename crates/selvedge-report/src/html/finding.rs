//! A finding as a card that unfolds.

use std::fmt::{self, Write as _};

use selvedge_model::{Excerpt, Finding, Location, Proof, Reference};

use super::Escaped;
use crate::order::{Group, subject_name};
use crate::summary::confidence_meaning;
use crate::text::count;

/// How a card starts out.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub(super) fails: bool,
    pub(super) open: bool,
}

pub(super) fn write(group: &Group<'_>, state: State, page: &mut String) -> fmt::Result {
    let finding = group.lead;
    let severity = finding.severity;
    let open = if state.open { " open" } else { "" };
    writeln!(page, "<details class=\"finding {severity}\" data-severity=\"{severity}\"{open}>\n<summary>")?;
    writeln!(page, "<span class=\"level\">{severity}</span>")?;
    let (title, rule) = (Escaped(&finding.title), Escaped(finding.rule.as_str()));
    writeln!(page, "<span class=\"title\">{title} <code>{rule}</code></span>")?;
    write_chips(group, state.fails, page)?;
    writeln!(page, "<span class=\"where\">{}</span>\n</summary>", Escaped(&place(finding)))?;
    writeln!(page, "<div class=\"body\">")?;
    if finding.message != finding.title {
        writeln!(page, "<p class=\"message\">{}</p>", Escaped(&finding.message))?;
    }
    if let Some(excerpt) = &finding.excerpt {
        write_excerpt(excerpt, page)?;
    }
    writeln!(page, "<dl>")?;
    write_advice(finding, page)?;
    write_facts(finding, page)?;
    write_places(group, page)?;
    let references = finding.references.iter().map(link);
    item("References", &references.collect::<Vec<_>>().join(" · "), page)?;
    item("Fingerprint", &format!("<code>{}</code>", finding.fingerprint), page)?;
    writeln!(page, "</dl>\n</div>\n</details>")
}

fn write_chips(group: &Group<'_>, fails: bool, page: &mut String) -> fmt::Result {
    let finding = group.lead;
    write!(page, "<span class=\"chips\">")?;
    if fails {
        write!(page, "<span class=\"chip fails\">fails the gate</span>")?;
    }
    write!(page, "<span class=\"chip\">{} confidence</span>", finding.confidence)?;
    if let Some(secret) = finding.secret.as_ref().filter(|secret| secret.proof != Proof::None) {
        write!(page, "<span class=\"chip\">proof: {}</span>", secret.proof.as_str())?;
    }
    if finding.package.as_ref().is_some_and(|package| package.exploited_since.is_some()) {
        write!(page, "<span class=\"chip fails\">exploited</span>")?;
    }
    if !group.others.is_empty() {
        write!(page, "<span class=\"chip\">{}</span>", count(group.others.len() as u64 + 1, "place"))?;
    }
    if finding.subject.location().is_some_and(|location| location.commit.is_some()) {
        write!(page, "<span class=\"chip\">in history</span>")?;
    }
    writeln!(page, "</span>")
}

fn write_excerpt(excerpt: &Excerpt, page: &mut String) -> fmt::Result {
    write!(page, "<pre class=\"excerpt\" tabindex=\"0\">")?;
    for (at, line) in excerpt.lines.iter().enumerate() {
        if at > 0 {
            writeln!(page)?;
        }
        write!(page, "<i>{}</i>", line.number)?;
        if line.number != excerpt.marked_line {
            write!(page, "{}", Escaped(&line.text))?;
            continue;
        }
        let (start, end) = (excerpt.mark_start as usize, excerpt.mark_end.max(excerpt.mark_start) as usize);
        let part =
            |from: usize, to: usize| -> String { line.text.chars().skip(from).take(to - from).collect() };
        let (before, marked, after) = (part(0, start), part(start, end), part(end, usize::MAX));
        write!(page, "{}<mark>{}</mark>{}", Escaped(&before), Escaped(&marked), Escaped(&after))?;
    }
    writeln!(page, "</pre>")
}

fn write_advice(finding: &Finding, page: &mut String) -> fmt::Result {
    item("Why", &Escaped(&finding.why).to_string(), page)?;
    let steps = finding.remediation.steps.iter().map(|step| format!("<li>{}</li>", Escaped(step)));
    let fix = match finding.remediation.steps.as_slice() {
        [] => String::new(),
        [only] => Escaped(only).to_string(),
        _ => format!("<ol>{}</ol>", steps.collect::<String>()),
    };
    item("Fix", &fix, page)?;
    item("Owner", &Escaped(&finding.owners.join(", ")).to_string(), page)
}

fn write_facts(finding: &Finding, page: &mut String) -> fmt::Result {
    if let Some(commit) = finding.subject.location().and_then(|location| location.commit.as_ref()) {
        let (id, date) = (Escaped(&commit.id), Escaped(&commit.date));
        let (author, summary) = (Escaped(&commit.author), Escaped(&commit.summary));
        item("Since", &format!("<code>{id}</code> by {author}, {date}: {summary}"), page)?;
    }
    if let Some(secret) = &finding.secret {
        let shown = format!("<code>{}</code>", Escaped(&secret.redaction.to_string()));
        let facts: Vec<_> = secret.facts.iter().map(|fact| Escaped(fact).to_string()).collect();
        item("Secret", &std::iter::once(shown).chain(facts).collect::<Vec<_>>().join(" · "), page)?;
        item("Decoded from", &Escaped(&secret.decoded.join(", then ")).to_string(), page)?;
    }
    for (label, text) in finding.package.iter().flat_map(|package| crate::package::lines(package)) {
        item(&capitalised(label), &Escaped(&text).to_string(), page)?;
    }
    let meaning = confidence_meaning(finding.confidence);
    let reasons = if finding.reasons.is_empty() { meaning.to_owned() } else { finding.reasons.join(", ") };
    item("Confidence", &format!("{}: {}", finding.confidence, Escaped(&reasons)), page)
}

/// `brought by` as `Brought by`.
fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn write_places(group: &Group<'_>, page: &mut String) -> fmt::Result {
    let related = group.lead.related.iter().map(|related| {
        let (at, message) = (position(&related.location), &related.message);
        format!("<li><code>{}</code> {}</li>", Escaped(&at), Escaped(message))
    });
    item("See also", &bulleted(related), page)?;
    let others = group.others.iter().map(|other| format!("<li><code>{}</code></li>", Escaped(&place(other))));
    item("Also at", &bulleted(others), page)
}

fn bulleted(entries: impl Iterator<Item = String>) -> String {
    let entries: String = entries.collect();
    if entries.is_empty() { entries } else { format!("<ul>{entries}</ul>") }
}

/// A labelled line, left out if it has nothing to say. `html` is markup.
fn item(label: &str, html: &str, page: &mut String) -> fmt::Result {
    if html.is_empty() {
        return Ok(());
    }
    writeln!(page, "<dt>{label}</dt><dd>{html}</dd>")
}

/// Where the finding is, with the commit if it is in history.
pub(super) fn place(finding: &Finding) -> String {
    let Some(location) = finding.subject.location() else { return subject_name(&finding.subject) };
    match &location.commit {
        Some(commit) => {
            format!("{} @ {}", position(location), commit.id.chars().take(10).collect::<String>())
        }
        None => position(location),
    }
}

fn position(location: &Location) -> String {
    format!("{}:{}:{}", location.path, location.start.line, location.start.column)
}

/// A reference, clickable only if it leads to the web.
pub(super) fn link(reference: &Reference) -> String {
    let name = Escaped(&reference.id);
    match reference.url() {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            format!("<a href=\"{}\" rel=\"noreferrer noopener\">{name}</a>", Escaped(&url))
        }
        _ => name.to_string(),
    }
}
