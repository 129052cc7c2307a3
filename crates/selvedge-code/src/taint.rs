//! `mode: taint`: which sinks data from a source can reach.

use crate::formula::Evaluator;
use crate::ranges::{Hit, Role};
use crate::rule::Taint;
use crate::scan::TraceStep;

/// Sinks that tainted data reaches.
pub(crate) fn find(evaluator: &mut Evaluator<'_>, spec: &Taint) -> Vec<(Hit, Vec<TraceStep>)> {
    let sources: Vec<Hit> =
        spec.sources.iter().flat_map(|source| evaluator.evaluate(&source.formula)).collect();
    let sinks: Vec<Hit> = spec.sinks.iter().flat_map(|sink| evaluator.evaluate(&sink.formula)).collect();
    sinks
        .into_iter()
        .filter(|sink| sink.role == Role::Found)
        .filter(|sink| sources.iter().any(|source| sink.start <= source.start && source.end <= sink.end))
        .map(|sink| (sink, Vec::new()))
        .collect()
}
