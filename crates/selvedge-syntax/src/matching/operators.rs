//! Operators that may be grouped and ordered otherwise.

use super::{Matcher, Then};
use crate::kind::Kind;
use crate::tree::{NodeId, Tree};

impl<'m> Matcher<'m> {
    /// Two operands, or as many as an associative operator joins.
    pub(super) fn binary(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (a, b) = (self.p.node(p), self.t.node(t));
        if a.hash != b.hash || self.p.text(p) != self.t.text(t) {
            return false;
        }
        let operator = self.p.text(p);
        let wanted = operands(self.p, p);
        let dots = wanted.iter().any(|id| self.p.kind(*id) == Kind::Ellipsis);
        let associative = self.options.ac_matching && is_associative(operator);
        if dots || (associative && wanted.len() > 2) {
            let given = operands(self.t, t);
            return if self.is_commutative(operator) {
                self.groups(operator, &wanted, &given, then)
            } else {
                self.list(&wanted, &given, then)
            };
        }
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        if self.list(&ps, &ts, then) {
            return true;
        }
        if associative && self.is_commutative(operator) {
            let given = operands(self.t, t);
            return self.groups(operator, &wanted, &given, then);
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

    /// Operands in any order.
    fn groups(&mut self, _operator: &str, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let more = ps.iter().any(|p| self.p.kind(*p) == Kind::Ellipsis);
        let wanted: Vec<NodeId> = ps.iter().copied().filter(|p| self.p.kind(*p) != Kind::Ellipsis).collect();
        self.any_order(&wanted, ts, more, then)
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
