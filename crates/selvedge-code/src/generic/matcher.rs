//! A pattern against a document: for every place the first way in which it matches.

use std::ops::Range;

use super::document::{Document, Item, Token};
use super::pattern::{GenericPattern, Node};
use crate::rule::GenericOptions;

/// One match: what it spans, and what its metavariables stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GenericMatch {
    pub(crate) range: Range<usize>,
    pub(crate) bindings: Vec<(String, Range<usize>)>,
}

/// Finds `pattern` from every place of the document. Each comparison takes one of `steps`; when they are used
/// up the search ends with what was found.
pub(crate) fn find(
    pattern: &GenericPattern,
    document: Document<'_>,
    options: &GenericOptions,
    steps: &mut u64,
) -> Vec<GenericMatch> {
    let mut found: Vec<GenericMatch> = Vec::new();
    if pattern.nodes.is_empty() {
        return found;
    }
    let trailing = matches!(pattern.nodes.last(), Some(Node::Dots(_)));
    let mut blocks = Vec::new();
    for (at, item) in document.items.iter().enumerate() {
        match item {
            Item::Open(close) => blocks.push(*close as usize),
            Item::Close => {
                blocks.pop();
            }
            Item::Word(token) | Item::Sign(token) => {
                let limit = blocks.last().copied().unwrap_or(document.items.len());
                let mut search =
                    Search { document, options, steps: &mut *steps, bindings: Vec::new(), end: 0 };
                let state = State { at, limit, last: None };
                if search.run(&pattern.nodes, state, None) {
                    let range = token.start as usize..search.end.max(token.end as usize);
                    keep(&mut found, GenericMatch { range, bindings: search.bindings }, trailing);
                }
            }
        }
        if *steps == 0 {
            break;
        }
    }
    found
}

/// Of matches that end at the same place the shortest counts; but where the pattern ends in an ellipsis, which
/// takes all it may, the longest.
fn keep(found: &mut Vec<GenericMatch>, new: GenericMatch, trailing: bool) {
    match found.last_mut().filter(|last| last.range.end == new.range.end) {
        None => found.push(new),
        Some(_) if trailing => {}
        Some(last) => *last = new,
    }
}

struct Search<'s> {
    document: Document<'s>,
    options: &'s GenericOptions,
    steps: &'s mut u64,
    bindings: Vec<(String, Range<usize>)>,
    end: usize,
}

/// Where the search stands in the document.
#[derive(Clone, Copy)]
struct State {
    at: usize,
    /// The end of the block that must not be left.
    limit: usize,
    /// The last token that the pattern matched.
    last: Option<Token>,
}

/// What follows once the pattern's block is matched.
struct Rest<'p, 'r> {
    nodes: &'p [Node],
    limit: usize,
    next: Option<&'r Rest<'p, 'r>>,
}

impl Search<'_> {
    /// The next token from `at`, blocks looked through; `None` at the limit.
    fn token(&self, mut at: usize, limit: usize) -> Option<(usize, Item, Token)> {
        while at < limit {
            match self.document.items[at] {
                item @ (Item::Word(token) | Item::Sign(token)) => return Some((at, item, token)),
                Item::Open(_) | Item::Close => at += 1,
            }
        }
        None
    }

    fn text(&self, token: Token) -> &str {
        &self.document.text[token.range()]
    }

    fn run(&mut self, nodes: &[Node], mut state: State, rest: Option<&Rest<'_, '_>>) -> bool {
        for (index, node) in nodes.iter().enumerate() {
            if *self.steps == 0 {
                return false;
            }
            *self.steps -= 1;
            match node {
                Node::Dots(name) => return self.dots(name.as_deref(), &nodes[index + 1..], state, rest),
                Node::Block(inner) => {
                    let Item::Open(close) = self.document.items.get(state.at).copied().unwrap_or(Item::Close)
                    else {
                        return false;
                    };
                    let after = Rest { nodes: &nodes[index + 1..], limit: state.limit, next: rest };
                    let inside = State { at: state.at + 1, limit: close as usize, last: state.last };
                    return self.run(inner, inside, Some(&after));
                }
                Node::Word(_) | Node::Sign(_) | Node::Metavariable(_) => {
                    let Some((at, item, token)) = self.token(state.at, state.limit) else { return false };
                    if !self.accepts(node, item, token) {
                        return false;
                    }
                    state = State { at: at + 1, limit: state.limit, last: Some(token) };
                }
            }
        }
        self.finish(state, rest)
    }

    fn accepts(&mut self, node: &Node, item: Item, token: Token) -> bool {
        let text = self.text(token);
        match (node, item) {
            (Node::Word(word), Item::Word(_)) => {
                if self.options.caseless {
                    word.eq_ignore_ascii_case(text)
                } else {
                    word == text
                }
            }
            (Node::Sign(sign), Item::Sign(_)) => text.starts_with(*sign),
            (Node::Metavariable(name), Item::Word(_)) => self.bind(name, token.range()),
            _ => false,
        }
    }

    fn bind(&mut self, name: &str, range: Range<usize>) -> bool {
        if name == "$_" {
            return true;
        }
        let text = &self.document.text[range.clone()];
        if let Some((_, bound)) = self.bindings.iter().find(|(bound, _)| bound == name) {
            return self.document.text[bound.clone()] == *text;
        }
        self.bindings.push((name.to_owned(), range));
        true
    }

    /// The pattern's block is matched: of a block of the text nothing may be left.
    fn finish(&mut self, state: State, rest: Option<&Rest<'_, '_>>) -> bool {
        let Some(rest) = rest else {
            self.end = state.last.map_or(0, |token| token.end as usize);
            return true;
        };
        if self.token(state.at, state.limit).is_some() {
            return false;
        }
        let outside = State { at: state.limit + 1, limit: rest.limit, last: state.last };
        self.run(rest.nodes, outside, rest.next)
    }

    /// Skips as little as lets the rest match, at most the lines that the options allow.
    fn dots(
        &mut self,
        name: Option<&str>,
        nodes: &[Node],
        state: State,
        rest: Option<&Rest<'_, '_>>,
    ) -> bool {
        let from_line = state.last.or_else(|| self.token(state.at, state.limit).map(|(_, _, token)| token));
        let line_max = from_line.map_or(0, |token| token.line as usize) + self.options.ellipsis_max_span;
        let mut here = state;
        let saved = self.bindings.len();
        let trailing = nodes.is_empty();
        loop {
            let next = self.token(here.at, here.limit);
            let beyond = next.is_some_and(|(_, _, token)| token.line as usize > line_max);
            // At the end of the pattern all that may be skipped is; elsewhere the next token has to be near.
            let may_end = if trailing { beyond || next.is_none() } else { !beyond };
            if may_end && self.bind_skipped(name, state, here) {
                if self.run(nodes, here, rest) {
                    return true;
                }
                self.bindings.truncate(saved);
            }
            // A block may be looked at as a whole, as the pattern has one, or be looked into.
            if let (Some(Item::Open(_)), true) = (self.document.items.get(here.at), here.at < here.limit) {
                here.at += 1;
                continue;
            }
            let Some((at, _, token)) = next else { return false };
            if token.line as usize > line_max || *self.steps == 0 {
                return false;
            }
            *self.steps -= 1;
            here = State { at: at + 1, limit: here.limit, last: Some(token) };
        }
    }

    /// Binds what an ellipsis skipped: from the token before it to the last that it took.
    fn bind_skipped(&mut self, name: Option<&str>, from: State, to: State) -> bool {
        let Some(name) = name else { return true };
        let start = from.last.map_or_else(
            || self.token(from.at, from.limit).map_or(0, |(_, _, token)| token.start as usize),
            |token| token.end as usize,
        );
        let end = if to.at == from.at { start } else { to.last.map_or(start, |token| token.end as usize) };
        self.bind(name, start..end.max(start))
    }
}
