//! All rules as one program over columns.
//!
//! Compilation turns every rule into nodes of one graph whose leaves are predicates: a field and what its value
//! must be like. Equal predicates of different rules are one. Per field there is one set of search structures for
//! all predicates, run once per distinct value. The outcome is a bitmap over the rows for each predicate that met
//! anything; conditions are algebra over those bitmaps. The program is plain data.

mod bits;
mod field;
mod graph;
mod needle;
mod run;
mod trie;

use std::collections::{BTreeMap, BTreeSet};

use crate::load::Rules;
use field::FieldProgram;
use graph::{Graph, KEYWORD, Node};

pub use run::{Hit, Runner};

/// Which rules look at a field, by log source.
#[derive(Debug, Default)]
struct Use {
    /// Indices of scopes whose rules look at it.
    scopes: Vec<u32>,
}

/// The compiled rules.
#[derive(Debug)]
pub struct Program {
    graph: Graph,
    /// Fields by number.
    fields: Vec<String>,
    /// Searches that decide to which log source an event belongs, by field.
    scope_searches: Vec<FieldProgram>,
    /// Searches of the rules themselves.
    rule_searches: Vec<FieldProgram>,
    /// Per field the scopes that need it.
    uses: Vec<Use>,
    /// Searches over all fields, by the log sources that need them.
    keywords: Vec<(FieldProgram, Use)>,
    /// Distinct scopes, as nodes.
    scopes: Vec<u32>,
    /// Per rule its scope and its condition.
    rules: Vec<(u32, u32)>,
}

/// One search for each set of log sources: most events then meet few keywords.
fn keywords(graph: &Graph, scopes: BTreeMap<u32, BTreeSet<u32>>) -> Vec<(FieldProgram, Use)> {
    let mut groups: BTreeMap<BTreeSet<u32>, Vec<u32>> = BTreeMap::new();
    for (predicate, scopes) in scopes {
        groups.entry(scopes).or_default().push(predicate);
    }
    let program = |(scopes, predicates): (BTreeSet<u32>, Vec<u32>)| {
        (FieldProgram::new(KEYWORD, &predicates, graph), Use { scopes: scopes.into_iter().collect() })
    };
    groups.into_iter().map(program).collect()
}

impl Program {
    /// Compiles the detection rules of `rules`; hits name them by index.
    pub fn compile(rules: &Rules) -> Self {
        let mut graph = Graph::default();
        let mut scopes: Vec<u32> = Vec::new();
        let mut by_node: BTreeMap<u32, u32> = BTreeMap::new();
        let mut scope_nodes = Vec::new();
        for rule in &rules.detections {
            let node = graph.add(&rule.scope);
            let index = *by_node.entry(node).or_insert_with(|| {
                scopes.push(node);
                scopes.len() as u32 - 1
            });
            scope_nodes.push(index);
        }
        let scope_predicates = graph.predicate_count();
        let mut compiled = Vec::new();
        let mut uses: Vec<Use> = Vec::new();
        let mut keyword_scopes: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (rule, scope) in rules.detections.iter().zip(&scope_nodes) {
            let node = graph.add(&rule.condition);
            compiled.push((*scope, node));
            graph.leaves(node, &mut |predicate, field| {
                if field == KEYWORD {
                    keyword_scopes.entry(predicate).or_default().insert(*scope);
                    return;
                }
                let number = field as usize;
                if uses.len() <= number {
                    uses.resize_with(number + 1, Use::default);
                }
                if !uses[number].scopes.contains(scope) {
                    uses[number].scopes.push(*scope);
                }
            });
        }
        let fields = graph.fields();
        uses.resize_with(fields.len(), Use::default);
        Self {
            fields,
            scope_searches: field::searches(&graph, 0..scope_predicates),
            rule_searches: field::searches(&graph, scope_predicates..graph.predicate_count()),
            uses,
            keywords: keywords(&graph, keyword_scopes),
            scopes,
            rules: compiled,
            graph,
        }
    }

    /// Number of rules.
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// Fields that rules and log sources look at. Keywords look at all.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Number of rules for which there is no necessary search: they are decided on every row of their log source.
    pub fn always_run_count(&self) -> usize {
        self.rules.iter().filter(|(_, node)| self.graph.may_hold_without_hits(*node)).count()
    }

    fn node(&self, node: u32) -> &Node {
        self.graph.node(node)
    }
}
