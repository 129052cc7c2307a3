//! One HTML page for people who have no terminal: searchable, printable, readable without scripts.
//!
//! It loads nothing. Its content security policy allows exactly one style and one script, by their
//! hashes, so that no markup smuggled in by the scanned repository could run even if escaping failed.

mod finding;
mod sections;

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use selvedge_model::{Report, Severity};

use crate::order::{failing, groups};
use crate::summary as facts;
use crate::text::{grouped, push_printable};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// SHA-256 of [`STYLE`] and [`SCRIPT`] in base64; a test compares them with the page.
const STYLE_HASH: &str = "WMiVBQsIt1QGBLsWPdwMLU4yqBJSByckfKto5X7MLIU=";
const SCRIPT_HASH: &str = "ICW09BNUSQeDAbvmCUwU9O8D3ecGBuZzzb23/QmeUyA=";
/// The findings that fail the gate are unfolded, up to this many.
const UNFOLDED_MAX: usize = 20;

/// Writes the page.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_page(report, &mut page);
    out.write_all(page.as_bytes())
}

fn write_page(report: &Report, page: &mut String) -> fmt::Result {
    let tool = Escaped(&report.tool.name);
    let word = facts::verdict_word(report);
    writeln!(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(
        page,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; \
         form-action 'none'\">"
    )?;
    writeln!(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(page, "<meta name=\"color-scheme\" content=\"light dark\">")?;
    writeln!(page, "<meta name=\"referrer\" content=\"no-referrer\">")?;
    writeln!(page, "<title>{tool}: {word}, {}</title>", facts::findings_count(&report.findings))?;
    writeln!(page, "<style>{STYLE}</style>\n</head>\n<body>")?;
    writeln!(page, "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>")?;
    write_top(report, page)?;
    write_counts(report, page)?;
    sections::run(report, page)?;
    writeln!(page, "<main>")?;
    write_findings(report, page)?;
    sections::suppressed(report, page)?;
    sections::diagnostics(report, page)?;
    sections::notices(report, page)?;
    sections::rules(report, page)?;
    writeln!(page, "</main>")?;
    let (url, version) = (Escaped(&report.tool.url), Escaped(&report.tool.version));
    writeln!(page, "<footer>Written by {tool} {version} · {url}</footer>")?;
    writeln!(page, "<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn write_top(report: &Report, page: &mut String) -> fmt::Result {
    let run = &report.run;
    writeln!(page, "<header class=\"top\">\n<h1>Security report</h1>")?;
    let (name, version) = (Escaped(&report.tool.name), Escaped(&report.tool.version));
    writeln!(
        page,
        "<div>{name} {version} · {} <code>{}</code></div>",
        Escaped(&run.mode),
        Escaped(&run.target)
    )?;
    writeln!(page, "</header>")?;
    let word = facts::verdict_word(report);
    writeln!(page, "<section class=\"verdict {word}\" aria-label=\"Verdict\">\n<strong>{word}</strong>")?;
    writeln!(page, "<ul>")?;
    for reason in &report.verdict.reasons {
        writeln!(page, "<li>{}</li>", Escaped(reason))?;
    }
    writeln!(page, "</ul>\n<p class=\"soft\">Policy: {}</p>", Escaped(&report.verdict.policy))?;
    if run.partial {
        writeln!(page, "<p class=\"warn\">Partial: part of what was asked for could not be seen.</p>")?;
    }
    writeln!(page, "</section>")
}

fn write_counts(report: &Report, page: &mut String) -> fmt::Result {
    let counts = facts::by_severity(&report.findings);
    writeln!(page, "<ul class=\"counts\" aria-label=\"Findings by severity\">")?;
    for severity in Severity::ALL.into_iter().rev() {
        let n = counts.iter().find(|(other, _)| *other == severity).map_or(0, |(_, n)| *n);
        let none = if n == 0 { " none" } else { "" };
        writeln!(page, "<li class=\"{severity}{none}\"><b>{}</b> {severity}</li>", grouped(n))?;
    }
    writeln!(page, "</ul>")
}

fn write_findings(report: &Report, page: &mut String) -> fmt::Result {
    let total = facts::findings_count(&report.findings);
    writeln!(page, "<section id=\"findings\">\n<h2>Findings <span>{total}</span></h2>")?;
    if report.findings.is_empty() {
        let looked_at = facts::looked_at(report);
        return writeln!(page, "<p class=\"empty\">No findings in {looked_at}.</p>\n</section>");
    }
    write_tools(report, page)?;
    let failing = failing(report);
    let mut unfolded = 0;
    for group in groups(&report.findings) {
        let mut places = std::iter::once(group.lead).chain(group.others.iter().copied());
        let fails = places.any(|finding| failing.contains(finding.fingerprint.as_str()));
        let open = fails && unfolded < UNFOLDED_MAX;
        unfolded += usize::from(open);
        finding::write(&group, finding::State { fails, open }, page)?;
    }
    writeln!(page, "</section>")
}

/// Hidden until the script, without which they would do nothing, shows them.
fn write_tools(report: &Report, page: &mut String) -> fmt::Result {
    writeln!(page, "<div class=\"tools\" role=\"search\" hidden>")?;
    writeln!(
        page,
        "<input type=\"search\" aria-label=\"Search findings\" placeholder=\"Search path, rule, owner, fingerprint\">"
    )?;
    for (severity, _) in facts::by_severity(&report.findings) {
        writeln!(
            page,
            "<label class=\"{severity}\"><input type=\"checkbox\" value=\"{severity}\" checked> {severity}</label>"
        )?;
    }
    writeln!(page, "<button type=\"button\" data-open>Unfold all</button>")?;
    writeln!(page, "<button type=\"button\" data-close>Fold all</button>")?;
    writeln!(page, "<output aria-live=\"polite\"></output>\n</div>")
}

/// Text for an element or a quoted attribute.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut safe = String::with_capacity(self.0.len() + 8);
        for c in self.0.chars() {
            match c {
                '&' => safe.push_str("&amp;"),
                '<' => safe.push_str("&lt;"),
                '>' => safe.push_str("&gt;"),
                '"' => safe.push_str("&quot;"),
                '\'' => safe.push_str("&#39;"),
                c => push_printable(&mut safe, c),
            }
        }
        f.write_str(&safe)
    }
}
