//! Where the literals of the rules stand in a text, and so which rules are worth evaluating.
//!
//! A run over one small file must not pay for analysing hundreds of patterns. So the first bytes of a run
//! are passed twice: once for the packs' keywords, which need no analysis, and once more for the literals
//! of the few rules that these opened. After that everything is analysed and one pass does.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::compile::plan::{Needle, Plan, Strategy, keyword_needles, plan};
use crate::compile::sieve::{Met, Sieve};
use crate::rule::RuleSet;

/// Scanning this many bytes pays for analysing every rule.
const ANALYSE_ALL_AFTER: usize = 512 * 1024;

/// The rules to evaluate on a text, by position, each with the places of its literals.
pub(super) type LeadsByRule = BTreeMap<u32, Vec<Met>>;

/// Finds leads, with as little preparation as the volume deserves.
#[derive(Debug)]
pub(super) struct Leads {
    plans: Vec<OnceLock<Plan>>,
    keywords: Sieve,
    /// Rules that no keyword opens.
    unopened: Vec<u32>,
    /// For each rule, the positions of the rules it requires.
    required: BTreeMap<u32, Vec<u32>>,
    all: OnceLock<Sieve>,
    without_literals: OnceLock<Vec<u32>>,
    scanned: AtomicUsize,
}

impl Leads {
    pub(super) fn new(set: &RuleSet) -> Self {
        let mut keywords: Vec<(u32, Needle)> = Vec::new();
        let mut unopened = Vec::new();
        let mut required = BTreeMap::new();
        for (index, rule) in (0_u32..).zip(&set.rules) {
            match keyword_needles(rule) {
                Some(needles) => keywords.extend(needles.into_iter().map(|needle| (index, needle))),
                None => unopened.push(index),
            }
            if !rule.required.is_empty() {
                let position = |id: &str| set.rules.iter().position(|other| other.id() == id);
                let others = rule.required.iter().filter_map(|other| position(&other.id));
                required.insert(index, others.map(|index| index as u32).collect());
            }
        }
        Self {
            plans: set.rules.iter().map(|_| OnceLock::new()).collect(),
            keywords: Sieve::new(keywords.iter().map(|(rule, needle)| (*rule, needle))),
            unopened,
            required,
            all: OnceLock::new(),
            without_literals: OnceLock::new(),
            scanned: AtomicUsize::new(0),
        }
    }

    /// The plan of a rule, made on first use.
    pub(super) fn plan(&self, set: &RuleSet, rule: usize) -> &Plan {
        self.plans[rule].get_or_init(|| plan(&set.rules[rule]))
    }

    /// The rules to evaluate on `bytes`.
    pub(super) fn find(&self, set: &RuleSet, bytes: &[u8]) -> LeadsByRule {
        let before = self.scanned.fetch_add(bytes.len(), Ordering::Relaxed);
        let mut leads = LeadsByRule::new();
        let mut meet = |met: Met| leads.entry(met.lead.rule).or_default().push(met);
        if before + bytes.len() >= ANALYSE_ALL_AFTER || self.all.get().is_some() {
            self.all(set).run(bytes, &(0..bytes.len()), &mut meet);
        } else {
            let opened = self.opened(bytes);
            if !opened.is_empty() {
                self.sieve(set, opened).run(bytes, &(0..bytes.len()), &mut meet);
            }
        }
        for rule in &self.unopened {
            if self.plan(set, *rule as usize).always {
                leads.entry(*rule).or_default();
            }
        }
        leads
    }

    /// The rules that literals in `part` of `bytes` lead to.
    pub(super) fn find_in(&self, set: &RuleSet, bytes: &[u8], part: &Range<usize>) -> LeadsByRule {
        let mut leads = LeadsByRule::new();
        self.all(set).run(bytes, part, &mut |met| leads.entry(met.lead.rule).or_default().push(met));
        leads
    }

    /// Rules whose matches may be anywhere in a text that has one of their keywords.
    pub(super) fn without_literals(&self, set: &RuleSet) -> &[u32] {
        self.without_literals.get_or_init(|| {
            let rules = 0..set.rules.len() as u32;
            rules.filter(|rule| matches!(self.plan(set, *rule as usize).strategy, Strategy::Whole)).collect()
        })
    }

    /// Whether a literal begins on one line and goes on in the next.
    pub(super) fn span_lines(&self, set: &RuleSet) -> bool {
        self.all(set).spans_lines()
    }

    /// The literals of all rules.
    fn all(&self, set: &RuleSet) -> &Sieve {
        self.all.get_or_init(|| self.sieve(set, 0..set.rules.len() as u32))
    }

    /// Every rule, without leads: what the plain way evaluates.
    pub(super) fn everything(&self) -> LeadsByRule {
        (0..self.plans.len() as u32).map(|rule| (rule, Vec::new())).collect()
    }

    /// The rules that a keyword opens, those that need none, and those that these require.
    fn opened(&self, bytes: &[u8]) -> BTreeSet<u32> {
        let mut opened: BTreeSet<u32> = self.unopened.iter().copied().collect();
        self.keywords.run(bytes, &(0..bytes.len()), &mut |met| {
            opened.insert(met.lead.rule);
        });
        let required: Vec<u32> =
            opened.iter().filter_map(|rule| self.required.get(rule)).flatten().copied().collect();
        opened.extend(required);
        opened
    }

    fn sieve(&self, set: &RuleSet, rules: impl IntoIterator<Item = u32>) -> Sieve {
        let plans = rules.into_iter().map(|rule| (rule, self.plan(set, rule as usize)));
        Sieve::new(plans.flat_map(|(rule, plan)| plan.needles.iter().map(move |needle| (rule, needle))))
    }
}
