//! A tree-sitter tree as a flat array: children and fields without calls into the parser, a known depth.

use std::ops::Range;

use crate::grammar::Grammar;
use crate::language::Language;
use crate::tree::Limits;

/// Index of a node of a [`Cst`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Raw(pub(crate) u32);

/// One node as the grammar sees it, in pre-order.
#[derive(Debug, Clone, Copy)]
struct RawNode {
    kind: u16,
    field: u16,
    start: u32,
    end: u32,
    subtree_end: u32,
    named: bool,
}

/// The concrete syntax tree of one text, comments left out.
#[derive(Debug)]
pub(crate) struct Cst {
    pub(crate) grammar: &'static Grammar,
    nodes: Vec<RawNode>,
    /// Regions that could not be read: errors, and what lies beyond a limit.
    pub(crate) broken: Vec<Range<u32>>,
}

/// What tree-sitter numbers an error as.
const ERROR: u16 = u16::MAX;

impl Cst {
    /// Parses a text; `None` if the parser gives up.
    pub(crate) fn parse(language: Language, source: &str, limits: &Limits) -> Option<Self> {
        Self::parse_part(language, source, &(0..source.len() as u32), limits)
    }

    /// Parses a part of a text; positions are those of the whole.
    pub(crate) fn parse_part(
        language: Language,
        source: &str,
        part: &Range<u32>,
        limits: &Limits,
    ) -> Option<Self> {
        let grammar = Grammar::of(language);
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&grammar.parser).ok()?;
        let whole = part.len() == source.len();
        if !whole {
            let point = tree_sitter::Point::default();
            let range = tree_sitter::Range {
                start_byte: part.start as usize,
                end_byte: part.end as usize,
                start_point: point,
                end_point: point,
            };
            parser.set_included_ranges(&[range]).ok()?;
        }
        let tree = parser.parse(source, None)?;
        let mut cst = Self { grammar, nodes: Vec::with_capacity(part.len() / 3), broken: Vec::new() };
        cst.flatten(&tree, limits);
        cst.broken.sort_by_key(|range| range.start);
        Some(cst)
    }

    fn flatten(&mut self, tree: &tree_sitter::Tree, limits: &Limits) {
        let mut cursor = tree.walk();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let node = cursor.node();
            let range = node.start_byte() as u32..node.end_byte() as u32;
            let beyond = open.len() as u32 >= limits.depth_max || self.nodes.len() >= limits.nodes_max;
            let unread = node.is_error() || node.is_missing();
            let kept = !beyond && (!node.is_extra() || node.is_error() || kept_extra(node.kind()));
            if beyond || unread {
                self.mark_broken(range.clone());
            }
            if kept {
                self.nodes.push(RawNode {
                    kind: node.kind_id(),
                    field: cursor.field_id().map_or(0, std::num::NonZero::get),
                    start: range.start,
                    end: range.end,
                    subtree_end: 0,
                    named: node.is_named(),
                });
                if cursor.goto_first_child() {
                    open.push(self.nodes.len() - 1);
                    continue;
                }
                let last = self.nodes.len();
                self.nodes[last - 1].subtree_end = last as u32;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                let end = self.nodes.len() as u32;
                if let Some(parent) = open.pop() {
                    self.nodes[parent].subtree_end = end;
                }
            }
        }
    }

    /// Records a region, joined to the one before if they touch.
    fn mark_broken(&mut self, range: Range<u32>) {
        match self.broken.last_mut() {
            Some(last) if range.start <= last.end && range.start >= last.start => {
                last.end = last.end.max(range.end);
            }
            _ => self.broken.push(range),
        }
    }

    pub(crate) fn root(&self) -> Option<Raw> {
        (!self.nodes.is_empty()).then_some(Raw(0))
    }

    fn node(&self, raw: Raw) -> &RawNode {
        &self.nodes[raw.0 as usize]
    }

    pub(crate) fn kind_id(&self, raw: Raw) -> u16 {
        self.node(raw).kind
    }

    /// The grammar's name for what a node is.
    pub(crate) fn kind(&self, raw: Raw) -> &'static str {
        let kind = self.node(raw).kind;
        if kind == ERROR { "ERROR" } else { self.grammar.kinds.get(kind as usize).map_or("", |name| name) }
    }

    pub(crate) fn is_error(&self, raw: Raw) -> bool {
        self.node(raw).kind == ERROR
    }

    pub(crate) fn is_named(&self, raw: Raw) -> bool {
        self.node(raw).named
    }

    /// The name of the field that a node fills in its parent, or nothing.
    pub(crate) fn field_name(&self, raw: Raw) -> &'static str {
        self.grammar.fields.get(self.node(raw).field as usize).map_or("", |name| name)
    }

    pub(crate) fn range(&self, raw: Raw) -> Range<u32> {
        let node = self.node(raw);
        node.start..node.end
    }

    /// All children, tokens included.
    pub(crate) fn children(&self, raw: Raw) -> impl Iterator<Item = Raw> + '_ {
        let end = self.node(raw).subtree_end;
        let mut next = raw.0 + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Raw(next))?;
            next = self.node(child).subtree_end;
            Some(child)
        })
    }

    /// The children that are no mere tokens.
    pub(crate) fn named(&self, raw: Raw) -> impl Iterator<Item = Raw> + '_ {
        self.children(raw).filter(|child| self.is_named(*child))
    }

    /// The first child in a field.
    pub(crate) fn field(&self, raw: Raw, name: &str) -> Option<Raw> {
        self.children(raw).find(|child| self.field_name(*child) == name)
    }

    /// The first child of a kind.
    pub(crate) fn child_of_kind(&self, raw: Raw, kind: &str) -> Option<Raw> {
        self.children(raw).find(|child| self.kind(*child) == kind)
    }

    /// Whether a token or child of that kind is among the children.
    pub(crate) fn has(&self, raw: Raw, kind: &str) -> bool {
        self.child_of_kind(raw, kind).is_some()
    }
}

/// Extras that carry meaning: the bodies of Ruby's here-documents.
fn kept_extra(kind: &str) -> bool {
    kind == "heredoc_body"
}
