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

use std::collections::BTreeMap;

use crate::load::Rules;
use field::FieldProgram;
use graph::{Graph, Node};

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
    /// Searches over all fields.
    keywords: Option<FieldProgram>,
    keyword_use: Use,
    /// Distinct scopes, as nodes.
    scopes: Vec<u32>,
    /// Per rule its scope and its condition.
    rules: Vec<(u32, u32)>,
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
        let mut keyword_use = Use::default();
        for (rule, scope) in rules.detections.iter().zip(&scope_nodes) {
            let node = graph.add(&rule.condition);
            compiled.push((*scope, node));
            let mut note = |uses: &mut Use| {
                if !uses.scopes.contains(scope) {
                    uses.scopes.push(*scope);
                }
            };
            rule.condition.visit(&mut |item| match &item.field {
                None => note(&mut keyword_use),
                Some(field) => {
                    let number = graph.field(field) as usize;
                    if uses.len() <= number {
                        uses.resize_with(number + 1, Use::default);
                    }
                    note(&mut uses[number]);
                }
            });
        }
        // A field that another is compared with is used where that comparison is.
        let fields = graph.fields();
        uses.resize_with(fields.len(), Use::default);
        let (scope_searches, rule_searches, keywords) = field::searches(&graph, scope_predicates);
        Self {
            graph,
            fields,
            scope_searches,
            rule_searches,
            uses,
            keywords,
            keyword_use,
            scopes,
            rules: compiled,
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
