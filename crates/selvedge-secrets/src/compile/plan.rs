//! How a rule's matches are found from the places where its literals stand.
//!
//! A plan yields exactly the matches that searching the whole text would: the literals only tell where a
//! match may start, the pattern itself decides.

use std::sync::{Arc, OnceLock};

use regex_automata::meta;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::glance::Glance;
use super::literal::{self, Literal, Placed};
use crate::pattern::{Pattern, compile};
use crate::rule::SecretRule;

/// A match longer than this is treated as unbounded.
const MATCH_BOUNDED_MAX: usize = 4096;
/// Literals further than this from the start of a match are of no use.
const OFFSET_MAX: usize = 512;

/// Where the matches of a rule are looked for.
#[derive(Debug)]
pub(crate) enum Strategy {
    /// The rule has no pattern: it judges by path alone.
    PathOnly,
    /// Everywhere.
    Whole,
    /// Around its literals.
    Near {
        /// Longest match, if there is a limit worth the name.
        length_max: Option<usize>,
    },
    /// The pattern starts with a lazy run of class members (`[\w.-]{0,50}?`) and then a literal: the rest
    /// is matched at the literal and the run is counted backwards.
    Tail(Tail),
}

/// A pattern without its leading lazy run.
#[derive(Debug)]
pub(crate) struct Tail {
    class: [bool; 256],
    run_max: usize,
    rest: Hir,
    compiled: OnceLock<Option<meta::Regex>>,
}

/// A literal of a rule, for the sieve.
#[derive(Debug, Clone)]
pub(crate) struct Needle {
    pub(crate) placed: Placed,
}

/// How one rule is evaluated.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) strategy: Strategy,
    /// The rule is evaluated whatever the text holds.
    pub(crate) always: bool,
    /// A match does not imply that a keyword of the rule is in the text.
    pub(crate) check_keywords: bool,
    /// Tells most places apart before the pattern is run.
    pub(crate) glance: Option<Glance>,
}

/// Makes the plan for `rule` and the needles that lead to its matches.
pub(crate) fn plan(rule: &SecretRule) -> (Plan, Vec<Needle>) {
    let Some(pattern) = &rule.regex else {
        return (
            Plan { strategy: Strategy::PathOnly, always: true, check_keywords: false, glance: None },
            Vec::new(),
        );
    };
    if let Some((tail, items)) = tail(pattern) {
        return (near(rule, Strategy::Tail(tail), &items), needles(items));
    }
    let length_max = pattern.hir().properties().maximum_len().filter(|max| *max <= MATCH_BOUNDED_MAX);
    let usable = literal::required(pattern.hir())
        .map(|required| required.items)
        .filter(|items| items.iter().all(|placed| placed.offset_max <= OFFSET_MAX));
    match usable {
        Some(items) => (near(rule, Strategy::Near { length_max }, &items), needles(items)),
        None => whole(rule),
    }
}

fn near(rule: &SecretRule, strategy: Strategy, items: &[Placed]) -> Plan {
    let implied = |placed: &Placed| {
        let text: Vec<u8> = placed.literal.iter().map(|byte| byte.value.to_ascii_lowercase()).collect();
        rule.keywords.iter().any(|word| memchr::memmem::find(&text, word.as_bytes()).is_some())
    };
    let check_keywords = !rule.keywords.is_empty() && !items.iter().all(implied);
    let hir = match &strategy {
        Strategy::Tail(tail) => Some(&tail.rest),
        _ => rule.regex.as_deref().map(Pattern::hir),
    };
    let glance = hir.and_then(Glance::new);
    Plan { strategy, always: false, check_keywords, glance }
}

fn needles(items: Vec<Placed>) -> Vec<Needle> {
    items.into_iter().map(|placed| Needle { placed }).collect()
}

/// A rule without usable literals runs over every text that holds one of its keywords.
fn whole(rule: &SecretRule) -> (Plan, Vec<Needle>) {
    let findable = |word: &String| word.len() >= 2 && word.is_ascii();
    if rule.keywords.is_empty() || !rule.keywords.iter().all(findable) {
        let check_keywords = !rule.keywords.is_empty();
        return (Plan { strategy: Strategy::Whole, always: true, check_keywords, glance: None }, Vec::new());
    }
    let presence = rule.keywords.iter().map(|word| {
        let literal: Literal = word.bytes().map(literal::folded).collect();
        Needle { placed: Placed { literal, offset_min: 0, offset_max: 0 } }
    });
    (
        Plan { strategy: Strategy::Whole, always: false, check_keywords: false, glance: None },
        presence.collect(),
    )
}

/// Splits off a leading lazy run, if literals follow it at once.
fn tail(pattern: &Pattern) -> Option<(Tail, Vec<Placed>)> {
    let HirKind::Concat(parts) = pattern.hir().kind() else { return None };
    let (first, rest) = parts.split_first()?;
    let HirKind::Repetition(run) = first.kind() else { return None };
    let run_max = run.max.filter(|_| run.min == 0 && !run.greedy)? as usize;
    let HirKind::Class(Class::Bytes(members)) = run.sub.kind() else { return None };
    let mut class = [false; 256];
    for range in members.ranges() {
        class[usize::from(range.start())..=usize::from(range.end())].fill(true);
    }
    let rest = Hir::concat(rest.to_vec());
    let items = literal::required(&rest)?.items;
    if items.iter().any(|placed| placed.offset_max > 0) {
        return None;
    }
    Some((Tail { class, run_max, rest, compiled: OnceLock::new() }, items))
}

impl Tail {
    /// The automaton of the rest; `None` if it is over the size limit.
    pub(crate) fn regex(&self) -> Option<&meta::Regex> {
        self.compiled.get_or_init(|| compile(&self.rest).ok()).as_ref()
    }

    /// Whether its matches have a length limit worth the name.
    pub(crate) fn bounded(&self) -> bool {
        self.rest.properties().maximum_len().is_some_and(|max| max <= MATCH_BOUNDED_MAX)
    }

    /// Where the run before `at` starts, not before `floor`.
    pub(crate) fn run_start(&self, bytes: &[u8], floor: usize, at: usize) -> usize {
        let floor = floor.max(at.saturating_sub(self.run_max));
        let run = bytes[floor..at].iter().rev().take_while(|byte| self.class[usize::from(**byte)]).count();
        at - run
    }
}

/// The plans of all rules, by position.
pub(crate) fn plans(rules: &[Arc<SecretRule>]) -> (Vec<Plan>, Vec<(u32, Needle)>) {
    let mut plans = Vec::with_capacity(rules.len());
    let mut all = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let (plan, needles) = plan(rule);
        plans.push(plan);
        all.extend(needles.into_iter().map(|needle| (index as u32, needle)));
    }
    (plans, all)
}
