//! What metavariables are bound to.

use std::ops::Range;

use crate::tree::{NodeId, Tree};

/// The name of a metavariable, as a number that is the same in every pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metavariable(u64);

impl Metavariable {
    /// By its name as written, `$X` or `$...X`.
    pub fn named(name: &str) -> Self {
        Self::bare(name.strip_prefix('$').unwrap_or(name))
    }

    /// By its name without the dollar sign.
    pub(crate) fn bare(name: &str) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(name.as_bytes()))
    }
}

/// What a metavariable stands for in one match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A node of the tree.
    Node(NodeId),
    /// Neighbouring nodes, by an ellipsis metavariable; may be none.
    Nodes(Vec<NodeId>),
    /// The content of a string literal: `"$X"`.
    Content(NodeId),
    /// A piece of text that is no node: a part of a dotted import, a group of a regular expression.
    Text {
        /// What it says.
        text: String,
        /// Where it says so.
        range: Span,
    },
}

/// A range that can be ordered and hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl From<Range<u32>> for Span {
    fn from(range: Range<u32>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl Value {
    /// Bytes of the source it stands for; of no nodes, an empty range at zero.
    pub fn range(&self, tree: &Tree) -> Range<u32> {
        match self {
            Self::Node(id) => tree.range(*id),
            Self::Nodes(ids) => match (ids.first(), ids.last()) {
                (Some(first), Some(last)) => tree.range(*first).start..tree.range(*last).end,
                _ => 0..0,
            },
            Self::Content(id) => tree.content_range(*id),
            Self::Text { range, .. } => range.start..range.end,
        }
    }

    /// The source it stands for.
    pub fn text<'t>(&'t self, tree: &'t Tree) -> &'t str {
        match self {
            Self::Content(id) => tree.text(*id),
            Self::Text { text, .. } => text,
            Self::Node(_) | Self::Nodes(_) => {
                let range = self.range(tree);
                tree.source().get(range.start as usize..range.end as usize).unwrap_or("")
            }
        }
    }

    /// The node, where it is one: also the literal whose content it is.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Node(id) | Self::Content(id) => Some(*id),
            Self::Nodes(ids) => match ids.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            Self::Text { .. } => None,
        }
    }
}

/// Metavariables and their values, sorted by metavariable.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bindings(Vec<(Metavariable, Value)>);

impl Bindings {
    /// The value of a metavariable.
    pub fn get(&self, name: Metavariable) -> Option<&Value> {
        self.0.binary_search_by_key(&name, |(name, _)| *name).ok().map(|at| &self.0[at].1)
    }

    /// Binds a metavariable, replacing what it was bound to.
    pub fn set(&mut self, name: Metavariable, value: Value) {
        match self.0.binary_search_by_key(&name, |(name, _)| *name) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    /// All of them, in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = (Metavariable, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is bound.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Both together; `None` where a metavariable that both bind has unequal values.
    #[must_use]
    pub fn merge(&self, other: &Self, tree: &Tree) -> Option<Self> {
        let mut merged = self.clone();
        for (name, value) in other.iter() {
            match self.get(name) {
                Some(own) if !crate::matching::unify(tree, own, value) => return None,
                Some(_) => {}
                None => merged.set(name, value.clone()),
            }
        }
        Some(merged)
    }
}
