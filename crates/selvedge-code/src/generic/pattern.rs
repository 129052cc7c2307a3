//! A pattern of the `generic` target.

use super::document::{Document, Item, is_word, read};
use crate::rule::CommentStyle;

/// A pattern, read.
#[derive(Debug)]
pub(crate) struct GenericPattern {
    pub(crate) nodes: Vec<Node>,
}

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Word(String),
    Sign(char),
    /// `$X`: one word.
    Metavariable(String),
    /// `...`, or `$...X` with its name.
    Dots(Option<String>),
    /// A whole block.
    Block(Vec<Node>),
}

impl GenericPattern {
    /// Reads a pattern. Anything is one.
    pub(crate) fn new(text: &str) -> Self {
        let text = text.trim_end();
        let items = read(text, CommentStyle::None);
        let document = Document { text, items: &items };
        let mut at = 0;
        let mut nodes = block(document, &mut at, items.len());
        // The pattern as a whole is no block, however it is indented.
        if let [Node::Block(inner)] = &mut nodes[..] {
            nodes = std::mem::take(inner);
        }
        if nodes.len() > 1 && nodes[0] == Node::Dots(None) {
            nodes.remove(0);
        }
        Self { nodes }
    }

    /// The words that a text must hold to match.
    pub(crate) fn words(&self) -> Vec<&str> {
        fn collect<'p>(nodes: &'p [Node], words: &mut Vec<&'p str>) {
            for node in nodes {
                match node {
                    Node::Word(word) => words.push(word),
                    Node::Block(inner) => collect(inner, words),
                    Node::Sign(_) | Node::Metavariable(_) | Node::Dots(_) => {}
                }
            }
        }
        let mut words = Vec::new();
        collect(&self.nodes, &mut words);
        words
    }
}

/// The nodes up to `end`. Nesting is bounded by that of documents.
fn block(document: Document<'_>, at: &mut usize, end: usize) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    while *at < end {
        match document.items[*at] {
            Item::Open(close) => {
                *at += 1;
                let inner = block(document, at, close as usize);
                nodes.push(Node::Block(inner));
            }
            Item::Close => *at += 1,
            Item::Word(token) => {
                nodes.push(Node::Word(document.text[token.range()].to_owned()));
                *at += 1;
            }
            Item::Sign(token) => {
                let rest = &document.text[token.start as usize..];
                let (node, length) = special(rest);
                let node_end = token.start as usize + length;
                nodes.push(node.unwrap_or_else(|| Node::Sign(rest.chars().next().unwrap_or(' '))));
                while *at < end && starts_before(document.items[*at], node_end) {
                    *at += 1;
                }
            }
        }
    }
    nodes
}

fn starts_before(item: Item, offset: usize) -> bool {
    match item {
        Item::Word(token) | Item::Sign(token) => (token.start as usize) < offset,
        Item::Open(_) | Item::Close => false,
    }
}

/// An ellipsis or metavariable at the start of `rest`, and how many bytes it or the first character takes.
fn special(rest: &str) -> (Option<Node>, usize) {
    if let Some(name) = rest.strip_prefix("$...") {
        let length = name_length(name);
        if length > 0 {
            return (Some(Node::Dots(Some(format!("$...{}", &name[..length])))), 4 + length);
        }
    }
    if let Some(name) = rest.strip_prefix('$') {
        let length = name_length(name);
        if length > 0 {
            return (Some(Node::Metavariable(format!("${}", &name[..length]))), 1 + length);
        }
    }
    if rest.starts_with("...") && !rest.starts_with("....") {
        return (Some(Node::Dots(None)), 3);
    }
    (None, rest.chars().next().map_or(1, char::len_utf8))
}

/// Length of a metavariable's name at the start of `text`; zero if the word is none.
fn name_length(text: &str) -> usize {
    let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let name = &text[..length];
    let valid = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if valid { length } else { 0 }
}
