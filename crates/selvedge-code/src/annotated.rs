//! Annotated tests of rules, as `semgrep test` judges them.
//!
//! A comment `ruleid: some-rule` says that the rule is found on the next line, `ok: some-rule` that it is not;
//! with `todo` before either, that it should be so and is not yet. The lines on which a rule is found must be
//! the lines that the comments expect, no more and no fewer. `NAME.fixed.EXT` beside the test is what the
//! fixes of the rules make of it.

mod comment;
mod pack;

use std::collections::{BTreeMap, BTreeSet};

use selvedge_syntax::Language;

pub use comment::{Annotation, Expectation, annotations};
pub use pack::{PackOutcome, test_pack};

use crate::rule::{RuleDefinition, Target};
use crate::scan::CodeMatch;
use crate::set::{RuleSet, targets_for};

/// A file that rules are tried on.
#[derive(Debug, Clone, Copy)]
pub struct TestFile<'a> {
    /// Its path; the language follows from it.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// What the fixes of the rules should make of it.
    pub fixed: Option<&'a [u8]>,
}

/// What one rule gave on one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// The rule.
    pub rule: String,
    /// The file.
    pub path: String,
    /// Lines on which the comments expect it.
    pub expected: BTreeSet<u32>,
    /// Lines on which it was found, those left out that a `todo` comment excuses.
    pub reported: BTreeSet<u32>,
    /// Whether the fixes made of the file what was expected; `None` if nothing was.
    pub fix_passed: Option<bool>,
    /// What was not evaluated, or not wholly.
    pub problems: Vec<String>,
}

impl CheckOutcome {
    /// Whether the rule was found where it was expected, and only there.
    pub fn passed(&self) -> bool {
        self.expected == self.reported && self.fix_passed != Some(false)
    }

    /// Expected lines on which the rule was not found.
    pub fn missed(&self) -> Vec<u32> {
        self.expected.difference(&self.reported).copied().collect()
    }

    /// Lines on which it was found and not expected.
    pub fn unexpected(&self) -> Vec<u32> {
        self.reported.difference(&self.expected).copied().collect()
    }
}

impl RuleSet {
    /// Tries every rule of the set on a file.
    pub fn test(&self, file: &TestFile<'_>) -> Vec<CheckOutcome> {
        let text = String::from_utf8_lossy(file.bytes);
        let annotations = annotations(&text);
        let mut fixes = Vec::new();
        let mut checks: Vec<(CheckOutcome, bool)> = (0..self.rules.len())
            .filter_map(|index| {
                let (check, matches) = self.test_rule(index, file, &annotations)?;
                fixes.extend(matches.into_iter().filter(|found| found.fix.is_some()));
                let rule = &self.rules[index];
                Some((check, rule.fix.is_some() || rule.fix_regex.is_some()))
            })
            .collect();
        if let Some(fixed) = file.fixed {
            // The rules of a file are fixed together: one fixed file shows what all of them do.
            fixes.sort_by_key(|found| found.range.start);
            let passed = apply(file.bytes, &fixes) == fixed;
            for (check, _) in checks.iter_mut().filter(|(_, fixes)| *fixes) {
                check.fix_passed = Some(passed);
            }
        }
        checks.into_iter().map(|(check, _)| check).collect()
    }

    /// What one rule gave, and the matches from which its fixes follow.
    fn test_rule(
        &self,
        index: usize,
        file: &TestFile<'_>,
        annotations: &[Annotation],
    ) -> Option<(CheckOutcome, Vec<CodeMatch>)> {
        let rule = &self.rules[index];
        let target = test_target(rule, file.path)?;
        let outcome = self.scan_alone(index, target, file.path, file.bytes);
        let lines = |expectation: Expectation| -> BTreeSet<u32> {
            annotations
                .iter()
                .filter(|annotation| {
                    annotation.expectation == expectation && annotation.rules.contains(&rule.id)
                })
                .map(|annotation| annotation.line)
                .collect()
        };
        let excused: BTreeSet<u32> =
            lines(Expectation::TodoRuleId).union(&lines(Expectation::TodoOk)).copied().collect();
        let found: BTreeSet<u32> = outcome.matches.iter().map(|found| found.start.line).collect();
        let check = CheckOutcome {
            rule: rule.id.clone(),
            path: file.path.to_owned(),
            expected: lines(Expectation::RuleId).difference(&excused).copied().collect(),
            reported: found.difference(&excused).copied().collect(),
            fix_passed: None,
            problems: outcome.diagnostics.iter().map(ToString::to_string).collect(),
        };
        Some((check, outcome.matches))
    }
}

/// As what the rule reads the file: as its language if the rule is for it, else as the first of the rule's.
fn test_target(rule: &RuleDefinition, path: &str) -> Option<Target> {
    let by_path = targets_for(rule, Language::of_path(path));
    by_path.first().or_else(|| rule.targets.first()).copied()
}

/// The file with every fix carried out, in order of the file; of two that overlap the first counts.
pub fn apply(bytes: &[u8], matches: &[CodeMatch]) -> Vec<u8> {
    let mut edits: BTreeMap<usize, (usize, &str)> = BTreeMap::new();
    let mut end = 0;
    for found in matches {
        if let Some(fix) = &found.fix
            && found.range.start >= end
        {
            edits.insert(found.range.start, (found.range.end, fix));
            end = found.range.end;
        }
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (start, (end, fix)) in edits {
        out.extend_from_slice(&bytes[at..start]);
        out.extend_from_slice(fix.as_bytes());
        at = end;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

#[cfg(test)]
mod tests;
