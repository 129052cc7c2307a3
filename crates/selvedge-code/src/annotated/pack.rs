//! Which files are the tests of which rule file: by their names, as Semgrep pairs them.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckOutcome, TestFile};
use crate::set::{RuleFile, RuleSet};

/// What the tests of a pack of rules gave.
#[derive(Debug, Default)]
pub struct PackOutcome {
    /// For each rule and each file it is tested on.
    pub checks: Vec<CheckOutcome>,
    /// Rules without a test that says something about them.
    pub untested: Vec<String>,
    /// What keeps rules from being used.
    pub rejected: Vec<crate::Rejected>,
}

/// The path without its endings: `a/sql.test.yaml`, `a/sql.fixed.py` and `a/sql.yaml` are all `a/sql`.
fn stem(path: &str) -> &str {
    let (folder, name) = path.rsplit_once('/').map_or((0, path), |(folder, name)| (folder.len() + 1, name));
    let end = name.find('.').filter(|at| *at > 0).unwrap_or(name.len());
    &path[..folder + end]
}

fn is_fixed(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains(".fixed."))
}

/// Where the fixed form of a test would lie: `a/sql.py` → `a/sql.fixed.py`.
fn fixed_path(path: &str) -> Option<String> {
    let (before, end) = path.rsplit_once('.')?;
    Some(format!("{before}.fixed.{end}"))
}

/// Runs every rule file on the files beside it that share its name. `files` holds rule files and tests alike, by
/// path; those in `rules` are the rule files.
pub fn test_pack(rules: &BTreeSet<&str>, files: &BTreeMap<&str, &[u8]>) -> PackOutcome {
    let mut outcome = PackOutcome::default();
    for name in rules {
        let Some(text) = files.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok()) else { continue };
        let (set, rejected) = RuleSet::load(&[RuleFile { name, text }]);
        outcome.rejected.extend(rejected);
        outcome.rejected.extend(set.check());
        let own = stem(name);
        let mut tested = BTreeSet::new();
        let from = files.range(own..).take_while(|(path, _)| path.starts_with(own));
        for (path, bytes) in
            from.filter(|(path, _)| stem(path) == own && !rules.contains(**path) && !is_fixed(path))
        {
            let fixed = fixed_path(path).and_then(|path| files.get(path.as_str()).copied());
            let checks = set.test(&TestFile { path, bytes, fixed });
            let says = |check: &CheckOutcome| !check.expected.is_empty() || !check.reported.is_empty();
            tested.extend(checks.iter().filter(|check| says(check)).map(|check| check.rule.clone()));
            outcome.checks.extend(checks);
        }
        outcome.untested.extend(set.ids().filter(|id| !tested.contains(*id)).map(str::to_owned));
    }
    outcome
}
