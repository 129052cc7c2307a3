//! Whether the rules about packages do what their examples say.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use selvedge_advisories::{BuildOptions, Index, IndexBuilder, OriginStatus, Record};
use selvedge_deps::{DependencyRule, Example, IntegrityOptions};
use selvedge_gate::config::UnknownLicense;
use selvedge_model::FingerprintKey;

use super::{Databases, DependencyOptions, LicensePolicy, builtin_rules, conclude, read_inventory};
use crate::project::ProjectView;

/// Lines of an example that are shown.
const SHOWN_LINES: usize = 3;

/// An example that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleProblem {
    /// The rule.
    pub rule: String,
    /// What is wrong, with the beginning of the example.
    pub problem: String,
}

impl fmt::Display for ExampleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.problem)
    }
}

/// Runs the examples of every built-in rule about packages: how many there are, and which do not hold.
pub fn test_dependency_rules() -> (usize, Vec<ExampleProblem>) {
    let mut problems = Vec::new();
    let mut run = 0;
    for rule in builtin_rules() {
        let positives = rule.positives.iter().map(|example| (example, true));
        for (example, should_find) in positives.chain(rule.negatives.iter().map(|it| (it, false))) {
            run += 1;
            let problem = problem(rule, example, should_find);
            let id = rule.meta.id.as_str();
            problems.extend(problem.map(|problem| ExampleProblem { rule: id.to_owned(), problem }));
        }
    }
    (run, problems)
}

/// What is wrong with one example, if anything.
fn problem(rule: &DependencyRule, example: &Example, should_find: bool) -> Option<String> {
    match (finds(rule.meta.id.as_str(), example), should_find) {
        (Ok(found), expected) if found == expected => None,
        (Ok(_), true) => Some(format!("finds nothing in the positive {}", shown(example))),
        (Ok(_), false) => Some(format!("finds something in the negative {}", shown(example))),
        (Err(why), _) => Some(format!("{why} in {}", shown(example))),
    }
}

/// Path and first lines of an example.
fn shown(example: &Example) -> String {
    let lines: Vec<&str> = example.text.trim_start().lines().take(SHOWN_LINES).collect();
    format!("{}: {}", example.path, lines.join(" ⏎ "))
}

/// Whether a rule finds something in an example.
fn finds(rule: &str, example: &Example) -> Result<bool, String> {
    let indexes = example.advisory.as_deref().map(index).transpose()?;
    let licenses = LicensePolicy::new(&example.allow, &example.deny, UnknownLicense::Warn);
    let options = DependencyOptions {
        databases: Databases::new(indexes.into_iter().map(Arc::new).collect()),
        development: true,
        integrity: Some(IntegrityOptions {
            registries: example.registries.clone(),
            private_names: example.private_names.clone(),
        }),
        licenses: licenses.map_err(|error| error.to_string())?,
        ..DependencyOptions::default()
    };
    let files = BTreeMap::from([(example.path.clone(), example.text.as_bytes().to_vec())]);
    let view = ProjectView { files: &files, facts: &BTreeMap::new(), whole: true };
    let conclusion = conclude(&read_inventory(&files), &view, &options, &FingerprintKey::builtin());
    Ok(conclusion.findings.iter().any(|finding| finding.rule.as_str() == rule))
}

/// An index in memory that holds one advisory in OSV form.
fn index(advisory: &str) -> Result<Index, String> {
    let value =
        serde_json::from_str(advisory).map_err(|error| format!("the advisory is no JSON: {error}"))?;
    let (record, _) = Record::from_osv(&value).map_err(|error| format!("the advisory is none: {error}"))?;
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let mut builder = IndexBuilder::new(BuildOptions::new(folder.path().to_path_buf()));
    let origin = builder.origin(OriginStatus { label: "example".to_owned(), ..OriginStatus::default() });
    let mut bytes = Cursor::new(Vec::new());
    let built = builder.add(origin, vec![record]).and_then(|()| builder.finish(&mut bytes).map(drop));
    built.map_err(|error| format!("the advisory cannot be indexed: {error}"))?;
    Index::from_bytes(bytes.into_inner()).map_err(|error| error.to_string())
}
