//! The notation of `schema/cyclonedx-xml.shapes`: like that of the JSON shapes, with elements instead of objects
//! and content models instead of members.

use std::collections::HashMap;

use super::shapes::{Kind, Span, Types, kind, kind_and_span, take_span};

/// What may stand in an element.
#[derive(Debug)]
pub(super) enum Particle {
    /// An element of the format's own namespace.
    Element { name: &'static str, kind: Kind },
    /// An element of any other namespace.
    Foreign,
    /// All of them in this order.
    Sequence(Vec<Repeated>),
    /// One of them.
    Choice(Vec<Repeated>),
}

/// A particle and how often it stands.
#[derive(Debug)]
pub(super) struct Repeated {
    pub(super) particle: Particle,
    pub(super) min: usize,
    pub(super) max: usize,
}

#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) kind: Kind,
    span: Span,
}

/// A type of elements.
#[derive(Debug, Default)]
pub(super) struct ElementType {
    attributes: Vec<Attribute>,
    text: Vec<(Kind, Span)>,
    mixed: Vec<Span>,
    open: Vec<Span>,
    content: Vec<(Repeated, Span)>,
}

impl ElementType {
    pub(super) fn attributes(&self, minor: u8) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(move |it| it.span.holds(minor))
    }

    /// The type of its text, if it has text instead of elements.
    pub(super) fn text(&self, minor: u8) -> Option<&Kind> {
        self.text.iter().find(|(_, span)| span.holds(minor)).map(|(kind, _)| kind)
    }

    /// Whether text may stand between the elements.
    pub(super) fn is_mixed(&self, minor: u8) -> bool {
        self.mixed.iter().any(|span| span.holds(minor))
    }

    /// Whether attributes that are not listed are allowed.
    pub(super) fn is_open(&self, minor: u8) -> bool {
        self.open.iter().any(|span| span.holds(minor))
    }

    /// Its elements, a sequence.
    pub(super) fn content(&self, minor: u8) -> impl Iterator<Item = &Repeated> {
        self.content.iter().filter(move |(_, span)| span.holds(minor)).map(|(particle, _)| particle)
    }
}

/// The file of shapes.
#[derive(Debug, Default)]
pub(super) struct XmlShapes {
    types: Types,
    elements: HashMap<&'static str, ElementType>,
}

impl XmlShapes {
    /// Reads the file.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut shapes = Self::default();
        let mut owner = "";
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if let Some(name) = line.strip_prefix("element ") {
                owner = name;
                shapes.elements.entry(name).or_default();
            } else if let Some(rest) = line.strip_prefix("type ") {
                shapes.types.add(rest);
            } else {
                let element = shapes.elements.get_mut(owner).expect("lines follow their element");
                element.add(line.trim_start());
            }
        }
        shapes
    }

    pub(super) fn element(&self, name: &str) -> Option<&ElementType> {
        self.elements.get(name)
    }

    pub(super) fn simple(&self, name: &str, minor: u8) -> Option<&Kind> {
        self.types.get(name, minor)
    }
}

impl ElementType {
    fn add(&mut self, line: &'static str) {
        let (head, span) = take_span(line);
        if head == "@@" {
            self.open.push(span);
        } else if head == "~" {
            self.mixed.push(span);
        } else if let Some(rest) = line.strip_prefix('@') {
            let (name, rest) = rest.split_once(' ').expect("an attribute and its type");
            let (kind, span) = kind_and_span(rest);
            let is_required = name.ends_with('!');
            self.attributes.push(Attribute { name: name.trim_end_matches('!'), is_required, kind, span });
        } else if let Some(rest) = line.strip_prefix("= ") {
            self.text.push(kind_and_span(rest));
        } else {
            self.content.push((repeated(head), span));
        }
    }
}

/// A particle with its `?`, `*` or `+`.
fn repeated(text: &'static str) -> Repeated {
    let (text, min, max) = match text.as_bytes().last() {
        Some(b'?') => (&text[..text.len() - 1], 0, 1),
        Some(b'*') => (&text[..text.len() - 1], 0, usize::MAX),
        Some(b'+') => (&text[..text.len() - 1], 1, usize::MAX),
        _ => (text, 1, 1),
    };
    Repeated { particle: particle(text), min, max }
}

fn particle(text: &'static str) -> Particle {
    if text == "##" {
        return Particle::Foreign;
    }
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else {
        let (name, word) = text.split_once(':').expect("an element and its type");
        return Particle::Element { name, kind: kind(word) };
    };
    let choices = split(inner, b'/');
    if choices.len() > 1 {
        return Particle::Choice(choices.into_iter().map(repeated).collect());
    }
    Particle::Sequence(split(inner, b',').into_iter().map(repeated).collect())
}

/// Splits outside of parentheses.
fn split(text: &'static str, mark: u8) -> Vec<&'static str> {
    let mut depth = 0;
    let mut start = 0;
    let mut parts = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ if byte == mark && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
