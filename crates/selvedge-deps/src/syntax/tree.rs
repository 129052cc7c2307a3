//! The tree that JSON, YAML and TOML have in common, with the place of every key and value.

use std::borrow::Cow;

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::Span;

use crate::draft::Draft;

use super::{MAX_BYTES, MAX_ERRORS};

/// A value and where it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Node<'a> {
    /// The value.
    pub(crate) kind: Kind<'a>,
    /// Its bytes, quotes and brackets included; for a TOML table its header.
    pub(crate) span: Span,
}

/// What a value is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Kind<'a> {
    /// JSON `null`; YAML `~`, `null` or nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written, so that `1.10` stays `1.10`.
    Number(Cow<'a, str>),
    /// Text, escapes resolved. Plain YAML scalars and TOML dates are text too.
    String(Cow<'a, str>),
    /// A sequence.
    List(Vec<Node<'a>>),
    /// Pairs in the order of the file; a repeated key stands as often as it is written.
    Map(Vec<Entry<'a>>),
}

/// One pair of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry<'a> {
    /// The key, escapes resolved.
    pub(crate) key: Cow<'a, str>,
    /// Its bytes, quotes included.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) value: Node<'a>,
}

impl<'a> Node<'a> {
    /// The value of `key`, the last one if it is repeated, as the readers of every ecosystem take it.
    /// Linear in the size of the map: a format that looks up many keys of one map builds its own index.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entries().iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The value at the end of a path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node<'a>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Text of a string or number; `None` for everything else.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) | Kind::Number(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Text of the string or number at `key`.
    pub(crate) fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether the value at `key` is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.kind == Kind::Bool(true))
    }

    /// Whether it is null.
    pub(crate) fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Whether it is a map.
    pub(crate) fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// The pairs of a map; none for everything else.
    pub(crate) fn entries(&self) -> &[Entry<'a>] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The pairs of the map at `key`.
    pub(crate) fn entries_at(&self, key: &str) -> &[Entry<'a>] {
        self.get(key).map_or(&[], Node::entries)
    }

    /// The items of a list; none for everything else.
    pub(crate) fn items(&self) -> &[Node<'a>] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list at `key`.
    pub(crate) fn items_at(&self, key: &str) -> &[Node<'a>] {
        self.get(key).map_or(&[], Node::items)
    }

    /// What it is, in words for a message.
    pub(crate) fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a truth value",
            Kind::Number(_) => "a number",
            Kind::String(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// A mistake in the notation of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// 1-based line.
    pub(crate) line: u32,
    /// What was found and what was expected.
    pub(crate) message: String,
}

impl SyntaxError {
    /// A mistake at this 1-based line.
    pub(crate) fn new(line: u32, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }

    /// The diagnostic for the file at `path`.
    pub(crate) fn diagnostic(&self, path: &str) -> Diagnostic {
        Diagnostic::new(DiagnosticKind::BadPackageFile, &self.message).at(path).line(self.line)
    }
}

/// What a reader made of a file: the tree, and the mistakes on the way.
#[derive(Debug, Default)]
pub(crate) struct Document<'a> {
    /// The whole value, or as much as could be read.
    pub(crate) root: Node<'a>,
    /// Mistakes in the order of the file, [`MAX_ERRORS`] at most.
    pub(crate) errors: Vec<SyntaxError>,
}

impl Document<'_> {
    /// The mistakes as diagnostics for the file at `path`.
    pub(crate) fn diagnostics(&self, path: &str) -> Vec<Diagnostic> {
        self.errors.iter().take(MAX_ERRORS).map(|error| error.diagnostic(path)).collect()
    }
}

/// Reads the draft's file with one of the readers (`json::parse`, `yaml::parse`, `toml::parse`), and tells the
/// draft of every mistake. What could be read is the result, [`Kind::Null`] if nothing could.
pub(crate) fn read<'a>(draft: &mut Draft<'a>, parse: fn(&'a str) -> Document<'a>) -> Node<'a> {
    match text(draft.file.bytes) {
        Ok(text) => {
            let document = parse(text);
            for diagnostic in document.diagnostics(draft.file.path) {
                draft.report(diagnostic);
            }
            document.root
        }
        Err(error) => {
            draft.report(error.diagnostic(draft.file.path));
            Node::default()
        }
    }
}

/// As [`read`], for files that hold a map: anything else is said. An empty YAML file is one without entries.
pub(crate) fn read_map<'a>(draft: &mut Draft<'a>, parse: fn(&'a str) -> Document<'a>) -> Node<'a> {
    let root = read(draft, parse);
    if !root.is_map() && !root.is_null() {
        draft.problem(root.span.line.max(1), format!("{}; expected a map of keys and values", root.noun()));
    }
    root
}

/// The file as text. Bytes that are not UTF-8, or more than [`MAX_BYTES`], are a mistake: then nothing of the
/// file is used, since every later position would be a guess.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, SyntaxError> {
    if bytes.len() > MAX_BYTES {
        return Err(SyntaxError::new(1, format!("larger than {MAX_BYTES} bytes; not read")));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(SyntaxError::new(1, "the file is UTF-16; expected UTF-8"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() as u32;
        SyntaxError::new(line, "a byte that is not UTF-8; expected text")
    })
}

/// A span from `start` to `end` at this line.
pub(crate) fn span(start: usize, end: usize, line: u32) -> Span {
    Span { start: start as u32, end: end as u32, line }
}
