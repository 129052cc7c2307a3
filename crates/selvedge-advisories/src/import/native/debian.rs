//! Debian's security tracker: packages with their CVEs and the state in each release
//! (security-tracker.debian.org/tracker/data/json).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::SCHEMA_VERSION;

/// Releases by their names. `sid` has no number and no ecosystem of its own in the OSV schema.
const RELEASES: &[(&str, &str)] = &[
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
];

#[derive(Deserialize)]
struct Issue {
    #[serde(default)]
    description: Option<String>,
    releases: BTreeMap<String, Release>,
}

#[derive(Deserialize)]
struct Release {
    status: String,
    #[serde(default)]
    fixed_version: Option<String>,
    #[serde(default)]
    urgency: Option<String>,
}

/// One record for each CVE; `None` if the file is not the tracker's.
pub(crate) fn debian(bytes: &[u8]) -> Option<Vec<Value>> {
    let tracker: BTreeMap<String, BTreeMap<String, Issue>> = serde_json::from_slice(bytes).ok()?;
    if tracker.is_empty() {
        return None;
    }
    let mut records: BTreeMap<String, (String, Vec<Value>)> = BTreeMap::new();
    for (package, issues) in tracker {
        for (id, issue) in issues {
            let entry = records.entry(id).or_default();
            if entry.0.is_empty() {
                entry.0 = issue.description.unwrap_or_default();
            }
            entry.1.extend(
                issue.releases.iter().filter_map(|(name, release)| affected(&package, name, release)),
            );
        }
    }
    let records = records.into_iter().filter(|(_, (_, affected))| !affected.is_empty());
    Some(records.map(|(id, (description, affected))| record(&id, &description, &affected)).collect())
}

fn record(id: &str, description: &str, affected: &[Value]) -> Value {
    let mut out = json!({
        "schema_version": SCHEMA_VERSION,
        "id": format!("DEBIAN-{id}"),
        "affected": affected,
        "references": [{ "type": "ADVISORY", "url": format!("https://security-tracker.debian.org/tracker/{id}") }],
    });
    if id.starts_with("CVE-") {
        out["upstream"] = json!([id]);
    }
    if !description.is_empty() {
        out["details"] = json!(description);
    }
    out
}

fn affected(package: &str, name: &str, release: &Release) -> Option<Value> {
    let (_, number) = RELEASES.iter().find(|(known, _)| *known == name)?;
    let mut out = json!({ "package": { "ecosystem": format!("Debian:{number}"), "name": package } });
    match (release.status.as_str(), release.fixed_version.as_deref()) {
        // A fix at version 0 says that the release never had the problem.
        ("resolved", Some("0") | None) => return None,
        ("resolved", Some(fixed)) => {
            out["ranges"] =
                json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": fixed }] }]);
        }
        ("open", _) => out["ranges"] = json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }]),
        // Undetermined: without ranges it counts as possibly affected.
        _ => {}
    }
    if let Some(urgency) = &release.urgency {
        out["ecosystem_specific"] = json!({ "urgency": urgency, "severity": urgency });
    }
    Some(out)
}
