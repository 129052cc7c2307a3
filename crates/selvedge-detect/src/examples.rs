//! Runs the examples that rules carry.

use selvedge_event::{EventBatch, EventBatchBuilder, Limits, Logsource, Origin};

use crate::correlate::{Correlator, Settings, Signal};
use crate::detector::signal_fields;
use crate::load::Rules;
use crate::oracle::{Row, holds};
use crate::program::{Program, Runner};
use crate::rule::{Example, LogsourceSpec, RuleMeta};
use crate::view::{Rows, View};

/// One example and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleResult {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// File of the rule.
    pub path: String,
    /// 1-based line of the example.
    pub line: u32,
    /// What its author says.
    pub must_match: bool,
    /// What happened, or why the example could not be run.
    pub matched: Result<bool, String>,
}

impl ExampleResult {
    /// Whether it went as its author says.
    pub fn passed(&self) -> bool {
        self.matched == Ok(self.must_match)
    }
}

/// A rule that lacks a positive or a negative example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// File of the rule.
    pub path: String,
    /// 1-based line of the rule.
    pub line: u32,
}

/// Every example and every rule without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExampleReport {
    /// Examples in order of the rules.
    pub results: Vec<ExampleResult>,
    /// Rules that alert and do not have at least one example of either kind: an error in a pack that is to be
    /// trusted.
    pub unproven: Vec<Unproven>,
}

impl ExampleReport {
    /// Whether all examples went as they should and, if `strict`, no rule is without.
    pub fn passed(&self, strict: bool) -> bool {
        self.results.iter().all(ExampleResult::passed) && (!strict || self.unproven.is_empty())
    }
}

/// Runs every example of `rules`. An event of an example belongs to the log source of its rule.
pub fn run_examples(rules: &Rules) -> ExampleReport {
    let program = Program::compile(rules);
    let mut report = ExampleReport::default();
    for (index, rule) in rules.detections.iter().enumerate() {
        report.note(&rule.meta, &rule.examples, rule.is_base, |example| {
            let mut matched = false;
            for event in &example.events {
                let batch = batch(std::slice::from_ref(event), &rule.logsource)?;
                let hits = Runner::new(&program).run(&batch);
                matched |= hits.iter().any(|hit| hit.rule as usize == index);
            }
            Ok(matched)
        });
    }
    for (index, rule) in rules.correlations.iter().enumerate() {
        report.note(&rule.meta, &rule.examples, rule.is_base, |example| correlate(rules, index, example));
    }
    report
}

impl ExampleReport {
    fn note(
        &mut self,
        meta: &RuleMeta,
        examples: &[Example],
        is_base: bool,
        mut run: impl FnMut(&Example) -> Result<bool, String>,
    ) {
        for example in examples {
            self.results.push(ExampleResult {
                rule: meta.id.clone(),
                title: meta.title.clone(),
                path: meta.path.clone(),
                line: example.line,
                must_match: example.must_match,
                matched: run(example),
            });
        }
        let has = |must_match| examples.iter().any(|example| example.must_match == must_match);
        let proven = has(true) && has(false);
        if !is_base && !proven {
            self.unproven.push(Unproven {
                rule: meta.id.clone(),
                title: meta.title.clone(),
                path: meta.path.clone(),
                line: meta.line,
            });
        }
    }
}

fn batch(events: &[String], logsource: &LogsourceSpec) -> Result<EventBatch, String> {
    let mut builder = EventBatchBuilder::new(Limits::default());
    for (position, event) in events.iter().enumerate() {
        let mut origin = Origin::new("example", position as u64, 0);
        origin.logsource = Logsource {
            product: logsource.product.as_deref(),
            category: logsource.category.as_deref(),
            service: logsource.service.as_deref(),
        };
        builder.push_json(&origin, event.as_bytes()).map_err(|error| error.to_string())?;
    }
    builder.finish().ok_or_else(|| "the example has no event".to_owned())
}

/// Feeds the events in the order of the file; each is shown to every rule behind the correlation.
fn correlate(rules: &Rules, index: usize, example: &Example) -> Result<bool, String> {
    let batch = batch(&example.events, &LogsourceSpec::default())?;
    let mut correlator = Correlator::new(rules, Settings { lateness: i64::MAX / 4, ..Settings::default() });
    let behind: Vec<usize> = rules.correlations[index].detection_indices().collect();
    let mut fields = std::collections::BTreeSet::new();
    for detection in &behind {
        rules.detections[*detection].condition.fields(&mut fields);
        fields.extend(correlator.fields_of(*detection).unwrap_or_default().iter().map(String::as_str));
    }
    let fields: Vec<String> = fields.into_iter().map(str::to_owned).collect();
    let rows = Rows::new(&View::new(&batch), fields.iter().map(String::as_str));
    let mut matched = false;
    for row in 0..batch.len() {
        let event = rows.row(row);
        for detection in &behind {
            if !holds(&rules.detections[*detection].condition, &event as &dyn Row) {
                continue;
            }
            let wanted = correlator.fields_of(*detection).unwrap_or_default().to_vec();
            let values = signal_fields(&wanted, &event);
            let signal =
                Signal::new(batch.times()[row], "example", row as u64, values, batch.raw().value(row));
            matched |= correlator.signal(*detection, signal).iter().any(|found| found.rule == index);
        }
    }
    Ok(matched | correlator.finish().iter().any(|found| found.rule == index))
}
