//! The baseline: findings that were there before the gate was introduced, and that do not count.
//!
//! JSON with one finding per line, sorted, so that a change of it reads well in a review. It holds
//! fingerprints and places but nothing of a secret. A report of Gitleaks in JSON, which that tool takes as a
//! baseline, is read as well; its findings are known by rule, file, line and commit, and by prefix and length
//! of the secret unless it is redacted there.

use std::collections::{BTreeMap, btree_map};

use selvedge_model::{ConfigNotice, Finding, Fingerprint, Redaction, Severity, Suppression, SuppressionKind};
use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::toml_text::shown;

/// Where the baseline is unless `gate.baseline` says otherwise.
pub const BASELINE_PATH: &str = ".selvedge/baseline.json";

/// A larger baseline is not read.
pub const BASELINE_BYTES_MAX: usize = 256 << 20;

/// Version of the form. A baseline of another version is refused.
pub const BASELINE_VERSION: u32 = 1;

/// The known findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    origin: String,
    /// Line of the file that names each known finding.
    lines: Vec<u32>,
    /// Numbers of the known findings by fingerprint.
    by_fingerprint: BTreeMap<Fingerprint, usize>,
    /// Those of a Gitleaks report by `commit:file:rule:line`.
    by_place: BTreeMap<String, Vec<(usize, Option<Redaction>)>>,
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `path`, `rule`, `severity` and `fingerprint`")]
struct Entry {
    path: String,
    rule: String,
    severity: Severity,
    fingerprint: Fingerprint,
}

/// How much of the baseline is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Debt {
    /// Findings that the baseline names.
    pub known: usize,
    /// Those that are still there.
    pub remaining: usize,
}

impl Debt {
    /// Known findings that are gone.
    pub fn fixed(self) -> usize {
        self.known - self.remaining
    }
}

/// The text of a baseline that knows these findings. Each fingerprint is written once.
pub fn write<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let mut entries: BTreeMap<Fingerprint, Entry> = BTreeMap::new();
    for finding in findings {
        let entry = Entry {
            path: finding.path().to_owned(),
            rule: finding.rule.to_string(),
            severity: finding.severity,
            fingerprint: finding.fingerprint.clone(),
        };
        entries
            .entry(finding.fingerprint.clone())
            .and_modify(|known| *known = entry.clone().min(known.clone()))
            .or_insert(entry);
    }
    let mut sorted: Vec<_> = entries.into_values().collect();
    sorted.sort();
    let lines: Vec<_> = sorted.iter().map(line).collect();
    let body = if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join(",\n")) };
    format!("{{\"version\": {BASELINE_VERSION}, \"findings\": [{body}]}}\n")
}

fn line(entry: &Entry) -> String {
    format!(
        "  {{\"path\": {}, \"rule\": {}, \"severity\": \"{}\", \"fingerprint\": \"{}\"}}",
        serde_json::Value::from(entry.path.as_str()),
        serde_json::Value::from(entry.rule.as_str()),
        entry.severity,
        entry.fingerprint
    )
}

/// One finding of a Gitleaks report, as far as it tells which finding it is.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GitleaksEntry {
    #[serde(rename = "RuleID")]
    rule_id: String,
    file: String,
    start_line: u32,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    commit: String,
}

/// Read alone to tell a baseline of another version from one that is wrong.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// The whole file as serde reads it; entries stay raw so that each keeps its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `version` and `findings`")]
struct File<'a> {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(borrow)]
    findings: Vec<&'a serde_json::value::RawValue>,
}

/// More mistakes than this are not listed one by one.
const ERRORS_MAX: usize = 50;

impl Baseline {
    /// Reads the text of the file called `origin_name`. Every entry that is wrong is told, not the first only.
    pub fn parse(text: &str, origin_name: &str) -> Result<Self, Vec<ConfigError>> {
        let fail = |(line, column), message: String| {
            vec![ConfigError { origin: origin_name.to_owned(), line, column, message }]
        };
        if text.len() > BASELINE_BYTES_MAX {
            let message = format!("the file has {} bytes; at most {BASELINE_BYTES_MAX} are read", text.len());
            return Err(fail((1, 1), message));
        }
        let is_gitleaks = text.trim_start().starts_with('[');
        let entries = raw_entries(text, is_gitleaks).map_err(|(place, message)| {
            fail(place, format!("{message}; write it anew with --write-baseline"))
        })?;
        let mut places = Places::new(text);
        let mut baseline = Self { origin: origin_name.to_owned(), ..Self::default() };
        let mut errors = Vec::new();
        for raw in entries {
            let place = places.of(raw.get());
            let added = if is_gitleaks {
                baseline.add_gitleaks(raw.get(), place.0)
            } else {
                baseline.add(raw.get(), place.0)
            };
            if let Err(message) = added {
                errors.extend(fail(place, message));
                if errors.len() == ERRORS_MAX {
                    errors.extend(fail(place, "further mistakes in this file are not listed".to_owned()));
                    break;
                }
            }
        }
        if errors.is_empty() { Ok(baseline) } else { Err(errors) }
    }

    fn add(&mut self, text: &str, line: u32) -> Result<(), String> {
        let entry = read_entry(text)?;
        if let btree_map::Entry::Vacant(vacant) = self.by_fingerprint.entry(entry.fingerprint) {
            vacant.insert(self.lines.len());
            self.lines.push(line);
        }
        Ok(())
    }

    fn add_gitleaks(&mut self, text: &str, line: u32) -> Result<(), String> {
        let entry: GitleaksEntry = serde_json::from_str(text)
            .map_err(|error| format!("not a finding of Gitleaks: {}", plain(&error)))?;
        let redacted = entry.secret.is_empty() || entry.secret == "REDACTED" || entry.secret.ends_with("...");
        let redaction = (!redacted).then(|| Redaction::of(entry.secret.as_bytes()));
        let file = entry.file.replace('\\', "/");
        let key = place(&entry.commit, &file, &entry.rule_id, entry.start_line);
        self.by_place.entry(key).or_default().push((self.lines.len(), redaction));
        self.lines.push(line);
        Ok(())
    }

    /// The number of known findings.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The number of the entry that knows the finding, and the suppression it makes.
    pub(crate) fn find(&self, finding: &Finding) -> Option<(usize, Suppression)> {
        let entry =
            self.by_fingerprint.get(&finding.fingerprint).copied().or_else(|| self.find_place(finding))?;
        let suppression = Suppression {
            kind: SuppressionKind::Baseline,
            origin: format!("{}:{}", self.origin, self.lines[entry]),
            reason: "known before the baseline was written".to_owned(),
            owner: None,
            expires: None,
            justification: None,
        };
        Some((entry, suppression))
    }

    fn find_place(&self, finding: &Finding) -> Option<usize> {
        if self.by_place.is_empty() {
            return None;
        }
        let location = finding.subject.location()?;
        let commit = location.commit.as_ref().map_or("", |commit| &commit.id);
        let key = place(commit, &location.path, finding.rule.as_str(), location.start.line);
        let shown = finding.secret.as_ref().map(|facts| &facts.redaction);
        let same = |redaction: &Option<Redaction>| redaction.is_none() || redaction.as_ref() == shown;
        self.by_place.get(&key)?.iter().find(|(_, redaction)| same(redaction)).map(|(entry, _)| *entry)
    }

    /// What its owner should know: entries whose finding is gone.
    pub(crate) fn notice(&self, debt: Debt) -> Option<ConfigNotice> {
        (debt.fixed() > 0).then(|| ConfigNotice {
            origin: self.origin.clone(),
            message: format!(
                "{} of {} known findings are gone, {} are left; write the baseline anew with --write-baseline \
                 so that they cannot come back unseen",
                debt.fixed(),
                debt.known,
                debt.remaining
            ),
        })
    }
}

/// `commit:file:rule:line`, as Gitleaks writes it.
fn place(commit: &str, file: &str, rule: &str, line: u32) -> String {
    format!("{commit}:{file}:{rule}:{line}")
}

/// The entries of the file, unread; the error has its place.
fn raw_entries(
    text: &str,
    is_gitleaks: bool,
) -> Result<Vec<&serde_json::value::RawValue>, ((u32, u32), String)> {
    let wrong = |error: &serde_json::Error| {
        let place = (error.line() as u32, (error.column() as u32).max(1));
        (place, format!("not a baseline: {}", plain(error)))
    };
    if text.trim().is_empty() {
        return Err(((1, 1), "not a baseline: the file is empty".to_owned()));
    }
    if is_gitleaks {
        return serde_json::from_str(text).map_err(|error| wrong(&error));
    }
    let versioned: Result<Version, _> = serde_json::from_str(text);
    if let Ok(Version { version }) = versioned
        && version != BASELINE_VERSION
    {
        return Err(((1, 1), format!("a baseline of version {version}, expected {BASELINE_VERSION}")));
    }
    let file: File<'_> = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    Ok(file.findings)
}

fn read_entry(text: &str) -> Result<Entry, String> {
    let entry: Entry =
        serde_json::from_str(text).map_err(|error| format!("not a known finding: {}", plain(&error)))?;
    // The type takes any text; only parsing it makes sure that it is a fingerprint.
    let digits = entry.fingerprint.as_str();
    let fingerprint = Fingerprint::parse(digits).ok_or_else(|| {
        format!(
            "not a known finding: `fingerprint` must be {} hexadecimal digits, found \"{}\"",
            Fingerprint::DIGITS,
            shown(digits)
        )
    })?;
    Ok(Entry { fingerprint, ..entry })
}

/// The message of serde without the place, which is told apart from it.
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Turns parts of a text, asked for in order, into lines and columns in one pass.
struct Places<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, line_start: 0 }
    }

    /// The place of `part`, which is a slice of the text and not before the last one asked for.
    fn of(&mut self, part: &str) -> (u32, u32) {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let offset = offset.clamp(self.at, self.text.len());
        for newline in memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..offset]) {
            self.line += 1;
            self.line_start = self.at + newline + 1;
        }
        self.at = offset;
        (self.line, (offset - self.line_start) as u32 + 1)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::finding;

    #[test]
    fn what_is_written_reads_back_one_finding_per_line() {
        let findings = [
            finding("b", "z.py", 1, "one"),
            finding("a", "a \"q\".py", 2, "two"),
            finding("b", "z.py", 1, "one"),
        ];
        let text = write(&findings);
        expect![[r#"
            {"version": 1, "findings": [
              {"path": "a \"q\".py", "rule": "a", "severity": "high", "fingerprint": "67e23e088efba22797d1b9890a2d3492"},
              {"path": "z.py", "rule": "b", "severity": "high", "fingerprint": "58914c5e772404c16d8eed20ba9619cf"}
            ]}
        "#]].assert_eq(&text);
        let baseline = Baseline::parse(&text, "b.json").expect("sound");
        assert_eq!(baseline.len(), 2);
        assert_eq!(baseline.find(&findings[0]).expect("known").1.origin, "b.json:3");
        assert!(baseline.find(&finding("b", "z.py", 1, "three")).is_none());
        assert!(Baseline::parse(&write([]), "b.json").expect("sound").is_empty());
        let reversed: Vec<_> = findings.iter().rev().collect();
        assert_eq!(write(reversed), text);
    }

    #[test]
    fn mistakes_name_file_line_and_what_was_expected() {
        let message = |text: &str| {
            let errors = Baseline::parse(text, "b.json").expect_err("mistakes");
            errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        let entry = r#"{"path": "a", "rule": "r", "severity": "high", "fingerprint": "#;
        let texts = [
            "",
            "{\n\"version\": 2, \"findings\": []}",
            "{\"version\": 1}",
            "3",
            "{\"version\": 1, \"findings\": [\n  {\"path\": 3},\n  {}, 7]}",
            &format!("{{\"version\": 1, \"findings\": [\n  {entry}\"xyz\"}}]}}"),
            "{\"version\": 1, \"findings\": [\n<<<<<<< ours\n]}",
        ];
        let messages: Vec<_> = texts.iter().map(|text| message(text)).collect();
        expect![[r#"
            b.json:1:1: not a baseline: the file is empty; write it anew with --write-baseline
            b.json:1:1: a baseline of version 2, expected 1; write it anew with --write-baseline
            b.json:1:14: not a baseline: missing field `findings`; write it anew with --write-baseline
            b.json:1:1: not a baseline: invalid type: integer `3`, expected an object with `version` and `findings`; write it anew with --write-baseline
            b.json:2:3: not a known finding: invalid type: integer `3`, expected a string
            b.json:3:3: not a known finding: missing field `path`
            b.json:3:7: not a known finding: invalid type: integer `7`, expected an object with `path`, `rule`, `severity` and `fingerprint`
            b.json:2:3: not a known finding: `fingerprint` must be 32 hexadecimal digits, found "xyz"
            b.json:2:1: not a baseline: expected value; write it anew with --write-baseline"#]].assert_eq(&messages.join("\n"));
    }

    #[test]
    fn the_debt_shrinks() {
        let findings =
            [finding("a", "a", 1, "one"), finding("a", "b", 1, "two"), finding("a", "c", 1, "three")];
        let baseline = Baseline::parse(&write(&findings), "b.json").expect("sound");
        let debt = Debt { known: baseline.len(), remaining: 1 };
        assert_eq!(debt.fixed(), 2);
        assert!(
            baseline.notice(debt).expect("fixed ones").message.starts_with("2 of 3 known findings are gone")
        );
        assert_eq!(baseline.notice(Debt { known: 3, remaining: 3 }), None);
    }

    #[test]
    fn a_report_of_gitleaks_is_a_baseline() {
        let text = r#"[
 {"RuleID": "r", "File": "a.py", "StartLine": 3, "Secret": "hunter2hunter2", "Commit": "", "Tags": []},
 {"RuleID": "r", "File": "b.py", "StartLine": 1, "Secret": "REDACTED"}
]"#;
        let baseline = Baseline::parse(text, "g.json").expect("sound");
        let origin = |f: &Finding| baseline.find(f).map(|(_, suppression)| suppression.origin);
        assert_eq!(origin(&finding("r", "a.py", 3, "hunter2hunter2")).as_deref(), Some("g.json:2"));
        assert_eq!(origin(&finding("r", "a.py", 3, "another one, longer")), None);
        assert_eq!(origin(&finding("r", "a.py", 4, "hunter2hunter2")), None);
        assert_eq!(origin(&finding("r", "b.py", 1, "whatever")).as_deref(), Some("g.json:3"));
        assert_eq!(baseline.len(), 2);
        let errors = Baseline::parse("[\n{\"RuleID\": 3}]", "g.json").expect_err("a mistake");
        assert_eq!(
            errors[0].to_string(),
            "g.json:2:1: not a finding of Gitleaks: invalid type: integer `3`, expected a string"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>(), inner in "[\\[\\]{}\":,a-z0-9 \n]{0,60}") {
            let _ = Baseline::parse(&text, "x");
            let _ = Baseline::parse(&format!("{{\"version\": 1, \"findings\": [{inner}]}}"), "x");
        }
    }
}
