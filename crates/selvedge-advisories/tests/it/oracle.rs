//! The slow and obvious evaluation: parse every record, follow the OSV schema to the letter.

use std::collections::BTreeMap;

use selvedge_package::{Ecosystem, EventVersion, VersionOrder};
use serde_json::Value;

/// What a record says about a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Affected,
    Unknown,
}

/// Entries by ecosystem as written and name as compared, with the id of their record.
pub(crate) struct Oracle<'a> {
    entries: BTreeMap<(String, String), Vec<(&'a str, &'a Value)>>,
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(records: &'a [Value]) -> Self {
        let mut entries: BTreeMap<_, Vec<_>> = BTreeMap::new();
        // Of records with one id and one time of change the first by its text counts.
        let mut by_id: BTreeMap<&str, (String, &Value)> = BTreeMap::new();
        for record in records {
            let text = record.to_string();
            let known = by_id.entry(record["id"].as_str().unwrap()).or_insert_with(|| (text.clone(), record));
            if text < known.0 {
                *known = (text, record);
            }
        }
        let records = by_id.into_values().map(|(_, record)| record);
        for record in records.filter(|record| record.get("withdrawn").is_none()) {
            for affected in list(record, "affected") {
                let Some(package) = affected.get("package") else { continue };
                let ecosystem = package["ecosystem"].as_str().unwrap().to_owned();
                let (family, _) = Ecosystem::from_osv(&ecosystem);
                let name = family.normalize(package["name"].as_str().unwrap()).into_owned();
                entries
                    .entry((ecosystem, name))
                    .or_default()
                    .push((record["id"].as_str().unwrap(), affected));
            }
        }
        Self { entries }
    }

    /// Ecosystem and name of everything known.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &(String, String)> {
        self.entries.keys()
    }

    /// Versions that records mention for a package.
    pub(crate) fn versions(&self, package: &(String, String)) -> Vec<&'a str> {
        let mut all = Vec::new();
        for (_, affected) in &self.entries[package] {
            for range in list(affected, "ranges").iter().filter(|range| range["type"] != "GIT") {
                for event in list(range, "events") {
                    all.extend(event.as_object().unwrap().values().filter_map(Value::as_str));
                }
            }
            all.extend(list(affected, "versions").iter().filter_map(Value::as_str).take(20));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What every record says about a version.
    pub(crate) fn answers(&self, package: &(String, String), version: &str) -> BTreeMap<&'a str, Answer> {
        let (ecosystem, _) = Ecosystem::from_osv(&package.0);
        let mut answers = BTreeMap::new();
        for (id, affected) in &self.entries[package] {
            if let Some(answer) = evaluate(ecosystem, affected, version) {
                let known = answers.entry(*id).or_insert(answer);
                *known = (*known).min(answer);
            }
        }
        answers
    }
}

fn evaluate(ecosystem: Ecosystem, affected: &Value, version: &str) -> Option<Answer> {
    let own = ecosystem.version_order();
    let listed = list(affected, "versions");
    let is_version = |other: &str| {
        other == version
            || own.is_some_and(|order| order.compare(other, version).is_ok_and(std::cmp::Ordering::is_eq))
    };
    if listed.iter().filter_map(Value::as_str).any(is_version) {
        return Some(Answer::Affected);
    }
    let ranges: Vec<_> = list(affected, "ranges").iter().filter(|range| range["type"] != "GIT").collect();
    let answers: Vec<_> = ranges.iter().filter_map(|range| in_range(ecosystem, range, version)).collect();
    if let Some(answer) = answers.into_iter().min() {
        return Some(answer);
    }
    // Nothing but a repository, or nothing at all: it cannot be told.
    (ranges.is_empty() && listed.is_empty()).then_some(Answer::Unknown)
}

fn in_range(ecosystem: Ecosystem, range: &Value, version: &str) -> Option<Answer> {
    let order = match (range["type"].as_str(), ecosystem.version_order()) {
        (Some("SEMVER"), Some(order @ (VersionOrder::Go | VersionOrder::SemVerWithBuild))) => Some(order),
        (Some("SEMVER"), _) => Some(VersionOrder::SemVer),
        (_, own) => own,
    };
    let events: Vec<(&str, &str)> = list(range, "events")
        .iter()
        .flat_map(|event| event.as_object().unwrap())
        .map(|(kind, version)| (kind.as_str(), version.as_str().unwrap()))
        .collect();
    if events == [("introduced", "0")] {
        return Some(Answer::Affected);
    }
    let Some(order) = order else { return Some(Answer::Unknown) };
    let mut placed = Vec::new();
    for (kind, text) in &events {
        let Ok(place) = order.parse_event(text) else { return Some(Answer::Unknown) };
        placed.push((place, *kind));
    }
    let Ok(version) = order.parse(version) else { return Some(Answer::Unknown) };
    placed.sort_by(|a, b| a.0.cmp(&b.0));
    let version = EventVersion::At(version);
    let mut is_affected = false;
    for (place, kind) in placed {
        match kind {
            "introduced" if version >= place => is_affected = true,
            "fixed" if version >= place => is_affected = false,
            "last_affected" if version > place => is_affected = false,
            _ => {}
        }
    }
    is_affected.then_some(Answer::Affected)
}
