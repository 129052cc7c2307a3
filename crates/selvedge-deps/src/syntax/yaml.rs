//! YAML with the place of every key and value.
//!
//! `granit-parser` turns text into events with byte offsets; this page builds the [`Node`] tree from them.
//! Scalars stay text, whatever they look like: a version `1.10` is no number.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle};
use selvedge_package::Span;

use super::tree::span;
use super::{Document, Entry, Kind, MAX_DEPTH, MAX_NODES, Node, SyntaxError};

/// Reads the first document of `text`.
pub(crate) fn parse(text: &str) -> Document<'_> {
    let mut documents = parse_all(text);
    documents.truncate(1);
    documents.pop().unwrap_or_default()
}

/// Reads every document of `text`; a mistake ends the reading.
pub(crate) fn parse_all(text: &str) -> Vec<Document<'_>> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, place)) => {
                let start = place.start.byte_offset().unwrap_or_default();
                let end = place.end.byte_offset().unwrap_or_default();
                builder.event(event, span(start, end, place.start.line() as u32));
            }
            Err(error) => builder.fail(error.marker().line() as u32, error.info()),
        }
        if builder.error.is_some() {
            break;
        }
    }
    builder.finish()
}

#[derive(Default)]
struct Builder<'a> {
    done: Vec<Document<'a>>,
    open: Vec<Frame<'a>>,
    root: Option<Node<'a>>,
    anchors: BTreeMap<usize, (Node<'a>, usize)>,
    nodes: usize,
    error: Option<SyntaxError>,
}

/// A collection whose end has not come yet.
struct Frame<'a> {
    span: Span,
    anchor: usize,
    /// Values built before this collection, to know how many are inside.
    nodes_before: usize,
    content: Content<'a>,
}

enum Content<'a> {
    List(Vec<Node<'a>>),
    /// The second part is a key whose value has not come yet.
    Map(Vec<Entry<'a>>, Option<(Cow<'a, str>, Span)>),
}

impl<'a> Builder<'a> {
    fn fail(&mut self, line: u32, message: impl Into<String>) {
        if self.error.is_none() {
            self.error = Some(SyntaxError::new(line, message));
        }
    }

    fn event(&mut self, event: Event<'a>, at: Span) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let node = Node { kind: scalar(text, style), span: at };
                self.nodes += 1;
                self.remember(anchor, &node, 1);
                self.place(node);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(at, anchor, Content::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.begin(at, anchor, Content::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::DocumentEnd => {
                let root = self.root.take().unwrap_or_default();
                self.done.push(Document { root, errors: Vec::new() });
                self.anchors.clear();
            }
            _ => {}
        }
        if self.nodes > MAX_NODES {
            self.fail(at.line, "too many values; not read further");
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, content: Content<'a>) {
        self.nodes += 1;
        self.open.push(Frame { span, anchor, nodes_before: self.nodes - 1, content });
    }

    fn end(&mut self, at: Span) {
        let Some(frame) = self.open.pop() else { return };
        let mut span = frame.span;
        span.end = span.end.max(at.end);
        let kind = match frame.content {
            Content::List(items) => Kind::List(items),
            Content::Map(entries, pending) => Kind::Map(close_map(entries, pending)),
        };
        let node = Node { kind, span };
        self.remember(frame.anchor, &node, self.nodes - frame.nodes_before);
        self.place(node);
    }

    /// Keeps a copy of an anchored node for its aliases. The copy counts as values read.
    fn remember(&mut self, anchor: usize, node: &Node<'a>, size: usize) {
        if anchor == 0 {
            return;
        }
        self.nodes += size;
        if self.nodes <= MAX_NODES {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    /// Puts a copy of the anchored node here. Nested aliases multiply, so sizes are counted before copying.
    fn alias(&mut self, anchor: usize, at: Span) {
        let size = self.anchors.get(&anchor).map_or(1, |(_, size)| *size);
        self.nodes += size;
        if self.nodes > MAX_NODES {
            return;
        }
        let kind = self.anchors.get(&anchor).map_or(Kind::Null, |(node, _)| node.kind.clone());
        self.place(Node { kind, span: at });
    }

    fn place(&mut self, node: Node<'a>) {
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries, pending)) => match pending.take() {
                None => *pending = Some(key_of(node)),
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
            },
        }
    }

    /// Closes what is open after a mistake, so that what stands before it is used.
    fn finish(mut self) -> Vec<Document<'a>> {
        let Some(error) = self.error.take() else { return self.done };
        while let Some(frame) = self.open.last() {
            let at = frame.span;
            self.end(at);
        }
        let root = self.root.take().unwrap_or_default();
        self.done.push(Document { root, errors: vec![error] });
        self.done
    }
}

/// Resolves merge keys: `<<: *defaults` gives those pairs that the map does not have itself.
fn close_map<'a>(mut entries: Vec<Entry<'a>>, pending: Option<(Cow<'a, str>, Span)>) -> Vec<Entry<'a>> {
    if let Some((key, key_span)) = pending {
        entries.push(Entry { key, key_span, value: Node { kind: Kind::Null, span: key_span } });
    }
    if !entries.iter().any(|entry| entry.key == "<<") {
        return entries;
    }
    let (merges, own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.key == "<<");
    let mut merged = Vec::new();
    for entry in merges {
        match entry.value.kind {
            Kind::Map(pairs) => merged.extend(pairs),
            // Of several maps the first counts, so that it has to stand last.
            Kind::List(items) => {
                for item in items.into_iter().rev() {
                    if let Kind::Map(pairs) = item.kind {
                        merged.extend(pairs);
                    }
                }
            }
            _ => {}
        }
    }
    // `get` takes the last of equal keys: the map's own ones.
    merged.extend(own);
    merged
}

fn key_of(node: Node<'_>) -> (Cow<'_, str>, Span) {
    let key = match node.kind {
        Kind::String(text) | Kind::Number(text) => text,
        Kind::Bool(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
        // A list or map as a key has no meaning in any package file.
        Kind::Null | Kind::List(_) | Kind::Map(_) => Cow::Borrowed(""),
    };
    (key, node.span)
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Kind<'_> {
    if style != ScalarStyle::Plain {
        return Kind::String(text);
    }
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ => Kind::String(text),
    }
}

#[cfg(test)]
mod tests;
