//! Feeds correlations with signals and tells when one is complete.
//!
//! Time is event time. A signal is put into its place among those of its group; signals that are older than the
//! latest event by more than the allowed lateness are counted and left out. After a match the events of its window
//! are consumed, so that an attack that goes on is told again only when it has reached the threshold again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::group::{ENTRIES_MAX, Entry, Group, SavedGroup, SavedState, Signal};
use super::rule::{CorrelationKind, CorrelationRule, Input};
use crate::load::Rules;

/// A late signal is tried in at most this many windows that end after it.
const LATER_WINDOWS_MAX: usize = 64;

/// Bounds of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How much older than the latest event a signal may be, in microseconds.
    pub lateness: i64,
    /// About how many bytes of signals are kept. Beyond it the groups that were silent longest are evicted.
    pub bytes_max: usize,
    /// Events that a match carries as evidence: the first and the last of its window.
    pub evidence_max: usize,
}

impl Default for Settings {
    /// One minute of lateness, 256 MiB, 20 events of evidence.
    fn default() -> Self {
        Self { lateness: 60_000_000, bytes_max: 256 << 20, evidence_max: 20 }
    }
}

/// What correlations could not take into account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CorrelationNotices {
    /// Signals that were too late.
    pub late: u64,
    /// Signals without a field of `group-by`.
    pub ungrouped: u64,
    /// Groups that were evicted to stay within the memory budget: their correlations may be missed.
    pub evicted_groups: u64,
    /// Signals dropped since their group held too many.
    pub dropped_signals: u64,
}

/// A correlation that is complete.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrelationMatch {
    /// The rule, by index.
    pub rule: usize,
    /// Time of the event that completed it.
    pub time: i64,
    /// Fields of `group-by` and their values.
    pub group: Vec<(String, String)>,
    /// What was counted or computed.
    pub value: f64,
    /// Number of events in the window.
    pub count: usize,
    /// Its events, the middle left out where there are many.
    pub events: Vec<Arc<Signal>>,
}

type GroupKey = (usize, Vec<String>);

/// The state of all correlations.
#[derive(Debug)]
pub struct Correlator<'r> {
    rules: &'r Rules,
    settings: Settings,
    /// Per detection rule, and per correlation: which correlations it feeds, as which of their inputs.
    detection_feeds: Vec<Vec<(usize, u32)>>,
    correlation_feeds: Vec<Vec<(usize, u32)>>,
    /// Per detection rule, the fields that signals must carry.
    fields: Vec<Vec<String>>,
    groups: BTreeMap<GroupKey, (Group, u64)>,
    /// Groups by when they were last touched.
    order: BTreeMap<u64, GroupKey>,
    touch: u64,
    bytes: usize,
    latest: Option<i64>,
    notices: CorrelationNotices,
}

impl<'r> Correlator<'r> {
    /// A correlator without state.
    pub fn new(rules: &'r Rules, settings: Settings) -> Self {
        let mut detection_feeds = vec![Vec::new(); rules.detections.len()];
        let mut correlation_feeds = vec![Vec::new(); rules.correlations.len()];
        let mut fields = vec![std::collections::BTreeSet::new(); rules.detections.len()];
        for (index, rule) in rules.correlations.iter().enumerate() {
            for (input, from) in rule.inputs.iter().enumerate() {
                match from {
                    Input::Detection(detection) => detection_feeds[*detection].push((index, input as u32)),
                    Input::Correlation(inner) => correlation_feeds[*inner].push((index, input as u32)),
                }
            }
            for detection in rule.detection_indices() {
                let wanted = wanted_fields(rule).chain(aliased_fields(rule));
                fields[detection].extend(wanted.map(str::to_owned));
            }
        }
        Self {
            rules,
            settings,
            detection_feeds,
            correlation_feeds,
            fields: fields.into_iter().map(|set| set.into_iter().collect()).collect(),
            groups: BTreeMap::new(),
            order: BTreeMap::new(),
            touch: 0,
            bytes: 0,
            latest: None,
            notices: CorrelationNotices::default(),
        }
    }

    /// The fields that signals of a detection rule must carry, or `None` if no correlation needs the rule.
    pub fn fields_of(&self, detection: usize) -> Option<&[String]> {
        (!self.detection_feeds[detection].is_empty()).then(|| self.fields[detection].as_slice())
    }

    /// Takes note of event time, which closes windows.
    pub fn advance(&mut self, time: i64) -> Vec<CorrelationMatch> {
        self.latest = Some(self.latest.map_or(time, |latest| latest.max(time)));
        let mut matches = Vec::new();
        self.close(self.horizon(), &mut matches);
        matches
    }

    /// A detection rule met an event.
    pub fn signal(&mut self, detection: usize, signal: Signal) -> Vec<CorrelationMatch> {
        self.latest = Some(self.latest.map_or(signal.time, |latest| latest.max(signal.time)));
        let mut matches = Vec::new();
        let feeds = self.detection_feeds[detection].clone();
        let meta = &self.rules.detections[detection].meta;
        let names = [meta.name.as_deref(), Some(meta.id.as_str())];
        let signal = Arc::new(signal);
        for (correlation, input) in feeds {
            self.feed(correlation, input, &signal, &names, &mut matches);
        }
        matches
    }

    /// Closes every window: no more events come.
    pub fn finish(&mut self) -> Vec<CorrelationMatch> {
        let mut matches = Vec::new();
        self.close(i64::MAX, &mut matches);
        matches
    }

    /// What could not be taken into account since the last call.
    pub fn take_notices(&mut self) -> CorrelationNotices {
        std::mem::take(&mut self.notices)
    }

    /// Signals older than this come too late.
    fn horizon(&self) -> i64 {
        self.latest.map_or(i64::MIN, |latest| latest.saturating_sub(self.settings.lateness))
    }

    fn feed(
        &mut self,
        correlation: usize,
        input: u32,
        signal: &Arc<Signal>,
        names: &[Option<&str>],
        matches: &mut Vec<CorrelationMatch>,
    ) {
        if signal.time < self.horizon() {
            self.notices.late += 1;
            return;
        }
        let rules = self.rules;
        let rule = &rules.correlations[correlation];
        let value = |field: &String| signal.fields.get(rule.field_for(field, names)).cloned();
        let Some(key) = rule.correlation.group_by.iter().map(value).collect::<Option<Vec<_>>>() else {
            self.notices.ungrouped += 1;
            return;
        };
        let mut own = Signal::clone(signal);
        for (field, value) in rule.correlation.group_by.iter().zip(&key) {
            own.fields.insert(field.clone(), value.clone());
        }
        for alias in rule.correlation.aliases.keys() {
            if let Some(value) = signal.fields.get(rule.field_for(alias, names)) {
                own.fields.insert(alias.clone(), value.clone());
            }
        }
        let number = rule.correlation.number(&own);
        self.insert(&(correlation, key), Entry { signal: Arc::new(own), input, number }, matches);
    }

    fn insert(&mut self, key: &GroupKey, entry: Entry, matches: &mut Vec<CorrelationMatch>) {
        let rules = self.rules;
        let rule = &rules.correlations[key.0];
        let keep_from = self.horizon().saturating_sub(rule.correlation.span);
        self.touch += 1;
        let touch = self.touch;
        let (group, touched) = self.groups.entry(key.clone()).or_default();
        self.order.remove(touched);
        *touched = touch;
        self.order.insert(touch, key.clone());
        if rule.correlation.rises() && rule.correlation.keeps_latest() {
            let freed = group.forget_older(&entry, |older, newer| rule.correlation.stands_for(older, newer));
            self.bytes = self.bytes.saturating_sub(freed);
        }
        self.bytes += entry.signal.bytes();
        let mut at = group.insert(entry);
        if rule.correlation.rises() {
            // Windows that are to be decided later need their old entries.
            let before = group.entries.len();
            self.bytes = self.bytes.saturating_sub(group.forget_before(keep_from));
            at = at.saturating_sub(before - group.entries.len());
        }
        if group.entries.len() > ENTRIES_MAX {
            let dropped = group.entries.pop_front().map_or(0, |entry| entry.signal.bytes());
            self.bytes = self.bytes.saturating_sub(dropped);
            self.notices.dropped_signals += 1;
            at = at.saturating_sub(1);
        }
        if rule.correlation.rises() {
            self.try_windows(key, at, matches);
        }
        self.evict();
    }

    /// Tries the window that ends at the new entry, and those that end later and hold it.
    fn try_windows(&mut self, key: &GroupKey, at: usize, matches: &mut Vec<CorrelationMatch>) {
        let rules = self.rules;
        let rule = &rules.correlations[key.0];
        let Some((group, _)) = self.groups.get(key) else { return };
        let span = rule.correlation.span;
        let limit = group.entries[at].signal.time.saturating_add(span);
        let ends = (at..group.entries.len())
            .take(LATER_WINDOWS_MAX)
            .take_while(|end| group.entries[*end].signal.time <= limit);
        let met = ends.into_iter().find_map(|end| {
            let window = group.window(end, span);
            rule.correlation.met(group, window.clone()).map(|value| (window, value))
        });
        if let Some((window, value)) = met {
            self.complete(key, window, value, matches);
            self.remove_if_empty(key);
        }
    }

    /// Tells a match, consumes its window and feeds correlations of correlations.
    fn complete(
        &mut self,
        key: &GroupKey,
        window: std::ops::RangeInclusive<usize>,
        value: f64,
        matches: &mut Vec<CorrelationMatch>,
    ) {
        let rules = self.rules;
        let rule = &rules.correlations[key.0];
        let Some((group, _)) = self.groups.get_mut(key) else { return };
        let used: Vec<Arc<Signal>> = group.entries.drain(window).map(|entry| entry.signal).collect();
        self.bytes = self.bytes.saturating_sub(used.iter().map(|signal| signal.bytes()).sum());
        let Some(last) = used.last().cloned() else { return };
        let count = used.len();
        let events = ends(used, self.settings.evidence_max);
        let fields = rule.correlation.group_by.iter().cloned();
        matches.push(CorrelationMatch {
            rule: key.0,
            time: last.time,
            group: fields.zip(key.1.iter().cloned()).collect(),
            value,
            count,
            events,
        });
        let names = [rule.meta.name.as_deref(), Some(rule.meta.id.as_str())];
        for (correlation, input) in self.correlation_feeds[key.0].clone() {
            // Chains are as deep as rules were resolved, each fed by earlier ones only.
            self.feed(correlation, input, &last, &names, matches);
        }
    }

    /// Decides windows that are over by `time`, of correlations that more events could undo.
    fn close(&mut self, time: i64, matches: &mut Vec<CorrelationMatch>) {
        for index in 0..self.rules.correlations.len() {
            let rules = self.rules;
            let correlation = &rules.correlations[index].correlation;
            if correlation.rises() {
                continue;
            }
            let keys: Vec<GroupKey> = self
                .groups
                .range((index, Vec::new())..(index + 1, Vec::new()))
                .filter(|(_, (group, _))| is_over(group, correlation.span, time))
                .map(|(key, _)| key.clone())
                .collect();
            for key in keys {
                self.close_group(&key, time, matches);
            }
        }
    }

    fn close_group(&mut self, key: &GroupKey, time: i64, matches: &mut Vec<CorrelationMatch>) {
        let rules = self.rules;
        let correlation = &rules.correlations[key.0].correlation;
        while let Some((group, _)) = self.groups.get_mut(key)
            && is_over(group, correlation.span, time)
        {
            let until = group.entries[0].signal.time.saturating_add(correlation.span);
            let end = group.entries.partition_point(|entry| entry.signal.time <= until) - 1;
            if let Some(value) = correlation.met(group, 0..=end) {
                self.complete(key, 0..=end, value, matches);
            } else {
                let freed: usize = group.entries.drain(0..=end).map(|entry| entry.signal.bytes()).sum();
                self.bytes = self.bytes.saturating_sub(freed);
            }
        }
        self.remove_if_empty(key);
    }

    fn remove_if_empty(&mut self, key: &GroupKey) {
        if let Some((group, touched)) = self.groups.get(key)
            && group.entries.is_empty()
        {
            let touched = *touched;
            self.order.remove(&touched);
            self.groups.remove(key);
        }
    }

    /// Drops the groups that were silent longest until the budget is met. Groups whose events are all past their
    /// window go without notice.
    fn evict(&mut self) {
        while self.bytes > self.settings.bytes_max {
            let Some((_, key)) = self.order.pop_first() else { return };
            if let Some((group, _)) = self.groups.remove(&key) {
                self.bytes = self.bytes.saturating_sub(group.bytes());
                let span = self.rules.correlations[key.0].correlation.span;
                let horizon = self.horizon().saturating_sub(span);
                if group.entries.back().is_some_and(|entry| entry.signal.time >= horizon) {
                    self.notices.evicted_groups += 1;
                }
            }
        }
    }

    /// The state, to be stored with the position up to which events were processed.
    pub fn save(&self) -> SavedState {
        let in_order = self.order.values().filter_map(|key| {
            let (group, _) = self.groups.get(key)?;
            let rule = self.rules.correlations[key.0].meta.id.clone();
            Some(SavedGroup { rule, key: key.1.clone(), group: group.clone() })
        });
        SavedState {
            latest: self.latest,
            groups: in_order.filter(|saved| !saved.group.entries.is_empty()).collect(),
        }
    }

    /// A correlator that goes on where `state` was saved.
    pub fn restore(rules: &'r Rules, settings: Settings, state: SavedState) -> Self {
        let mut correlator = Self::new(rules, settings);
        correlator.latest = state.latest;
        let by_id: BTreeMap<&str, usize> = rules
            .correlations
            .iter()
            .enumerate()
            .map(|(index, rule)| (rule.meta.id.as_str(), index))
            .collect();
        for saved in state.groups {
            let Some(rule) = by_id.get(saved.rule.as_str()) else { continue };
            let correlation = &rules.correlations[*rule].correlation;
            let fits = saved.key.len() == correlation.group_by.len()
                && saved.group.entries.iter().all(|entry| (entry.input as usize) < correlation.rules.len());
            if fits {
                correlator.touch += 1;
                correlator.bytes += saved.group.bytes();
                let key = (*rule, saved.key);
                correlator.order.insert(correlator.touch, key.clone());
                correlator.groups.insert(key, (saved.group, correlator.touch));
            }
        }
        correlator.evict();
        correlator
    }
}

/// Whether the window that begins with the group's first event is over by `time`.
fn is_over(group: &Group, span: i64, time: i64) -> bool {
    group.entries.front().is_some_and(|entry| entry.signal.time.saturating_add(span) < time)
}

/// The first and last of many.
fn ends(mut all: Vec<Arc<Signal>>, max: usize) -> Vec<Arc<Signal>> {
    if all.len() > max {
        let first = max / 2;
        let last = max - first;
        all.drain(first..all.len() - last);
    }
    all
}

fn wanted_fields(rule: &CorrelationRule) -> impl Iterator<Item = &str> {
    let counted = match &rule.correlation.kind {
        CorrelationKind::ValueCount(fields) => fields.as_slice(),
        CorrelationKind::ValueSum(field)
        | CorrelationKind::ValueAverage(field)
        | CorrelationKind::ValuePercentile(field, _) => std::slice::from_ref(field),
        CorrelationKind::EventCount | CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => &[],
    };
    rule.correlation.group_by.iter().chain(counted).map(String::as_str)
}

fn aliased_fields(rule: &CorrelationRule) -> impl Iterator<Item = &str> {
    rule.correlation.aliases.values().flat_map(BTreeMap::values).map(String::as_str)
}
