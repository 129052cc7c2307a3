//! Lists: in order with ellipses, arguments, keys in any order, subsets.

use super::{Matcher, Then};
use crate::kind::Kind;
use crate::language::Language;
use crate::pattern::metavariable;
use crate::tree::NodeId;
use crate::value::Value;

/// Kinds with places that a pattern may leave out.
pub(super) fn is_lenient(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Function
            | Kind::Lambda
            | Kind::Param
            | Kind::Class
            | Kind::VarDef
            | Kind::If
            | Kind::Catch
            | Kind::New
            | Kind::WithItem
            | Kind::Raise
            | Kind::Case
    )
}

/// Whether the place may hold more than the empty one of the pattern.
pub(super) fn may_be_more(kind: Kind, place: usize) -> bool {
    match kind {
        Kind::VarDef => place != 3,
        Kind::Raise | Kind::Case => place == 1,
        _ => true,
    }
}

/// All but one.
fn without(ts: &[NodeId], index: usize) -> Vec<NodeId> {
    let mut left = Vec::with_capacity(ts.len());
    left.extend_from_slice(&ts[..index]);
    left.extend_from_slice(&ts[index + 1..]);
    left
}

impl<'m> Matcher<'m> {
    fn is_dots(&self, p: NodeId) -> bool {
        matches!(self.p.kind(p), Kind::Ellipsis | Kind::MetaEllipsis)
    }

    /// In order; an ellipsis takes any number.
    pub(super) fn list(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((first, rest)) = ps.split_first() else { return ts.is_empty() && then(self) };
        match self.p.kind(*first) {
            Kind::Ellipsis => {
                if rest.is_empty() {
                    return then(self);
                }
                (0..=ts.len()).any(|taken| self.list(rest, &ts[taken..], then))
            }
            Kind::MetaEllipsis => {
                let name = metavariable(self.p, *first);
                let fewest = if rest.is_empty() { ts.len() } else { 0 };
                (fewest..=ts.len()).any(|taken| {
                    if !self.steps.spend() {
                        return true;
                    }
                    let value = Value::Nodes(ts[..taken].to_vec());
                    self.bind(name, value, &|m| m.list(rest, &ts[taken..], then))
                })
            }
            _ => match ts.split_first() {
                Some((t, others)) => self.node(*first, *t, &|m| m.list(rest, others, then)),
                None => false,
            },
        }
    }

    /// Arguments: keywords in any order, the others in theirs.
    pub(super) fn args(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let keyword = ps.iter().position(|p| self.p.kind(*p) == Kind::KeywordArg);
        let Some(at) = keyword else {
            return match self.t.language() {
                Language::Dockerfile => self.words(ps, ts, then),
                Language::Bash if ps.is_empty() => then(self),
                _ => self.list(ps, ts, then),
            };
        };
        let wanted = ps[at];
        let mut others = ps.to_vec();
        others.remove(at);
        (0..ts.len()).any(|index| {
            if self.t.kind(ts[index]) != Kind::KeywordArg {
                return false;
            }
            self.node(wanted, ts[index], &|m| m.args(&others, &without(ts, index), then))
        })
    }

    /// Words of an instruction: options that the pattern does not name do not matter, and a command is found
    /// inside a chain of them.
    fn words(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let given: Vec<NodeId> = ts.iter().copied().filter(|t| self.t.kind(*t) != Kind::KeywordArg).collect();
        if let ([p], [t]) = (ps, &given[..])
            && self.p.kind(*p) == Kind::Call
        {
            return self.statement(*p, *t, then);
        }
        self.list(ps, &given, then)
    }

    /// Keys of a dictionary or elements of a set, in any order; an ellipsis allows more.
    pub(super) fn entries(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let records = self.options.implicit_ellipsis && self.t.language().has_records();
        let more =
            records || self.t.language() == Language::Dockerfile || ps.iter().any(|p| self.is_dots(*p));
        let wanted: Vec<NodeId> = ps.iter().copied().filter(|p| !self.is_dots(*p)).collect();
        if let [only] = ps
            && self.p.kind(*only) == Kind::MetaEllipsis
        {
            return self.bind(metavariable(self.p, *only), Value::Nodes(ts.to_vec()), then);
        }
        if wanted.len() < ps.len() && self.t.language() == Language::Hcl {
            let all = self.nested_entries(ts);
            return self.any_order(&wanted, &all, true, then);
        }
        self.any_order(&wanted, ts, more, then)
    }

    /// The entries of a block, then those of the blocks in it.
    fn nested_entries(&mut self, ts: &[NodeId]) -> Vec<NodeId> {
        let mut all = ts.to_vec();
        let mut at = 0;
        while at < all.len() && self.steps.spend() {
            let id = all[at];
            at += 1;
            if self.t.kind(id) != Kind::Call {
                continue;
            }
            let body = self.t.child(id, 1).and_then(|args| self.t.children(args).last());
            if let Some(body) = body.filter(|body| self.t.kind(*body) == Kind::Dict) {
                all.extend(self.t.children(body));
            }
        }
        all
    }

    /// Each of the pattern matches one of the tree; others do not matter.
    pub(super) fn subset(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let wanted: Vec<NodeId> = ps.iter().copied().filter(|p| !self.is_dots(*p)).collect();
        self.any_order(&wanted, ts, true, then)
    }

    pub(super) fn any_order(&mut self, ps: &[NodeId], ts: &[NodeId], more: bool, then: Then<'_, 'm>) -> bool {
        let Some((first, rest)) = ps.split_first() else { return (more || ts.is_empty()) && then(self) };
        (0..ts.len()).any(|index| {
            self.node(*first, ts[index], &|m| m.any_order(rest, &without(ts, index), more, then))
        })
    }
}
