//! Whether the window of a group satisfies a correlation.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::group::{Entry, Group, Signal};
use super::rule::{Correlation, CorrelationKind, Threshold};

impl Correlation {
    /// Whether more events can only help: then it is decided with every event, else when the window is over.
    pub(super) fn rises(&self) -> bool {
        let counts = matches!(
            self.kind,
            CorrelationKind::EventCount
                | CorrelationKind::ValueCount(_)
                | CorrelationKind::Temporal
                | CorrelationKind::TemporalOrdered
        );
        let lower =
            |threshold: &Threshold| matches!(threshold, Threshold::Greater(_) | Threshold::GreaterOrEqual(_));
        // Sums of negative numbers fall, means and percentiles move both ways; all are decided with every event.
        !counts || self.condition.iter().all(lower)
    }

    /// Whether the newer entry stands for the older one: of equal values, and of events of one rule where only
    /// their presence counts, the latest is enough. A flood of them then takes no room and no time.
    pub(super) fn stands_for(&self, older: &Entry, newer: &Entry) -> bool {
        match &self.kind {
            CorrelationKind::ValueCount(fields) => {
                fields.iter().all(|field| older.signal.fields.get(field) == newer.signal.fields.get(field))
            }
            CorrelationKind::Temporal => older.input == newer.input,
            _ => false,
        }
    }

    /// Whether [`Correlation::stands_for`] can ever hold.
    pub(super) fn keeps_latest(&self) -> bool {
        matches!(self.kind, CorrelationKind::ValueCount(_) | CorrelationKind::Temporal)
    }

    /// The number of a signal that the correlation computes with.
    pub(super) fn number(&self, signal: &Signal) -> Option<f64> {
        let (CorrelationKind::ValueSum(field)
        | CorrelationKind::ValueAverage(field)
        | CorrelationKind::ValuePercentile(field, _)) = &self.kind
        else {
            return None;
        };
        signal.fields.get(field)?.trim().parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// The value of the window, if it satisfies the condition.
    pub(super) fn met(&self, group: &Group, window: RangeInclusive<usize>) -> Option<f64> {
        let value = match &self.kind {
            CorrelationKind::EventCount => window.clone().count() as f64,
            CorrelationKind::ValueCount(fields) => distinct(group, window, fields) as f64,
            CorrelationKind::Temporal => rules_seen(group, window) as f64,
            CorrelationKind::TemporalOrdered => return self.ordered(group, window),
            CorrelationKind::ValueSum(_) => {
                let numbers = numbers(group, window);
                if numbers.is_empty() {
                    return None;
                }
                numbers.iter().sum()
            }
            CorrelationKind::ValueAverage(_) => {
                let numbers = numbers(group, window);
                if numbers.is_empty() {
                    return None;
                }
                numbers.iter().sum::<f64>() / numbers.len() as f64
            }
            CorrelationKind::ValuePercentile(_, percentile) => {
                self::percentile(numbers(group, window), *percentile)?
            }
        };
        self.satisfied(value).then_some(value)
    }

    fn satisfied(&self, value: f64) -> bool {
        if self.condition.is_empty() {
            // Temporal kinds without a condition ask for every rule.
            return value >= self.rules.len() as f64;
        }
        self.condition.iter().all(|threshold| threshold.holds(value))
    }

    /// Every rule in order: going back from the last entry, the latest fitting one of each rule.
    fn ordered(&self, group: &Group, window: RangeInclusive<usize>) -> Option<f64> {
        let mut wanted = self.rules.len();
        for index in window.rev() {
            if wanted > 0 && group.entries[index].input as usize == wanted - 1 {
                wanted -= 1;
            }
        }
        (wanted == 0).then_some(self.rules.len() as f64)
    }
}

fn rules_seen(group: &Group, window: RangeInclusive<usize>) -> usize {
    window.map(|index| group.entries[index].input).collect::<BTreeSet<_>>().len()
}

/// Distinct tuples of the fields' values; entries that lack one are left out.
fn distinct(group: &Group, window: RangeInclusive<usize>, fields: &[String]) -> usize {
    let tuple = |index: usize| -> Option<Vec<&str>> {
        let values = &group.entries[index].signal.fields;
        fields.iter().map(|field| values.get(field).map(String::as_str)).collect()
    };
    window.filter_map(tuple).collect::<BTreeSet<_>>().len()
}

fn numbers(group: &Group, window: RangeInclusive<usize>) -> Vec<f64> {
    window.filter_map(|index| group.entries[index].number).collect()
}

/// Percentile by the nearest rank.
fn percentile(mut numbers: Vec<f64>, percentile: u8) -> Option<f64> {
    if numbers.is_empty() {
        return None;
    }
    let rank = (numbers.len() * usize::from(percentile)).div_ceil(100).max(1) - 1;
    let (_, value, _) = numbers.select_nth_unstable_by(rank, f64::total_cmp);
    Some(*value)
}
