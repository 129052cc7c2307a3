//! `selvedge explain ADVISORY`: one problem, as the records of the database tell it.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::Context;
use selvedge_advisories::{
    Affected, Cve, EventKind, Index, Informational, Range, RangeKind, Record, SeverityScore, source_of,
};
use selvedge_model::{Reference, Taxonomy};
use selvedge_package::Cvss;
use selvedge_report::{Page, TerminalStyle, write_page};
use selvedge_scan::advisory_severity;
use serde_json::Value;

use crate::dependencies;
use crate::settings::{self, Project};
use crate::terminal::Terminal;

/// Packages of which the ranges are shown; distributions name hundreds.
const PACKAGES_MAX: usize = 30;
/// Addresses that are shown.
const REFERENCES_MAX: usize = 20;
/// Versions that are listed one by one.
const VERSIONS_MAX: usize = 12;
/// Functions that are named for one package.
const SYMBOLS_MAX: usize = 20;

/// Whether the text is written like the identifier of an advisory: the prefix of a database that is known, or
/// capitals, a hyphen and a number.
pub(crate) fn is_advisory(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let numbered = text.split_once('-').is_some_and(|(prefix, rest)| {
        let is_prefix = prefix.len() >= 2 && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
        is_prefix && rest.bytes().any(|byte| byte.is_ascii_digit())
    });
    numbered || upper.parse::<Cve>().is_ok() || source_of(&upper).is_some()
}

/// Writes what the databases of the project know of an advisory, by any of its identifiers.
pub(crate) fn write(
    subject: &str,
    project: &Project,
    style: &TerminalStyle,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut diagnostics = Vec::new();
    let databases = dependencies::databases(project, settings::cache_folder().as_deref(), &mut diagnostics)?;
    for diagnostic in &diagnostics {
        terminal.warn(&diagnostic.to_string());
    }
    anyhow::ensure!(
        !databases.is_empty(),
        "there is no advisory database to look {subject} up in; `selvedge db update --from …` makes one"
    );
    for index in databases.indexes() {
        if let Some(problem) = Problem::find(index, subject)? {
            return problem.write(index, style, out);
        }
    }
    let count: u64 =
        databases.indexes().iter().filter_map(|index| index.status().ok()).map(|it| it.records).sum();
    anyhow::bail!("the advisory database holds {count} advisories, and none that is called {subject}")
}

/// A problem with all its identifiers and records.
struct Problem {
    ids: Vec<String>,
    /// The record that is told in full comes first.
    records: Vec<(Record, Value)>,
}

impl Problem {
    /// Looks an identifier up, as it is written and as databases write it.
    fn find(index: &Index, subject: &str) -> anyhow::Result<Option<Self>> {
        let upper = subject.to_ascii_uppercase();
        let github = upper.strip_prefix("GHSA-").map(|rest| format!("GHSA-{}", rest.to_ascii_lowercase()));
        for spelling in [Some(subject.to_owned()), github, Some(upper.clone())].into_iter().flatten() {
            let (ids, numbers) = index.resolve(&spelling)?;
            let mut records = Vec::new();
            for number in numbers {
                let json = index.json(number)?;
                let value: Value = serde_json::from_str(&json).context("the advisory database is damaged")?;
                records.extend(Record::from_osv(&value).ok().map(|(record, _)| (record, value)));
            }
            records.sort_by_key(|(record, _)| (record.id != spelling, record.withdrawn, record.id.clone()));
            if !records.is_empty() {
                return Ok(Some(Self { ids, records }));
            }
        }
        Ok(None)
    }

    fn write(&self, index: &Index, style: &TerminalStyle, out: &mut dyn Write) -> anyhow::Result<()> {
        let (main, value) = &self.records[0];
        let malicious = self.records.iter().any(|(record, _)| record.malicious);
        let title = ["summary", "details"].iter().find_map(|key| first_line(&value[*key]));
        let title = title.unwrap_or_else(|| "An advisory without a summary".to_owned());
        let severity = advisory_severity(malicious, self.notice(), self.scores(), self.words());
        let others: Vec<String> = self.ids.iter().filter(|id| **id != main.id).cloned().collect();
        let sections = [
            ("Also known as", if others.is_empty() { Vec::new() } else { vec![others.join(", ")] }),
            ("Severity", self.severity_lines(severity.reason.as_deref(), malicious)),
            ("Exploitation", exploitation(index, &self.ids, &self.records)?),
            ("Affected packages", self.affected_lines()),
            ("Details", self.details()),
            (
                "Other records",
                self.records[1..].iter().map(|(record, value)| provenance(record, value)).collect(),
            ),
        ];
        let page = Page {
            severity: severity.severity,
            id: &main.id,
            title: &title,
            origin: &provenance(main, value),
            sections: &sections,
            references: &references(self.records.iter().map(|(_, value)| value)),
        };
        write_page(&page, style, out)?;
        Ok(())
    }

    /// The kind of notice, if every package row of every record is one.
    fn notice(&self) -> Option<&Informational> {
        let mut rows = self.records.iter().flat_map(|(record, _)| &record.affected);
        let first = rows.next()?.informational.as_ref();
        first.filter(|_| rows.all(|row| row.informational.is_some()))
    }

    fn scores(&self) -> impl Iterator<Item = &SeverityScore> {
        self.records.iter().flat_map(|(record, _)| {
            record.severity.iter().chain(record.affected.iter().flat_map(|row| &row.severity))
        })
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.records.iter().flat_map(|(record, _)| {
            let rows = record.affected.iter().map(|row| &row.severity_word);
            std::iter::once(&record.severity_word).chain(rows).filter_map(Option::as_deref)
        })
    }

    fn severity_lines(&self, reason: Option<&str>, malicious: bool) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        if malicious {
            lines.push("critical: the package itself is an attack".to_owned());
        }
        lines.extend(self.notice().map(|kind| format!("a notice, no vulnerability: {}", kind.as_str())));
        for score in self.scores() {
            lines.push(match Cvss::parse(&score.score) {
                Ok(cvss) => format!(
                    "{} {} by CVSS {}: {}",
                    cvss.score(),
                    cvss.rating().as_str(),
                    cvss.version().as_str(),
                    score.score
                ),
                Err(_) => format!("{}: {}", score.kind, score.score),
            });
        }
        lines.extend(reason.map(str::to_owned));
        let mut seen = std::collections::BTreeSet::new();
        lines.retain(|line| seen.insert(line.clone()));
        lines
    }

    fn affected_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (record, _) in &self.records {
            for row in record.affected.iter().filter(|row| !row.name.is_empty() || !row.ranges.is_empty()) {
                let line = affected(row);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        if lines.len() > PACKAGES_MAX {
            let more = lines.len() - PACKAGES_MAX;
            lines.truncate(PACKAGES_MAX);
            lines.push(format!("and {more} more"));
        }
        lines
    }

    /// The text of the first record that has one, as its author wrote it.
    fn details(&self) -> Vec<String> {
        let texts = self.records.iter().filter_map(|(_, value)| value["details"].as_str());
        texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned).into_iter().collect()
    }
}

/// The first line of a text.
fn first_line(value: &Value) -> Option<String> {
    let line = value.as_str()?.trim().trim_start_matches(['#', ' ']).lines().next()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}

/// `RUSTSEC-2021-0001 of RustSec (CC0-1.0), changed 2021-03-01, withdrawn`.
fn provenance(record: &Record, value: &Value) -> String {
    // Go writes the first day of the calendar where it states none.
    let stated = |text: &&str| !text.starts_with("0001-");
    let day =
        |key: &str| value[key].as_str().and_then(|text| text.get(..10)).filter(stated).map(str::to_owned);
    let source = source_of(&record.id);
    let mut text = record.id.clone();
    // Writing to a string cannot fail, here and below.
    if let Some(source) = source {
        let _ = write!(text, " of {}", source.name);
    }
    let license = record.license.as_deref().or(source.map(|source| source.license));
    if let Some(license) = license.filter(|license| !license.is_empty()) {
        let _ = write!(text, " ({license})");
    }
    for (word, key) in [("published", "published"), ("changed", "modified"), ("withdrawn", "withdrawn")] {
        if let Some(day) = day(key) {
            let _ = write!(text, ", {word} {day}");
        }
    }
    text
}

/// `crates.io b: any version before 1.2.5; fixed in 1.2.5`, and a line for what in it is affected.
fn affected(row: &Affected) -> String {
    let release = row.release.as_ref().map_or_else(String::new, |release| format!(":{release}"));
    let name = if row.name.is_empty() { "any package" } else { &row.name };
    let mut parts: Vec<String> = row.ranges.iter().flat_map(spans).collect();
    if parts.is_empty() && !row.versions.is_empty() {
        let shown = row.versions.iter().take(VERSIONS_MAX).cloned().collect::<Vec<_>>().join(", ");
        let more = row.versions.len().saturating_sub(VERSIONS_MAX);
        parts.push(if more > 0 { format!("{shown} and {more} more versions") } else { shown });
    }
    if parts.is_empty() {
        parts.push("no version is named".to_owned());
    }
    let fixes =
        row.ranges.iter().filter(|range| range.kind != RangeKind::Git).flat_map(|range| &range.events);
    let fixes: Vec<&str> =
        fixes.filter(|event| event.kind == EventKind::Fixed).map(|it| it.version.as_str()).collect();
    let fixed = if fixes.is_empty() {
        "no fixed version is named".to_owned()
    } else {
        format!("fixed in {}", fixes.join(", "))
    };
    let mut text = format!("{}{release} {name}: {}; {fixed}", row.ecosystem_name, parts.join("; "));
    for (what, list) in [("only on", &row.systems), ("only on processors", &row.architectures)] {
        if !list.is_empty() {
            let _ = write!(text, "\n  {what} {}", list.join(", "));
        }
    }
    let names = row.symbols.iter().flat_map(|symbols| {
        let whole = symbols.names.is_empty().then(|| symbols.path.clone());
        let join = |name: &String| {
            if symbols.path.is_empty() { name.clone() } else { format!("{}.{name}", symbols.path) }
        };
        whole.into_iter().chain(symbols.names.iter().map(join))
    });
    let names: Vec<String> = names.collect();
    if !names.is_empty() {
        let more = names.len().saturating_sub(SYMBOLS_MAX);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = write!(text, "\n  in {}{rest}", names[..names.len().min(SYMBOLS_MAX)].join(", "));
    }
    text
}

/// The intervals of a range in words.
fn spans(range: &Range) -> Vec<String> {
    let mut spans = Vec::new();
    let mut since: Option<&str> = None;
    let begin = |version: &str| {
        if matches!(version, "0" | "0.0.0-0" | "0.0.0") {
            "any version".to_owned()
        } else {
            format!("{version} or later")
        }
    };
    let order = match &range.repository {
        Some(repository) if range.kind == RangeKind::Git => format!(" in {repository}"),
        _ => String::new(),
    };
    for event in &range.events {
        let end = match event.kind {
            EventKind::Introduced => {
                spans.extend(since.map(|since| format!("{}{order}", begin(since))));
                since = Some(&event.version);
                continue;
            }
            EventKind::Fixed | EventKind::Limit => format!("before {}", event.version),
            EventKind::LastAffected => format!("up to {}", event.version),
        };
        spans.push(match since.take() {
            Some(since) => format!("{} {end}{order}", begin(since)),
            None => format!("{end}{order}"),
        });
    }
    spans.extend(since.map(|since| format!("{}{order}", begin(since))));
    spans
}

/// KEV and EPSS of every CVE of the problem.
fn exploitation(index: &Index, ids: &[String], records: &[(Record, Value)]) -> anyhow::Result<Vec<String>> {
    let own: Vec<Cve> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let behind = records.iter().flat_map(|(record, _)| &record.upstream).filter_map(|id| id.parse().ok());
    let mut cves = if own.is_empty() { behind.collect() } else { own };
    cves.sort_unstable();
    cves.dedup();
    let mut lines = Vec::new();
    for cve in cves {
        if let Some(entry) = index.kev(cve)? {
            let day = |day: u32| format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
            let ransomware = if entry.ransomware { "; ransomware campaigns are known to use it" } else { "" };
            let due = if entry.due > 0 {
                format!(", to be mended by {} in US agencies", day(entry.due))
            } else {
                String::new()
            };
            lines.push(format!(
                "{cve} is known to be exploited since {} (CISA KEV){due}{ransomware}",
                day(entry.added)
            ));
        }
        if let Some(score) = index.epss(cve)? {
            lines.push(format!(
                "{cve}: {:.2} % probability of exploitation within 30 days, more than {:.1} % of all (EPSS)",
                score.probability * 100.0,
                score.percentile * 100.0
            ));
        }
    }
    Ok(lines)
}

/// Weaknesses and addresses, each once.
fn references<'v>(records: impl Iterator<Item = &'v Value>) -> Vec<Reference> {
    let mut references: Vec<Reference> = Vec::new();
    for value in records {
        let weaknesses = value["database_specific"]["cwe_ids"].as_array().into_iter().flatten();
        let weaknesses = weaknesses.filter_map(Value::as_str).filter_map(Reference::parse);
        let addresses = value["references"].as_array().into_iter().flatten();
        let addresses = addresses.filter_map(|reference| reference["url"].as_str());
        let addresses = addresses.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let addresses = addresses.map(|url| Reference::new(Taxonomy::Url, url));
        for reference in weaknesses.chain(addresses) {
            if !references.contains(&reference) && references.len() < REFERENCES_MAX {
                references.push(reference);
            }
        }
    }
    references
}
