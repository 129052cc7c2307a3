//! Documents as trees whose every value knows where it stands in the file.
//!
//! Readers of SBOM and VEX documents walk a [`Node`]; JSON becomes one in [`json`], XML in [`xml`]. What is
//! wrong with a text ends the tree there and is said; what was read before stays.

use std::borrow::Cow;
use std::sync::Arc;

pub(crate) mod json;
pub(crate) mod xml;

/// Bytes of one document that are read; the largest SBOMs seen in the field have about a tenth of it.
pub const BYTES_MAX: usize = 256 << 20;

/// Values in one document: some 250,000 components with all that is usually said of one.
pub(crate) const NODES_MAX: usize = 8_000_000;

/// Nesting of arrays, objects and elements. Real documents stay below 20.
pub(crate) const DEPTH_MAX: usize = 128;

/// What ended the reading of a document, at a byte offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where.
    pub(crate) at: usize,
    /// What was expected or which limit was met.
    pub(crate) message: String,
    /// Whether a limit, not the text, is to blame.
    pub(crate) is_limit: bool,
}

/// A value and the bytes it was read from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// The value.
    pub(crate) value: Value<'a>,
}

/// The values of JSON. Numbers stay text, so that nothing is rounded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The value of member `key`. A key that stands twice counts once, with its last value, as every common
    /// JSON reader has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.members().iter().rev().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// Follows member names downwards.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node<'a>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The members, none unless it is an object.
    pub(crate) fn members(&self) -> &[(Cow<'a, str>, Node<'a>)] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements, none unless it is an array.
    pub(crate) fn items(&self) -> &[Node<'a>] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// The elements of the array under `key`.
    pub(crate) fn list(&self, key: &str) -> &[Node<'a>] {
        self.get(key).map_or(&[], Node::items)
    }

    /// The text, if it is a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text under `key`, if it is a string that says something.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::as_str).filter(|text| !text.trim().is_empty())
    }

    /// [`Node::text`], owned.
    pub(crate) fn string(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    /// [`Node::text`], to be shared.
    pub(crate) fn shared(&self, key: &str) -> Option<Arc<str>> {
        self.text(key).map(Arc::from)
    }

    /// The value, if it is a whole number that fits.
    pub(crate) fn number(&self) -> Option<u32> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}
