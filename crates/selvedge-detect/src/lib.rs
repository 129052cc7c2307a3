//! Sigma over Arrow batches.
//!
//! Rules are loaded ([`Loader`]) and compiled together into one program that runs over the columns of a batch of
//! events ([`Program`]); [`Correlator`] joins matches over event time; [`Detector`] does both and makes findings.
//! A slow interpreter of single rules on single events ([`interpret`]) says what is right. No query engine, no
//! network and no clock here; only [`load_folder`] reads files.

mod alert;
mod builtin;
mod correlate;
mod coverage;
mod detector;
mod examples;
mod explain;
mod expr;
mod fold;
mod folder;
mod lint;
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

pub use alert::{Alert, Evidence, model_rule};
pub use builtin::{BUILTIN_RULES, add_builtin};
pub use correlate::{
    Correlation, CorrelationKind, CorrelationMatch, CorrelationNotices, CorrelationRule, Correlator,
    SavedState, Settings, Signal, Span, Threshold,
};
pub use coverage::{Coverage, coverage, navigator_layer};
pub use detector::{Detector, RuleCount, Session};
pub use examples::{ExampleReport, ExampleResult, Unproven, run_examples};
pub use explain::{Explanation, Step, explain};
pub use folder::{add_folder, load_folder};
pub use lint::{lint, lint_text};
pub use load::{Loader, Rules};
pub use program::{Hit, Program, Runner};
pub use rule::{DetectionRule, Example, LogsourceSpec, RuleMeta};

/// Every hit of `rules` in `batch`, found rule by rule and event by event: slow, and what the compiled program
/// is measured against.
pub fn interpret(rules: &Rules, batch: &selvedge_event::EventBatch) -> Vec<Hit> {
    oracle::run(rules, batch)
}
