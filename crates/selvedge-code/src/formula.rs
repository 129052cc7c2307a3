//! The value of a formula over one text: the set of ranges that it matches, with bindings.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;

use selvedge_syntax::{Bindings, Metavariable, Span, Steps, Value, find};

use crate::generic::{self, Document};
use crate::limits::{HITS_MAX, REGEX_MATCHES_MAX, RULE_STEPS_MAX};
use crate::pcre::Pcre;
use crate::program::{CompiledLeaf, Program};
use crate::ranges::{Hit, Role, intersect, subtract, union, without_overlaps};
use crate::rule::{Conjunction, Formula, LeafId, LeafKind, RuleDefinition};
use crate::source::Source;

/// What shared patterns found in one file, by the number of the pattern.
pub(crate) type Memo = RefCell<HashMap<usize, Rc<Vec<Hit>>>>;

/// Evaluates the formulas of one rule over one text.
pub(crate) struct Evaluator<'e> {
    pub(crate) rule: &'e RuleDefinition,
    pub(crate) program: &'e Program,
    pub(crate) source: &'e Source<'e>,
    pub(crate) memo: &'e Memo,
    /// How many texts within texts this one is.
    pub(crate) depth: u32,
    pub(crate) steps: Steps,
    /// Limits that cut the evaluation short.
    pub(crate) limits: BTreeSet<String>,
}

/// What surrounds the evaluation of a nested formula.
#[derive(Clone, Copy)]
pub(crate) struct Within<'w> {
    /// The bound code, with the bindings made so far.
    pub(crate) hit: &'w Hit,
}

impl<'e> Evaluator<'e> {
    /// An evaluator of a rule over a file.
    pub(crate) fn new(
        rule: &'e RuleDefinition,
        program: &'e Program,
        source: &'e Source<'e>,
        memo: &'e Memo,
    ) -> Self {
        let steps = Steps::new(RULE_STEPS_MAX);
        Self { rule, program, source, memo, depth: 0, steps, limits: BTreeSet::new() }
    }

    /// The ranges of a formula.
    pub(crate) fn evaluate(&mut self, formula: &Formula) -> Vec<Hit> {
        let hits = self.formula(formula, None);
        if self.steps.exhausted() {
            self.limits.insert("the budget of steps for one rule on one file is used up".to_owned());
        }
        hits
    }

    pub(crate) fn formula(&mut self, formula: &Formula, within: Option<Within<'_>>) -> Vec<Hit> {
        let hits = match formula {
            Formula::Leaf(id) => self.narrowed(*id, within),
            Formula::And(all) => self.conjunction(all, within),
            Formula::Or(any) => union(any.iter().flat_map(|part| self.formula(part, within)).collect()),
            Formula::Inside(inner) => self.surrounding(inner, Role::Inside, within),
            Formula::Anywhere(inner) => self.surrounding(inner, Role::Anywhere, within),
        };
        self.bounded(hits)
    }

    fn bounded(&mut self, mut hits: Vec<Hit>) -> Vec<Hit> {
        if hits.len() > HITS_MAX {
            hits.truncate(HITS_MAX);
            self.limits.insert(format!("a pattern matches more than {HITS_MAX} times; the rest is left out"));
        }
        hits
    }

    fn surrounding(&mut self, inner: &Formula, role: Role, within: Option<Within<'_>>) -> Vec<Hit> {
        let mut hits = self.formula(inner, within);
        for hit in &mut hits {
            hit.role = role;
        }
        union(hits)
    }

    fn narrowed(&mut self, id: LeafId, within: Option<Within<'_>>) -> Vec<Hit> {
        match within {
            None => self.leaf(id).to_vec(),
            Some(within) => {
                let hits = self.leaf_within(id, within.hit.start..within.hit.end);
                intersect(self.source.tree(), std::slice::from_ref(within.hit), &hits)
            }
        }
    }

    fn conjunction(&mut self, all: &Conjunction, within: Option<Within<'_>>) -> Vec<Hit> {
        let tree = self.source.tree();
        let mut hits: Option<Vec<Hit>> = within.map(|within| vec![within.hit.clone()]);
        for part in in_order(&all.positive) {
            let found = self.formula(part, within);
            let joined = match hits {
                None => found,
                Some(before) => intersect(tree, &before, &found),
            };
            if joined.is_empty() {
                return Vec::new();
            }
            hits = Some(self.bounded(joined));
        }
        let mut hits = hits.unwrap_or_else(|| self.whole());
        for part in &all.negative {
            if hits.is_empty() {
                return hits;
            }
            let taken = self.formula(part, within);
            hits = if self.is_regex(part) {
                without_overlaps(hits, &taken)
            } else {
                subtract(tree, hits, &taken)
            };
        }
        for condition in &all.conditions {
            hits = hits.into_iter().flat_map(|hit| self.condition(condition, hit)).collect();
        }
        for names in &all.focus {
            hits = hits.iter().flat_map(|hit| self.focus(hit, names)).collect();
        }
        union(hits)
    }

    fn is_regex(&self, formula: &Formula) -> bool {
        matches!(formula, Formula::Leaf(id) if matches!(self.rule.leaves[*id].kind, LeafKind::Regex(_)))
    }

    /// The text as a whole: what a conjunction without positive parts takes from.
    fn whole(&self) -> Vec<Hit> {
        let end = self.source.text().len() as u32;
        vec![Hit { start: 0, end, bindings: Bindings::default(), role: Role::Found }]
    }

    /// The ranges of the named metavariables, where they lie in the range itself.
    fn focus(&self, hit: &Hit, names: &[String]) -> Vec<Hit> {
        names
            .iter()
            .filter_map(|name| {
                let range = self.range_of(hit, name)?;
                let inside = hit.start <= range.start && range.end <= hit.end;
                inside.then(|| Hit { start: range.start, end: range.end, ..hit.clone() })
            })
            .collect()
    }

    /// Bytes of the text that a metavariable stands for.
    pub(crate) fn range_of(&self, hit: &Hit, name: &str) -> Option<Range<u32>> {
        let value = hit.bindings.get(Metavariable::named(name))?;
        match (value, self.source.tree()) {
            (Value::Text { range, .. }, _) => Some(range.start..range.end),
            (Value::Nodes(nodes), _) if nodes.is_empty() => None,
            (value, Some(tree)) => Some(value.range(tree)),
            (_, None) => None,
        }
    }

    /// The text of a metavariable; of `"$X"` what stands between the quotes.
    pub(crate) fn text_of(&self, hit: &Hit, name: &str) -> Option<String> {
        let value = hit.bindings.get(Metavariable::named(name))?;
        match (value, self.source.tree()) {
            (Value::Text { text, .. }, _) => Some(text.clone()),
            (value, Some(tree)) => Some(value.text(tree).to_owned()),
            (_, None) => None,
        }
    }

    /// The matches of a leaf in the whole text; those of shared patterns are remembered.
    fn leaf(&mut self, id: LeafId) -> Rc<Vec<Hit>> {
        let CompiledLeaf::Code(shared) = &self.program.leaves[id] else {
            let whole = 0..self.source.text().len() as u32;
            return Rc::new(self.leaf_within(id, whole));
        };
        if let Some(known) = self.memo.borrow().get(&shared.id) {
            return known.clone();
        }
        let hits = Rc::new(self.search(id, None));
        if !self.steps.exhausted() {
            self.memo.borrow_mut().insert(shared.id, hits.clone());
        }
        hits
    }

    fn search(&mut self, id: LeafId, within: Option<&Range<u32>>) -> Vec<Hit> {
        let CompiledLeaf::Code(shared) = &self.program.leaves[id] else { return Vec::new() };
        let Some(tree) = self.source.tree() else { return Vec::new() };
        find(&shared.pattern, tree, within, &mut self.steps)
            .into_iter()
            .map(|found| Hit {
                start: found.start,
                end: found.end,
                bindings: found.bindings,
                role: Role::Found,
            })
            .collect()
    }

    fn leaf_within(&mut self, id: LeafId, range: Range<u32>) -> Vec<Hit> {
        match (&self.program.leaves[id], &self.rule.leaves[id].kind) {
            (CompiledLeaf::Code(_), _) => self.search(id, Some(&range)),
            (CompiledLeaf::Generic(pattern), _) => self.generic(pattern, range),
            (CompiledLeaf::Regex, LeafKind::Regex(regex)) => self.regex(regex, range),
            (CompiledLeaf::Regex, LeafKind::Pattern(_)) => Vec::new(),
        }
    }

    fn generic(&mut self, pattern: &generic::GenericPattern, range: Range<u32>) -> Vec<Hit> {
        let options = &self.rule.options.generic;
        let items = self.source.tokens(options.comments);
        let document = Document { text: self.source.text(), items: &items };
        let mut steps = self.steps.left();
        let before = steps;
        let found = generic::find(pattern, document, options, &mut steps);
        for _ in 0..(before - steps).min(before) {
            self.steps.spend();
        }
        let text = self.source.text();
        found
            .into_iter()
            .filter(|found| {
                range.start as usize <= found.range.start && found.range.end <= range.end as usize
            })
            .map(|found| {
                let mut bindings = Bindings::default();
                for (name, range) in found.bindings {
                    bindings.set(Metavariable::named(&name), text_value(text, range));
                }
                let (start, end) = (found.range.start as u32, found.range.end as u32);
                Hit { start, end, bindings, role: Role::Found }
            })
            .collect()
    }

    fn regex(&mut self, regex: &Pcre, range: Range<u32>) -> Vec<Hit> {
        let text = self.source.text();
        let offset = range.start as usize;
        let Some(part) = text.get(offset..range.end as usize) else { return Vec::new() };
        let found = match regex.find_all(part, REGEX_MATCHES_MAX) {
            Ok(found) => found,
            Err(error) => {
                self.limits.insert(format!("regular expression `{}`: {error}", shortened(regex.source())));
                return Vec::new();
            }
        };
        found
            .into_iter()
            .map(|found| {
                let mut bindings = Bindings::default();
                for (name, index, group) in found.groups {
                    let value = text_value(text, group.start + offset..group.end + offset);
                    if let Some(name) = name {
                        bindings.set(Metavariable::named(&format!("${name}")), value.clone());
                    }
                    bindings.set(Metavariable::named(&format!("${index}")), value);
                }
                let (start, end) = ((found.range.start + offset) as u32, (found.range.end + offset) as u32);
                Hit { start, end, bindings, role: Role::Found }
            })
            .collect()
    }
}

fn text_value(text: &str, range: Range<usize>) -> Value {
    let span = Span { start: range.start as u32, end: range.end as u32 };
    Value::Text { text: text.get(range).unwrap_or("").to_owned(), range: span }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Parts that are found first, then those that surround: they narrow, and are not what is reported.
fn in_order(parts: &[Formula]) -> impl Iterator<Item = &Formula> {
    let surrounds = |part: &&Formula| matches!(part, Formula::Inside(_) | Formula::Anywhere(_));
    parts.iter().filter(move |part| !surrounds(part)).chain(parts.iter().filter(surrounds))
}
