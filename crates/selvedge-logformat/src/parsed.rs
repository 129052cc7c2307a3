//! What a parser found in a record.

use std::borrow::Cow;

/// Fields of one record; further ones stay in the raw line only.
pub const FIELDS_MAX: usize = 1024;

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The record is a JSON object, as it stands.
    Json(&'a str),
    /// The record was read in the named format.
    Fields(&'static str, Parsed<'a>),
    /// The record fits no format; its text is the message.
    Raw(Parsed<'a>),
}

/// Fields and envelope of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// When it happened, in microseconds since 1970-01-01 UTC.
    pub time: Option<i64>,
    /// Where it happened, as the record says.
    pub host: Option<Cow<'a, str>>,
    /// How bad it is, as the source spells it.
    pub severity: Option<Cow<'a, str>>,
    /// The text for people.
    pub message: Option<Cow<'a, str>>,
    /// The fields in their order. A name may occur more than once.
    pub fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Whether there were more fields than are kept.
    pub is_cut: bool,
}

impl<'a> Parsed<'a> {
    /// Adds a field, up to the limit.
    pub(crate) fn put(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        if self.fields.len() < FIELDS_MAX {
            self.fields.push((name.into(), value.into()));
        } else {
            self.is_cut = true;
        }
    }

    /// Adds a field unless it is absent, empty or the `-` that stands for nothing.
    pub(crate) fn put_present(&mut self, name: &'static str, value: &'a str) {
        if !value.is_empty() && value != "-" {
            self.put(name, value);
        }
    }

    /// The first value of the field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_ref())
    }

    /// Takes over what an inner format found: its own word on time, host and severity wins.
    pub(crate) fn merge(&mut self, inner: Parsed<'a>) {
        self.time = inner.time.or(self.time);
        self.host = inner.host.or(self.host.take());
        self.severity = inner.severity.or(self.severity.take());
        self.message = inner.message.or(self.message.take());
        self.is_cut |= inner.is_cut;
        for (name, value) in inner.fields {
            self.put(name, value);
        }
    }
}
