//! Whether two values of a metavariable are the same.

use crate::kind::Kind;
use crate::tree::{NodeId, Tree};
use crate::value::Value;

/// Compares by normalised structure, not by text: whitespace, quotes and comments do not matter.
pub fn unify(tree: &Tree, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Node(a), Value::Node(b)) => same(tree, *a, *b) || same_constant(tree, *a, *b),
        (Value::Nodes(a), Value::Nodes(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(tree, *a, *b))
        }
        (Value::Nodes(many), Value::Node(one)) | (Value::Node(one), Value::Nodes(many)) => {
            matches!(many.as_slice(), [other] if same(tree, *one, *other))
        }
        (a, b) => plain(tree, a).is_some_and(|text| plain(tree, b) == Some(text)),
    }
}

/// What a value says when it is a single word or string.
fn plain<'t>(tree: &'t Tree, value: &'t Value) -> Option<&'t str> {
    match value {
        Value::Content(id) => Some(tree.text(*id)),
        Value::Text { text, .. } => Some(text),
        Value::Node(id) if matches!(tree.kind(*id), Kind::Name | Kind::Str) => Some(tree.text(*id)),
        Value::Node(_) | Value::Nodes(_) => None,
    }
}

/// Whether two equal names can be the same variable: no other scope declares one of them.
fn same_variable(tree: &Tree, a: NodeId, b: NodeId) -> bool {
    match (tree.facts.declaring(tree, a), tree.facts.declaring(tree, b)) {
        (Some(x), Some(y)) => x == y,
        _ => true,
    }
}

/// Whether two expressions are known to hold the same literal.
fn same_constant(tree: &Tree, a: NodeId, b: NodeId) -> bool {
    tree.constant(a).is_some_and(|value| tree.constant(b) == Some(value))
}

/// Whether two subtrees have the same kinds and texts.
pub(super) fn same(tree: &Tree, a: NodeId, b: NodeId) -> bool {
    if a == b {
        return true;
    }
    let (first, second) = (tree.node(a), tree.node(b));
    if first.kind == Kind::Name && second.kind == Kind::Name {
        return first.hash == second.hash && tree.text(a) == tree.text(b) && same_variable(tree, a, b);
    }
    let len = first.subtree_end - a.0;
    if first.hash != second.hash || first.kind != second.kind || len != second.subtree_end - b.0 {
        return false;
    }
    (0..len).all(|offset| {
        let (x, y) = (NodeId(a.0 + offset), NodeId(b.0 + offset));
        let (left, right) = (tree.node(x), tree.node(y));
        left.kind == right.kind
            && left.hash == right.hash
            && left.subtree_end - a.0 == right.subtree_end - b.0
            && tree.text(x) == tree.text(y)
    })
}
