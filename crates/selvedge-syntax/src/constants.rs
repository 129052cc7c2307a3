//! Constant propagation: which names are known to hold which literal.
//!
//! A first look counts, per scope, how often each name is given a value; what is given once holds in the whole
//! scope and the scopes inside it. A second look walks the statements in order and follows local names through
//! branches: a value survives where all ways lead to the same one. Loops forget what they assign.

mod scopes;
mod walk;

use std::collections::{HashMap, HashSet};

use crate::facts::Facts;
use crate::kind::Kind;
use crate::language::Language;
use crate::tree::{EXTRA, Node, NodeId, Tree, text_hash};

/// Nodes of the tree plus those that are made up for folded values.
const MADE_MAX: usize = 50_000;
/// Bytes of one folded string; longer ones are only known to be strings.
const TEXT_MAX: usize = 4096;

/// What was found out.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) literals: HashMap<NodeId, NodeId>,
    pub(crate) values: HashMap<NodeId, NodeId>,
    /// Names by the scope that declares them.
    pub(crate) declared: HashSet<(NodeId, u32)>,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Known {
    /// The literal it equals.
    literal: Option<NodeId>,
    /// The expression it was given by.
    expression: Option<NodeId>,
}

/// Literals that are in no file: folded values, and the string of which nothing more is known.
struct Maker<'t> {
    tree: &'t Tree,
    made: Vec<(Kind, String, NodeId)>,
    some_string: Option<NodeId>,
}

impl Maker<'_> {
    fn make(&mut self, kind: Kind, text: String, at: NodeId) -> Option<NodeId> {
        if self.made.len() >= MADE_MAX {
            return None;
        }
        let id = NodeId((self.tree.nodes.len() + self.made.len()) as u32);
        self.made.push((kind, text, at));
        Some(id)
    }

    /// A string of unknown content.
    fn some_string(&mut self, at: NodeId) -> Option<NodeId> {
        if self.some_string.is_none() {
            self.some_string = self.make(Kind::Interpolated, String::new(), at);
        }
        self.some_string
    }

    fn kind(&self, id: NodeId) -> Kind {
        match self.made.get((id.0 as usize).wrapping_sub(self.tree.nodes.len())) {
            Some((kind, _, _)) => *kind,
            None => self.tree.kind(id),
        }
    }

    fn text(&self, id: NodeId) -> &str {
        match self.made.get((id.0 as usize).wrapping_sub(self.tree.nodes.len())) {
            Some((_, text, _)) => text,
            None => self.tree.text(id),
        }
    }

    /// The same literal, the same content, or at least both strings.
    fn join(&mut self, a: NodeId, b: NodeId) -> Option<NodeId> {
        if a == b {
            return Some(a);
        }
        let (ka, kb) = (self.kind(a), self.kind(b));
        if ka == kb && self.text(a) == self.text(b) {
            return Some(a);
        }
        let is_string = |kind| matches!(kind, Kind::Str | Kind::Interpolated);
        if is_string(ka) && is_string(kb) { self.some_string(a) } else { None }
    }

    /// The value of an operator on two literals.
    fn fold(&mut self, operator: &str, a: NodeId, b: NodeId, at: NodeId) -> Option<NodeId> {
        match (self.kind(a), self.kind(b)) {
            (Kind::Str, Kind::Str) if matches!(operator, "+" | "." | "..") => {
                let text = format!("{}{}", self.text(a), self.text(b));
                if text.len() > TEXT_MAX {
                    return self.some_string(at);
                }
                self.make(Kind::Str, text, at)
            }
            (Kind::Str | Kind::Interpolated, Kind::Str | Kind::Interpolated)
                if matches!(operator, "+" | "." | "..") =>
            {
                self.some_string(at)
            }
            (Kind::Str, Kind::Number) | (Kind::Number, Kind::Str)
                if operator == "+" && self.tree.language() != Language::Python =>
            {
                let text = format!("{}{}", self.text(a), self.text(b));
                if text.len() > TEXT_MAX { self.some_string(at) } else { self.make(Kind::Str, text, at) }
            }
            (Kind::Number, Kind::Number) => {
                let (x, y): (i64, i64) = (self.text(a).parse().ok()?, self.text(b).parse().ok()?);
                let value = match operator {
                    "+" => x.checked_add(y),
                    "-" => x.checked_sub(y),
                    "*" => x.checked_mul(y),
                    _ => None,
                }?;
                self.make(Kind::Number, value.to_string(), at)
            }
            _ => None,
        }
    }
}

/// Finds constants, and adds the literals that it makes up to the tree, behind its root.
pub(crate) fn propagate(tree: &mut Tree, facts: &Facts) -> Found {
    let scopes = scopes::Scopes::gather(tree, facts);
    let maker = Maker { tree, made: Vec::new(), some_string: None };
    let (mut found, made) = walk::walk(tree, &scopes, maker);
    found.declared = scopes.declared;
    for (kind, text, at) in made {
        let Node { start, end, .. } = *tree.node(at);
        let id = tree.nodes.len() as u32;
        tree.nodes.push(Node {
            kind,
            hash: text_hash(&text),
            start,
            end,
            text_start: tree.extra.len() as u32 | EXTRA,
            text_len: text.len() as u32,
            parent: 0,
            subtree_end: id + 1,
        });
        tree.extra.push_str(&text);
    }
    found
}
