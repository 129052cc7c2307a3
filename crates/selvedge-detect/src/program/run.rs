//! Runs the program over batches.

use selvedge_event::EventBatch;

use super::bits::{self, Bits};
use super::field::{FieldProgram, Scratch};
use super::graph::{KEYWORD, Node};
use super::{Program, Use};
use crate::matcher::stands_in;
use crate::view::{ABSENT, Column, View};

/// A rule met a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// The row of the batch.
    pub row: u32,
    /// The detection rule, by index.
    pub rule: u32,
}

/// A program and the memory that it uses again from batch to batch.
#[derive(Debug)]
pub struct Runner<'p> {
    program: &'p Program,
    scratch: Scratch,
    /// Per predicate, its bitmap in this batch.
    predicates: Vec<Option<Bits>>,
    /// Bitmaps to use again.
    spare: Vec<Bits>,
    /// Per node, what was found out in this batch.
    nodes: Vec<Option<Bits>>,
    may_hold: Vec<bool>,
}

impl<'p> Runner<'p> {
    /// A runner of `program`.
    pub fn new(program: &'p Program) -> Self {
        Self {
            program,
            scratch: Scratch::default(),
            predicates: vec![None; program.graph.predicate_count()],
            spare: Vec::new(),
            nodes: vec![None; program.graph.nodes().len()],
            may_hold: Vec::new(),
        }
    }

    /// Every hit in `batch`, by row, then rule.
    pub fn run(&mut self, batch: &EventBatch) -> Vec<Hit> {
        let view = View::new(batch);
        let rows = view.rows();
        if rows == 0 {
            return Vec::new();
        }
        let mut state = State { rows, columns: vec![None; self.program.fields.len()] };
        self.search_scopes(&view, &mut state);
        let scopes = self.scopes(&mut state);
        self.search_rules(&view, &mut state, &scopes);
        let hits = self.decide(&state, &scopes);
        self.reset();
        hits
    }

    fn reset(&mut self) {
        for slot in self.predicates.iter_mut().chain(&mut self.nodes) {
            self.spare.extend(slot.take());
        }
    }

    fn search_scopes<'a>(&mut self, view: &View<'a>, state: &mut State<'a>) {
        let program = self.program;
        let all = bits::full(state.rows);
        for node in program.graph.nodes() {
            if let Node::Present(field) = node {
                state.load(view, program, *field);
            }
        }
        for search in &program.scope_searches {
            state.load(view, program, search.field);
            if let Some(column) = &state.columns[search.field as usize] {
                self.search(search, column, &all);
            }
        }
    }

    /// The rows of every log source.
    fn scopes(&mut self, state: &mut State<'_>) -> Vec<Bits> {
        self.find_what_may_hold(state);
        let program = self.program;
        let scopes = program.scopes.iter().map(|node| {
            if self.may_hold[*node as usize] {
                self.evaluate(*node, state)
            } else {
                vec![0; bits::words(state.rows)]
            }
        });
        scopes.collect()
    }

    fn search_rules<'a>(&mut self, view: &View<'a>, state: &mut State<'a>, scopes: &[Bits]) {
        let program = self.program;
        let needed = |uses: &Use| {
            let mut rows = vec![0; bits::words(state.rows)];
            uses.scopes.iter().for_each(|scope| bits::or(&mut rows, &scopes[*scope as usize]));
            (!bits::is_empty(&rows)).then_some(rows)
        };
        let searches: Vec<(&FieldProgram, Bits)> = program
            .rule_searches
            .iter()
            .filter_map(|search| Some((search, needed(&program.uses[search.field as usize])?)))
            .collect();
        let keywords: Vec<(&FieldProgram, Bits)> =
            program.keywords.iter().filter_map(|(search, uses)| Some((search, needed(uses)?))).collect();
        for (search, rows) in searches {
            state.load(view, program, search.field);
            if let Some(column) = &state.columns[search.field as usize] {
                self.search(search, column, &rows);
            }
        }
        if !keywords.is_empty() {
            for column in view.searchable().into_iter().filter_map(|name| view.column(name)) {
                for (search, rows) in &keywords {
                    self.search(search, &column, rows);
                }
            }
        }
        for comparison in program.graph.comparisons() {
            state.load(view, program, comparison.field);
            state.load(view, program, comparison.other);
        }
    }

    /// Runs a search over the distinct values that occur in `rows`, and notes for each predicate the rows in
    /// which it holds.
    fn search(&mut self, search: &FieldProgram, column: &Column<'_>, rows: &[u64]) {
        /// Not looked at yet, and looked at without a hit.
        const UNKNOWN: u32 = u32::MAX;
        const NOTHING: u32 = u32::MAX - 1;
        let total = self.predicates.len();
        let words = rows.len();
        // Per entry, where its hits begin in `hits`.
        let mut outcomes = vec![UNKNOWN; column.entries.len()];
        let mut hits: Vec<u32> = Vec::new();
        for row in bits::ones(rows) {
            let key = column.keys[row];
            if key == ABSENT {
                continue;
            }
            let mut outcome = outcomes[key as usize];
            if outcome == UNKNOWN {
                let start = hits.len();
                hits.push(0);
                for value in column.entries[key as usize].values() {
                    search.run(value, &mut self.scratch, total, |predicate| hits.push(predicate));
                }
                let count = hits.len() - start - 1;
                outcome = if count == 0 { NOTHING } else { start as u32 };
                if count == 0 {
                    hits.truncate(start);
                } else {
                    hits[start] = count as u32;
                }
                outcomes[key as usize] = outcome;
            }
            if outcome != NOTHING {
                let start = outcome as usize;
                let count = hits[start] as usize;
                for predicate in &hits[start + 1..=start + count] {
                    let bits = self.predicates[*predicate as usize].get_or_insert_with(|| {
                        let mut bits = self.spare.pop().unwrap_or_default();
                        bits.clear();
                        bits.resize(words, 0);
                        bits
                    });
                    bits::set(bits, row);
                }
            }
        }
    }

    /// Finds the nodes that hold in no row, children first.
    fn find_what_may_hold(&mut self, state: &State<'_>) {
        let program = self.program;
        self.may_hold.clear();
        for node in program.graph.nodes() {
            let may = match node {
                Node::Predicate(predicate) => self.predicates[*predicate as usize].is_some(),
                Node::Present(field) => *field == KEYWORD || state.columns[*field as usize].is_some(),
                Node::Comparison(_) | Node::Not(_) => true,
                Node::All(parts) => parts.iter().all(|part| self.may_hold[*part as usize]),
                Node::Any(parts) => parts.iter().any(|part| self.may_hold[*part as usize]),
            };
            self.may_hold.push(may);
        }
    }

    fn decide(&mut self, state: &State<'_>, scopes: &[Bits]) -> Vec<Hit> {
        self.find_what_may_hold(state);
        let mut hits = Vec::new();
        let program = self.program;
        let active: Vec<bool> = scopes.iter().map(|scope| !bits::is_empty(scope)).collect();
        for (index, (scope, node)) in program.rules.iter().enumerate() {
            if !active[*scope as usize] || !self.may_hold[*node as usize] {
                continue;
            }
            let mut rows = self.evaluate(*node, state);
            bits::and(&mut rows, &scopes[*scope as usize]);
            hits.extend(bits::ones(&rows).map(|row| Hit { row: row as u32, rule: index as u32 }));
        }
        hits.sort_unstable();
        hits
    }

    /// The rows in which a node holds. Recursion is bounded by the depth of loaded rules.
    fn evaluate(&mut self, node: u32, state: &State<'_>) -> Bits {
        if let Some(known) = &self.nodes[node as usize] {
            return known.clone();
        }
        let rows = state.rows;
        let empty = || vec![0; bits::words(rows)];
        let program = self.program;
        if !self.may_hold[node as usize] {
            return empty();
        }
        let found = match program.node(node) {
            Node::Predicate(predicate) => {
                return self.predicates[*predicate as usize].clone().unwrap_or_else(empty);
            }
            Node::Present(field) => state.present(*field),
            Node::Comparison(number) => state.compare(program, *number),
            Node::Not(part) => {
                let part = self.evaluate(*part, state);
                bits::not(&part, rows)
            }
            Node::All(parts) => {
                let mut all = bits::full(rows);
                for part in parts {
                    if bits::is_empty(&all) {
                        break;
                    }
                    let part = self.evaluate(*part, state);
                    bits::and(&mut all, &part);
                }
                all
            }
            Node::Any(parts) => {
                let mut any = empty();
                for part in parts {
                    let part = self.evaluate(*part, state);
                    bits::or(&mut any, &part);
                }
                any
            }
        };
        self.nodes[node as usize] = Some(found.clone());
        found
    }
}

/// What is known of the batch at hand.
struct State<'a> {
    rows: usize,
    /// Per field of the program, its column.
    columns: Vec<Option<Column<'a>>>,
}

impl<'a> State<'a> {
    fn load(&mut self, view: &View<'a>, program: &Program, field: u32) {
        if field != KEYWORD && self.columns[field as usize].is_none() {
            self.columns[field as usize] = view.column(&program.fields[field as usize]);
        }
    }

    fn present(&self, field: u32) -> Bits {
        let mut found = vec![0; bits::words(self.rows)];
        if let Some(column) = self.columns.get(field as usize).and_then(Option::as_ref) {
            for (row, key) in column.keys.iter().enumerate() {
                found[row / 64] |= u64::from(*key != ABSENT) << (row % 64);
            }
        }
        found
    }

    fn compare(&self, program: &Program, number: u32) -> Bits {
        let comparison = &program.graph.comparisons()[number as usize];
        let mut found = vec![0; bits::words(self.rows)];
        let (Some(left), Some(right)) =
            (&self.columns[comparison.field as usize], &self.columns[comparison.other as usize])
        else {
            return found;
        };
        for row in 0..self.rows {
            let (Some(value), Some(other)) =
                (left.entries.get(left.keys[row] as usize), right.entries.get(right.keys[row] as usize))
            else {
                continue;
            };
            let stands = value.values().any(|value| {
                other.values().any(|other| stands_in(value, other, comparison.position, comparison.cased))
            });
            if stands {
                bits::set(&mut found, row);
            }
        }
        found
    }
}
