//! From a grammar's tree to the normalised tree: one table per language, and functions where a table is not
//! enough. Quirks of languages end here.

mod bash;
mod c;
mod csharp;
mod data;
mod dockerfile;
mod generic;
mod go;
mod hcl;
mod html;
mod java;
mod javascript;
mod kotlin;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod shared;
mod solidity;

use std::ops::Range;
use std::sync::OnceLock;

use crate::cst::{Cst, Raw};
use crate::grammar::Grammar;
use crate::kind::Kind;
use crate::language::Language;
use crate::pattern::marker;
use crate::tree::{EXTRA, Limits, Node, text_hash};

/// A node under construction; children come before their parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Draft(u32);

/// How nodes of one grammar kind are lowered.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// Leaves nothing.
    Skip,
    /// Its named children stand in its place.
    Inline,
    /// Its first named child stands in its place.
    Unwrap,
    /// A leaf whose text is the source.
    Leaf(Kind),
    /// All named children.
    Node(Kind),
    /// Two or one operands; the text is the operator.
    Operator(Kind),
    /// Children at fixed places.
    Slots(Kind, &'static [Slot]),
    /// A function that makes one node.
    One(fn(&mut Lowering<'_>, Raw) -> Draft),
    /// A function that makes any number of nodes.
    Many(fn(&mut Lowering<'_>, Raw, &mut Vec<Draft>)),
}

/// One place of [`Rule::Slots`].
#[derive(Clone, Copy)]
pub(crate) enum Slot {
    /// The child in a field, or nothing.
    Field(&'static str),
    /// The child in a field as a block, even when it is a single statement; or nothing.
    Body(&'static str),
}

/// The rules of a language, by the number of the grammar's kind.
struct Rules {
    by_kind: Vec<Option<Rule>>,
}

impl Rules {
    fn build(language: Language, table: &[(&str, Rule)]) -> Self {
        let grammar = Grammar::of(language);
        let by_kind = grammar
            .kinds
            .iter()
            .enumerate()
            .map(|(id, name)| {
                let named = grammar.parser.node_kind_is_named(id as u16);
                table.iter().find(|(kind, _)| named && **kind == **name).map(|(_, rule)| *rule)
            })
            .collect();
        Self { by_kind }
    }

    fn of(language: Language) -> &'static Self {
        macro_rules! once {
            ($table:expr) => {{
                static RULES: OnceLock<Rules> = OnceLock::new();
                RULES.get_or_init(|| Rules::build(language, $table))
            }};
        }
        match language {
            Language::Python => once!(python::TABLE),
            Language::JavaScript => once!(javascript::TABLE),
            Language::TypeScript => once!(javascript::TABLE),
            Language::Tsx => once!(javascript::TABLE),
            Language::Hcl => once!(hcl::TABLE),
            Language::Yaml => once!(data::YAML),
            Language::Json => once!(data::JSON),
            Language::Html => once!(html::TABLE),
            Language::Go => once!(go::TABLE),
            Language::Java => once!(java::TABLE),
            Language::Kotlin => once!(kotlin::TABLE),
            Language::Rust => once!(rust::TABLE),
            Language::Scala => once!(scala::TABLE),
            Language::Solidity => once!(solidity::TABLE),
            Language::Bash => once!(bash::TABLE),
            Language::Dockerfile => once!(dockerfile::TABLE),
            Language::Php => once!(php::TABLE),
            Language::Ruby => once!(ruby::TABLE),
            Language::CSharp => once!(csharp::TABLE),
            Language::C => once!(c::TABLE),
            Language::Cpp => once!(c::TABLE),
        }
    }
}

/// What a lowering leaves behind.
pub(crate) struct Lowered {
    pub(crate) nodes: Vec<Node>,
    pub(crate) extra: String,
}

/// Lowers a file or, with `pattern` set, a pattern whose markers become metavariables and ellipses.
pub(crate) fn lower(language: Language, source: &str, cst: &Cst, pattern: bool) -> Lowered {
    let mut lowering = Lowering {
        language,
        source,
        cst,
        rules: Rules::of(language),
        pattern,
        drafts: Vec::new(),
        pool: Vec::new(),
        extra: String::new(),
        token_groups: 0,
    };
    let root = match cst.root() {
        Some(root) => {
            let mut statements = Vec::new();
            for child in cst.named(root) {
                lowering.lower_into(child, &mut statements);
            }
            lowering.node(Kind::Module, 0..source.len() as u32, &statements)
        }
        None => lowering.node(Kind::Module, 0..source.len() as u32, &[]),
    };
    lowering.finish(root)
}

#[derive(Debug, Clone, Copy)]
struct DraftNode {
    kind: Kind,
    start: u32,
    end: u32,
    text_start: u32,
    text_len: u32,
    first: u32,
    count: u32,
}

/// The state of one lowering.
pub(crate) struct Lowering<'s> {
    pub(crate) language: Language,
    pub(crate) source: &'s str,
    pub(crate) cst: &'s Cst,
    rules: &'static Rules,
    pub(crate) pattern: bool,
    drafts: Vec<DraftNode>,
    pool: Vec<Draft>,
    extra: String,
    /// How many groups of a macro's tokens are open.
    token_groups: u32,
}

impl Lowering<'_> {
    /// The source of a node.
    pub(crate) fn source_of(&self, raw: Raw) -> &str {
        let range = self.cst.range(raw);
        self.source.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    /// A node without text.
    pub(crate) fn node(&mut self, kind: Kind, span: Range<u32>, children: &[Draft]) -> Draft {
        self.push(kind, span, 0, 0, children)
    }

    /// A node with a text of its own.
    pub(crate) fn node_with(
        &mut self,
        kind: Kind,
        span: Range<u32>,
        text: &str,
        children: &[Draft],
    ) -> Draft {
        let start = self.extra.len() as u32 | EXTRA;
        self.extra.push_str(text);
        self.push(kind, span, start, text.len() as u32, children)
    }

    fn push(&mut self, kind: Kind, span: Range<u32>, start: u32, len: u32, children: &[Draft]) -> Draft {
        if self.pattern
            && let Some(special) = self.special_node(kind, &span, children)
        {
            return special;
        }
        let first = self.pool.len() as u32;
        self.pool.extend_from_slice(children);
        self.drafts.push(DraftNode {
            kind,
            start: span.start,
            end: span.end,
            text_start: start,
            text_len: len,
            first,
            count: children.len() as u32,
        });
        Draft(self.drafts.len() as u32 - 1)
    }

    /// Nodes of a pattern that stand for something else: `DEEP(e)`, a parameter that is an ellipsis.
    fn special_node(&mut self, kind: Kind, span: &Range<u32>, children: &[Draft]) -> Option<Draft> {
        let first = *children.first()?;
        let is_dots = |kind| matches!(kind, Kind::Ellipsis | Kind::MetaEllipsis);
        match kind {
            Kind::Call if self.kind_of(first) == Kind::DeepEllipsis => {
                let args = *children.get(1)?;
                let inner = self.children_of(args).first().copied()?;
                Some(self.node_raw(Kind::DeepEllipsis, span.clone(), &[inner]))
            }
            Kind::Index if self.kind_of(first) == Kind::TypedMetavariable => Some(first),
            Kind::Call
                if self.language == Language::CSharp
                    && self.kind_of(first) == Kind::Member
                    && self.children_of(first).get(1).is_some_and(|name| is_dots(self.kind_of(*name)))
                    && self.children_of(*children.get(1)?).is_empty() =>
            {
                Some(first)
            }
            Kind::Call if self.kind_of(first) == Kind::Patterns => {
                self.children_of(*children.get(1)?).first().copied()
            }
            Kind::Call if is_dots(self.kind_of(first)) && self.language == Language::CSharp => {
                self.children_of(*children.get(1)?).is_empty().then_some(first)
            }
            Kind::Call if self.kind_of(first) == Kind::TypedMetavariable => {
                let args = self.children_of(*children.get(1)?);
                let [name, written] = args[..] else { return None };
                let name = self.text_of(name).to_owned();
                let place = self.span_of(written);
                let written = self.text_of(written).to_owned();
                let was = std::mem::replace(&mut self.pattern, false);
                let inner = self.node_with(Kind::Name, place, &written, &[]);
                let draft = self.node_with(Kind::TypedMetavariable, span.clone(), &name, &[inner]);
                self.pattern = was;
                Some(draft)
            }
            Kind::Function if is_dots(self.kind_of(*children.get(1)?)) && self.language == Language::Rust => {
                let no_parameters = self.children_of(*children.get(2)?).is_empty();
                no_parameters.then_some(children[1])
            }
            Kind::Spread if is_dots(self.kind_of(first)) => Some(first),
            Kind::Param
            | Kind::ImportItem
            | Kind::Attribute
            | Kind::Pair
            | Kind::VarDef
            | Kind::WithItem
            | Kind::Case
            | Kind::Patterns
            | Kind::Catch
            | Kind::Decorator => {
                if kind == Kind::Param || (kind == Kind::VarDef && self.is_bare_definition(children)) {
                    let dots = if kind == Kind::Param { first } else { children[1] };
                    if is_dots(self.kind_of(dots)) {
                        return Some(dots);
                    }
                }
                let dots = match kind {
                    Kind::VarDef => children.get(1).copied().filter(|_| children.len() > 1)?,
                    _ => first,
                };
                let alone = children.iter().all(|child| {
                    *child == dots
                        || matches!(self.kind_of(*child), Kind::Absent | Kind::Ellipsis | Kind::MetaEllipsis)
                        || (kind == Kind::VarDef && self.kind_of(*child) != Kind::Name)
                });
                (is_dots(self.kind_of(dots)) && alone && kind != Kind::Decorator).then_some(dots)
            }
            _ => None,
        }
    }

    /// Whether a definition has no value, as the one that stands for an ellipsis among members.
    fn is_bare_definition(&self, children: &[Draft]) -> bool {
        matches!(children, [_, _, _, value] if self.kind_of(*value) == Kind::Absent)
    }

    /// A node as it is.
    fn node_raw(&mut self, kind: Kind, span: Range<u32>, children: &[Draft]) -> Draft {
        let was = std::mem::replace(&mut self.pattern, false);
        let draft = self.node(kind, span, children);
        self.pattern = was;
        draft
    }

    /// A leaf whose text is a part of the source; in a pattern, a marker becomes what it stands for.
    pub(crate) fn leaf(&mut self, kind: Kind, span: Range<u32>, text: Range<u32>) -> Draft {
        if self.pattern {
            let written = self.source.get(text.start as usize..text.end as usize).unwrap_or("");
            if !matches!(kind, Kind::Str | Kind::Regex)
                && let Some(special) = marker::meaning(written)
            {
                return self.special_leaf(&special, span);
            }
            if marker::is_in(written) {
                let restored = marker::restore(written);
                return self.node_with(kind, span, &restored, &[]);
            }
        }
        self.push(kind, span, text.start, text.end - text.start, &[])
    }

    fn special_leaf(&mut self, special: &marker::Meaning<'_>, span: Range<u32>) -> Draft {
        match special {
            marker::Meaning::Ellipsis => self.node_raw(Kind::Ellipsis, span, &[]),
            marker::Meaning::Statement => self.node_raw(Kind::Patterns, span, &[]),
            marker::Meaning::Typed => self.node_raw(Kind::TypedMetavariable, span, &[]),
            marker::Meaning::Deep => self.node_raw(Kind::DeepEllipsis, span, &[]),
            marker::Meaning::Metavariable(name) => self.node_with(Kind::Metavariable, span, name, &[]),
            marker::Meaning::MetaEllipsis(name) => self.node_with(Kind::MetaEllipsis, span, name, &[]),
        }
    }

    /// A leaf whose text is its source.
    pub(crate) fn leaf_of(&mut self, kind: Kind, raw: Raw) -> Draft {
        let range = self.cst.range(raw);
        self.leaf(kind, range.clone(), range)
    }

    /// Nothing, at the end of some node.
    pub(crate) fn absent(&mut self, at: u32) -> Draft {
        self.push(Kind::Absent, at..at, 0, 0, &[])
    }

    pub(crate) fn kind_of(&self, draft: Draft) -> Kind {
        self.drafts[draft.0 as usize].kind
    }

    pub(crate) fn span_of(&self, draft: Draft) -> Range<u32> {
        let node = &self.drafts[draft.0 as usize];
        node.start..node.end
    }

    pub(crate) fn set_span(&mut self, draft: Draft, span: Range<u32>) {
        let node = &mut self.drafts[draft.0 as usize];
        node.start = span.start;
        node.end = span.end;
    }

    pub(crate) fn children_of(&self, draft: Draft) -> Vec<Draft> {
        let node = &self.drafts[draft.0 as usize];
        self.pool[node.first as usize..(node.first + node.count) as usize].to_vec()
    }

    pub(crate) fn text_of(&self, draft: Draft) -> &str {
        let node = &self.drafts[draft.0 as usize];
        let (from, start) = if node.text_start & EXTRA == 0 {
            (self.source, node.text_start)
        } else {
            (self.extra.as_str(), node.text_start & !EXTRA)
        };
        from.get(start as usize..(start + node.text_len) as usize).unwrap_or("")
    }

    /// Lowers a node to any number of nodes.
    pub(crate) fn lower_into(&mut self, raw: Raw, out: &mut Vec<Draft>) {
        if self.cst.is_error(raw) {
            self.inline(raw, out);
            return;
        }
        let rule = self.rules.by_kind.get(self.cst.kind_id(raw) as usize).copied().flatten();
        let made = match rule {
            Some(Rule::Skip) => return,
            Some(Rule::Inline) => return self.inline(raw, out),
            Some(Rule::Many(function)) => return function(self, raw, out),
            Some(Rule::Unwrap) => match self.cst.named(raw).next() {
                Some(inner) => return self.lower_into(inner, out),
                None => return,
            },
            Some(Rule::Leaf(kind)) => self.leaf_of(kind, raw),
            Some(Rule::Node(kind)) => {
                let children = self.named_children(raw);
                self.node(kind, self.cst.range(raw), &children)
            }
            Some(Rule::Operator(kind)) => self.operator(kind, raw),
            Some(Rule::Slots(kind, slots)) => self.slots(kind, slots, raw),
            Some(Rule::One(function)) => function(self, raw),
            None => self.other(raw),
        };
        out.push(made);
    }

    fn inline(&mut self, raw: Raw, out: &mut Vec<Draft>) {
        for child in self.cst.named(raw) {
            self.lower_into(child, out);
        }
    }

    /// Reads a part of the source in another language.
    pub(crate) fn embedded(&mut self, language: Language, range: Range<u32>, out: &mut Vec<Draft>) {
        let Some(cst) = Cst::parse_part(language, self.source, &range, &Limits::default()) else { return };
        let mut inner = Lowering {
            language,
            source: self.source,
            cst: &cst,
            rules: Rules::of(language),
            pattern: self.pattern,
            drafts: std::mem::take(&mut self.drafts),
            pool: std::mem::take(&mut self.pool),
            extra: std::mem::take(&mut self.extra),
            token_groups: 0,
        };
        if let Some(root) = cst.root() {
            inner.inline(root, out);
        }
        self.drafts = inner.drafts;
        self.pool = inner.pool;
        self.extra = inner.extra;
    }

    /// Lowers a node to exactly one node.
    pub(crate) fn lower(&mut self, raw: Raw) -> Draft {
        let mut out = Vec::new();
        self.lower_into(raw, &mut out);
        match out.as_slice() {
            [one] => *one,
            [] => self.absent(self.cst.range(raw).end),
            _ => self.node(Kind::Tuple, self.cst.range(raw), &out),
        }
    }

    /// The child in a field, or nothing.
    pub(crate) fn field(&mut self, raw: Raw, name: &str) -> Draft {
        match self.cst.field(raw, name).filter(|child| self.cst.is_named(*child)) {
            Some(child) => self.lower(child),
            None => self.absent(self.cst.range(raw).end),
        }
    }

    /// An optional node, or nothing.
    pub(crate) fn optional(&mut self, raw: Option<Raw>, at: u32) -> Draft {
        match raw {
            Some(raw) => self.lower(raw),
            None => self.absent(at),
        }
    }

    /// A node as a block, even when it is a single statement.
    pub(crate) fn body(&mut self, raw: Option<Raw>, at: u32) -> Draft {
        let Some(raw) = raw else { return self.absent(at) };
        let mut out = Vec::new();
        self.lower_into(raw, &mut out);
        match out.as_slice() {
            [one] if self.kind_of(*one) == Kind::Block => {
                // Without braces, a metavariable stands for the whole body.
                let inner = self.children_of(*one);
                match inner[..] {
                    [only]
                        if self.kind_of(only) == Kind::Metavariable
                            && !self.source_of(raw).starts_with('{') =>
                    {
                        only
                    }
                    _ => *one,
                }
            }
            [one] if self.kind_of(*one) == Kind::Metavariable => *one,
            _ => self.node(Kind::Block, self.cst.range(raw), &out),
        }
    }

    /// All named children.
    pub(crate) fn named_children(&mut self, raw: Raw) -> Vec<Draft> {
        let mut out = Vec::new();
        self.inline(raw, &mut out);
        out
    }

    /// All children in a field.
    pub(crate) fn all(&mut self, raw: Raw, field: &str) -> Vec<Draft> {
        let mut out = Vec::new();
        for child in self.cst.children(raw) {
            if self.cst.field_name(child) == field && self.cst.is_named(child) {
                self.lower_into(child, &mut out);
            }
        }
        out
    }

    fn slots(&mut self, kind: Kind, slots: &[Slot], raw: Raw) -> Draft {
        let range = self.cst.range(raw);
        let mut children = Vec::with_capacity(slots.len());
        for slot in slots {
            match slot {
                Slot::Field(name) => children.push(self.field(raw, name)),
                Slot::Body(name) => children.push(self.body(self.cst.field(raw, name), range.end)),
            }
        }
        self.node(kind, range, &children)
    }

    /// From the first to the last of some nodes.
    pub(crate) fn span_over(&self, parts: &[Draft], at: u32) -> Range<u32> {
        match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => self.span_of(*first).start..self.span_of(*last).end,
            _ => at..at,
        }
    }

    /// Operands, with the token between or before them as the text; one after its operand says so.
    fn operator(&mut self, kind: Kind, raw: Raw) -> Draft {
        let token = self
            .cst
            .field(raw, "operator")
            .or_else(|| self.cst.children(raw).find(|child| !self.cst.is_named(*child)));
        let text = token.map(|token| self.cst.range(token)).unwrap_or(0..0);
        let mut children = Vec::new();
        for child in self.cst.named(raw) {
            if Some(child) != token {
                self.lower_into(child, &mut children);
            }
        }
        let first = children.first().map(|first| self.span_of(*first).start);
        if kind == Kind::Unary && first.is_some_and(|first| first < text.start) {
            let written = self.source.get(text.start as usize..text.end as usize).unwrap_or("");
            let after = format!("post{written}");
            return self.node_with(kind, self.cst.range(raw), &after, &children);
        }
        self.push(kind, self.cst.range(raw), text.start, text.end - text.start, &children)
    }

    /// What no rule speaks of: a leaf with its source, or a node with the grammar's name.
    pub(crate) fn other(&mut self, raw: Raw) -> Draft {
        let range = self.cst.range(raw);
        let children = self.named_children(raw);
        if children.is_empty() {
            return self.leaf(Kind::Other, range.clone(), range);
        }
        self.node_with(Kind::Other, range, self.cst.kind(raw), &children)
    }

    /// Lays the drafts that are reachable from the root out in pre-order.
    fn finish(self, root: Draft) -> Lowered {
        let mut nodes: Vec<Node> = Vec::with_capacity(self.drafts.len());
        let mut work: Vec<Step> = vec![Step::Enter(root, 0)];
        while let Some(step) = work.pop() {
            match step {
                Step::Enter(draft, parent) => {
                    let id = nodes.len() as u32;
                    let from = self.drafts[draft.0 as usize];
                    let text = self.text_of(draft);
                    nodes.push(Node {
                        kind: from.kind,
                        hash: if text.is_empty() { 0 } else { text_hash(text) },
                        start: from.start,
                        end: from.end,
                        text_start: from.text_start,
                        text_len: from.text_len,
                        parent,
                        subtree_end: id + 1,
                    });
                    if from.count > 0 {
                        work.push(Step::Leave(id));
                        let children = &self.pool[from.first as usize..(from.first + from.count) as usize];
                        work.extend(children.iter().rev().map(|child| Step::Enter(*child, id)));
                    }
                }
                Step::Leave(id) => nodes[id as usize].subtree_end = nodes.len() as u32,
            }
        }
        Lowered { nodes, extra: self.extra }
    }
}

enum Step {
    Enter(Draft, u32),
    Leave(u32),
}
