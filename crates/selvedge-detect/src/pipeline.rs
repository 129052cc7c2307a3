//! Processing pipelines in pySigma's YAML form: they change rules before these are compiled, so that rules written
//! for one naming of fields fit events of another.
//!
//! Known are the transformations and conditions that change what a rule matches. Those that only shape queries of
//! other systems (query post-processing, finalizers, index names) have nothing to do here and are named as such.

mod condition;
mod transform;

use std::collections::BTreeMap;

use crate::correlate::CorrelationRule;
use crate::load::{Draft, Problem};
use crate::yaml::{self, Node};
use condition::{Conditions, RuleTest};
use transform::Transformation;

/// A pipeline with more steps is cut.
const ITEMS_MAX: usize = 10_000;

/// Values for placeholders, by name.
pub(crate) type Variables = BTreeMap<String, Vec<String>>;

/// Steps in order.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    priority: i64,
    variables: Variables,
    items: Vec<PipelineItem>,
}

#[derive(Debug)]
struct PipelineItem {
    id: Option<String>,
    transformation: Transformation,
    rule: Conditions<RuleTest>,
    detection: condition::ItemConditions,
}

/// What earlier steps have noted about a rule.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) applied: Vec<String>,
    pub(crate) state: BTreeMap<String, String>,
}

impl Pipeline {
    /// Reads a pipeline; steps that make no sense are left out, each with its problem.
    pub(crate) fn parse(text: &str) -> (Self, Vec<Problem>) {
        let mut pipeline = Self::default();
        let mut problems = Vec::new();
        let (documents, error) = yaml::parse(text);
        if let Some(error) = error {
            problems.push(Problem { line: error.line, message: format!("not YAML: {}", error.message) });
        }
        for document in &documents {
            let priority = document.get("priority").and_then(Node::text).and_then(|text| text.parse().ok());
            pipeline.priority = priority.unwrap_or(pipeline.priority);
            for (name, values) in document.get("vars").map(Node::entries).unwrap_or_default() {
                pipeline.variables.insert(name.text.clone(), values.texts());
            }
            for item in
                document.get("transformations").map(Node::items).unwrap_or_default().iter().take(ITEMS_MAX)
            {
                match PipelineItem::parse(item) {
                    Ok(item) => pipeline.items.push(item),
                    Err(problem) => problems.push(problem),
                }
            }
            for key in ["postprocessing", "finalizers"] {
                if let Some(node) = document.get(key) {
                    problems.push(Problem::at(
                        node,
                        format!("`{key}` shapes queries of other systems; not used"),
                    ));
                }
            }
        }
        (pipeline, problems)
    }

    /// Pipelines run in the order of their priority, lowest first.
    pub(crate) fn priority(&self) -> i64 {
        self.priority
    }

    /// Changes a rule.
    pub(crate) fn apply(&self, draft: &mut Draft) -> Result<(), Problem> {
        let mut progress = Progress { applied: std::mem::take(&mut draft.applied), ..Progress::default() };
        for item in &self.items {
            if !item.rule.hold(|test| test.holds(draft, &progress)) {
                continue;
            }
            let changed =
                item.transformation.apply(draft, &item.detection, &self.variables, &mut progress)?;
            if changed && let Some(id) = &item.id {
                progress.applied.push(id.clone());
            }
        }
        draft.applied = progress.applied;
        Ok(())
    }

    /// Changes the field names of a correlation as those of the rules that feed it.
    pub(crate) fn apply_to_correlation(&self, rule: &mut CorrelationRule) {
        for item in self.items.iter().filter(|item| item.rule.is_empty()) {
            item.transformation.rename(rule, &item.detection);
        }
    }
}

impl PipelineItem {
    fn parse(node: &Node) -> Result<Self, Problem> {
        Ok(Self {
            id: node.get("id").and_then(Node::text).map(str::to_owned),
            transformation: Transformation::parse(node)?,
            rule: Conditions::parse(node, "rule", RuleTest::parse)?,
            detection: condition::ItemConditions::parse(node)?,
        })
    }
}

#[cfg(test)]
mod tests;
