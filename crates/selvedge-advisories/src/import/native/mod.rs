//! Native forms of public databases, each turned into the OSV schema.
//!
//! A form gives a JSON value; what reads OSV then reads it too, so that nothing is interpreted twice.

mod alpine;
mod debian;
mod exploit;
mod go;
mod haskell;
mod php;
mod ruby;
mod rustsec;

pub(crate) use alpine::{AlpineEntry, alpine, alpine_records};
pub(crate) use debian::debian;
pub(crate) use exploit::{epss, kev};
pub(crate) use go::go_report;
pub(crate) use haskell::haskell;
pub(crate) use php::friends_of_php;
pub(crate) use ruby::rubysec;
pub(crate) use rustsec::rustsec;

use serde_json::{Value, json};

/// Version of the schema that converted records state.
const SCHEMA_VERSION: &str = "1.7.0";

/// A record without its package: id, times, texts.
fn record(id: &str, published: Option<&str>, summary: &str, details: &str) -> Value {
    let mut record = json!({ "schema_version": SCHEMA_VERSION, "id": id });
    if let Some(time) = published.and_then(timestamp) {
        record["modified"] = json!(time);
        record["published"] = json!(time);
    }
    if !summary.is_empty() {
        record["summary"] = json!(summary);
    }
    if !details.is_empty() {
        record["details"] = json!(details);
    }
    record
}

/// RFC 3339 of a date or a time as the databases write them: `2021-05-25`, `2021-05-25 13:46:00`.
fn timestamp(text: &str) -> Option<String> {
    let text = text.trim();
    if text.parse::<jiff::Timestamp>().is_ok() {
        return Some(text.to_owned());
    }
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    Some(format!("{date}T00:00:00Z"))
}

/// Text or a number.
fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Texts of a list, or the one text that stands where a list could.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(|value| scalar(Some(value))).collect(),
        other => scalar(other).into_iter().collect(),
    }
}

/// References to web pages.
fn references(urls: impl IntoIterator<Item = String>) -> Value {
    urls.into_iter().map(|url| json!({ "type": "WEB", "url": url })).collect()
}

/// The kind of a CVSS vector by its beginning.
fn cvss_kind(vector: &str) -> &'static str {
    match vector.get(..8) {
        Some("CVSS:4.0") => "CVSS_V4",
        Some("CVSS:3.0" | "CVSS:3.1") => "CVSS_V3",
        _ => "CVSS_V2",
    }
}

/// TOML as JSON; dates become text.
fn json_of(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(time) => json!(time.to_string()),
        toml::Value::Array(values) => values.iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.clone(), json_of(value))).collect())
        }
    }
}

/// The first heading of a Markdown text, and what follows it.
fn heading(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.strip_prefix("# ") {
        Some(rest) => {
            let (title, rest) = rest.split_once('\n').unwrap_or((rest, ""));
            (title.trim(), rest.trim())
        }
        None => ("", text),
    }
}
