//! Alpine's secdb: for each release and repository the packages with the versions that fixed something
//! (secdb.alpinelinux.org).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{SCHEMA_VERSION, texts};

/// What one file says about one problem in one package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AlpineEntry {
    id: String,
    release: String,
    package: String,
    fixed: String,
}

/// The entries of one file. Records are made when all files have been read: one problem is in many.
pub(crate) fn alpine(value: &Value) -> Vec<AlpineEntry> {
    let release = value.get("distroversion").and_then(Value::as_str).unwrap_or_default();
    let mut entries = Vec::new();
    for package in value.get("packages").and_then(Value::as_array).into_iter().flatten() {
        let Some(package) = package.get("pkg") else { continue };
        let Some(name) = package.get("name").and_then(Value::as_str) else { continue };
        let fixes = package.get("secfixes").and_then(Value::as_object);
        for (fixed, ids) in fixes.into_iter().flat_map(Map::iter) {
            // Version 0 says that the package never had the problem.
            if fixed == "0" {
                continue;
            }
            // A line can name several ids of one problem, the CVE first.
            let ids = texts(Some(ids))
                .into_iter()
                .filter_map(|line| line.split_whitespace().next().map(str::to_owned));
            entries.extend(ids.map(|id| AlpineEntry {
                id,
                release: release.to_owned(),
                package: name.to_owned(),
                fixed: fixed.clone(),
            }));
        }
    }
    entries
}

/// One record for each problem.
pub(crate) fn alpine_records(mut entries: Vec<AlpineEntry>) -> Vec<Value> {
    entries.sort_unstable();
    entries.dedup();
    let mut by_id: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for entry in entries {
        by_id.entry(entry.id).or_default().push(json!({
            "package": { "ecosystem": format!("Alpine:{}", entry.release), "name": entry.package },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": entry.fixed }] }],
        }));
    }
    let record = |(id, affected): (String, Vec<Value>)| {
        let mut out = json!({
            "schema_version": SCHEMA_VERSION,
            "id": format!("ALPINE-{id}"),
            "affected": affected,
            "references": [{ "type": "ADVISORY", "url": format!("https://security.alpinelinux.org/vuln/{id}") }],
        });
        if id.starts_with("CVE-") {
            out["upstream"] = json!([id]);
        }
        out
    };
    by_id.into_iter().map(record).collect()
}
