//! Sigma over Arrow batches.
//!
//! Rules are loaded ([`Loader`]) and compiled together into one program that runs over the columns of a batch of
//! events. A slow interpreter of single rules on single events is the oracle of its tests.

mod correlate;
mod expr;
mod fold;
mod load;
mod logsource;
mod matcher;
mod oracle;
mod pattern;
mod pipeline;
mod program;
mod rule;
mod view;
mod yaml;

pub use correlate::{Correlation, CorrelationKind, CorrelationRule, Span, Threshold};
pub use load::{Loader, Rules};
pub use program::{Hit, Program, Runner};
pub use rule::{DetectionRule, Example, LogsourceSpec, RuleMeta};

/// Every hit of `rules` in `batch`, found rule by rule and event by event: slow, and what the compiled program
/// is measured against.
pub fn interpret(rules: &Rules, batch: &selvedge_event::EventBatch) -> Vec<Hit> {
    oracle::run(rules, batch)
}
