//! What must stand in a file for a pattern to match there.

use super::string_metavariable;
use crate::kind::Kind;
use crate::tree::{NodeId, Tree};

/// Names and literals.
#[derive(Debug, Default)]
pub(super) struct Required {
    pub(super) literals: Vec<String>,
    pub(super) names: Vec<u32>,
}

/// Walks the roots of a pattern.
pub(super) fn of(tree: &Tree, roots: &[NodeId]) -> Required {
    let mut required = Required::default();
    for id in roots.iter().flat_map(|root| tree.subtree(*root)) {
        let text = tree.text(id);
        match tree.kind(id) {
            Kind::Name if !is_operator_like(text) && !is_optional(tree, id) => {
                required.names.push(tree.node(id).hash);
                add(&mut required.literals, text);
            }
            Kind::Str if is_plain(text) && tree.parent(id).is_none_or(|up| tree.kind(up) != Kind::Binary) => {
                add(&mut required.literals, text);
            }
            _ => {}
        }
    }
    required.names.sort_unstable();
    required.names.dedup();
    required.literals.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    required
}

fn add(literals: &mut Vec<String>, text: &str) {
    if text.len() > 1 && !literals.iter().any(|known| known == text) {
        literals.push(text.to_owned());
    }
}

/// A name that a lowering made up, or that an import may replace.
fn is_operator_like(text: &str) -> bool {
    text.is_empty() || text == "*" || text == "default" || text.starts_with("=~/")
}

/// An alias in a pattern's own import says nothing of the file.
fn is_optional(tree: &Tree, id: NodeId) -> bool {
    tree.parent(id)
        .is_some_and(|up| matches!(tree.kind(up), Kind::Import | Kind::Path | Kind::TypedMetavariable))
}

/// A string that stands in the file as it is: no ellipsis, metavariable, regex, or escape.
fn is_plain(text: &str) -> bool {
    text != "..." && !text.starts_with("=~/") && string_metavariable(text).is_none() && !text.contains('\\')
}
