//! From YAML text to rules. A rule that does not load becomes a diagnostic; the others load.

mod condition;
mod correlation;
mod detection;
mod link;
mod meta;
mod modifiers;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::correlate::CorrelationRule;
use crate::expr::Expr;
use crate::pipeline::Pipeline;
use crate::rule::{DetectionRule, Example, LogsourceSpec, RuleMeta};
use crate::yaml::{self, Node};

pub(crate) use condition::{Condition, parse as parse_condition};
pub(crate) use modifiers::{item as parse_item, split_key};

/// A rule file over this many bytes is not read.
const FILE_BYTES_MAX: usize = 1 << 20;

/// What is loaded.
#[derive(Debug, Default)]
pub struct Rules {
    /// Rules about single events, in order of loading.
    pub detections: Vec<DetectionRule>,
    /// Rules about several events.
    pub correlations: Vec<CorrelationRule>,
}

impl Rules {
    /// Rules and correlations together.
    pub fn len(&self) -> usize {
        self.detections.len() + self.correlations.len()
    }

    /// Whether nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A mistake in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) line: u32,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn at(node: &Node, message: impl Into<String>) -> Self {
        Self { line: node.line, message: message.into() }
    }

    pub(crate) fn into_diagnostic(self, path: &str) -> Diagnostic {
        Diagnostic::new(DiagnosticKind::BadRule, self.message).at(path).line(self.line)
    }
}

/// A detection rule before pipelines and filters have changed it and its condition is linked.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) meta: RuleMeta,
    pub(crate) logsource: LogsourceSpec,
    /// Search identifiers in the order of the file.
    pub(crate) detections: Vec<(String, Expr)>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) examples: Vec<Example>,
    /// Names of pipeline items that changed it.
    pub(crate) applied: Vec<String>,
}

/// A filter (specification 2.1, "Filters"): what it adds to the condition of other rules.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) meta: RuleMeta,
    pub(crate) logsource: LogsourceSpec,
    /// Ids or names; empty means any rule.
    pub(crate) rules: Vec<String>,
    pub(crate) detections: Vec<(String, Expr)>,
    pub(crate) conditions: Vec<Condition>,
}

/// Reads rule files and links them: pipelines, then filters, then conditions, then correlations.
#[derive(Debug, Default)]
pub struct Loader {
    pipelines: Vec<Pipeline>,
    drafts: Vec<Draft>,
    filters: Vec<Filter>,
    correlations: Vec<CorrelationRule>,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    /// A loader without pipelines.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a processing pipeline in pySigma's YAML form. What is wrong with it is a diagnostic.
    pub fn add_pipeline(&mut self, path: &str, text: &str) {
        let (pipeline, problems) = Pipeline::parse(text);
        self.diagnostics.extend(problems.into_iter().map(|problem| problem.into_diagnostic(path)));
        self.pipelines.push(pipeline);
        self.pipelines.sort_by_key(Pipeline::priority);
    }

    /// Adds the rules in `text`, one or several YAML documents. `path` is what diagnostics call the file.
    pub fn add(&mut self, path: &str, text: &str) {
        if text.len() > FILE_BYTES_MAX {
            let message = format!("the file is over {FILE_BYTES_MAX} bytes; not read");
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::TooLarge, message).at(path));
            return;
        }
        let (documents, error) = yaml::parse(text);
        for document in &documents {
            if let Err(problem) = self.document(path, document) {
                self.diagnostics.push(problem.into_diagnostic(path));
            }
        }
        if let Some(error) = error {
            let problem = Problem { line: error.line, message: format!("not YAML: {}", error.message) };
            self.diagnostics.push(problem.into_diagnostic(path));
        } else if documents.is_empty() {
            let problem = Problem { line: 1, message: "no rule in the file".to_owned() };
            self.diagnostics.push(problem.into_diagnostic(path));
        }
    }

    fn document(&mut self, path: &str, node: &Node) -> Result<(), Problem> {
        if node.entries().is_empty() {
            return Err(Problem::at(node, format!("a rule is a map, not {}", node.describe())));
        }
        let meta = meta::meta(node, path)?;
        if let Some(correlation) = node.get("correlation") {
            self.correlations.push(correlation::read(node, correlation, meta)?);
        } else if let Some(filter) = node.get("filter") {
            self.filters.push(detection::filter(node, filter, meta)?);
        } else {
            self.drafts.push(detection::rule(node, meta)?);
        }
        Ok(())
    }

    /// The loaded rules, and everything that did not load.
    pub fn finish(mut self) -> (Rules, Vec<Diagnostic>) {
        let rules =
            link::link(self.drafts, &self.filters, self.correlations, &self.pipelines, &mut self.diagnostics);
        (rules, self.diagnostics)
    }
}

#[cfg(test)]
mod tests;
