//! Processing pipelines.

use crate::correlate::CorrelationRule;
use crate::load::{Draft, Problem};

/// X.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {}

impl Pipeline {
    pub(crate) fn parse(_text: &str) -> (Self, Vec<Problem>) {
        (Self {}, Vec::new())
    }
    pub(crate) fn priority(&self) -> i64 {
        0
    }
    pub(crate) fn apply(&self, _draft: &mut Draft) -> Result<(), Problem> {
        Ok(())
    }
    pub(crate) fn apply_to_correlation(&self, _rule: &mut CorrelationRule) {}
}
