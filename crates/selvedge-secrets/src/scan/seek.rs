//! Finds the matches of one rule in one text, from the places where its literals stand.

use std::ops::Range;

use regex_automata::{Anchored, Input, meta};

use crate::compile::glance::Glance;
use crate::compile::plan::{Plan, Strategy, Tail};
use crate::compile::sieve::Met;
use crate::pattern::Pattern;
use crate::rule::SecretRule;

/// A rule yields at most this many matches in one text.
pub(crate) const MATCHES_PER_RULE_MAX: usize = 10_000;
/// Possible starts in a row that are tried one by one instead of searched through.
const STARTS_TRIED_MAX: usize = 4;
/// The same where a glance tells most of them apart.
const STARTS_GLANCED_MAX: usize = 24;
/// A rule whose matches have no length limit is tried at this many places of a text; after that the rest
/// of the text is searched once, which bounds the work.
const UNBOUNDED_TRIES_MAX: usize = 64;

/// The matches of a rule, and whether a limit cut them short.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) matches: Vec<Range<usize>>,
    pub(crate) cut: bool,
}

impl Found {
    /// Adds a match; false once there are too many.
    fn push(&mut self, found: Range<usize>) -> bool {
        self.cut = self.matches.len() >= MATCHES_PER_RULE_MAX;
        if !self.cut {
            self.matches.push(found);
        }
        !self.cut
    }
}

/// Every match, by searching the whole text from `from`: the meaning that every other way must keep.
pub(crate) fn everywhere(rule: &SecretRule, bytes: &[u8], from: usize, found: &mut Found) {
    let Some(regex) = rule.regex.as_deref().and_then(|pattern| pattern.regex()) else { return };
    let mut at = from;
    while at <= bytes.len() {
        let Some(next) = regex.search(&Input::new(bytes).span(at..bytes.len())) else { return };
        if !found.push(next.range()) {
            return;
        }
        at = if next.is_empty() { next.end() + 1 } else { next.end() };
    }
}

/// Every match, by looking only where `met` says that a literal of the rule stands.
pub(crate) fn matches(rule: &SecretRule, plan: &Plan, bytes: &[u8], met: &[Met]) -> Found {
    let mut found = Found::default();
    match &plan.strategy {
        Strategy::PathOnly => {}
        Strategy::Whole => {
            if plan.always || !met.is_empty() {
                everywhere(rule, bytes, 0, &mut found);
            }
        }
        Strategy::Tail(tail) => at_tails(rule, plan, tail, bytes, met, &mut found),
        Strategy::Near { length_max } => {
            let Some(pattern) = rule.regex.as_deref() else { return found };
            let near = Near { rule, pattern, glance: plan.glance.as_ref(), length_max: *length_max };
            near.matches(bytes, &starts(met), &mut found);
        }
    }
    found
}

/// The places where a match may start: merged, sorted, both ends included.
fn starts(met: &[Met]) -> Vec<(usize, usize)> {
    let mut intervals: Vec<(usize, usize)> = met
        .iter()
        .filter_map(|met| {
            let last = met.at.checked_sub(met.lead.offset_min as usize)?;
            Some((met.at.saturating_sub(met.lead.offset_max as usize), last))
        })
        .collect();
    intervals.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(intervals.len());
    for (first, last) in intervals {
        match merged.last_mut() {
            Some(known) if first <= known.1 + 1 => known.1 = known.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// A rule whose matches start near its literals.
struct Near<'a> {
    rule: &'a SecretRule,
    pattern: &'a Pattern,
    glance: Option<&'a Glance>,
    length_max: Option<usize>,
}

impl Near<'_> {
    fn matches(&self, bytes: &[u8], starts: &[(usize, usize)], found: &mut Found) {
        let mut at = 0;
        let mut tries = 0;
        for (first, last) in starts {
            while at.max(*first) <= *last {
                if self.length_max.is_none() {
                    tries += 1;
                    if tries > UNBOUNDED_TRIES_MAX {
                        everywhere(self.rule, bytes, at.max(*first), found);
                        return;
                    }
                }
                let Some(next) = self.first_from(bytes, at.max(*first), *last) else { break };
                at = next.end.max(next.start + 1);
                if !found.push(next) {
                    return;
                }
            }
        }
    }

    /// The first match that starts between `first` and `last`.
    fn first_from(&self, bytes: &[u8], first: usize, last: usize) -> Option<Range<usize>> {
        let last = last.min(bytes.len());
        if last < first {
            return None;
        }
        let tried_max = match (self.glance, self.length_max) {
            (None, _) => STARTS_TRIED_MAX,
            (Some(_), Some(_)) => STARTS_GLANCED_MAX,
            // A search would go through all that follows.
            (Some(_), None) => usize::MAX,
        };
        if last - first < tried_max {
            let may = |start: &usize| self.glance.is_none_or(|glance| glance.allows(bytes, *start));
            return (first..=last)
                .filter(may)
                .find_map(|start| anchored(self.pattern.regex()?, bytes, start).map(|end| start..end));
        }
        let end = self.length_max.map_or(bytes.len(), |length| bytes.len().min(last + length));
        let next = self.pattern.regex()?.search(&Input::new(bytes).span(first..end))?;
        (next.start() <= last).then(|| next.range())
    }
}

/// Where the match that starts at `start` ends.
fn anchored(regex: &meta::Regex, bytes: &[u8], start: usize) -> Option<usize> {
    let input = Input::new(bytes).span(start..bytes.len()).anchored(Anchored::Yes);
    regex.search_half(&input).map(|half| half.offset())
}

/// A lazy run takes as little as it can, so the first literal from which the rest matches ends the run,
/// and the match starts as far back as the run reaches.
fn at_tails(rule: &SecretRule, plan: &Plan, tail: &Tail, bytes: &[u8], met: &[Met], found: &mut Found) {
    let mut places: Vec<usize> = met.iter().map(|met| met.at).collect();
    places.sort_unstable();
    places.dedup();
    let bounded = tail.bounded();
    let (mut at, mut tries) = (0, 0);
    for place in places {
        if place < at || plan.glance.as_ref().is_some_and(|glance| !glance.allows(bytes, place)) {
            continue;
        }
        if !bounded {
            tries += 1;
            if tries > UNBOUNDED_TRIES_MAX {
                everywhere(rule, bytes, at, found);
                return;
            }
        }
        let Some(regex) = tail.regex() else { return };
        if let Some(end) = anchored(regex, bytes, place) {
            let start = tail.run_start(bytes, at, place);
            if !found.push(start..end) {
                return;
            }
            at = end.max(place + 1);
        }
    }
}
