//! The searches of all predicates on one field.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use super::graph::{Graph, KEYWORD};
use super::needle::{Search, search};
use super::trie::Trie;
use crate::fold::fold_into;
use crate::matcher::Matcher;

/// What follows from a needle that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The predicate holds.
    Holds(u32),
    /// The check with this number has to be asked.
    Ask(u32),
}

/// A matcher to be asked about a value.
#[derive(Debug)]
struct Check {
    predicate: u32,
    matcher: Matcher,
}

/// A whole value and what follows from it.
#[derive(Debug)]
struct Whole {
    text: Box<str>,
    group: u32,
}

/// All that is looked for in the values of one field.
#[derive(Debug)]
pub(crate) struct FieldProgram {
    pub(crate) field: u32,
    whole: HashTable<Whole>,
    starts: Trie,
    ends: Trie,
    anywhere: Option<AhoCorasick>,
    /// Of a few needles: says fast that a value has none of them, as most have.
    any: Option<AhoCorasick>,
    /// Group of each pattern of `anywhere`.
    anywhere_groups: Vec<u32>,
    /// Outcomes by group.
    groups: Vec<Vec<Outcome>>,
    checks: Vec<Check>,
    /// Checks about which nothing is known beforehand.
    always: Vec<u32>,
}

/// Memory of a search that is used again for every value.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    folded: String,
    /// Per predicate the last value for which it held, so that it is told once.
    told: Vec<u32>,
    /// Per group the last value in which its needle was found.
    seen: Vec<u32>,
    value: u32,
    asks: Vec<u32>,
}

/// The searches of the predicates with these numbers, one for each field; keywords are left out.
pub(super) fn searches(graph: &Graph, numbers: Range<usize>) -> Vec<FieldProgram> {
    let mut by_field: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for number in numbers {
        by_field.entry(graph.predicates()[number].field).or_default().push(number as u32);
    }
    by_field.remove(&KEYWORD);
    by_field.into_iter().map(|(field, predicates)| FieldProgram::new(field, &predicates, graph)).collect()
}

/// Needles of one kind, equal ones once.
#[derive(Default)]
struct Gathered {
    groups: BTreeMap<String, Vec<Outcome>>,
}

impl Gathered {
    fn add(&mut self, text: String, outcome: Outcome) {
        let group = self.groups.entry(text).or_default();
        if !group.contains(&outcome) {
            group.push(outcome);
        }
    }
}

impl FieldProgram {
    pub(super) fn new(field: u32, predicates: &[u32], graph: &Graph) -> Self {
        let mut checks = Vec::new();
        let mut always = Vec::new();
        let mut gathered: [Gathered; 4] = Default::default();
        for predicate in predicates {
            for matcher in &graph.predicates()[*predicate as usize].matchers {
                let mut ask = || {
                    checks.push(Check { predicate: *predicate, matcher: matcher.clone() });
                    checks.len() as u32 - 1
                };
                match search(matcher) {
                    Search::Never => {}
                    Search::Always => always.push(ask()),
                    Search::Needles(needles) => {
                        let exact = needles.iter().all(|needle| needle.exact);
                        let outcome = if exact { Outcome::Holds(*predicate) } else { Outcome::Ask(ask()) };
                        for needle in needles {
                            gathered[needle.place as usize].add(needle.text, outcome);
                        }
                    }
                }
            }
        }
        let mut program = Self {
            field,
            whole: HashTable::new(),
            starts: Trie::default(),
            ends: Trie::default(),
            anywhere: None,
            any: None,
            anywhere_groups: Vec::new(),
            groups: Vec::new(),
            checks,
            always,
        };
        program.index(gathered);
        program
    }

    fn index(&mut self, gathered: [Gathered; 4]) {
        let [whole, starts, ends, anywhere] = gathered;
        for (text, outcomes) in whole.groups {
            let group = self.group(outcomes);
            let entry = Whole { text: text.into(), group };
            let hash = xxh3_64(entry.text.as_bytes());
            self.whole.insert_unique(hash, entry, |entry| xxh3_64(entry.text.as_bytes()));
        }
        for (text, outcomes) in starts.groups {
            let group = self.group(outcomes);
            self.starts.insert(text.bytes(), group);
        }
        for (text, outcomes) in ends.groups {
            let group = self.group(outcomes);
            self.ends.insert(text.bytes().rev(), group);
        }
        let mut needles = Vec::new();
        for (text, outcomes) in anywhere.groups {
            let group = self.group(outcomes);
            if text.is_empty() {
                // Everywhere: the same as the start.
                self.starts.insert(text.bytes(), group);
            } else {
                self.anywhere_groups.push(group);
                needles.push(text);
            }
        }
        self.any = sieve(&needles);
        self.anywhere = automaton(&needles);
    }

    fn group(&mut self, outcomes: Vec<Outcome>) -> u32 {
        self.groups.push(outcomes);
        self.groups.len() as u32 - 1
    }

    /// Calls `holds` once with every predicate that holds of `value`.
    pub(crate) fn run(
        &self,
        value: &str,
        scratch: &mut Scratch,
        predicates: usize,
        mut holds: impl FnMut(u32),
    ) {
        scratch.begin(predicates, self.groups.len());
        let mut folded = std::mem::take(&mut scratch.folded);
        fold_into(value, &mut folded);
        let bytes = folded.as_bytes();
        let hash = xxh3_64(bytes);
        if let Some(whole) = self.whole.find(hash, |whole| whole.text.as_bytes() == bytes) {
            self.found(whole.group, scratch, &mut holds);
        }
        self.starts.walk(bytes.iter().copied(), |group| self.found(group, scratch, &mut holds));
        self.ends.walk(bytes.iter().rev().copied(), |group| self.found(group, scratch, &mut holds));
        let sieved = self.any.as_ref().is_some_and(|any| !any.is_match(bytes));
        if let Some(automaton) = self.anywhere.as_ref().filter(|_| !sieved) {
            for found in automaton.find_overlapping_iter(bytes) {
                let group = self.anywhere_groups[found.pattern().as_usize()];
                self.found(group, scratch, &mut holds);
            }
        }
        self.ask(value, &folded, scratch, &mut holds);
        scratch.folded = folded;
    }

    #[inline]
    fn found(&self, group: u32, scratch: &mut Scratch, holds: &mut impl FnMut(u32)) {
        if std::mem::replace(&mut scratch.seen[group as usize], scratch.value) == scratch.value {
            return;
        }
        for outcome in &self.groups[group as usize] {
            match *outcome {
                Outcome::Holds(predicate) => scratch.tell(predicate, holds),
                Outcome::Ask(check) => scratch.asks.push(check),
            }
        }
    }

    fn ask(&self, value: &str, folded: &str, scratch: &mut Scratch, holds: &mut impl FnMut(u32)) {
        let asks = std::mem::take(&mut scratch.asks);
        for check in asks.iter().chain(&self.always) {
            let Check { predicate, matcher } = &self.checks[*check as usize];
            if scratch.told[*predicate as usize] != scratch.value && matcher.fits(value, folded) {
                scratch.tell(*predicate, holds);
            }
        }
        scratch.asks = asks;
    }
}

impl Scratch {
    fn begin(&mut self, predicates: usize, groups: usize) {
        if self.value == u32::MAX {
            self.told.clear();
            self.seen.clear();
            self.value = 0;
        }
        self.value += 1;
        if self.told.len() < predicates {
            self.told.resize(predicates, 0);
        }
        if self.seen.len() < groups {
            self.seen.resize(groups, 0);
        }
        self.asks.clear();
    }

    #[inline]
    fn tell(&mut self, predicate: u32, holds: &mut impl FnMut(u32)) {
        if std::mem::replace(&mut self.told[predicate as usize], self.value) != self.value {
            holds(predicate);
        }
    }
}

/// More needles than this go into the compact automaton: a table of all transitions would not stay in the cache.
const DFA_NEEDLES_MAX: usize = 700;

/// Up to this many needles are looked for by comparing many bytes at a time.
const SIEVE_NEEDLES_MAX: usize = 48;

/// Shorter needles are found in nearly every value.
const SIEVE_NEEDLE_BYTES_MIN: usize = 3;

fn sieve(needles: &[String]) -> Option<AhoCorasick> {
    let fits = !needles.is_empty()
        && needles.len() <= SIEVE_NEEDLES_MAX
        && needles.iter().all(|needle| needle.len() >= SIEVE_NEEDLE_BYTES_MIN);
    fits.then(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(needles).ok())?
}

fn automaton(needles: &[String]) -> Option<AhoCorasick> {
    if needles.is_empty() {
        return None;
    }
    let kind =
        if needles.len() <= DFA_NEEDLES_MAX { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    let built = AhoCorasick::builder().match_kind(MatchKind::Standard).kind(Some(kind)).build(needles);
    Some(built.expect("rule files are bounded far below the automaton's limit on states"))
}
