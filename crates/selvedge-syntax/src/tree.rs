//! One file as a normalised tree in an arena: nodes in pre-order, so that a subtree is a range of indices.

use std::ops::Range;

use crate::cst::Cst;
use crate::facts::Facts;
use crate::kind::Kind;
use crate::language::Language;
use crate::lower;

/// Index of a node of one [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// One node; 32 bytes, so that two fit a cache line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Hash of the text; equal texts have equal hashes.
    pub(crate) hash: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Where the text stands: in the source, or with [`EXTRA`] set in the tree's own text.
    pub(crate) text_start: u32,
    pub(crate) text_len: u32,
    pub(crate) parent: u32,
    /// One past the last node of the subtree.
    pub(crate) subtree_end: u32,
}

/// Set in `text_start` when the text is not a part of the source.
pub(crate) const EXTRA: u32 = 1 << 31;

/// Bounds of parsing one file.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a file; larger ones are refused.
    pub bytes_max: usize,
    /// Depth of the syntax tree; what lies deeper is dropped and counted as broken.
    pub depth_max: u32,
    /// Nodes of the syntax tree; what comes after them is dropped and counted as broken.
    pub nodes_max: usize,
}

impl Default for Limits {
    /// 16 MiB, 400 levels, 20 million nodes.
    fn default() -> Self {
        Self { bytes_max: 16 << 20, depth_max: 400, nodes_max: 20_000_000 }
    }
}

/// Why a file has no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The file is larger than [`Limits::bytes_max`].
    #[error("file of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The parser gave up; grammars never do on a file within the limits.
    #[error("the parser for {0} gave no tree")]
    NoTree(Language),
}

/// A literal value, or one that constant propagation found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Constant<'t> {
    /// The content of a string, escapes as written.
    Text(&'t str),
    /// A number as written.
    Number(&'t str),
    /// `true`, `False`, `null`…
    Word(&'t str),
}

/// One file: its nodes, its text, and what was found out about its names.
#[derive(Debug)]
pub struct Tree {
    language: Language,
    pub(crate) source: String,
    pub(crate) extra: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) broken: Vec<Range<u32>>,
    pub(crate) facts: Facts,
}

impl Tree {
    /// Reads a file. Bytes that are not UTF-8 are read as `?`, so that offsets stay those of the file.
    pub fn parse(language: Language, source: &[u8], limits: &Limits) -> Result<Self, TreeError> {
        if source.len() > limits.bytes_max {
            return Err(TreeError::TooLarge { bytes: source.len(), limit: limits.bytes_max });
        }
        let source = readable(source);
        let mut cst = Cst::parse(language, &source, limits).ok_or(TreeError::NoTree(language))?;
        let mut grammar = language;
        if language == Language::JavaScript && !cst.broken.is_empty() {
            // Annotated code in files that are called JavaScript.
            let other = Cst::parse(Language::Tsx, &source, limits).ok_or(TreeError::NoTree(language))?;
            if other.broken.len() < cst.broken.len() {
                (cst, grammar) = (other, Language::Tsx);
            }
        }
        let lowered = lower::lower(grammar, &source, &cst, false);
        let mut tree = Self::assemble(language, source, lowered);
        tree.broken = cst.broken;
        tree.facts = Facts::gather(&mut tree);
        Ok(tree)
    }

    /// A tree from a lowering, without facts; patterns need none.
    pub(crate) fn assemble(language: Language, source: String, lowered: lower::Lowered) -> Self {
        Self {
            language,
            source,
            extra: lowered.extra,
            nodes: lowered.nodes,
            broken: Vec::new(),
            facts: Facts::default(),
        }
    }

    /// The language it was read as.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The source text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Byte ranges that the grammar could not read, sorted; what is outside them was read in full.
    pub fn broken(&self) -> &[Range<u32>] {
        &self.broken
    }

    /// The root.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node; never so for a parsed file.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What a node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// Bytes of the source that a node stands for.
    pub fn range(&self, id: NodeId) -> Range<u32> {
        let node = self.node(id);
        node.start..node.end
    }

    /// Name, operator, content of a string: see [`Kind`].
    pub fn text(&self, id: NodeId) -> &str {
        let node = self.node(id);
        let (from, start) = if node.text_start & EXTRA == 0 {
            (&self.source, node.text_start)
        } else {
            (&self.extra, node.text_start & !EXTRA)
        };
        from.get(start as usize..(start + node.text_len) as usize).unwrap_or("")
    }

    /// The source of a node.
    pub fn source_of(&self, id: NodeId) -> &str {
        let node = self.node(id);
        self.source.get(node.start as usize..node.end as usize).unwrap_or("")
    }

    /// Bytes between the quotes of a string; all of its bytes when its text is not a part of the source.
    pub fn content_range(&self, id: NodeId) -> Range<u32> {
        let node = self.node(id);
        if node.text_start & EXTRA == 0 && node.text_len > 0 {
            node.text_start..node.text_start + node.text_len
        } else {
            node.start..node.end
        }
    }

    /// Children in order.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, next: id.0 + 1, end: self.node(id).subtree_end }
    }

    /// The child at a place.
    pub fn child(&self, id: NodeId, index: usize) -> Option<NodeId> {
        self.children(id).nth(index)
    }

    /// The parent, none of the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        (id.0 != 0).then(|| NodeId(self.node(id).parent))
    }

    /// The node and everything below it, in order of the source.
    pub fn subtree(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (id.0..self.node(id).subtree_end).map(NodeId)
    }

    /// All nodes of a kind, in order of the source.
    pub fn of_kind(&self, kind: Kind) -> &[NodeId] {
        self.facts.of_kind(kind)
    }

    /// The smallest node that covers a range of bytes.
    pub fn covering(&self, range: &Range<u32>) -> NodeId {
        let mut at = self.root();
        'down: loop {
            for child in self.children(at) {
                let node = self.node(child);
                if node.start <= range.start && node.end >= range.end && node.kind != Kind::Absent {
                    at = child;
                    continue 'down;
                }
            }
            return at;
        }
    }

    /// The largest node that fills exactly a range of bytes.
    pub fn exactly(&self, range: &Range<u32>) -> Option<NodeId> {
        let mut at = self.root();
        'down: loop {
            let node = self.node(at);
            if node.start == range.start && node.end == range.end {
                return Some(at);
            }
            for child in self.children(at) {
                let node = self.node(child);
                if node.start <= range.start && node.end >= range.end && node.kind != Kind::Absent {
                    at = child;
                    continue 'down;
                }
            }
            return None;
        }
    }

    /// Kinds and texts of a subtree, one node a line; iterative, so that depth does not matter.
    pub(crate) fn describe_into(&self, id: NodeId, indent: usize, out: &mut String) {
        let depth = |mut at: NodeId| {
            let mut depth = indent;
            while at != id {
                depth += 1;
                at = NodeId(self.node(at).parent);
            }
            depth
        };
        for node in self.subtree(id) {
            let indent = "  ".repeat(depth(node));
            let line = match self.text(node) {
                "" => format!("{indent}{:?}\n", self.kind(node)),
                text => format!("{indent}{:?} {text:?}\n", self.kind(node)),
            };
            out.push_str(&line);
        }
    }

    /// The value of a literal, or of a name that constant propagation knows.
    pub fn constant(&self, id: NodeId) -> Option<Constant<'_>> {
        let literal = self.facts.literal_of(id).unwrap_or(id);
        let text = self.text(literal);
        match self.kind(literal) {
            Kind::Str => Some(Constant::Text(text)),
            Kind::Number => Some(Constant::Number(text)),
            Kind::Constant => Some(Constant::Word(text)),
            _ => None,
        }
    }

    /// The full dotted name that imports give to a name or a chain of members.
    pub fn qualified(&self, id: NodeId) -> Option<String> {
        self.facts.qualified(self, id)
    }
}

/// Iterates over the children of a node.
#[derive(Debug, Clone)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.node(id).subtree_end;
        Some(id)
    }
}

/// The hash under which texts are compared.
pub(crate) fn text_hash(text: &str) -> u32 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes()) as u32
}

/// Source as text of the same length.
fn readable(source: &[u8]) -> String {
    match std::str::from_utf8(source) {
        Ok(text) => text.to_owned(),
        Err(_) => source
            .utf8_chunks()
            .flat_map(|chunk| {
                let bad = "?".repeat(chunk.invalid().len());
                [chunk.valid().to_owned(), bad]
            })
            .collect(),
    }
}
