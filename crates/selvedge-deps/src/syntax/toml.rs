//! TOML with the place of every key and value.
//!
//! The `toml` crate does the reading and recovers after mistakes; this page turns its document into a
//! [`Node`] tree. Cargo.lock has a faster way of its own, since its shape is fixed.

use std::borrow::Cow;

use selvedge_model::LineIndex;
use selvedge_package::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::span;
use super::{Document, Entry, Kind, MAX_ERRORS, Node, SyntaxError};

/// Reads `text` as a TOML document; the root is a map.
pub(crate) fn parse(text: &str) -> Document<'_> {
    let lines = LineIndex::new(text.as_bytes());
    let (table, errors) = DeTable::parse_recoverable(text);
    let root_span = place(&lines, table.span());
    let root = Node { kind: map(&lines, table.into_inner()), span: root_span };
    let mut errors: Vec<SyntaxError> = errors
        .iter()
        .map(|error| {
            let at = error.span().map_or(0, |range| range.start);
            SyntaxError::new(line_number(&lines, at), error.message().replace('\n', "; "))
        })
        .collect();
    errors.sort_by_key(|error| error.line);
    errors.dedup();
    errors.truncate(MAX_ERRORS);
    Document { root, errors }
}

fn line_number(lines: &LineIndex, at: usize) -> u32 {
    lines.line_index(at) as u32 + 1
}

fn place(lines: &LineIndex, range: std::ops::Range<usize>) -> Span {
    span(range.start, range.end, line_number(lines, range.start))
}

fn map<'a>(lines: &LineIndex, table: DeTable<'a>) -> Kind<'a> {
    let entries = table.into_iter().map(|(key, value)| {
        let key_span = place(lines, key.span());
        Entry { key: key.into_inner(), key_span, value: node(lines, value) }
    });
    Kind::Map(entries.collect())
}

/// Recursion is bounded by the `toml` crate, which refuses deep nesting.
fn node<'a>(lines: &LineIndex, value: Spanned<DeValue<'a>>) -> Node<'a> {
    let span = place(lines, value.span());
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::String(text),
        DeValue::Integer(number) => Kind::Number(Cow::Owned(number.to_string())),
        DeValue::Float(number) => Kind::Number(Cow::Owned(number.to_string())),
        DeValue::Boolean(truth) => Kind::Bool(truth),
        DeValue::Datetime(date) => Kind::String(Cow::Owned(date.to_string())),
        DeValue::Array(items) => Kind::List(items.into_iter().map(|item| node(lines, item)).collect()),
        DeValue::Table(table) => map(lines, table),
    };
    Node { kind, span }
}

#[cfg(test)]
mod tests;
