//! Sets of ranges with bindings, and the operations of formulas on them.

use std::collections::BTreeSet;

use selvedge_syntax::{Bindings, Tree, Value};

/// How a range takes part in a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// It may be what is found.
    Found,
    /// It only surrounds what is found.
    Inside,
    /// It only has to be there.
    Anywhere,
}

/// A range that a formula matches, and what its metavariables stand for there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) bindings: Bindings,
    pub(crate) role: Role,
}

impl Hit {
    /// Whether the bytes lie within those of `other`, or place does not matter.
    fn lies_in(&self, other: &Self) -> bool {
        other.role == Role::Anywhere || (other.start <= self.start && self.end <= other.end)
    }
}

/// Whether two values are equal: by structure in code, by text elsewhere.
pub(crate) fn equal(tree: Option<&Tree>, left: &Value, right: &Value) -> bool {
    match (tree, left, right) {
        (_, Value::Text { text: left, .. }, Value::Text { text: right, .. }) => left == right,
        (Some(tree), Value::Text { text, .. }, other) | (Some(tree), other, Value::Text { text, .. }) => {
            text == other.text(tree)
        }
        (Some(tree), _, _) => selvedge_syntax::unify(tree, left, right),
        (None, _, _) => left == right,
    }
}

/// Both bindings together; `None` where both bind a metavariable to unequal values.
pub(crate) fn merge(tree: Option<&Tree>, own: &Bindings, other: &Bindings) -> Option<Bindings> {
    if other.is_empty() {
        return Some(own.clone());
    }
    if own.is_empty() {
        return Some(other.clone());
    }
    let mut merged = own.clone();
    for (name, value) in other.iter() {
        match own.get(name) {
            Some(bound) if !equal(tree, bound, value) => return None,
            Some(_) => {}
            None => merged.set(name, value.clone()),
        }
    }
    Some(merged)
}

fn compatible(tree: Option<&Tree>, own: &Bindings, other: &Bindings) -> bool {
    own.iter().all(|(name, value)| other.get(name).is_none_or(|bound| equal(tree, value, bound)))
}

/// The conjunction of two sets: of two ranges one of which lies in the other, the inner one, with the bindings
/// of both. A range that only surrounds is never what is kept of a pair with one that is found.
pub(crate) fn intersect(tree: Option<&Tree>, left: &[Hit], right: &[Hit]) -> Vec<Hit> {
    let mut kept = BTreeSet::new();
    let mut keep = |inner: &Hit, outer: &Hit| {
        let only_surrounds = inner.role != Role::Found && outer.role == Role::Found;
        if !only_surrounds
            && inner.lies_in(outer)
            && let Some(bindings) = merge(tree, &inner.bindings, &outer.bindings)
        {
            kept.insert(Hit { bindings, ..inner.clone() });
        }
    };
    for x in left {
        for y in right {
            if x.lies_in(y) {
                keep(x, y);
            }
            if y.lies_in(x) {
                keep(y, x);
            }
        }
    }
    kept.into_iter().collect()
}

/// What is left of `hits` without those that lie in a range of `taken` with bindings that agree.
pub(crate) fn subtract(tree: Option<&Tree>, hits: Vec<Hit>, taken: &[Hit]) -> Vec<Hit> {
    if taken.is_empty() {
        return hits;
    }
    hits.into_iter()
        .filter(|hit| {
            !taken.iter().any(|outer| hit.lies_in(outer) && compatible(tree, &hit.bindings, &outer.bindings))
        })
        .collect()
}

/// What is left of `hits` without those that share a byte with `taken`: what `pattern-not-regex` means.
pub(crate) fn without_overlaps(hits: Vec<Hit>, taken: &[Hit]) -> Vec<Hit> {
    let overlaps = |hit: &Hit, other: &Hit| hit.start < other.end && other.start < hit.end;
    hits.into_iter().filter(|hit| !taken.iter().any(|other| overlaps(hit, other))).collect()
}

/// The set without repetitions, in order.
pub(crate) fn union(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort();
    hits.dedup();
    hits
}

#[cfg(test)]
mod tests;
