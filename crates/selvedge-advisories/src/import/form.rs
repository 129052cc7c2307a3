//! In which form a file holds advisories, told by its content.

use std::collections::BTreeSet;

use selvedge_model::{Diagnostic, DiagnosticKind};
use serde_json::Value;

use super::native;
use crate::cve::Cve;
use crate::exploit::{EpssScore, KevEntry};
use crate::record::Record;

/// JSON files above this size are not held as a tree: only the forms that are read as they come.
const TREE_BYTES_MAX: usize = 16 << 20;

/// Deepest nesting of YAML.
const YAML_DEPTH_MAX: usize = 64;

/// Most events of one YAML file; the largest in public databases have some ten thousand.
const YAML_EVENTS_MAX: usize = 2_000_000;

/// A form in which databases are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// OSV records, in JSON or YAML, one or many in a file.
    Osv,
    /// RustSec advisories: Markdown with TOML before it.
    RustSec,
    /// Haskell security advisories: Markdown with TOML before it.
    Haskell,
    /// Reports of the Go vulnerability database.
    GoReport,
    /// Ruby advisory database.
    RubySec,
    /// PHP security advisories of Friends of PHP.
    FriendsOfPhp,
    /// Debian security tracker.
    DebianTracker,
    /// Alpine secdb.
    AlpineSecDb,
    /// EPSS scores.
    Epss,
    /// CISA catalogue of known exploited vulnerabilities.
    Kev,
}

impl Form {
    /// The name shown in `db status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Osv => "osv",
            Self::RustSec => "rustsec",
            Self::Haskell => "haskell",
            Self::GoReport => "go-report",
            Self::RubySec => "rubysec",
            Self::FriendsOfPhp => "friends-of-php",
            Self::DebianTracker => "debian-tracker",
            Self::AlpineSecDb => "alpine-secdb",
            Self::Epss => "epss",
            Self::Kev => "kev",
        }
    }
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Forms met.
    pub forms: BTreeSet<Form>,
    /// Advisories.
    pub records: Vec<Record>,
    /// Alpine's entries, which only make records together with those of other files.
    pub(crate) alpine: Vec<native::AlpineEntry>,
    /// EPSS scores.
    pub epss: Vec<(Cve, EpssScore)>,
    /// Known exploited vulnerabilities.
    pub kev: Vec<(Cve, KevEntry)>,
    /// What looked like a record and is none.
    pub rejected: u64,
    /// What was wrong.
    pub problems: Vec<Diagnostic>,
    /// Whether the file is in none of the forms.
    pub is_unknown: bool,
}

impl Parsed {
    fn unknown() -> Self {
        Self { is_unknown: true, ..Self::default() }
    }

    /// Keeps the record that a native form was turned into.
    fn take(&mut self, form: Form, path: &str, value: Result<Value, String>, is_native: bool) {
        self.forms.insert(form);
        let result = value
            .map_err(|message| Diagnostic::new(DiagnosticKind::BadAdvisory, message))
            .and_then(|value| Record::from_osv(&value));
        match result {
            Ok((mut record, problems)) => {
                record.is_native = is_native;
                self.problems.extend(problems.into_iter().map(|problem| problem.at(path)));
                self.records.push(record);
            }
            Err(problem) => {
                self.rejected += 1;
                self.problems.push(problem.at(path));
            }
        }
    }

    fn reject(&mut self, path: &str, message: String) {
        self.rejected += 1;
        self.problems.push(Diagnostic::new(DiagnosticKind::BadAdvisory, message).at(path));
    }
}

/// Reads a file. `path` is relative to the import and only tells forms apart.
pub fn parse(path: &str, bytes: &[u8]) -> Parsed {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "json" => json(path, bytes),
        "jsonl" | "ndjson" => lines(path, bytes),
        "yaml" | "yml" => yaml(path, bytes),
        "md" => markdown(path, bytes),
        "csv" => epss(path, bytes),
        _ => Parsed::unknown(),
    }
}

fn json(path: &str, bytes: &[u8]) -> Parsed {
    if bytes.len() > TREE_BYTES_MAX {
        return large_json(path, bytes);
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => json_value(path, bytes, value),
        Err(error) => {
            let mut parsed = Parsed::default();
            let problem = Diagnostic::new(DiagnosticKind::BadAdvisory, format!("not JSON: {error}"));
            parsed.problems.push(problem.at(path).line(error.line() as u32));
            parsed.rejected = 1;
            parsed
        }
    }
}

fn json_value(path: &str, bytes: &[u8], value: Value) -> Parsed {
    let mut parsed = Parsed::default();
    match value {
        Value::Array(values) if values.first().is_some_and(looks_like_osv) => {
            for value in values {
                parsed.take(Form::Osv, path, Ok(value), false);
            }
        }
        value if looks_like_osv(&value) => parsed.take(Form::Osv, path, Ok(value), false),
        // The Go database beside its records has an index in the same folder; it is no advisory.
        value if value.get("vulnerabilities").is_some() && value.get("catalogVersion").is_some() => {
            parsed.forms.insert(Form::Kev);
            parsed.kev = native::kev(&value, path, &mut parsed.problems);
        }
        value if value.get("packages").is_some() && value.get("distroversion").is_some() => {
            parsed.forms.insert(Form::AlpineSecDb);
            parsed.alpine = native::alpine(&value);
        }
        Value::Object(_) => return debian(path, bytes),
        _ => return Parsed::unknown(),
    }
    parsed
}

/// Debian's tracker is some 70 MB; a list of OSV records may be large too.
fn large_json(path: &str, bytes: &[u8]) -> Parsed {
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        return debian(path, bytes);
    }
    let mut parsed = Parsed::default();
    match serde_json::from_slice::<Vec<Value>>(bytes) {
        Ok(values) => {
            for value in values {
                parsed.take(Form::Osv, path, Ok(value), false);
            }
        }
        Err(error) => parsed.reject(path, format!("not a list of advisories: {error}")),
    }
    parsed
}

fn debian(path: &str, bytes: &[u8]) -> Parsed {
    let Some(values) = native::debian(bytes) else { return Parsed::unknown() };
    let mut parsed = Parsed::default();
    for value in values {
        parsed.take(Form::DebianTracker, path, Ok(value), true);
    }
    parsed
}

fn looks_like_osv(value: &Value) -> bool {
    value.get("id").is_some_and(Value::is_string)
        && ["affected", "modified", "schema_version", "withdrawn"]
            .iter()
            .any(|name| value.get(name).is_some())
}

/// One record a line. A line that is none is reported with its number.
fn lines(path: &str, bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(value) => parsed.take(Form::Osv, path, Ok(value), false),
            Err(error) => {
                parsed.reject(path, format!("not a JSON record: {error}"));
                if let Some(problem) = parsed.problems.last_mut() {
                    problem.line = Some(index as u32 + 1);
                }
            }
        }
    }
    parsed
}

/// Reads YAML within bounds.
pub(crate) fn yaml_value(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: YAML_DEPTH_MAX,
            max_events: YAML_EVENTS_MAX,
            max_aliases: 1000,
        },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let text = error.to_string();
        format!("not YAML: {}", text.lines().next().unwrap_or("unreadable"))
    })
}

fn yaml(path: &str, bytes: &[u8]) -> Parsed {
    let Ok(text) = std::str::from_utf8(bytes) else { return Parsed::unknown() };
    let mut parsed = Parsed::default();
    let value = match yaml_value(text) {
        Ok(value) => value,
        Err(message) => {
            parsed.reject(path, message);
            return parsed;
        }
    };
    let has = |name: &str| value.get(name).is_some();
    if has("modules") && has("id") {
        // Reports that were decided not to be about Go code name no versions and are no advisories.
        parsed.forms.insert(Form::GoReport);
        if !has("excluded") {
            parsed.take(Form::GoReport, path, native::go_report(&value), true);
        }
    } else if looks_like_osv(&value) {
        parsed.take(Form::Osv, path, Ok(value), false);
    } else if (has("gem") || has("engine") || has("library")) && has("title") {
        parsed.take(Form::RubySec, path, native::rubysec(path, &value), true);
    } else if has("branches") && has("reference") {
        parsed.take(Form::FriendsOfPhp, path, native::friends_of_php(path, &value), true);
    } else {
        return Parsed::unknown();
    }
    parsed
}

fn markdown(path: &str, bytes: &[u8]) -> Parsed {
    let Ok(text) = std::str::from_utf8(bytes) else { return Parsed::unknown() };
    let Some((front, rest)) = front_matter(text) else { return Parsed::unknown() };
    let mut parsed = Parsed::default();
    match toml::from_str::<toml::Table>(front) {
        Ok(table) if !table.contains_key("advisory") => return Parsed::unknown(),
        // A template shows the form and is no advisory.
        Ok(table) if is_template(&table) => return Parsed::unknown(),
        Ok(table) if table.contains_key("affected") && table["affected"].is_array() => {
            parsed.take(Form::Haskell, path, native::haskell(&table, rest), true);
        }
        Ok(table) => parsed.take(Form::RustSec, path, native::rustsec(path, &table, rest), true),
        Err(error) => {
            parsed.reject(path, format!("the TOML before the text is malformed: {}", error.message()));
        }
    }
    parsed
}

/// Whether the id is the placeholder of templates: `RUSTSEC-0000-0000`.
fn is_template(table: &toml::Table) -> bool {
    let id = table.get("advisory").and_then(|it| it.get("id")).and_then(toml::Value::as_str);
    id.is_some_and(|id| id.contains("-0000-"))
}

/// The TOML block at the start of a Markdown file, and what follows it.
fn front_matter(text: &str) -> Option<(&str, &str)> {
    let after = text.trim_start().strip_prefix("```toml")?;
    let (front, rest) = after.split_once("\n```")?;
    Some((front, rest.split_once('\n').map_or("", |(_, rest)| rest)))
}

fn epss(path: &str, bytes: &[u8]) -> Parsed {
    let Ok(text) = std::str::from_utf8(bytes) else { return Parsed::unknown() };
    let head = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    if !head.to_ascii_lowercase().starts_with("cve,epss") {
        return Parsed::unknown();
    }
    let mut parsed = Parsed::default();
    parsed.forms.insert(Form::Epss);
    parsed.epss = native::epss(text, path, &mut parsed.problems);
    parsed
}
