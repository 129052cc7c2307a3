//! YAML with the line of every key and value.
//!
//! `granit-parser` turns text into events; this page builds the [`Node`] tree from them. Scalars stay text:
//! whether `1.10` is a number is for the reader of that key to say, and a pattern is always text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle};

use crate::limits::{YAML_DEPTH_MAX, YAML_NODES_MAX};

/// A value and the 1-based line on which it starts.
#[derive(Debug, Clone)]
pub(crate) struct Node<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) line: u32,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    /// Text; `plain` says that it stood without quotes, so that `true` may mean a truth value.
    Scalar {
        text: Cow<'a, str>,
        plain: bool,
    },
    List(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>),
}

/// One pair of a map.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) line: u32,
    pub(crate) value: Node<'a>,
}

/// Why reading ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub(crate) line: u32,
    pub(crate) message: String,
}

impl<'a> Node<'a> {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether nothing was written here.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_ref(), "" | "~" | "null"))
    }

    /// The items of a list.
    pub(crate) fn list(&self) -> Option<&[Node<'a>]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Scalar { .. } | Value::Map(_) => None,
        }
    }

    /// The pairs of a map.
    pub(crate) fn map(&self) -> Option<&[Entry<'a>]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar { .. } | Value::List(_) => None,
        }
    }

    /// The value of `key` in a map; of equal keys the last.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.map()?.iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// A plain truth value.
    pub(crate) fn bool(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, .. } => match text.as_ref() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What the value is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar { .. } => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Reads the first document of `text`. What stands before a mistake is returned with it.
pub(crate) fn parse(text: &str) -> (Option<Node<'_>>, Option<YamlError>) {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: YAML_DEPTH_MAX,
        block_nesting_limit: YAML_DEPTH_MAX,
    };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, place)) => builder.event(event, place.start.line() as u32),
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
    open: Vec<Frame<'a>>,
    root: Option<Node<'a>>,
    anchors: BTreeMap<usize, (Node<'a>, usize)>,
    nodes: usize,
    error: Option<YamlError>,
}

/// A collection whose end has not come yet.
struct Frame<'a> {
    line: u32,
    anchor: usize,
    nodes_before: usize,
    content: Content<'a>,
}

enum Content<'a> {
    List(Vec<Node<'a>>),
    /// The second part is a key whose value has not come yet.
    Map(Vec<Entry<'a>>, Option<(Cow<'a, str>, u32)>),
}

impl<'a> Builder<'a> {
    fn fail(&mut self, line: u32, message: impl Into<String>) {
        self.error.get_or_insert_with(|| YamlError { line, message: message.into() });
    }

    fn event(&mut self, event: Event<'a>, line: u32) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let value = Value::Scalar { text, plain: style == ScalarStyle::Plain };
                let node = Node { value, line };
                self.nodes += 1;
                self.remember(anchor, &node, 1);
                self.place(node);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(line, anchor, Content::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.begin(line, anchor, Content::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, line),
            _ => {}
        }
        if self.nodes > YAML_NODES_MAX {
            self.fail(line, format!("more than {YAML_NODES_MAX} values; not read further"));
        }
    }

    fn begin(&mut self, line: u32, anchor: usize, content: Content<'a>) {
        self.open.push(Frame { line, anchor, nodes_before: self.nodes, content });
        self.nodes += 1;
    }

    fn end(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let value = match frame.content {
            Content::List(items) => Value::List(items),
            Content::Map(entries, pending) => Value::Map(close_map(entries, pending)),
        };
        let node = Node { value, line: frame.line };
        self.remember(frame.anchor, &node, self.nodes - frame.nodes_before);
        self.place(node);
    }

    /// Keeps a copy of an anchored node for its aliases. The copy counts as values read.
    fn remember(&mut self, anchor: usize, node: &Node<'a>, size: usize) {
        if anchor == 0 {
            return;
        }
        self.nodes += size;
        if self.nodes <= YAML_NODES_MAX {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    /// Puts a copy of the anchored node here. Nested aliases multiply, so sizes are counted before copying.
    fn alias(&mut self, anchor: usize, line: u32) {
        let size = self.anchors.get(&anchor).map_or(1, |(_, size)| *size);
        self.nodes += size;
        if self.nodes > YAML_NODES_MAX {
            return;
        }
        let node = self.anchors.get(&anchor).map_or_else(|| null(line), |(node, _)| node.clone());
        self.place(node);
    }

    fn place(&mut self, node: Node<'a>) {
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries, pending)) => match pending.take() {
                None => *pending = Some((key_of(node.value), node.line)),
                Some((key, line)) => entries.push(Entry { key, line, value: node }),
            },
        }
    }

    /// Closes what is open after a mistake, so that what stands before it is used.
    fn finish(mut self) -> (Option<Node<'a>>, Option<YamlError>) {
        while !self.open.is_empty() {
            self.end();
        }
        (self.root, self.error)
    }
}

fn null<'a>(line: u32) -> Node<'a> {
    Node { value: Value::Scalar { text: Cow::Borrowed(""), plain: true }, line }
}

fn key_of(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Scalar { text, .. } => text,
        // A list or map as a key has no meaning in any rule file.
        Value::List(_) | Value::Map(_) => Cow::Borrowed(""),
    }
}

/// Resolves merge keys: `<<: *defaults` gives those pairs that the map does not have itself.
fn close_map<'a>(mut entries: Vec<Entry<'a>>, pending: Option<(Cow<'a, str>, u32)>) -> Vec<Entry<'a>> {
    if let Some((key, line)) = pending {
        entries.push(Entry { key, line, value: null(line) });
    }
    if !entries.iter().any(|entry| entry.key == "<<") {
        return entries;
    }
    let (merges, own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.key == "<<");
    let mut merged = Vec::new();
    for entry in merges {
        match entry.value.value {
            Value::Map(pairs) => merged.extend(pairs),
            // Of several maps the first counts, so that it has to stand last.
            Value::List(items) => {
                for item in items.into_iter().rev() {
                    if let Value::Map(pairs) = item.value {
                        merged.extend(pairs);
                    }
                }
            }
            Value::Scalar { .. } => {}
        }
    }
    // `get` takes the last of equal keys: the map's own ones.
    merged.extend(own);
    merged
}

#[cfg(test)]
mod tests;
