//! The syntax tree of a filter expression.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::bytes::Regex;

use super::functions::Function;

/// A node of the tree with the offset of the text it came from.
#[derive(Debug)]
pub(super) struct Node {
    /// What the node computes.
    pub(super) kind: Kind,
    /// Byte offset in the expression, for errors.
    pub(super) offset: usize,
    /// Height of the subtree; bounded so that recursion over it is.
    pub(super) height: u16,
}

/// What a node computes.
#[derive(Debug)]
pub(super) enum Kind {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Pattern),
    /// A list whose members are all string literals.
    Texts(Patterns),
    List(Vec<Node>),
    Map(Vec<(Vec<u8>, Node)>),
    /// A `let` variable, by its slot.
    Variable(usize),
    /// `#` in a predicate.
    Element,
    Finding,
    Attributes,
    Captures,
    Not(Box<Node>),
    Negate(Box<Node>),
    /// A chain of `&&`, flat so that long chains do not nest.
    And(Vec<Node>),
    /// A chain of `||`, flat so that long chains do not nest.
    Or(Vec<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Choice(Box<Node>, Box<Node>, Box<Node>),
    Index {
        base: Box<Node>,
        key: Box<Node>,
        optional: bool,
    },
    Slice {
        base: Box<Node>,
        from: Option<Box<Node>>,
        to: Option<Box<Node>>,
    },
    Let {
        slot: usize,
        value: Box<Node>,
        body: Box<Node>,
    },
    Call(Function, Vec<Node>),
}

/// Operators with two operands whose operands are both evaluated (`??` apart).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Otherwise,
    Range,
}

/// A string literal and, once it was used as one, its regex.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The literal.
    pub(super) text: Vec<u8>,
    /// The compiled form.
    pub(super) regex: OnceLock<Result<Regex, String>>,
}

/// A list of string literals and, once it was used as such, its matchers.
#[derive(Debug)]
pub(super) struct Patterns {
    /// The literals.
    pub(super) texts: Vec<Vec<u8>>,
    /// All of them as one alternation.
    pub(super) regex: OnceLock<Result<Regex, String>>,
    /// All of them as plain terms.
    pub(super) terms: OnceLock<Option<AhoCorasick>>,
}

impl Pattern {
    /// A literal not compiled yet.
    pub(super) fn new(text: Vec<u8>) -> Self {
        Self { text, regex: OnceLock::new() }
    }

    /// The literal as a regex, compiled at the first call.
    pub(super) fn regex(&self) -> &Result<Regex, String> {
        self.regex.get_or_init(|| super::re2::alternation(std::slice::from_ref(&self.text)))
    }
}

impl Patterns {
    /// Literals not compiled yet.
    pub(super) fn new(texts: Vec<Vec<u8>>) -> Self {
        Self { texts, regex: OnceLock::new(), terms: OnceLock::new() }
    }

    /// The literals as one alternation, compiled at the first call.
    pub(super) fn regex(&self) -> &Result<Regex, String> {
        self.regex.get_or_init(|| super::re2::alternation(&self.texts))
    }

    /// The literals as plain terms, compiled at the first call; none if the list is empty.
    pub(super) fn terms(&self) -> Option<&AhoCorasick> {
        self.terms.get_or_init(|| super::functions::terms(&self.texts)).as_ref()
    }
}

impl Node {
    /// The nodes directly below.
    pub(super) fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Nil
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Texts(_)
            | Kind::Variable(_)
            | Kind::Element
            | Kind::Finding
            | Kind::Attributes
            | Kind::Captures => Vec::new(),
            Kind::List(items) | Kind::And(items) | Kind::Or(items) | Kind::Call(_, items) => {
                items.iter().collect()
            }
            Kind::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
            Kind::Not(inner) | Kind::Negate(inner) => vec![inner],
            Kind::Binary(_, left, right) => vec![left, right],
            Kind::Choice(condition, yes, no) => vec![condition, yes, no],
            Kind::Index { base, key, .. } => vec![base, key],
            Kind::Slice { base, from, to } => {
                std::iter::once(base).chain(from).chain(to).map(AsRef::as_ref).collect()
            }
            Kind::Let { value, body, .. } => vec![value, body],
        }
    }
}
