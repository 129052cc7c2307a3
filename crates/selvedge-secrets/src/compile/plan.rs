//! How a rule's matches are found from the places where its literals stand.
//!
//! A plan yields exactly the matches that searching the whole text would: the literals only tell where a
//! match may start, the pattern itself decides.

use std::sync::OnceLock;

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
    Tail(Box<Tail>),
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
pub(crate) struct Needle(pub(crate) Placed);

/// How one rule is evaluated.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) strategy: Strategy,
    /// The rule is evaluated whatever the text holds.
    pub(crate) always: bool,
    /// A match does not imply that a keyword of the rule is in the text.
    pub(crate) check_keywords: bool,
    /// The literals that lead to its matches, or that open it.
    pub(crate) needles: Vec<Needle>,
    /// Tells most places apart before the pattern is run.
    pub(crate) glance: Option<Glance>,
}

/// Makes the plan for `rule`.
pub(crate) fn plan(rule: &SecretRule) -> Plan {
    let Some(pattern) = &rule.regex else { return Plan::new(Strategy::PathOnly, true) };
    if let Some((tail, items)) = tail(pattern) {
        let glance = Glance::new(&tail.rest);
        return near(rule, Strategy::Tail(Box::new(tail)), items, glance);
    }
    let length_max = pattern.hir().properties().maximum_len().filter(|max| *max <= MATCH_BOUNDED_MAX);
    let usable = literal::required(pattern.hir())
        .map(|required| required.items)
        .filter(|items| items.iter().all(|placed| placed.offset_max <= OFFSET_MAX));
    match usable {
        Some(items) => near(rule, Strategy::Near { length_max }, items, Glance::new(pattern.hir())),
        None => whole(rule),
    }
}

fn near(rule: &SecretRule, strategy: Strategy, items: Vec<Placed>, glance: Option<Glance>) -> Plan {
    let implied = |placed: &Placed| {
        let text: Vec<u8> = placed.literal.iter().map(|byte| byte.value.to_ascii_lowercase()).collect();
        rule.keywords.iter().any(|word| memchr::memmem::find(&text, word.as_bytes()).is_some())
    };
    let check_keywords = !rule.keywords.is_empty() && !items.iter().all(implied);
    let needles = items.into_iter().map(Needle).collect();
    Plan { check_keywords, needles, glance, ..Plan::new(strategy, false) }
}

/// A rule without usable literals runs over every text that holds one of its keywords.
fn whole(rule: &SecretRule) -> Plan {
    if let Some(needles) = keyword_needles(rule) {
        return Plan { needles, ..Plan::new(Strategy::Whole, false) };
    }
    let check_keywords = !rule.keywords.is_empty();
    Plan { check_keywords, ..Plan::new(Strategy::Whole, true) }
}

/// The rule's keywords as needles; `None` if some text may open the rule without one of them being found.
pub(crate) fn keyword_needles(rule: &SecretRule) -> Option<Vec<Needle>> {
    let findable = |word: &String| word.len() >= 2 && word.is_ascii();
    if rule.regex.is_none() || rule.keywords.is_empty() || !rule.keywords.iter().all(findable) {
        return None;
    }
    let needle = |word: &String| {
        let literal: Literal = word.bytes().map(literal::folded).collect();
        Needle(Placed { literal, offset_min: 0, offset_max: 0 })
    };
    Some(rule.keywords.iter().map(needle).collect())
}

impl Plan {
    fn new(strategy: Strategy, always: bool) -> Self {
        Self { strategy, always, check_keywords: false, needles: Vec::new(), glance: None }
    }
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
    let items = literal::leading(&rest)?;
    Some((Tail { class, run_max, rest, compiled: OnceLock::new() }, items))
}

impl Tail {
    /// The automaton of the rest; `None` if it is over the size limit.
    pub(crate) fn regex(&self) -> Option<&meta::Regex> {
        self.compiled.get_or_init(|| compile(&self.rest).ok()).as_ref()
    }

    /// Length of the longest run.
    pub(crate) fn run_max(&self) -> usize {
        self.run_max
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
