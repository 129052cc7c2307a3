//! XML as a tree of elements with their place in the file.
//!
//! Document type declarations are skipped and no entity of theirs is expanded, nothing is fetched, and depth
//! and number of elements are bounded. What is read before a mistake counts.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use selvedge_model::LineIndex;

use crate::draft::DIAGNOSTICS_MAX;

/// Depth of nested elements; package files stay below a dozen.
pub(crate) const DEPTH_MAX: usize = 64;

/// Elements in one document. The largest verification metadata seen holds some fifty thousand.
pub(crate) const ELEMENTS_MAX: usize = 1_000_000;

/// Attributes of one element; package files use a handful.
pub(crate) const ATTRIBUTES_MAX: usize = 64;

/// Texts that are read of the head of a document.
const HEAD_TEXTS_MAX: usize = 256;

/// Bytes at the start of a file in which its XML declaration is looked for.
const DECLARATION_BYTES_MAX: usize = 256;

/// One element. Names are without namespace prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Local name.
    pub(crate) name: String,
    /// Attributes by local name, in the order of the file.
    pub(crate) attributes: Vec<(String, String)>,
    /// Character data directly inside, references resolved, trimmed.
    pub(crate) text: String,
    /// Child elements in the order of the file.
    pub(crate) children: Vec<Element>,
    /// Bytes of the file from `<` of the start tag to `>` of the end tag; whole lines where the file is not
    /// UTF-8.
    pub(crate) range: Range<usize>,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every child of this name.
    pub(crate) fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of this name, if there is any.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }
}

/// A document, and what is wrong with it as 1-based lines and messages.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The outermost element; `None` if there is no element at all.
    pub(crate) root: Option<Element>,
    /// Mistakes in the order of the file.
    pub(crate) problems: Vec<(u32, String)>,
}

/// Reads a document. Total: a mistake ends the reading, and what was open is closed there.
pub(crate) fn read(bytes: &[u8]) -> Document {
    let source = Source::decode(bytes);
    let mut tree = Tree { source: &source, root: None, open: Vec::new(), count: 0, problems: Vec::new() };
    if let Some(problem) = &source.problem {
        tree.problems.push((1, problem.clone()));
    }
    let mut reader = Reader::from_str(&source.text);
    loop {
        let start = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => {
                if !tree.take(event, start..reader.buffer_position() as usize) {
                    break;
                }
            }
            Err(error) => {
                tree.problem(reader.error_position() as usize, format!("not well-formed XML: {error}"));
                break;
            }
        }
    }
    tree.finish()
}

/// Texts of the elements in and just below the children of the outermost element, by path (`version`,
/// `parent/version`), up to the first child that is named in `until`. Cheap where only the head of a file
/// counts; mistakes end the reading.
pub(crate) fn head(bytes: &[u8], until: &[&str]) -> Vec<(String, String)> {
    let source = Source::decode(bytes);
    let mut reader = Reader::from_str(&source.text);
    let (mut open, mut texts): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    while texts.len() < HEAD_TEXTS_MAX {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = local(tag.name().into_inner()).to_owned();
                if open.len() >= DEPTH_MAX || (open.len() == 1 && until.contains(&name.as_str())) {
                    break;
                }
                open.push(name);
            }
            Ok(Event::End(_)) => {
                open.pop();
            }
            Ok(Event::Text(text)) if matches!(open.len(), 2 | 3) && !text.trim_ascii().is_empty() => {
                texts.push((open[1..].join("/"), text.into_inner().trim().to_owned()));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    texts
}

/// The text of a document, and how its offsets relate to those of the file.
#[derive(Debug)]
struct Source<'a> {
    text: Cow<'a, str>,
    /// Lines of `text`.
    lines: LineIndex,
    /// Offset of the text in the file where both have the same bytes; otherwise the lines of the file.
    place: Result<usize, (LineIndex, &'a [u8])>,
    problem: Option<String>,
}

impl<'a> Source<'a> {
    /// The encoding is that of the byte order mark, else the declared one, else UTF-8 (XML 1.0, 4.3.3).
    fn decode(bytes: &'a [u8]) -> Self {
        let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (declared_encoding(bytes), 0));
        if (encoding == UTF_8 || bytes.is_ascii())
            && let Ok(text) = std::str::from_utf8(&bytes[mark..])
        {
            let lines = LineIndex::new(text.as_bytes());
            return Self { text: Cow::Borrowed(text), lines, place: Ok(mark), problem: None };
        }
        let (actual, problem) = if encoding == UTF_8 {
            (WINDOWS_1252, Some("expected UTF-8 text; read as windows-1252".to_owned()))
        } else {
            (encoding, None)
        };
        let (text, _) = actual.decode_without_bom_handling(&bytes[mark..]);
        let lines = LineIndex::new(text.as_bytes());
        Self { text, lines, place: Err((LineIndex::new(bytes), bytes)), problem }
    }

    /// Bytes of the file for bytes of the text: exact, or the lines they stand on.
    fn range(&self, range: Range<usize>) -> Range<usize> {
        match &self.place {
            Ok(offset) => range.start + offset..range.end + offset,
            Err((lines, bytes)) => {
                let at = |offset| self.lines.line_index(offset).min(lines.len() - 1);
                let first = lines.line_range(bytes, at(range.start));
                first.start..lines.line_range(bytes, at(range.end.saturating_sub(1))).end
            }
        }
    }
}

/// The encoding of the XML declaration, which is ASCII in every encoding that needs one and has no mark.
fn declared_encoding(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES_MAX)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.split_once("?>").map_or("", |(declaration, _)| declaration);
    let Some((_, value)) = declaration.split_once("encoding") else { return UTF_8 };
    let value = value.trim_start_matches([' ', '\t', '=']);
    let label = value.split(['"', '\'']).nth(1).unwrap_or_default();
    // UTF-16 without a byte order mark cannot have been read up to here.
    Encoding::for_label(label.as_bytes()).filter(|it| it.is_ascii_compatible()).unwrap_or(UTF_8)
}

/// The tree being built.
#[derive(Debug)]
struct Tree<'a> {
    source: &'a Source<'a>,
    root: Option<Element>,
    open: Vec<Element>,
    count: usize,
    problems: Vec<(u32, String)>,
}

impl Tree<'_> {
    /// Takes one event; false ends the reading.
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> bool {
        match event {
            Event::Start(tag) => return self.start(&tag, range),
            Event::Empty(tag) => {
                if !self.start(&tag, range.clone()) {
                    return false;
                }
                self.end(range.end);
            }
            Event::End(_) => self.end(range.end),
            Event::Text(text) => self.text(&text.into_inner(), range.start),
            Event::CData(text) => self.text(&text.into_inner(), range.start),
            Event::GeneralRef(reference) => {
                let resolved = self.resolve(&reference, range.start);
                self.text(&resolved, range.start);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        true
    }

    fn start(&mut self, tag: &BytesStart<'_>, range: Range<usize>) -> bool {
        if self.open.len() >= DEPTH_MAX {
            self.problem(range.start, format!("elements nested deeper than {DEPTH_MAX}"));
            return false;
        }
        self.count += 1;
        if self.count > ELEMENTS_MAX {
            self.problem(range.start, format!("more than {ELEMENTS_MAX} elements"));
            return false;
        }
        let mut element =
            Element { name: local(tag.name().into_inner()).to_owned(), range, ..Element::default() };
        for attribute in tag.attributes().take(ATTRIBUTES_MAX) {
            match attribute {
                Ok(attribute) => {
                    let raw = attribute.value.as_ref();
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                    let value = value.map_or_else(|_| raw.to_owned(), Cow::into_owned);
                    element.attributes.push((local(attribute.key.into_inner()).to_owned(), value));
                }
                Err(error) => self.problem(element.range.start, format!("malformed attribute: {error}")),
            }
        }
        self.open.push(element);
        true
    }

    fn end(&mut self, end: usize) {
        let Some(mut element) = self.open.pop() else { return };
        element.text = String::from(element.text.trim());
        let start = element.range.start;
        element.range = self.source.range(start..end);
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(element);
        } else if self.root.is_none() {
            self.root = Some(element);
        } else {
            self.problem(start, "a second outermost element; it is left out".to_owned());
        }
    }

    fn text(&mut self, text: &str, start: usize) {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => {
                let offset = text.len() - text.trim_start().len();
                self.problem(start + offset, "text outside of the outermost element".to_owned());
            }
        }
    }

    /// The character that a reference means. Entities of a document type are not expanded.
    fn resolve(&mut self, reference: &BytesRef<'_>, start: usize) -> String {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            return character.to_string();
        }
        let name = reference.borrow().into_inner();
        match &*name {
            "lt" => "<".to_owned(),
            "gt" => ">".to_owned(),
            "amp" => "&".to_owned(),
            "quot" => "\"".to_owned(),
            "apos" => "'".to_owned(),
            _ => {
                self.problem(start, format!("entity `{name}` is not expanded"));
                format!("&{name};")
            }
        }
    }

    fn problem(&mut self, offset: usize, message: String) {
        if self.problems.len() < DIAGNOSTICS_MAX {
            self.problems.push((self.source.lines.line_index(offset) as u32 + 1, message));
        }
    }

    fn finish(mut self) -> Document {
        let end = self.source.text.len();
        if let Some(element) = self.open.last()
            && self.problems.is_empty()
        {
            let message = format!("element `{}` is not closed", element.name);
            self.problem(element.range.start, message);
        }
        while !self.open.is_empty() {
            self.end(end);
        }
        if self.root.is_none() && self.problems.is_empty() {
            self.problem(0, "expected an XML element".to_owned());
        }
        Document { root: self.root, problems: self.problems }
    }
}

/// The name without its namespace prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests;
