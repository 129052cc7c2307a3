//! Rules about several events.

mod rule;

pub use rule::{Correlation, CorrelationKind, CorrelationRule, Span, Threshold};
pub(crate) use rule::{Input, resolve};
