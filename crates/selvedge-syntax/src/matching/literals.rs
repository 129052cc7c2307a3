//! Strings, numbers and constants, also where constant propagation knows them.

use super::{Matcher, Then};
use crate::kind::Kind;
use crate::pattern::string_metavariable;
use crate::tree::{NodeId, Tree};
use crate::value::{Metavariable, Value};

impl<'m> Matcher<'m> {
    /// A literal of the pattern.
    pub(super) fn literal(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let known = match self.t.kind(t) {
            Kind::Str | Kind::Number | Kind::Constant => Some(t),
            Kind::Interpolated if self.p.kind(p) == Kind::Interpolated => Some(t),
            _ if self.options.constant_propagation => self.t.facts.literal_of(t),
            _ => None,
        };
        let Some(literal) = known else { return false };
        match (self.p.kind(p), self.t.kind(literal)) {
            (Kind::Str, Kind::Str) => self.string(p, literal, then),
            (Kind::Number, Kind::Number) => same_number(self.p.text(p), self.t.text(literal)) && then(self),
            (Kind::Constant, Kind::Constant) => self.p.text(p) == self.t.text(literal) && then(self),
            (Kind::Interpolated, Kind::Interpolated) => self.interpolated(p, literal, then),
            // A string of which only that is known.
            (Kind::Str, Kind::Interpolated) => self.p.text(p) == "..." && then(self),
            _ => false,
        }
    }

    fn string(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let wanted = self.p.text(p);
        if wanted == "..." {
            return then(self);
        }
        if let Some(name) = string_metavariable(wanted) {
            return self.bind(Metavariable::bare(name), Value::Content(t), then);
        }
        if wanted.starts_with("=~/")
            && let Some(matches) = self.expressions.is_match(p, self.t.text(t))
        {
            return matches && then(self);
        }
        wanted == self.t.text(t) && then(self)
    }

    /// Parts in order; a part `...` is an ellipsis.
    fn interpolated(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (own, other) = (self.p.text(p), self.t.text(t));
        if own != other && other != "both" {
            return false;
        }
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        self.string_parts(&ps, &ts, then)
    }

    fn string_parts(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((first, rest)) = ps.split_first() else { return ts.is_empty() && then(self) };
        let dots = self.p.kind(*first) == Kind::Ellipsis
            || (self.p.kind(*first) == Kind::Str && self.p.text(*first) == "...");
        if dots {
            return (0..=ts.len()).any(|taken| self.string_parts(rest, &ts[taken..], then));
        }
        match ts.split_first() {
            Some((t, _)) if self.p.kind(*first) != Kind::Str && self.is_plain_part(*t) => false,
            Some((t, others)) => self.node(*first, *t, &|m| m.string_parts(rest, others, then)),
            None => false,
        }
    }

    /// Whether a part of a string is text, not a literal in a hole.
    fn is_plain_part(&self, t: NodeId) -> bool {
        self.t.kind(t) == Kind::Str && self.t.content_range(t) == self.t.range(t)
    }

    /// `/.../` and `/=~…/` of the languages with regular expressions.
    pub(super) fn regex_literal(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let wanted = self.p.text(p);
        if wanted == "..." {
            let own = flags(self.p, p);
            return (own.is_empty() || own == flags(self.t, t)) && then(self);
        }
        if let Some(name) = string_metavariable(wanted) {
            return self.bind(Metavariable::bare(name), Value::Content(t), then);
        }
        wanted == self.t.text(t) && then(self)
    }

    /// A name that is given as a regular expression, as keys of objects may be.
    pub(super) fn name_matches(&self, p: NodeId, t: NodeId) -> bool {
        self.expressions.is_match(p, self.t.text(t)).unwrap_or(false)
    }

    /// Whether a template is nothing but `...`.
    pub(super) fn only_dots(&self, p: NodeId) -> bool {
        self.p.children(p).all(|part| self.p.text(part) == "...")
    }
}

/// The flags of a regular expression literal.
fn flags(tree: &Tree, id: NodeId) -> &str {
    tree.child(id, 0).map_or("", |flags| tree.text(flags))
}

/// Numbers by value, whatever their base and separators.
pub(super) fn same_number(a: &str, b: &str) -> bool {
    a == b || matches!((integer(a), integer(b)), (Some(x), Some(y)) if x == y) || {
        matches!((float(a), float(b)), (Some(x), Some(y)) if x.to_bits() == y.to_bits())
    }
}

fn integer(text: &str) -> Option<u128> {
    let text = text.replace('_', "").to_ascii_lowercase();
    let text = text.trim_end_matches(['l', 'u', 'n']);
    if let Some(digits) = text.strip_prefix("0x") {
        u128::from_str_radix(digits, 16).ok()
    } else if let Some(digits) = text.strip_prefix("0b") {
        u128::from_str_radix(digits, 2).ok()
    } else if let Some(digits) = text.strip_prefix("0o") {
        u128::from_str_radix(digits, 8).ok()
    } else {
        text.parse().ok()
    }
}

fn float(text: &str) -> Option<f64> {
    if text.starts_with("0x") || text.starts_with("0X") {
        return None;
    }
    text.replace('_', "").trim_end_matches(['f', 'F', 'd', 'D']).parse().ok()
}
