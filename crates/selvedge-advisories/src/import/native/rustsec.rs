//! RustSec's own form: Markdown with TOML before it (rustsec/advisory-db, "Advisory format").

use serde_json::{Map, Value, json};

use selvedge_package::VersionOrder;

use super::{cvss_kind, heading, json_of, record, references, scalar, texts, timestamp};
use crate::import::interval::{Interval, Notation, affected_events, requirement};

/// Turns an advisory into the OSV schema.
pub(crate) fn rustsec(path: &str, table: &toml::Table, text: &str) -> Result<Value, String> {
    let part = |name: &str| table.get(name).map(json_of).unwrap_or_default();
    let (advisory, versions, affects) = (part("advisory"), part("versions"), part("affected"));
    let id = scalar(advisory.get("id")).ok_or("`advisory.id` is missing")?;
    let package =
        scalar(advisory.get("package")).ok_or_else(|| format!("{id}: `advisory.package` is missing"))?;
    let (title, details) = heading(text);
    let mut out = record(&id, scalar(advisory.get("date")).as_deref(), title, details);
    for (from, to) in [("aliases", "aliases"), ("related", "related")] {
        out[to] = json!(texts(advisory.get(from)));
    }
    if let Some(withdrawn) = scalar(advisory.get("withdrawn")) {
        out["withdrawn"] = json!(timestamp(&withdrawn).unwrap_or(withdrawn));
    }
    if let Some(cvss) = scalar(advisory.get("cvss")) {
        out["severity"] = json!([{ "type": cvss_kind(&cvss), "score": cvss }]);
    }
    let urls = texts(advisory.get("url")).into_iter().chain(texts(advisory.get("references")));
    out["references"] = references(urls);
    if let Some(license) = scalar(advisory.get("license")) {
        out["database_specific"] = json!({ "license": license });
    }
    let functions: Vec<&String> =
        affects.get("functions").and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
    // `crates/` and `rust/` are collections: what comes with Rust itself is no crate of the registry.
    let is_crate = path.rsplit('/').nth(2) != Some("rust");
    let package = if is_crate {
        json!({ "ecosystem": "crates.io", "name": package, "purl": format!("pkg:cargo/{package}") })
    } else {
        json!({ "ecosystem": "Rust", "name": package })
    };
    out["affected"] = json!([{
        "package": package,
        "ranges": [{ "type": "SEMVER", "events": events(&id, &versions)? }],
        "ecosystem_specific": { "affects": {
            "arch": texts(affects.get("arch")),
            "os": texts(affects.get("os")),
            "functions": functions,
        } },
        "database_specific": {
            "categories": texts(advisory.get("categories")),
            "cvss": advisory.get("cvss"),
            "informational": advisory.get("informational"),
        },
    }]);
    Ok(out)
}

fn events(id: &str, versions: &Value) -> Result<Vec<Value>, String> {
    let mut safe: Vec<Interval> = Vec::new();
    for text in texts(versions.get("patched")).into_iter().chain(texts(versions.get("unaffected"))) {
        let interval = requirement(Notation::Cargo, &text);
        safe.push(interval.ok_or_else(|| format!("{id}: `{text}` is not a version requirement"))?);
    }
    let mut events = affected_events(VersionOrder::SemVer, safe)
        .ok_or_else(|| format!("{id}: a version is not a Semantic Version"))?;
    // As RustSec's own export writes the beginning.
    for event in &mut events {
        if event.get("introduced").is_some_and(|it| it == "0") {
            *event = json!({ "introduced": "0.0.0-0" });
        }
    }
    Ok(events)
}
