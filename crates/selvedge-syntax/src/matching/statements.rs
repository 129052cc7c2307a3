//! Sequences of statements: ellipses reach into nested blocks, expressions into larger statements.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Matcher, Then};
use crate::kind::Kind;
use crate::names;
use crate::pattern::metavariable;
use crate::tree::{NodeId, Tree};
use crate::value::{Metavariable, Value};

/// States of a sequence that have been tried: place in the pattern, statement, bindings.
#[derive(Debug, Default)]
pub(super) struct Seen(std::cell::RefCell<HashSet<(usize, u32, usize, u64)>>);

/// What comes after a sequence, with its last statement.
type ThenLast<'k, 'm> = &'k dyn Fn(&mut Matcher<'m>, NodeId) -> bool;

/// All statements below a block, nested ones included, in order of the source.
pub(super) fn flatten(tree: &Tree, block: NodeId) -> Vec<NodeId> {
    let is_block = |id| matches!(tree.kind(id), Kind::Block | Kind::Module);
    tree.subtree(block)
        .skip(1)
        .filter(|id| tree.parent(*id).is_some_and(is_block) && !is_block(*id))
        .collect()
}

impl<'m> Matcher<'m> {
    /// A quick look whether a sequence can begin at a statement.
    pub(super) fn may_begin(&self, p: NodeId, t: NodeId) -> bool {
        let (pk, tk) = (self.p.kind(p), self.t.kind(t));
        match pk {
            Kind::Function
            | Kind::Class
            | Kind::If
            | Kind::While
            | Kind::ForEach
            | Kind::For
            | Kind::Try
            | Kind::With
            | Kind::Return
            | Kind::Raise => pk == tk,
            _ => true,
        }
    }

    /// The body of a function, loop or class.
    pub(super) fn block(&mut self, p: NodeId, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let in_class = self.p.parent(p).is_some_and(|up| self.p.kind(up) == Kind::Class);
        if in_class {
            return self.subset(ps, ts, then);
        }
        if let [only] = ps
            && self.p.kind(*only) == Kind::Ellipsis
        {
            return then(self);
        }
        let mut seen = Seen::default();
        let last = ts.last().copied().unwrap_or(NodeId(0));
        self.sequence(ps, ts, false, last, &mut seen, &|m, _| then(m))
    }

    /// Statements in order. With `less`, the tree may go on after the last one.
    pub(super) fn sequence(
        &mut self,
        ps: &[NodeId],
        ts: &[NodeId],
        less: bool,
        last: NodeId,
        seen: &mut Seen,
        then: ThenLast<'_, 'm>,
    ) -> bool {
        let seen: &Seen = seen;
        self.sequence_from(ps, ts, less, last, seen, then)
    }

    fn sequence_from(
        &mut self,
        ps: &[NodeId],
        ts: &[NodeId],
        less: bool,
        last: NodeId,
        seen: &Seen,
        then: ThenLast<'_, 'm>,
    ) -> bool {
        if !self.steps.spend() {
            return true;
        }
        let Some((first, rest)) = ps.split_first() else {
            return (less || ts.is_empty()) && then(self, last);
        };
        match self.p.kind(*first) {
            Kind::Ellipsis => {
                if rest.is_empty() {
                    return then(self, furthest(self.t, ts).unwrap_or(last));
                }
                if !seen.0.borrow_mut().insert((
                    ps.len(),
                    ts.first().map_or(0, |t| t.0),
                    ts.len(),
                    self.env_hash(),
                )) {
                    return false;
                }
                if (0..=ts.len()).any(|taken| self.sequence_from(rest, &ts[taken..], true, last, seen, then))
                {
                    return true;
                }
                let Some(flat) = self.flat_from(ts) else { return false };
                let flat = &flat.0[flat.1..];
                flat.len() > ts.len()
                    && (0..=flat.len())
                        .any(|taken| self.sequence_from(rest, &flat[taken..], true, last, seen, then))
            }
            Kind::MetaEllipsis => {
                let name = metavariable(self.p, *first);
                let fewest = if rest.is_empty() { ts.len() } else { 0 };
                (fewest..=ts.len()).any(|taken| {
                    let value = Value::Nodes(ts[..taken].to_vec());
                    let last = furthest(self.t, &ts[..taken]).unwrap_or(last);
                    self.bind(name, value, &|m| m.sequence_from(rest, &ts[taken..], less, last, seen, then))
                })
            }
            _ => match ts.split_first() {
                Some((t, others)) => {
                    self.statement(*first, *t, &|m| m.sequence_from(rest, others, less, *t, seen, then))
                }
                None => false,
            },
        }
    }

    /// Statements from the first of some siblings on, with all that are nested in them: a shared list and
    /// where in it they begin. `None` if the statements are no siblings, but such a list already.
    fn flat_from(&mut self, ts: &[NodeId]) -> Option<(Rc<[NodeId]>, usize)> {
        let first = *ts.first()?;
        let block = self.t.parent(first)?;
        if !ts.iter().all(|t| self.t.node(*t).parent == block.0) {
            return None;
        }
        if !matches!(self.t.kind(block), Kind::Block | Kind::Module) {
            let mut own = vec![first];
            own.extend(flatten(self.t, first));
            return Some((own.into(), 0));
        }
        let tree = self.t;
        let all = self.flat.entry(block).or_insert_with(|| flatten(tree, block).into());
        let at = all.partition_point(|id| *id < first);
        Some((Rc::clone(all), at))
    }

    /// One statement; an expression also matches inside one.
    pub(super) fn statement(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let kind = self.p.kind(p);
        let deep = self.options.implicit_deep_exprstmt
            && (kind.is_expression() || kind == Kind::DeepEllipsis)
            && (self.t.kind(t).is_expression()
                || matches!(self.t.kind(t), Kind::VarDef | Kind::Return)
                || kind == Kind::DeepEllipsis);
        if !deep {
            return self.node(p, t, then);
        }
        let mut at = t.0;
        let end = self.t.node(t).subtree_end;
        while at < end {
            if !self.steps.spend() {
                return true;
            }
            let id = NodeId(at);
            let tk = self.t.kind(id);
            if tk == Kind::Block {
                at = self.t.node(id).subtree_end;
                continue;
            }
            if (id == t || names::is_expression(self.t, id)) && self.node(p, id, then) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// A hash of what is bound.
    fn env_hash(&self) -> u64 {
        use std::hash::{Hash, Hasher};
        let mut hasher = xxhash_rust::xxh3::Xxh3Default::new();
        let mut sorted: Vec<&(Metavariable, Value)> = self.env.iter().collect();
        sorted.sort();
        sorted.hash(&mut hasher);
        hasher.finish()
    }
}

/// The statement that ends last.
fn furthest(tree: &Tree, ts: &[NodeId]) -> Option<NodeId> {
    ts.iter().copied().max_by_key(|id| tree.node(*id).end)
}
