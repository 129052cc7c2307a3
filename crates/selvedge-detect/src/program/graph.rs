//! The conditions of all rules as one graph, equal parts shared.

use std::collections::HashMap;

use crate::expr::{Expr, Item};
use crate::matcher::Network;
use crate::matcher::{Comparison, Matcher, Position, TimePart};
use crate::pattern::Pattern;

/// Instead of a field's number: all fields.
pub(crate) const KEYWORD: u32 = u32::MAX;

/// A part of a condition. Children have lower numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// A predicate on the value of a field.
    Predicate(u32),
    /// The field has a value.
    Present(u32),
    /// A comparison of two fields.
    Comparison(u32),
    All(Box<[u32]>),
    Any(Box<[u32]>),
    Not(u32),
}

/// What must hold of some value of a field.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(crate) field: u32,
    /// One of them is enough.
    pub(crate) matchers: Vec<Matcher>,
}

/// One field's value stands in another's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct FieldComparison {
    pub(crate) field: u32,
    pub(crate) other: u32,
    pub(crate) position: Position,
    pub(crate) cased: bool,
}

/// What makes two matchers the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum MatcherKey {
    Like(Pattern, bool),
    Regex(String),
    Network(Network),
    Number(Comparison, u64),
    Time(TimePart, Comparison, u64),
}

/// The graph and its leaves.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, u32>,
    predicates: Vec<Predicate>,
    predicate_numbers: HashMap<(u32, Vec<MatcherKey>), u32>,
    comparisons: Vec<FieldComparison>,
    field_numbers: HashMap<String, u32>,
    field_names: Vec<String>,
}

impl Graph {
    pub(crate) fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn predicates(&self) -> &[Predicate] {
        &self.predicates
    }

    pub(crate) fn predicate_count(&self) -> usize {
        self.predicates.len()
    }

    pub(crate) fn comparisons(&self) -> &[FieldComparison] {
        &self.comparisons
    }

    /// Names of the fields by number.
    pub(crate) fn fields(&self) -> Vec<String> {
        self.field_names.clone()
    }

    /// The number of a field.
    pub(crate) fn field(&mut self, name: &str) -> u32 {
        if let Some(number) = self.field_numbers.get(name) {
            return *number;
        }
        let number = self.field_names.len() as u32;
        self.field_numbers.insert(name.to_owned(), number);
        self.field_names.push(name.to_owned());
        number
    }

    fn intern(&mut self, node: Node) -> u32 {
        if let Some(number) = self.known.get(&node) {
            return *number;
        }
        let number = self.nodes.len() as u32;
        self.known.insert(node.clone(), number);
        self.nodes.push(node);
        number
    }

    /// Adds a condition and gives its node. Recursion is bounded by the depth of loaded rules.
    pub(crate) fn add(&mut self, expr: &Expr) -> u32 {
        match expr {
            Expr::All(parts) => {
                let parts = parts.iter().map(|part| self.add(part)).collect();
                self.all(parts)
            }
            Expr::Any(parts) => {
                let parts = parts.iter().map(|part| self.add(part)).collect();
                self.any(parts)
            }
            Expr::Not(part) => {
                let part = self.add(part);
                self.intern(Node::Not(part))
            }
            Expr::Named(_, part) => self.add(part),
            Expr::Item(item) => self.item(item),
        }
    }

    fn all(&mut self, parts: Vec<u32>) -> u32 {
        self.list(parts, Node::All)
    }

    fn any(&mut self, parts: Vec<u32>) -> u32 {
        self.list(parts, Node::Any)
    }

    fn list(&mut self, mut parts: Vec<u32>, join: fn(Box<[u32]>) -> Node) -> u32 {
        parts.sort_unstable();
        parts.dedup();
        if parts.len() == 1 { parts[0] } else { self.intern(join(parts.into())) }
    }

    fn item(&mut self, item: &Item) -> u32 {
        let field = item.field.as_deref().map_or(KEYWORD, |name| self.field(name));
        let found = if item.all {
            let parts = item.matchers.iter().map(|matcher| self.matchers(field, &[matcher])).collect();
            self.all(parts)
        } else {
            let matchers: Vec<&Matcher> = item.matchers.iter().collect();
            self.matchers(field, &matchers)
        };
        if !item.negated {
            return found;
        }
        let present = self.intern(Node::Present(field));
        let not = self.intern(Node::Not(found));
        self.all(vec![present, not])
    }

    /// Any of `matchers` fits `field`.
    fn matchers(&mut self, field: u32, matchers: &[&Matcher]) -> u32 {
        let mut parts = Vec::new();
        let mut searched = Vec::new();
        for matcher in matchers {
            match matcher {
                Matcher::Exists(true) => parts.push(self.intern(Node::Present(field))),
                Matcher::Exists(false) | Matcher::Null => {
                    let present = self.intern(Node::Present(field));
                    parts.push(self.intern(Node::Not(present)));
                }
                Matcher::Field { other, position, cased } => {
                    let other = self.field(other);
                    let comparison = FieldComparison { field, other, position: *position, cased: *cased };
                    parts.push(self.comparison(comparison));
                }
                searchable => searched.push((*searchable).clone()),
            }
        }
        if !searched.is_empty() {
            parts.push(self.predicate(field, searched));
        }
        self.any(parts)
    }

    fn comparison(&mut self, comparison: FieldComparison) -> u32 {
        let known = self.comparisons.iter().position(|known| *known == comparison);
        let number = known.unwrap_or_else(|| {
            self.comparisons.push(comparison);
            self.comparisons.len() - 1
        });
        self.intern(Node::Comparison(number as u32))
    }

    fn predicate(&mut self, field: u32, matchers: Vec<Matcher>) -> u32 {
        let key = (field, matchers.iter().filter_map(key).collect::<Vec<_>>());
        let number = self.predicate_numbers.get(&key).copied().unwrap_or_else(|| {
            let number = self.predicates.len() as u32;
            self.predicates.push(Predicate { field, matchers });
            self.predicate_numbers.insert(key, number);
            number
        });
        self.intern(Node::Predicate(number))
    }

    /// Calls `visit` with every predicate below a node and its field.
    pub(crate) fn leaves(&self, node: u32, visit: &mut dyn FnMut(u32, u32)) {
        match self.node(node) {
            Node::Predicate(predicate) => visit(*predicate, self.predicates[*predicate as usize].field),
            Node::Present(_) | Node::Comparison(_) => {}
            Node::Not(part) => self.leaves(*part, visit),
            Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| self.leaves(*part, visit)),
        }
    }

    /// Whether the node can hold on a row on which no predicate does.
    pub(crate) fn may_hold_without_hits(&self, node: u32) -> bool {
        match self.node(node) {
            Node::Predicate(_) => false,
            Node::Present(_) | Node::Comparison(_) | Node::Not(_) => true,
            Node::All(parts) => parts.iter().all(|part| self.may_hold_without_hits(*part)),
            Node::Any(parts) => parts.iter().any(|part| self.may_hold_without_hits(*part)),
        }
    }
}

fn key(matcher: &Matcher) -> Option<MatcherKey> {
    Some(match matcher {
        Matcher::Like { pattern, cased } => MatcherKey::Like(pattern.clone(), *cased),
        Matcher::Regex(expression) => MatcherKey::Regex(expression.source.clone()),
        Matcher::Network(network) => MatcherKey::Network(*network),
        Matcher::Number(comparison, number) => MatcherKey::Number(*comparison, number.0.to_bits()),
        Matcher::Time(part, comparison, number) => MatcherKey::Time(*part, *comparison, number.0.to_bits()),
        Matcher::Exists(_) | Matcher::Null | Matcher::Field { .. } => return None,
    })
}
