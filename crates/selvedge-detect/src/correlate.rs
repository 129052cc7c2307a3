//! Rules about several events: windows over event time, per group of equal field values.

mod engine;
mod evaluate;
mod group;
mod rule;

pub use engine::{CorrelationMatch, CorrelationNotices, Correlator, Settings};
pub use group::{SavedState, Signal};
pub(crate) use rule::resolve;
pub use rule::{Correlation, CorrelationKind, CorrelationRule, Span, Threshold};
