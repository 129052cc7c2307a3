//! Operators that may be grouped and ordered otherwise.

use super::{Matcher, Then};
use crate::kind::Kind;
use crate::pattern::metavariable;
use crate::tree::{NodeId, Tree};
use crate::value::Value;

impl<'m> Matcher<'m> {
    /// Two operands, or as many as an associative operator joins.
    pub(super) fn binary(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (a, b) = (self.p.node(p), self.t.node(t));
        if a.hash != b.hash || self.p.text(p) != self.t.text(t) {
            return false;
        }
        let operator = self.p.text(p);
        let wanted = operands(self.p, p);
        if self.is_commutative(operator) {
            let given = operands(self.t, t);
            return self.any_group(&wanted, &given, then);
        }
        if self.options.ac_matching && is_associative(operator) {
            let given = operands(self.t, t);
            return self.groups(&wanted, &given, then);
        }
        let dots = wanted.iter().any(|id| self.p.kind(*id) == Kind::Ellipsis);
        if dots {
            let given = operands(self.t, t);
            return self.list(&wanted, &given, then);
        }
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        if self.list(&ps, &ts, then) {
            return true;
        }
        let compare = self.options.commutative_compare && matches!(operator, "==" | "!=");
        compare && ts.len() == 2 && self.list(&ps, &[ts[1], ts[0]], then)
    }

    fn is_commutative(&self, operator: &str) -> bool {
        match operator {
            "&" | "|" | "^" => self.options.ac_matching,
            "&&" | "||" | "and" | "or" => self.options.commutative_boolop,
            _ => false,
        }
    }

    /// Operands in order; a metavariable may take several.
    fn groups(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((first, rest)) = ps.split_first() else { return ts.is_empty() && then(self) };
        match self.p.kind(*first) {
            Kind::Ellipsis => (0..=ts.len()).any(|taken| self.groups(rest, &ts[taken..], then)),
            Kind::Metavariable => {
                let name = metavariable(self.p, *first);
                (1..=ts.len().saturating_sub(rest.len())).any(|taken| {
                    let value = match ts[..taken] {
                        [one] => Value::Node(one),
                        _ => Value::Nodes(ts[..taken].to_vec()),
                    };
                    self.bind(name, value, &|m| m.groups(rest, &ts[taken..], then))
                })
            }
            _ => match ts.split_first() {
                Some((t, others)) => self.node(*first, *t, &|m| m.groups(rest, others, then)),
                None => false,
            },
        }
    }

    /// Operands in any order, of which there may be more; those that bind nothing are tried first.
    fn any_group(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let mut wanted: Vec<NodeId> =
            ps.iter().copied().filter(|p| self.p.kind(*p) != Kind::Ellipsis).collect();
        wanted.sort_by_key(|p| self.p.kind(*p) == Kind::Metavariable);
        wanted.len() <= ts.len() && self.any_order(&wanted, ts, true, then)
    }
}

fn is_associative(operator: &str) -> bool {
    matches!(operator, "&" | "|" | "^" | "&&" | "||" | "and" | "or")
}

/// The operands that one operator joins, from left to right.
fn operands(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let mut out = Vec::new();
    let mut work = vec![id];
    while let Some(at) = work.pop() {
        if tree.kind(at) == Kind::Binary && tree.text(at) == tree.text(id) {
            let parts: Vec<NodeId> = tree.children(at).collect();
            work.extend(parts.into_iter().rev());
        } else {
            out.push(at);
        }
    }
    out
}
