//! The built-in rules about packages: what a reader needs to know about each, and the examples that test them.
//!
//! They lie in `rules/dependencies/`; how each is evaluated is code, beside the data it needs.

use std::sync::LazyLock;

use selvedge_model::{Engine, Reference, Remediation, Rule, RuleId, Severity, Stage};
use toml::{Table, Value};

/// Name of the pack in reports.
const PACK: &str = "builtin";

/// The files of the pack.
const FILES: &[(&str, &str)] = &[
    ("advisories.toml", include_str!("../../../rules/dependencies/advisories.toml")),
    ("licenses.toml", include_str!("../../../rules/dependencies/licenses.toml")),
    ("locking.toml", include_str!("../../../rules/dependencies/locking.toml")),
];

/// A built-in rule with its examples.
#[derive(Debug, Clone)]
pub struct DependencyRule {
    /// What a reader needs.
    pub meta: Rule,
    /// Package files in which the rule must find something.
    pub positives: Vec<Example>,
    /// Package files in which it must find nothing.
    pub negatives: Vec<Example>,
}

/// A package file and the settings that it is looked at with.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// Where the file lies.
    pub path: String,
    /// Its content.
    pub text: String,
    /// As the key `dependencies.registries`.
    pub registries: Vec<String>,
    /// As the key `dependencies.private-names`.
    pub private_names: Vec<String>,
    /// As the key `dependencies.licenses.allow`.
    pub allow: Vec<String>,
    /// As the key `dependencies.licenses.deny`.
    pub deny: Vec<String>,
    /// An advisory in OSV form that the database holds.
    pub advisory: Option<String>,
}

/// Every built-in rule of the dependencies engine, in the order of the files. Read when first asked for.
pub fn rules() -> &'static [DependencyRule] {
    static RULES: LazyLock<Vec<DependencyRule>> = LazyLock::new(read);
    &RULES
}

#[expect(clippy::expect_used, reason = "the texts are part of the program, and a test reads them")]
fn read() -> Vec<DependencyRule> {
    let mut rules = Vec::new();
    for (_, text) in FILES {
        let table: Table = text.parse().expect("a built-in rule file is TOML");
        rules.extend(tables(&table, "rules").map(rule));
    }
    rules
}

fn rule(table: &Table) -> DependencyRule {
    let severity = string(table, "severity").parse().unwrap_or(Severity::Medium);
    let references = strings(table, "references");
    DependencyRule {
        meta: Rule {
            id: RuleId::new(&string(table, "id")),
            engine: Engine::Dependencies,
            stage: Stage::Build,
            title: string(table, "description"),
            why: string(table, "why"),
            remediation: Remediation::steps(strings(table, "fix")),
            severity,
            references: references.iter().filter_map(|text| Reference::parse(text)).collect(),
            tags: strings(table, "tags"),
            pack: PACK.to_owned(),
        },
        positives: tables(table, "positives").map(example).collect(),
        negatives: tables(table, "negatives").map(example).collect(),
    }
}

fn example(table: &Table) -> Example {
    Example {
        path: string(table, "path"),
        text: string(table, "text"),
        registries: strings(table, "registries"),
        private_names: strings(table, "private-names"),
        allow: strings(table, "allow"),
        deny: strings(table, "deny"),
        advisory: table.get("advisory").and_then(Value::as_str).map(str::to_owned),
    }
}

fn tables<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t Table> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

fn string(table: &Table, key: &str) -> String {
    table.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    let items = table.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_what_a_reader_needs() {
        let rules = rules();
        assert!(rules.len() >= 12, "{}", rules.len());
        for rule in rules {
            let meta = &rule.meta;
            let id = meta.id.as_str();
            assert!(!id.is_empty() && !meta.title.is_empty() && !meta.why.is_empty(), "{id}");
            assert!(!meta.remediation.steps.is_empty() && !meta.references.is_empty(), "{id}");
            assert!(!rule.positives.is_empty() && !rule.negatives.is_empty(), "{id}");
            let examples = rule.positives.iter().chain(&rule.negatives);
            assert!(
                examples.into_iter().all(|example| crate::wants(&example.path)),
                "{id}: nothing reads it"
            );
        }
    }
}
