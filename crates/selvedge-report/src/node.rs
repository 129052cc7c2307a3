//! A JSON value whose keys keep the order in which they are written.
//!
//! `serde_json::Value` sorts or keeps keys depending on a Cargo feature that any dependency may switch
//! on; bytes of an output must not depend on that.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// A JSON value.
pub(crate) enum Node {
    /// A string.
    Text(String),
    /// A number.
    Number(u64),
    /// True or false.
    Bool(bool),
    /// An array.
    List(Vec<Node>),
    /// An object; [`Node::Absent`] members are left out.
    Object(Vec<(&'static str, Node)>),
    /// Left out of the object that holds it.
    Absent,
}

impl Node {
    /// A string.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An array.
    pub(crate) fn list(nodes: impl IntoIterator<Item = Self>) -> Self {
        Self::List(nodes.into_iter().collect())
    }

    /// An array, or nothing if it would be empty.
    pub(crate) fn list_or_absent(nodes: impl IntoIterator<Item = Self>) -> Self {
        let nodes: Vec<_> = nodes.into_iter().collect();
        if nodes.is_empty() { Self::Absent } else { Self::List(nodes) }
    }

    /// An object.
    pub(crate) fn object<const N: usize>(members: [(&'static str, Self); N]) -> Self {
        Self::Object(members.into())
    }
}

impl From<Option<Node>> for Node {
    fn from(node: Option<Node>) -> Self {
        node.unwrap_or(Self::Absent)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Absent => serializer.serialize_none(),
            Self::List(nodes) => {
                let mut seq = serializer.serialize_seq(Some(nodes.len()))?;
                for node in nodes {
                    seq.serialize_element(node)?;
                }
                seq.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, node) in members.iter().filter(|(_, node)| !matches!(node, Self::Absent)) {
                    map.serialize_entry(key, node)?;
                }
                map.end()
            }
        }
    }
}

/// Writes `value` indented, with a final newline.
pub(crate) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Guarded(serde_json::ser::PrettyFormatter::new());
    write_with(value, formatter, out)
}

/// Writes `value` on one line, with a final newline.
pub(crate) fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_with(value, Guarded(serde_json::ser::CompactFormatter), out)
}

fn write_with(
    value: &impl Serialize,
    formatter: impl serde_json::ser::Formatter,
    out: &mut dyn Write,
) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

/// A formatter that also escapes what JSON lets through and a terminal would obey: C1 controls,
/// bidirectional overrides, line separators. The text read back is unchanged.
struct Guarded<F>(F);

impl<F: serde_json::ser::Formatter> serde_json::ser::Formatter for Guarded<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(crate::text::is_hostile) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let Some(c) = rest[at..].chars().next() else { break };
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
