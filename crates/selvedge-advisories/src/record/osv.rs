//! Reading OSV JSON: every shape that published databases use, and leniently what comes near.
//!
//! A field of the wrong shape costs that field and is reported; a record is refused only if it has no id.

use serde_json::{Map, Value};

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::Ecosystem;

use super::{Affected, Event, EventKind, Informational, Range, RangeKind, Record, SeverityScore, Symbols};

/// Longest id. The longest in use has some 60 characters.
const ID_BYTES_MAX: usize = 256;

/// Longest package name or version; longer ones are refused and reported.
const NAME_BYTES_MAX: usize = 1024;

/// Most entries of one list in a record: packages, versions, events, aliases. Real ones stay below 20,000.
const ENTRIES_MAX: usize = 200_000;

/// Reads one record and says what was wrong with it.
struct Reader<'a> {
    id: &'a str,
    problems: Vec<Diagnostic>,
}

impl Record {
    /// Reads a record in the OSV schema (1.0 to 1.7). The second value says what was ignored in it; `Err`
    /// says why it is no record at all.
    pub fn from_osv(value: &Value) -> Result<(Self, Vec<Diagnostic>), Diagnostic> {
        let refuse = |message: &str| Diagnostic::new(DiagnosticKind::BadAdvisory, message);
        let Value::Object(fields) = value else {
            return Err(refuse("an advisory is a JSON object"));
        };
        let id = fields.get("id").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if id.is_empty() || id.len() > ID_BYTES_MAX || id.contains(['\0', '\n']) {
            return Err(refuse("an advisory needs an `id` of 1 to 256 characters"));
        }
        let mut reader = Reader { id, problems: Vec::new() };
        let mut record = reader.record(fields);
        record.json = serde_json::to_vec(value).expect("a JSON value can be written");
        Ok((record, reader.problems))
    }
}

impl Reader<'_> {
    fn report(&mut self, message: &str) {
        let message = format!("{}: {message}", self.id);
        self.problems.push(Diagnostic::new(DiagnosticKind::BadAdvisory, message));
    }

    fn record(&mut self, fields: &Map<String, Value>) -> Record {
        let specific = fields.get("database_specific");
        let modified = self.text(fields, "modified").unwrap_or_default();
        let published = self.text(fields, "published").unwrap_or_default();
        // Go's database in its repository says year 1: the time is set when it is published.
        let modified_seconds = Some(self.seconds(&modified, "modified"))
            .filter(|seconds| *seconds > 0)
            .unwrap_or_else(|| self.seconds(&published, "published"));
        let affected = self.list(fields.get("affected"), "affected");
        let mut record = Record {
            id: self.id.to_owned(),
            modified,
            modified_seconds,
            withdrawn: self.text(fields, "withdrawn").is_some_and(|at| !at.is_empty()),
            aliases: self.ids(fields, "aliases"),
            related: self.ids(fields, "related"),
            upstream: self.ids(fields, "upstream"),
            severity: self.severity(fields.get("severity")),
            severity_word: word(specific, "severity"),
            affected: affected.iter().filter_map(|entry| self.affected(entry)).collect(),
            license: word(specific, "license"),
            malicious: self.id.starts_with("MAL-")
                || specific.is_some_and(|it| it.get("malicious-packages-origins").is_some()),
            is_native: false,
            json: Vec::new(),
        };
        record.aliases.retain(|alias| *alias != record.id);
        record
    }

    fn seconds(&mut self, text: &str, name: &str) -> i64 {
        if text.is_empty() {
            return 0;
        }
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return time.as_second();
        }
        self.report(&format!("`{name}` is not a time as in RFC 3339"));
        0
    }

    fn text(&mut self, fields: &Map<String, Value>, name: &str) -> Option<String> {
        match fields.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.report(&format!("`{name}` should be text"));
                None
            }
        }
    }

    /// The entries of a list; `null` and absence are an empty one.
    fn list<'v>(&mut self, value: Option<&'v Value>, name: &str) -> &'v [Value] {
        match value {
            None | Some(Value::Null) => &[],
            Some(Value::Array(entries)) if entries.len() <= ENTRIES_MAX => entries,
            Some(Value::Array(entries)) => {
                self.report(&format!("`{name}` has {} entries; {ENTRIES_MAX} are read", entries.len()));
                &entries[..ENTRIES_MAX]
            }
            Some(_) => {
                self.report(&format!("`{name}` should be a list"));
                &[]
            }
        }
    }

    /// A list of short texts: ids, versions, names.
    fn words(&mut self, value: Option<&Value>, name: &str) -> Vec<String> {
        let mut words = Vec::new();
        for entry in self.list(value, name) {
            match scalar(entry) {
                Some(word) if word.is_empty() => {}
                Some(word) if word.len() <= NAME_BYTES_MAX && !word.contains('\0') => words.push(word),
                _ => self
                    .report(&format!("an entry of `{name}` should be text of 1 to {NAME_BYTES_MAX} bytes")),
            }
        }
        words
    }

    fn ids(&mut self, fields: &Map<String, Value>, name: &str) -> Vec<String> {
        let mut ids = self.words(fields.get(name), name);
        ids.retain(|id| id.len() <= ID_BYTES_MAX);
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn severity(&mut self, value: Option<&Value>) -> Vec<SeverityScore> {
        let mut scores = Vec::new();
        for entry in self.list(value, "severity") {
            match (word(Some(entry), "type"), entry.get("score").and_then(scalar)) {
                (Some(kind), Some(score)) if score.len() <= NAME_BYTES_MAX => {
                    scores.push(SeverityScore { kind, score });
                }
                _ => self.report("an entry of `severity` needs `type` and `score`"),
            }
        }
        scores
    }

    fn affected(&mut self, value: &Value) -> Option<Affected> {
        let Value::Object(fields) = value else {
            self.report("an entry of `affected` should be an object");
            return None;
        };
        let package = fields.get("package");
        let (written, name) = (word(package, "ecosystem"), word(package, "name"));
        let written = written.unwrap_or_default();
        let name = name.unwrap_or_default();
        if name.len() > NAME_BYTES_MAX || name.contains('\0') || written.len() > 256 || written.contains('\0')
        {
            self.report("the name of a package is too long or not text");
            return None;
        }
        let ranges = self.list(fields.get("ranges"), "ranges");
        let ranges: Vec<_> = ranges.iter().filter_map(|range| self.range(range)).collect();
        if (name.is_empty() || written.is_empty()) && !ranges.iter().any(|it| it.repository.is_some()) {
            self.report("an entry of `affected` names neither a package nor a repository");
            return None;
        }
        let (ecosystem, release) = Ecosystem::from_osv(&written);
        let ecosystem_name = match ecosystem {
            Ecosystem::Other => written.split(':').next().unwrap_or_default().to_owned(),
            known => known.as_str().to_owned(),
        };
        let specific = fields.get("ecosystem_specific");
        let database = fields.get("database_specific");
        let mut affected = Affected {
            ecosystem,
            ecosystem_name,
            release: release.map(str::to_owned),
            name,
            ranges,
            versions: self.words(fields.get("versions"), "versions"),
            severity: self.severity(fields.get("severity")),
            severity_word: word(specific, "severity").or_else(|| word(database, "severity")),
            symbols: symbols(specific),
            informational: word(database, "informational").map(|it| Informational::from_word(&it)),
            ..Affected::default()
        };
        (affected.systems, affected.architectures) = platforms(specific);
        Some(affected)
    }

    fn range(&mut self, value: &Value) -> Option<Range> {
        let kind = match word(Some(value), "type").as_deref() {
            Some("SEMVER") => RangeKind::Semver,
            Some("ECOSYSTEM") | None => RangeKind::Ecosystem,
            Some("GIT") => RangeKind::Git,
            Some(_) => {
                self.report("a range has a `type` that is none of SEMVER, ECOSYSTEM, GIT");
                RangeKind::Ecosystem
            }
        };
        let repository = word(Some(value), "repo");
        if kind == RangeKind::Git && repository.is_none() {
            self.report("a GIT range needs its `repo`");
            return None;
        }
        let mut events = Vec::new();
        for event in self.list(value.get("events"), "events") {
            self.events(event, &mut events);
        }
        if events.is_empty() {
            self.report("a range has no events: every version counts as possibly affected");
        }
        Some(Range { kind, repository, events })
    }

    /// One object; the schema wants one event in it, older records hold several.
    fn events(&mut self, value: &Value, out: &mut Vec<Event>) {
        let before = out.len();
        for (name, kind) in [
            ("introduced", EventKind::Introduced),
            ("fixed", EventKind::Fixed),
            ("last_affected", EventKind::LastAffected),
            ("limit", EventKind::Limit),
        ] {
            if let Some(version) = value.get(name).and_then(scalar) {
                let version = version.trim();
                if version.is_empty() || version.len() > NAME_BYTES_MAX {
                    self.report("an event without a usable version");
                } else {
                    out.push(Event { kind, version: version.to_owned() });
                }
            }
        }
        if out.len() == before {
            self.report("an event is none of introduced, fixed, last_affected, limit");
        }
    }
}

/// Text, or a number that YAML made of unquoted text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn word(value: Option<&Value>, name: &str) -> Option<String> {
    value?.get(name)?.as_str().filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Strings of a list, whatever else stands there.
fn strings(value: Option<&Value>) -> Vec<String> {
    let entries = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    entries.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Affected functions: Go's `imports`, RustSec's `affects.functions`, and the list others use.
fn symbols(specific: Option<&Value>) -> Vec<Symbols> {
    let Some(specific) = specific else { return Vec::new() };
    let mut all = Vec::new();
    for import in specific.get("imports").and_then(Value::as_array).into_iter().flatten() {
        let path = word(Some(import), "path").unwrap_or_default();
        all.push(Symbols { path, names: strings(import.get("symbols")) });
    }
    let functions = specific.get("affects").and_then(|it| it.get("functions"));
    for list in [functions, specific.get("affected_functions")] {
        let names = strings(list);
        if !names.is_empty() {
            all.push(Symbols { path: String::new(), names });
        }
    }
    all
}

/// Operating systems and architectures to which the whole entry is limited.
fn platforms(specific: Option<&Value>) -> (Vec<String>, Vec<String>) {
    let affects = specific.and_then(|it| it.get("affects"));
    let mut systems = strings(affects.and_then(|it| it.get("os")));
    let mut architectures = strings(affects.and_then(|it| it.get("arch")));
    let imports = specific.and_then(|it| it.get("imports")).and_then(Value::as_array);
    let imports = imports.map_or(&[][..], Vec::as_slice);
    for (field, list) in [("goos", &mut systems), ("goarch", &mut architectures)] {
        // A limit holds for the entry only if each of its packages has one.
        if !imports.is_empty() && imports.iter().all(|import| !strings(import.get(field)).is_empty()) {
            list.extend(imports.iter().flat_map(|import| strings(import.get(field))));
        }
    }
    for list in [&mut systems, &mut architectures] {
        list.sort_unstable();
        list.dedup();
    }
    (systems, architectures)
}
