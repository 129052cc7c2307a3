//! Which rules can match a file at all, told by one scan for literals.
//!
//! From every rule follows a necessary condition: clauses all of which must hold, each a list of texts one of
//! which the file has to contain. Texts are compared without regard to ASCII case, so that they also serve
//! regular expressions that ignore it.

mod regex_literals;

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::limits::{CLAUSE_LITERALS_MAX, CLAUSES_MAX, LITERAL_BYTES_MAX, LITERAL_BYTES_MIN};
use crate::program::{CompiledLeaf, Program};
use crate::rule::{Conjunction, Formula, LeafKind, Mode, RuleDefinition};

/// Texts of which a file must contain one.
pub(crate) type Clause = Vec<String>;

/// The clauses that hold in every file that the rule matches; none if nothing is known.
pub(crate) fn necessary(rule: &RuleDefinition, program: &Program) -> Vec<Clause> {
    let reader = Reader { rule, program };
    let mut clauses = match &rule.mode {
        Mode::Search(formula) => reader.formula(formula),
        Mode::Taint(taint) => {
            let mut clauses = reader.any(taint.sources.iter().map(|source| &source.formula));
            clauses.extend(reader.any(taint.sinks.iter().map(|sink| &sink.formula)));
            clauses
        }
    };
    clauses.sort_by_key(|clause| std::cmp::Reverse(weight(clause)));
    clauses.dedup();
    clauses.truncate(CLAUSES_MAX);
    clauses
}

struct Reader<'r> {
    rule: &'r RuleDefinition,
    program: &'r Program,
}

impl Reader<'_> {
    fn formula(&self, formula: &Formula) -> Vec<Clause> {
        match formula {
            Formula::Leaf(id) => self.leaf(*id),
            Formula::And(all) => self.all(all),
            Formula::Or(any) => self.any(any.iter()),
            Formula::Inside(inner) | Formula::Anywhere(inner) => self.formula(inner),
        }
    }

    fn all(&self, all: &Conjunction) -> Vec<Clause> {
        all.positive.iter().flat_map(|part| self.formula(part)).collect()
    }

    /// One clause out of the best of every alternative.
    fn any<'f>(&self, alternatives: impl Iterator<Item = &'f Formula>) -> Vec<Clause> {
        let mut joined = Clause::new();
        for alternative in alternatives {
            let Some(best) = self.formula(alternative).into_iter().max_by_key(weight) else {
                return Vec::new();
            };
            joined.extend(best);
        }
        joined.sort();
        joined.dedup();
        if joined.is_empty() || joined.len() > CLAUSE_LITERALS_MAX { Vec::new() } else { vec![joined] }
    }

    fn leaf(&self, id: usize) -> Vec<Clause> {
        let literals: Vec<Clause> = match (&self.program.leaves[id], &self.rule.leaves[id].kind) {
            (CompiledLeaf::Code(shared), _) => {
                shared.pattern.required().iter().map(|literal| vec![literal.clone()]).collect()
            }
            (CompiledLeaf::Generic(pattern), _) => {
                pattern.words().into_iter().map(|word| vec![word.to_owned()]).collect()
            }
            (CompiledLeaf::Regex, LeafKind::Regex(regex)) => regex_literals::required(regex.source()),
            (CompiledLeaf::Regex, LeafKind::Pattern(_)) => Vec::new(),
        };
        literals.into_iter().filter_map(usable).collect()
    }
}

/// The clause with texts of a useful length; `None` if one of them is too short to say anything.
fn usable(clause: Clause) -> Option<Clause> {
    clause
        .into_iter()
        .map(|literal| {
            let mut cut = literal.len().min(LITERAL_BYTES_MAX);
            while !literal.is_char_boundary(cut) {
                cut -= 1;
            }
            (cut >= LITERAL_BYTES_MIN).then(|| literal[..cut].to_ascii_lowercase())
        })
        .collect()
}

/// How selective a clause is: the length of its shortest text, then how few it has.
fn weight(clause: &Clause) -> (usize, std::cmp::Reverse<usize>) {
    (clause.iter().map(String::len).min().unwrap_or(0), std::cmp::Reverse(clause.len()))
}

/// The clauses of many rules and the automaton of their texts.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: Option<AhoCorasick>,
    literals: usize,
    /// Per rule its clauses, as numbers of literals.
    rules: Vec<Vec<Vec<u32>>>,
}

impl Prefilter {
    /// A filter over the clauses of every rule, in their order.
    pub(crate) fn new(rules: &[Vec<Clause>]) -> Self {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        for literal in rules.iter().flatten().flatten() {
            let next = numbers.len() as u32;
            numbers.entry(literal).or_insert(next);
        }
        let mut ordered = vec![""; numbers.len()];
        for (literal, number) in &numbers {
            ordered[*number as usize] = literal;
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&ordered)
            .ok()
            .filter(|_| !ordered.is_empty());
        let number = |clause: &Clause| clause.iter().map(|literal| numbers[literal.as_str()]).collect();
        let rules = rules.iter().map(|clauses| clauses.iter().map(number).collect()).collect();
        Self { automaton, literals: ordered.len(), rules }
    }

    /// The rules whose every clause holds in the text, in order.
    pub(crate) fn candidates(&self, bytes: &[u8]) -> Vec<usize> {
        let Some(automaton) = &self.automaton else { return (0..self.rules.len()).collect() };
        let mut seen = vec![false; self.literals];
        for found in automaton.find_overlapping_iter(bytes) {
            seen[found.pattern().as_usize()] = true;
        }
        let holds = |clause: &Vec<u32>| clause.iter().any(|literal| seen[*literal as usize]);
        (0..self.rules.len()).filter(|rule| self.rules[*rule].iter().all(holds)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_candidate_where_every_clause_holds() {
        let clause = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Clause>();
        let rules =
            [vec![clause(&["flask"]), clause(&["render", "markup"])], vec![], vec![clause(&["nothing"])]];
        let filter = Prefilter::new(&rules);
        assert_eq!(filter.candidates(b"import Flask; Markup(x)"), [0, 1]);
        assert_eq!(filter.candidates(b"import flask"), [1]);
    }
}
