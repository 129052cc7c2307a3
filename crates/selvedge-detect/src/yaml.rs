//! YAML documents with the line of every key and value.
//!
//! Scalars stay text whatever they look like: Sigma compares by text, and `4624` or `0x1410` must not be turned
//! into other spellings. Only an unquoted `null`, `~` or nothing at all is null.

use granit_parser::{Event, Parser, ScalarStyle};

/// Collections nested deeper are a syntax error.
const DEPTH_MAX: usize = 48;

/// A file with more values is not read further; aliases count as what they stand for.
const NODES_MAX: usize = 200_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// 1-based.
    pub(crate) line: u32,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Scalar {
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) line: u32,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) line: u32,
    pub(crate) message: String,
}

impl Node {
    /// The value of `key`, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
    }

    /// The pairs of a map; none for other values.
    pub(crate) fn entries(&self) -> &[(Key, Self)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The items of a list, or the value itself as the only one; nothing for null.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// Texts of [`Node::items`]; what is no scalar is left out.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    /// The scalar as a truth value.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        }
    }

    /// A word for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Scalar { .. } => "a single value",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// Reads every document of `text`. After a mistake the documents before it are returned beside it.
pub(crate) fn parse(text: &str) -> (Vec<Node>, Option<SyntaxError>) {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
    };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, place)) => builder.event(event, place.start.line() as u32),
            Err(error) => builder.fail(error.marker().line() as u32, error.info()),
        }
        if builder.error.is_some() {
            break;
        }
    }
    (builder.done, builder.error)
}

#[derive(Default)]
struct Builder {
    done: Vec<Node>,
    open: Vec<Frame>,
    root: Option<Node>,
    /// Anchored values with their size, by number.
    anchors: Vec<(usize, Node, usize)>,
    nodes: usize,
    error: Option<SyntaxError>,
}

/// A collection whose end has not come yet.
struct Frame {
    line: u32,
    anchor: usize,
    nodes_before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    /// The second part is a key whose value has not come yet.
    Map(Vec<(Key, Node)>, Option<Key>),
}

impl Builder {
    fn fail(&mut self, line: u32, message: impl Into<String>) {
        self.error.get_or_insert(SyntaxError { line, message: message.into() });
    }

    fn event(&mut self, event: Event<'_>, line: u32) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let kind = if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Kind::Null
                } else {
                    Kind::Scalar { text: text.into_owned(), plain }
                };
                self.nodes += 1;
                let node = Node { kind, line };
                self.remember(anchor, &node, 1);
                self.place(node);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(line, anchor, Content::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.begin(line, anchor, Content::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, line),
            Event::DocumentEnd => {
                if let Some(root) = self.root.take() {
                    self.done.push(root);
                }
                self.anchors.clear();
            }
            _ => {}
        }
        if self.nodes > NODES_MAX {
            self.fail(line, "too many values in one file");
        }
    }

    fn begin(&mut self, line: u32, anchor: usize, content: Content) {
        self.nodes += 1;
        self.open.push(Frame { line, anchor, nodes_before: self.nodes - 1, content });
    }

    fn end(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let kind = match frame.content {
            Content::List(items) => Kind::List(items),
            Content::Map(entries, _) => Kind::Map(entries),
        };
        let node = Node { kind, line: frame.line };
        self.remember(frame.anchor, &node, self.nodes - frame.nodes_before);
        self.place(node);
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor == 0 {
            return;
        }
        self.nodes += size;
        if self.nodes <= NODES_MAX {
            self.anchors.push((anchor, node.clone(), size));
        }
    }

    /// Puts a copy of the anchored value here. Sizes are counted before copying, since aliases multiply.
    fn alias(&mut self, anchor: usize, line: u32) {
        let Some((_, node, size)) = self.anchors.iter().rev().find(|(number, _, _)| *number == anchor) else {
            return self.fail(line, "an alias without its anchor");
        };
        self.nodes += size;
        if self.nodes <= NODES_MAX {
            let node = node.clone();
            self.place(node);
        }
    }

    fn place(&mut self, node: Node) {
        let line = node.line;
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries, pending)) => match pending.take() {
                Some(key) => entries.push((key, node)),
                None => match node.kind {
                    Kind::Scalar { text, .. } => *pending = Some(Key { text, line }),
                    Kind::Null => *pending = Some(Key { text: String::new(), line }),
                    _ => self.fail(line, "a list or map as a key"),
                },
            },
        }
    }
}
