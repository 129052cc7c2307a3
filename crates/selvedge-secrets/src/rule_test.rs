//! Runs the examples that rules carry.

use std::fmt;
use std::sync::Arc;

use crate::example;
use crate::rule::{RuleSet, SecretRule};
use crate::scan::{ScanOptions, Scanner};

/// An example that does not do what it is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExampleProblem {
    /// The rule's id.
    pub rule: String,
    /// Whether the rule should have found something.
    pub positive: bool,
    /// 0-based position among the positives or negatives.
    pub index: usize,
    /// The example as written, a template without any value.
    pub template: String,
    /// What went wrong.
    pub message: String,
}

impl fmt::Display for ExampleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.positive { "positive" } else { "negative" };
        write!(f, "{}: {kind} example {}: {}: {}", self.rule, self.index + 1, self.message, self.template)
    }
}

/// How many examples were run, and which of them failed, in load order.
pub fn test_rules(rules: &Arc<RuleSet>) -> (usize, Vec<ExampleProblem>) {
    let scanner = Scanner::new(Arc::clone(rules), ScanOptions { decode_depth: 0, ..ScanOptions::default() });
    let mut problems = Vec::new();
    let mut run = 0;
    for (position, rule) in rules.secret_rules().iter().enumerate() {
        let positives = rule.positives.iter().enumerate().map(|(index, template)| (true, index, template));
        let negatives = rule.negatives.iter().enumerate().map(|(index, template)| (false, index, template));
        for (positive, index, template) in positives.chain(negatives) {
            run += 1;
            if let Some(message) = problem(&scanner, position, rule, positive, index, template) {
                let (rule, template) = (rule.id().to_owned(), template.clone());
                problems.push(ExampleProblem { rule, positive, index, template, message });
            }
        }
    }
    (run, problems)
}

fn problem(
    scanner: &Scanner,
    position: usize,
    rule: &SecretRule,
    positive: bool,
    index: usize,
    template: &str,
) -> Option<String> {
    let text = match example::expand(template, seed(rule.id(), positive, index)) {
        Ok(text) => text,
        Err(error) => return Some(error.to_string()),
    };
    let hits = scanner.scan(None, text.as_bytes(), &mut Vec::new());
    let found = hits.iter().any(|hit| hit.rule == position && hit.allowed.is_none());
    match (positive, found) {
        (true, false) => Some("the rule finds nothing".to_owned()),
        (false, true) => Some("the rule finds something".to_owned()),
        _ => None,
    }
}

/// Equal examples give equal text in every run; examples of different rules differ.
fn seed(id: &str, positive: bool, index: usize) -> u64 {
    let start = index as u64 + if positive { 1 } else { 1001 };
    id.bytes().fold(start, |seed, byte| seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
}
