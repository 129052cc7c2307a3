//! Correlation rules as they are after loading.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::matcher::Comparison;
use crate::rule::{DetectionRule, Example, RuleMeta};

/// Microseconds.
pub type Span = i64;

/// What is counted or computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrelationKind {
    /// Number of events.
    EventCount,
    /// Number of distinct values (of value tuples, if several fields are named).
    ValueCount(Vec<String>),
    /// Every rule has an event, or as many as the condition says.
    Temporal,
    /// As [`CorrelationKind::Temporal`], in the order of the rules.
    TemporalOrdered,
    /// Sum of a numeric field.
    ValueSum(String),
    /// Mean of a numeric field.
    ValueAverage(String),
    /// Percentile, 0–100, of a numeric field.
    ValuePercentile(String, u8),
}

/// One comparison of a condition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// `lt`.
    Less(f64),
    /// `lte`.
    LessOrEqual(f64),
    /// `gt`.
    Greater(f64),
    /// `gte`.
    GreaterOrEqual(f64),
    /// `eq`.
    Equal(f64),
    /// `neq`.
    NotEqual(f64),
}

impl Threshold {
    /// Whether `value` satisfies it.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Less(limit) => Comparison::Less.holds(value, limit),
            Self::LessOrEqual(limit) => Comparison::LessOrEqual.holds(value, limit),
            Self::Greater(limit) => Comparison::Greater.holds(value, limit),
            Self::GreaterOrEqual(limit) => Comparison::GreaterOrEqual.holds(value, limit),
            Self::Equal(limit) => Comparison::Equal.holds(value, limit),
            Self::NotEqual(limit) => !Comparison::Equal.holds(value, limit),
        }
    }
}

/// What feeds a correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Input {
    /// A detection rule, by index.
    Detection(usize),
    /// Another correlation, by index; it comes earlier in the list.
    Correlation(usize),
}

/// The section `correlation`.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// What is counted or computed.
    pub kind: CorrelationKind,
    /// Rules that feed it, as the file names them.
    pub rules: Vec<String>,
    /// Fields that must be equal.
    pub group_by: Vec<String>,
    /// Per alias the field in events of each rule, by the rule's name.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// Length of the window.
    pub span: Span,
    /// All must hold. Empty for temporal kinds that ask for every rule.
    pub condition: Vec<Threshold>,
}

/// A rule about several events.
#[derive(Debug, Clone)]
pub struct CorrelationRule {
    /// What it says about itself.
    pub meta: RuleMeta,
    /// What it asks for.
    pub correlation: Correlation,
    /// Whether the rules it names alert by themselves too.
    pub generate: bool,
    /// Sequences of events that its author gives.
    pub examples: Vec<Example>,
    /// Indices of [`Correlation::rules`].
    pub(crate) inputs: Vec<Input>,
    /// The detection rules behind it, through chains.
    pub(crate) detections: BTreeSet<usize>,
    /// Whether another correlation is fed by it without `generate`.
    pub is_base: bool,
}

impl CorrelationRule {
    /// Indices of the detection rules behind it, through chains.
    pub fn detection_indices(&self) -> impl Iterator<Item = usize> + '_ {
        self.detections.iter().copied()
    }

    /// The field of events of the rule called `names` that stands for `field`.
    pub(crate) fn field_for<'a>(&'a self, field: &'a str, names: &[Option<&str>]) -> &'a str {
        let alias = self.correlation.aliases.get(field);
        let known = alias.and_then(|alias| names.iter().flatten().find_map(|name| alias.get(*name)));
        known.map_or(field, String::as_str)
    }
}

/// Looks up the rules that correlations name and orders them, so that each comes after those that feed it.
/// What names an unknown rule or itself is left out with a diagnostic.
pub(crate) fn resolve(
    pending: Vec<CorrelationRule>,
    detections: &[DetectionRule],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<CorrelationRule> {
    let mut known: BTreeMap<String, Input> = BTreeMap::new();
    for (index, rule) in detections.iter().enumerate() {
        for name in [Some(&rule.meta.id), rule.meta.name.as_ref()].into_iter().flatten() {
            known.entry(name.clone()).or_insert(Input::Detection(index));
        }
    }
    let mut resolved: Vec<CorrelationRule> = Vec::new();
    let mut pending = pending;
    loop {
        let before = pending.len();
        let mut waiting = Vec::new();
        for mut rule in pending {
            let inputs: Option<Vec<Input>> =
                rule.correlation.rules.iter().map(|name| known.get(name).copied()).collect();
            let Some(inputs) = inputs else {
                waiting.push(rule);
                continue;
            };
            let index = resolved.len();
            for name in [Some(&rule.meta.id), rule.meta.name.as_ref()].into_iter().flatten() {
                known.entry(name.clone()).or_insert(Input::Correlation(index));
            }
            for input in &inputs {
                match input {
                    Input::Detection(index) => {
                        rule.detections.insert(*index);
                    }
                    Input::Correlation(index) => {
                        let inner = resolved[*index].detections.clone();
                        rule.detections.extend(inner);
                        resolved[*index].is_base |= !rule.generate;
                    }
                }
            }
            rule.inputs = inputs;
            resolved.push(rule);
        }
        pending = waiting;
        if pending.len() == before {
            break;
        }
    }
    for rule in pending {
        let missing = rule.correlation.rules.iter().find(|name| !known.contains_key(*name));
        let missing = missing.map_or("?", String::as_str);
        let message =
            format!("the correlation names the rule `{missing}`, which is not loaded or leads back here");
        diagnostics.push(
            Diagnostic::new(DiagnosticKind::BadRule, message).at(rule.meta.path.clone()).line(rule.meta.line),
        );
    }
    resolved
}
