//! Which ATT&CK techniques the loaded rules look for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::load::Rules;
use crate::rule::RuleMeta;

/// A technique and its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// `T1059.001`.
    pub technique: String,
    /// Tactics under which rules name it.
    pub tactics: Vec<String>,
    /// Ids and titles of its rules, in order of title.
    pub rules: Vec<(String, String)>,
}

/// Techniques in order, each with its rules. Rules that only feed correlations count for these.
pub fn coverage(rules: &Rules) -> Vec<Coverage> {
    let mut by_technique: BTreeMap<String, Vec<&RuleMeta>> = BTreeMap::new();
    let detections = rules.detections.iter().filter(|rule| !rule.is_base).map(|rule| &rule.meta);
    let correlations = rules.correlations.iter().filter(|rule| !rule.is_base).map(|rule| &rule.meta);
    for meta in detections.chain(correlations) {
        for technique in meta.techniques() {
            by_technique.entry(technique).or_default().push(meta);
        }
    }
    let row = |(technique, metas): (String, Vec<&RuleMeta>)| {
        let mut tactics: Vec<String> = metas.iter().flat_map(|meta| meta.tactics()).collect();
        tactics.sort();
        tactics.dedup();
        let mut rules: Vec<(String, String)> =
            metas.iter().map(|meta| (meta.id.clone(), meta.title.clone())).collect();
        rules.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
        rules.dedup();
        Coverage { technique, tactics, rules }
    };
    by_technique.into_iter().map(row).collect()
}

/// The coverage as a layer of ATT&CK Navigator (layer format 4.5): the score of a technique is its number of rules.
pub fn navigator_layer(coverage: &[Coverage], name: &str) -> Value {
    let most = coverage.iter().map(|row| row.rules.len()).max().unwrap_or(1);
    let technique = |row: &Coverage| {
        let titles: Vec<&str> = row.rules.iter().map(|(_, title)| title.as_str()).take(20).collect();
        json!({
            "techniqueID": row.technique,
            "score": row.rules.len(),
            "comment": titles.join("\n"),
            "enabled": true,
        })
    };
    json!({
        "name": name,
        "versions": { "layer": "4.5", "navigator": "5.1.0" },
        "domain": "enterprise-attack",
        "description": "Techniques that loaded detection rules look for",
        "techniques": coverage.iter().map(technique).collect::<Vec<_>>(),
        "gradient": { "colors": ["#ffffff", "#66b1ff"], "minValue": 0, "maxValue": most },
    })
}
