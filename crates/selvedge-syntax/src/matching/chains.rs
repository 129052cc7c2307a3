//! Names and chains of members, with what imports make of them.

use super::{Matcher, Then};
use crate::kind::Kind;
use crate::language::Language;
use crate::names;
use crate::pattern::metavariable;
use crate::tree::{NodeId, Tree};
use crate::value::Value;

/// Whether a member is `x. ...`.
pub(super) fn is_dots(pattern: &Tree, p: NodeId) -> bool {
    pattern.kind(p) == Kind::Member
        && pattern.child(p, 1).is_some_and(|name| pattern.kind(name) == Kind::Ellipsis)
}

impl<'m> Matcher<'m> {
    /// A name or member of the pattern.
    pub(super) fn chain(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        if is_dots(self.p, p) {
            return self.dots(p, t, then);
        }
        if self.p.kind(p) == Kind::Name
            && self.t.kind(t) == Kind::Name
            && self.p.node(p).hash == self.t.node(t).hash
            && self.p.text(p) == self.t.text(t)
        {
            return then(self);
        }
        if self.p.kind(p) == Kind::Name && self.t.kind(t) == Kind::Name && self.p.text(p).starts_with("=~/") {
            return self.name_matches(p, t) && then(self);
        }
        self.aliased(p, t, then)
    }

    /// `x. ... .y`: any number of members, calls and indices between.
    fn dots(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let Some(object) = self.p.child(p, 0) else { return false };
        let mut at = t;
        loop {
            if self.node(object, at, then) {
                return true;
            }
            if !matches!(self.t.kind(at), Kind::Member | Kind::Call | Kind::Index) {
                return false;
            }
            let Some(next) = self.t.child(at, 0) else { return false };
            at = next;
        }
    }

    /// A dotted name of the pattern against what imports make of a chain of the tree.
    fn aliased(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let Some(wanted) = segments(self.p, p) else { return false };
        let Some(chain) = segments(self.t, t) else { return false };
        let tree = self.t;
        let mut imported = false;
        for path in names::in_force(tree, &tree.facts, chain[0]) {
            imported = true;
            let head: Vec<&str> = path.iter().map(String::as_str).collect();
            if head.len() + chain.len() - 1 != wanted.len() {
                continue;
            }
            if self.qualified(&wanted, &head, &chain, tree, then) {
                return true;
            }
        }
        !imported && self.is_from_wildcard(&wanted, &chain) && then(self)
    }

    /// Whether a chain is the end of a dotted name whose beginning some `import *` brings in.
    fn is_from_wildcard(&self, wanted: &[NodeId], chain: &[NodeId]) -> bool {
        let plain = wanted.iter().all(|p| self.p.kind(*p) == Kind::Name);
        plain
            && self.t.facts.wildcards.iter().any(|path| {
                let head = path.split('.').count();
                wanted.len() == head + chain.len()
                    && path.split('.').zip(wanted).all(|(part, p)| self.p.text(*p) == part)
                    && chain.iter().zip(&wanted[head..]).all(|(t, p)| self.p.text(*p) == self.t.text(*t))
            })
    }

    fn qualified(
        &mut self,
        wanted: &[NodeId],
        head: &[&str],
        chain: &[NodeId],
        tree: &Tree,
        then: Then<'_, 'm>,
    ) -> bool {
        let Some((first, rest)) = wanted.split_first() else { return then(self) };
        let (text, others, members) = match head.split_first() {
            Some((text, others)) => (*text, others, chain),
            None => match chain.get(1) {
                Some(name) => (tree.text(*name), head, &chain[1..]),
                None => return false,
            },
        };
        if self.p.kind(*first) == Kind::Metavariable {
            let last_of_head = head.len() == 1;
            let value = if last_of_head || head.is_empty() {
                Value::Node(if head.is_empty() { members[0] } else { chain[0] })
            } else {
                Value::Text { text: text.to_owned(), range: tree.range(chain[0]).into() }
            };
            return self.bind(metavariable(self.p, *first), value, &|m| {
                m.qualified(rest, others, members, tree, then)
            });
        }
        self.p.text(*first) == text && self.qualified(rest, others, members, tree, then)
    }

    /// Imports, by the dotted name that they bring in.
    pub(super) fn import(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        match (self.p.kind(p), self.t.kind(t)) {
            (Kind::Import, Kind::Import) => self.plain_import(&ps, &ts, then),
            (Kind::ImportFrom, Kind::ImportFrom) => {
                if self.node(ps[0], ts[0], &|m| m.import_items(&ps[1..], &ts[1..], then)) {
                    return true;
                }
                self.is_inside_import(&ps, &ts) && then(self)
            }
            (Kind::ImportFrom, Kind::Import) => {
                let module = names::dotted(self.p, ps[0]);
                let given = names::dotted(self.t, ts[0]);
                let name = ps.get(1).and_then(|item| self.p.child(*item, 0)).map(|name| self.p.text(name));
                ps.len() == 2 && name.is_some_and(|name| given == format!("{module}.{name}")) && then(self)
            }
            (Kind::Import, Kind::ImportFrom) if self.t.language().family() == Language::JavaScript => {
                self.p.kind(ps[1]) == Kind::Absent && self.node(ps[0], ts[0], then)
            }
            (Kind::Import, Kind::ImportFrom) if self.whole_path(ps[0]).is_some() => {
                let Some(name) = self.whole_path(ps[0]) else { return false };
                let module = names::dotted(self.t, ts[0]);
                let item =
                    ts.get(1).and_then(|item| self.t.child(*item, 0)).map_or("", |name| self.t.text(name));
                let range = self.t.range(ts[0]).start..ts.last().map_or(0, |item| self.t.node(*item).end);
                let text = format!("{module}.{item}");
                self.bind(metavariable(self.p, name), Value::Text { text, range: range.into() }, then)
            }
            (Kind::Import, Kind::ImportFrom) => {
                let wanted = names::dotted(self.p, ps[0]);
                let module = names::dotted(self.t, ts[0]);
                let tree = self.t;
                ts[1..].iter().any(|item| {
                    let name = tree.child(*item, 0).map_or("", |name| tree.text(name));
                    wanted == format!("{module}.{name}") && then(self)
                }) || (is_below(&module, &wanted) && then(self))
            }
            _ => false,
        }
    }

    /// The module of an import; of JavaScript's, also what is inside it.
    pub(super) fn path(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        if let ([wanted], [given]) = (&ps[..], &ts[..])
            && self.p.kind(*wanted) == Kind::Str
            && self
                .t
                .text(*given)
                .strip_prefix(self.p.text(*wanted))
                .is_some_and(|rest| rest.starts_with('/'))
        {
            return then(self);
        }
        self.p.text(p) == self.t.text(t) && self.list(&ps, &ts, then)
    }

    /// An import of the pattern, `const … = require(…)` in the file.
    pub(super) fn required(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        let [_, target, _, value] = ts[..] else { return false };
        let tree = self.t;
        let Some(module) = names::required(tree, value) else { return false };
        let Some(wanted) = self.p.child(ps[0], 0) else { return false };
        self.node(wanted, module, &|m| {
            if m.p.kind(p) == Kind::Import {
                return m.p.kind(ps[1]) == Kind::Absent && then(m) || m.node(ps[1], target, then);
            }
            m.required_names(&ps[1..], target, then)
        })
    }

    fn required_names(&mut self, ps: &[NodeId], target: NodeId, then: Then<'_, 'm>) -> bool {
        let Some((first, rest)) = ps.split_first() else { return then(self) };
        if self.p.kind(*first) == Kind::Ellipsis {
            return self.required_names(rest, target, then);
        }
        let wanted = self.parts(*first);
        let [name, alias] = wanted[..] else { return false };
        if self.p.text(name) == "default" && self.t.kind(target) == Kind::Name {
            return self.node(alias, target, &|m| m.required_names(rest, target, then));
        }
        let pairs = if self.t.kind(target) == Kind::Dict { self.tree_parts(target) } else { Vec::new() };
        pairs.iter().any(|pair| match self.tree_parts(*pair)[..] {
            [key, bound] => self.node(name, key, &|m| {
                if m.p.kind(alias) == Kind::Absent {
                    return m.required_names(rest, target, then);
                }
                m.node(alias, bound, &|m| m.required_names(rest, target, then))
            }),
            _ => false,
        })
    }

    /// `import a.b` where the file has `import a.b.*`, in languages where the last name may be a package.
    fn is_inside_import(&self, ps: &[NodeId], ts: &[NodeId]) -> bool {
        if !matches!(self.t.language(), Language::Scala | Language::Kotlin | Language::Rust) {
            return false;
        }
        let [module, item] = ps else { return false };
        let name = self.p.child(*item, 0).map_or("", |name| self.p.text(name));
        let plain = self.p.subtree(*module).all(|id| matches!(self.p.kind(id), Kind::Path | Kind::Name));
        plain
            && is_below(&names::dotted(self.t, ts[0]), &format!("{}.{name}", names::dotted(self.p, *module)))
    }

    /// The metavariable that is the whole path of an import, in languages whose imports name one thing.
    fn whole_path(&self, path: NodeId) -> Option<NodeId> {
        let mut parts = self.p.children(path);
        let only = parts.next().filter(|only| self.p.kind(*only) == Kind::Metavariable)?;
        let single = self.t.language() != Language::Python && parts.next().is_none();
        single.then_some(only)
    }

    fn plain_import(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let (path, alias) = (ps[0], ps[1]);
        let whole = self.tree_parts(ts[0]).len() > 1 && self.parts(path).len() == 1;
        let name = self.p.child(path, 0).filter(|name| whole && self.p.kind(*name) == Kind::Metavariable);
        let bare = self.p.kind(alias) == Kind::Absent;
        if let Some(name) = name {
            let name = metavariable(self.p, name);
            return self.bind(name, Value::Node(ts[0]), &|m| bare || m.node(alias, ts[1], then))
                && then(self);
        }
        let plain = self.p.subtree(path).all(|id| matches!(self.p.kind(id), Kind::Path | Kind::Name));
        if bare && plain {
            return is_below(&names::dotted(self.t, ts[0]), &names::dotted(self.p, path)) && then(self);
        }
        self.node(path, ts[0], &|m| if bare { then(m) } else { m.node(alias, ts[1], then) })
    }

    fn import_items(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((first, rest)) = ps.split_first() else { return then(self) };
        if self.p.kind(*first) == Kind::Ellipsis {
            return self.import_items(rest, ts, then);
        }
        let wanted = self.parts(*first);
        ts.iter().any(|item| {
            let own = self.tree_parts(*item);
            let ([name, alias], [given, as_name]) = (&wanted[..], &own[..]) else { return false };
            let bare = self.p.kind(*alias) == Kind::Absent;
            self.node(*name, *given, &|m| {
                if bare {
                    m.import_items(rest, ts, then)
                } else {
                    m.node(*alias, *as_name, &|m| m.import_items(rest, ts, then))
                }
            })
        })
    }
}

/// Whether a module is the one that is wanted, or inside it.
fn is_below(module: &str, wanted: &str) -> bool {
    module.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The names of a chain, first to last; `None` if anything else is among them.
fn segments(tree: &Tree, id: NodeId) -> Option<Vec<NodeId>> {
    let mut names = Vec::new();
    let mut at = id;
    let is_name = |id| matches!(tree.kind(id), Kind::Name | Kind::Metavariable);
    while tree.kind(at) == Kind::Member {
        names.push(tree.child(at, 1).filter(|name| is_name(*name))?);
        at = tree.child(at, 0)?;
    }
    if !is_name(at) {
        return None;
    }
    names.push(at);
    names.reverse();
    Some(names)
}
