//! One node of a pattern against one node of a tree.

use super::{DEPTH_MAX, Matcher, Then, chains, items};
use crate::kind::Kind;
use crate::language::Language;
use crate::names;
use crate::pattern::{metavariable, string_metavariable};
use crate::tree::NodeId;
use crate::value::{Metavariable, Value};

impl<'m> Matcher<'m> {
    /// The root of a pattern, which may be an expression where the tree has a decorator.
    pub(super) fn root_node(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.t.kind(t) == Kind::Decorator && self.p.kind(p) != Kind::Decorator {
            let Some(inner) = self.t.child(t, 0).filter(|_| self.options.attr_expr) else { return false };
            let (ps, ts) = (self.parts(p), self.tree_parts(t));
            return match (&ps[..], &ts[..]) {
                ([callee, args], [_, given]) if self.p.kind(p) == Kind::Call => {
                    self.node(*callee, inner, &|m| m.node(*args, *given, then))
                }
                _ => false,
            };
        }
        self.node(p, t, then)
    }

    /// Matches two nodes, then goes on.
    pub(super) fn node(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        if !self.steps.spend() {
            return true;
        }
        if self.depth >= DEPTH_MAX {
            self.steps.exhausted = true;
            return true;
        }
        self.depth += 1;
        let stop = self.node_inner(p, t, then);
        self.depth -= 1;
        stop
    }

    fn node_inner(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (pk, tk) = (self.p.kind(p), self.t.kind(t));
        match pk {
            Kind::Ellipsis => return then(self),
            Kind::Metavariable => {
                let bound = match tk {
                    Kind::Absent => return false,
                    Kind::Block => self.only_statement(t),
                    Kind::KeywordArg => self.t.child(t, 1).unwrap_or(t),
                    _ => t,
                };
                let name = metavariable(self.p, p);
                if self.bind(name, Value::Node(bound), then) {
                    return true;
                }
                if tk == Kind::Cast && self.is_bound(name) {
                    return self.t.child(t, 1).is_some_and(|value| self.bind(name, Value::Node(value), then));
                }
                return match self.t.facts.value_of(bound).filter(|_| self.options.symbolic_propagation) {
                    Some(value) => self.bind(name, Value::Node(value), then),
                    None => false,
                };
            }
            Kind::MetaEllipsis => return self.bind(metavariable(self.p, p), Value::Nodes(vec![t]), then),
            Kind::TypedMetavariable => return self.typed(p, t, then),
            Kind::DeepEllipsis => return self.deep(p, t, then),
            Kind::Str | Kind::Number | Kind::Constant | Kind::Interpolated if self.literal(p, t, then) => {
                return true;
            }
            Kind::Name | Kind::Member if self.chain(p, t, then) => return true,
            _ => {}
        }
        if self.options.symbolic_propagation
            && tk == Kind::Name
            && pk != Kind::Name
            && let Some(value) = self.t.facts.value_of(t)
            && self.node(p, value, then)
        {
            return true;
        }
        if pk == tk {
            if self.same_kind(p, t, then) {
                return true;
            }
            return pk == Kind::Assign && self.pairwise(p, t, then);
        }
        self.other_kind(p, t, then)
    }

    /// The kinds are equal: texts and children decide.
    fn same_kind(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let kind = self.p.kind(p);
        match kind {
            Kind::Absent => return then(self),
            // Literals, names and chains have been tried.
            Kind::Str | Kind::Number | Kind::Constant | Kind::Interpolated | Kind::Name => return false,
            Kind::Member if chains::is_dots(self.p, p) => return false,
            Kind::Binary => return self.binary(p, t, then),
            Kind::Import | Kind::ImportFrom => return self.import(p, t, then),
            Kind::Regex => return self.regex_literal(p, t, then),
            Kind::Element => return self.element(p, t, then),
            Kind::Path => return self.path(p, t, then),
            _ => {}
        }
        if !self.same_text(p, t) {
            return false;
        }
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        match kind {
            Kind::Call if ps.first().is_some_and(|callee| self.p.kind(*callee) == Kind::Ellipsis) => {
                self.any_words(&ps, &ts, then)
            }
            Kind::Args => self.args(&ps, &ts, then),
            Kind::Function if self.p.child(p, 1).is_some_and(|name| self.p.kind(name) == Kind::Absent) => {
                let named = ts.get(1).is_some_and(|name| self.t.kind(*name) != Kind::Absent);
                !named && self.places(kind, &ps, &ts, then)
            }
            Kind::Dict | Kind::Set => self.entries(&ps, &ts, then),
            Kind::Modifiers | Kind::Bases | Kind::Catches => self.subset(&ps, &ts, then),
            Kind::Return => self.optional(&ps, &ts, then),
            Kind::For if self.any_loop(p, t, then) => true,
            Kind::Switch => match (ps.split_first(), ts.split_first()) {
                (Some((subject, cases)), Some((given, own))) => {
                    self.node(*subject, *given, &|m| m.subset(cases, own, then))
                }
                _ => false,
            },
            // Braces of their own are those of statements, never of a class.
            Kind::Block if self.is_own_block(p) && self.is_class_body(t) => false,
            Kind::Block | Kind::Module => self.block(p, &ps, &ts, then),
            _ => self.places(kind, &ps, &ts, then),
        }
    }

    /// Texts are equal where they say what a node is.
    fn same_text(&self, p: NodeId, t: NodeId) -> bool {
        let (a, b) = (self.p.node(p), self.t.node(t));
        match self.p.kind(p) {
            Kind::VarDef => true,
            Kind::Assign if self.p.text(p) == "=" => matches!(self.t.text(t), "=" | ":="),
            Kind::Member => self.p.text(p).is_empty() || self.p.text(p) == self.t.text(t),
            Kind::Modifier if self.options.let_is_var && self.p.text(p) == "var" => {
                matches!(self.t.text(t), "var" | "let" | "const")
            }
            _ => a.hash == b.hash && self.p.text(p) == self.t.text(t),
        }
    }

    /// Children at fixed places; a place that the pattern leaves empty may hold anything where that is usual.
    fn places(&mut self, kind: Kind, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        if items::is_lenient(kind) {
            return self.lenient(kind, 0, ps, ts, then);
        }
        self.list(ps, ts, then)
    }

    fn lenient(&mut self, kind: Kind, at: usize, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        match (ps.get(at), ts.get(at)) {
            (None, _) => then(self),
            (Some(p), Some(t)) => {
                if self.p.kind(*p) == Kind::Absent && items::may_be_more(kind, at) {
                    return self.lenient(kind, at + 1, ps, ts, then);
                }
                self.node(*p, *t, &|m| m.lenient(kind, at + 1, ps, ts, then))
            }
            _ => false,
        }
    }

    /// Kinds differ, and still mean the same.
    fn other_kind(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        match (self.p.kind(p), self.t.kind(t)) {
            (Kind::Assign, Kind::VarDef) if self.options.vardef_assign => self.definition(p, t, then),
            (Kind::Import, Kind::ImportFrom) | (Kind::ImportFrom, Kind::Import) => self.import(p, t, then),
            (Kind::Set, Kind::Dict) | (Kind::List | Kind::Set, Kind::Comprehension) => {
                let ps = self.parts(p);
                let dots = !ps.is_empty() && ps.iter().all(|id| self.p.kind(*id) == Kind::Ellipsis);
                let bracket =
                    self.t.kind(t) == Kind::Dict || (self.t.text(t) == "[") == (self.p.kind(p) == Kind::List);
                dots && bracket && then(self)
            }
            (Kind::Tuple, _) if self.p.parent(p).is_some_and(|up| self.p.kind(up) == Kind::Catch) => {
                let ps = self.parts(p);
                self.t.kind(t) != Kind::Absent && self.list(&ps, &[t], then)
            }
            (_, Kind::Cast | Kind::KeywordArg) => match self.t.child(t, 1) {
                Some(value) => self.node(p, value, then),
                None => false,
            },
            (Kind::Block, Kind::Absent) => {
                self.p.children(p).all(|part| self.p.kind(part) == Kind::Ellipsis) && then(self)
            }
            (Kind::List, Kind::Dict) if self.t.language() == Language::Php => {
                let ps = self.parts(p);
                !ps.is_empty() && ps.iter().all(|id| self.p.kind(*id) == Kind::Ellipsis) && then(self)
            }
            (Kind::Block, _) if self.t.kind(t) != Kind::Absent => {
                let ps = self.parts(p);
                self.block(p, &ps, &[t], then)
            }
            (_, Kind::Block) if self.p.kind(p) != Kind::Absent => match self.tree_parts(t)[..] {
                [one] => self.node(p, one, then),
                _ => false,
            },
            (Kind::For, Kind::ForEach | Kind::While | Kind::DoWhile) => self.any_loop(p, t, then),
            (Kind::Name | Kind::Member, Kind::Type) if self.t.text(t).is_empty() => {
                match self.t.child(t, 0) {
                    Some(base) => self.node(p, base, then),
                    None => false,
                }
            }
            (Kind::Str, Kind::Name) if matches!(self.t.language(), Language::Bash | Language::Dockerfile) => {
                let is_command = self.t.parent(t).is_some_and(|up| self.t.kind(up) == Kind::Call);
                is_command && self.p.text(p) == self.t.text(t) && then(self)
            }
            (Kind::Call, Kind::Str) if self.t.language() == Language::Bash => {
                self.bare_command(p, t) && then(self)
            }
            (Kind::Return, tk) if tk.is_expression() && self.is_arrow_body(t) => {
                match self.p.child(p, 0).filter(|value| self.p.kind(*value) != Kind::Absent) {
                    Some(value) => self.node(value, t, then),
                    None => false,
                }
            }
            (Kind::Return, _) if self.options.implicit_return && self.is_last_of_body(t) => {
                match self.p.child(p, 0).filter(|value| self.p.kind(*value) != Kind::Absent) {
                    Some(value) => self.node(value, t, then),
                    None => false,
                }
            }
            (Kind::Import | Kind::ImportFrom, Kind::VarDef) => self.required(p, t, then),
            (Kind::Regex, _) => match self.t.facts.literal_of(t) {
                Some(literal) if self.t.kind(literal) == Kind::Regex => self.regex_literal(p, literal, then),
                _ => false,
            },
            (Kind::Interpolated, Kind::Str) if self.t.language().has_records() => {
                self.only_dots(p) && then(self)
            }
            (Kind::Function, Kind::Lambda) if self.options.arrow_is_function => self.lambda(p, t, then),
            _ => false,
        }
    }

    /// A value that may be left out; an ellipsis stands for that too.
    fn optional(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        match (ps, ts) {
            ([p], [t]) => self.node(*p, *t, then),
            _ => self.list(ps, ts, then),
        }
    }

    /// Whether an expression is the whole body of an arrow.
    fn is_arrow_body(&self, t: NodeId) -> bool {
        self.t
            .parent(t)
            .is_some_and(|up| self.t.kind(up) == Kind::Lambda && self.t.children(up).last() == Some(t))
    }

    /// Whether an expression is what a function gives back without saying so.
    fn is_last_of_body(&self, t: NodeId) -> bool {
        if !self.t.language().returns_implicitly() || !self.t.kind(t).is_expression() {
            return false;
        }
        let mut at = t;
        while let Some(up) = self.t.parent(at) {
            match self.t.kind(up) {
                Kind::Function | Kind::Lambda => return true,
                Kind::Block | Kind::Module if self.t.children(up).last() == Some(at) => at = up,
                Kind::If | Kind::Case | Kind::Switch if self.t.kind(at) != Kind::Name => at = up,
                _ => return false,
            }
        }
        false
    }

    /// `x = 1` in the pattern, `let x = 1` in the file.
    fn definition(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        match (&ps[..], &ts[..]) {
            ([target, value], [_, name, _, given])
                if self.p.text(p) == "=" && self.t.kind(*given) != Kind::Absent =>
            {
                self.node(*target, *name, &|m| m.node(*value, *given, then))
            }
            _ => false,
        }
    }

    /// `a, b = c, d` is also `a = c` and `b = d`.
    fn pairwise(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        let ([target, value], [names, values]) = (&ps[..], &ts[..]) else { return false };
        if self.t.kind(*names) != Kind::Tuple || self.t.kind(*values) != Kind::Tuple {
            return false;
        }
        let (names, values) = (self.tree_parts(*names), self.tree_parts(*values));
        names.len() == values.len()
            && names
                .iter()
                .zip(&values)
                .any(|(name, given)| self.node(*target, *name, &|m| m.node(*value, *given, then)))
    }

    /// A function without a name in the pattern, an arrow in the file.
    fn lambda(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        match (&ps[..], &ts[..]) {
            ([_, name, parameters, _, body], [own, _, code]) if self.p.kind(*name) == Kind::Ellipsis => {
                self.node(*parameters, *own, &|m| m.node(*body, *code, then))
            }
            _ => false,
        }
    }

    /// Bash: a command without words is any word.
    fn bare_command(&self, p: NodeId, t: NodeId) -> bool {
        let ps = self.parts(p);
        ps.len() == 2 && self.p.children(ps[1]).next().is_none() && self.p.text(ps[0]) == self.t.text(t)
    }

    /// `for (...)` stands for every kind of loop.
    fn any_loop(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        let ([head @ .., body], Some(code)) =
            (&ps[..], ts.iter().rfind(|id| self.t.kind(**id) == Kind::Block))
        else {
            return false;
        };
        let dots = head.iter().filter(|id| self.p.kind(**id) == Kind::Ellipsis).count();
        let open =
            dots == 1 && head.iter().all(|id| matches!(self.p.kind(*id), Kind::Ellipsis | Kind::Absent));
        open && self.node(*body, *code, then)
    }

    /// A tag, its attributes in any order, its children; a pattern without children does not mind any.
    fn element(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.parts(p), self.tree_parts(t));
        let ([name, attributes, children], [given, own, inner]) = (&ps[..], &ts[..]) else { return false };
        let none = self.p.children(*children).next().is_none();
        self.node(*name, *given, &|m| {
            m.node(*attributes, *own, &|m| if none { then(m) } else { m.node(*children, *inner, then) })
        })
    }

    /// `... word`: a command in which the words stand anywhere.
    fn any_words(&mut self, ps: &[NodeId], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let ([dots, args], [callee, given]) = (ps, ts) else { return false };
        let wanted: Vec<NodeId> = std::iter::once(*dots).chain(self.parts(*args)).collect();
        let given: Vec<NodeId> = std::iter::once(*callee).chain(self.tree_parts(*given)).collect();
        self.list(&wanted, &given, then)
    }

    /// `<... e ...>`: the expression itself or any below it.
    fn deep(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let Some(inner) = self.p.child(p, 0) else { return then(self) };
        for id in self.t.subtree(t) {
            if !self.steps.spend() {
                return true;
            }
            if names::is_expression(self.t, id) && self.node(inner, id, then) {
                return true;
            }
        }
        false
    }

    /// A metavariable with a type.
    fn typed(&mut self, p: NodeId, t: NodeId, then: Then<'_, 'm>) -> bool {
        let Some(wanted) = self.p.child(p, 0) else { return false };
        if let Some(kind) = string_metavariable(self.p.text(wanted)) {
            let Some(text) = self.declared_type(t) else { return false };
            let value = Value::Text { text, range: self.t.range(t).into() };
            return self.bind(Metavariable::bare(kind), value, &|m| {
                m.bind(metavariable(m.p, p), Value::Node(t), then)
            });
        }
        self.has_type(wanted, t) && self.bind(metavariable(self.p, p), Value::Node(t), then)
    }

    fn has_type(&mut self, wanted: NodeId, t: NodeId) -> bool {
        let text = self.p.text(wanted);
        if self.declared_type(t).is_some_and(|kind| kind == text || base_type(&kind) == base_type(text)) {
            return true;
        }
        let t = self.t.facts.literal_of(t).unwrap_or(t);
        let literal = match self.t.kind(t) {
            Kind::Str | Kind::Interpolated => &["str", "string", "String"][..],
            Kind::Number if !self.t.text(t).contains('.') => &["int", "number", "Integer", "long"][..],
            Kind::Number => &["float", "number", "double", "Double"][..],
            Kind::Constant if matches!(self.t.text(t), "true" | "false" | "True" | "False") => {
                &["bool", "boolean", "Boolean"][..]
            }
            _ => &[][..],
        };
        literal.contains(&text)
    }

    /// Whether a block of a pattern is not the body of anything.
    fn is_own_block(&self, p: NodeId) -> bool {
        self.p.parent(p).is_none_or(|up| matches!(self.p.kind(up), Kind::Block | Kind::Module))
    }

    fn is_class_body(&self, t: NodeId) -> bool {
        self.t.parent(t).is_some_and(|up| self.t.kind(up) == Kind::Class)
    }

    /// The statement of a block of one, else the block.
    fn only_statement(&self, block: NodeId) -> NodeId {
        let mut parts = self.t.children(block);
        match (parts.next(), parts.next()) {
            (Some(only), None) => only,
            _ => block,
        }
    }

    /// The type that a name was declared with, or that is constructed.
    fn declared_type(&self, t: NodeId) -> Option<String> {
        match self.t.kind(t) {
            Kind::New | Kind::Cast => Some(self.t.source_of(self.t.child(t, 0)?).to_owned()),
            Kind::Name => self.t.facts.declared_type(self.t, t),
            Kind::Member => {
                let own = self.t.child(t, 1)?;
                matches!(self.t.text(self.t.child(t, 0)?), "this" | "self")
                    .then(|| self.t.facts.declared_type(self.t, own))
                    .flatten()
            }
            _ => None,
        }
    }

    pub(super) fn parts(&self, p: NodeId) -> Vec<NodeId> {
        self.p.children(p).collect()
    }

    pub(super) fn tree_parts(&self, t: NodeId) -> Vec<NodeId> {
        self.t.children(t).collect()
    }
}

/// A type without its package and arguments.
fn base_type(text: &str) -> &str {
    let text = text.split('<').next().unwrap_or(text).trim();
    text.rsplit('.').next().unwrap_or(text)
}
