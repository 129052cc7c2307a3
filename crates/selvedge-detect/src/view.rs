//! A batch as rules see it: one column per field that a rule names, wherever its values stand.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use arrow_array::Array;
use selvedge_event::{Envelope, EventBatch, FieldColumn};

use crate::oracle::Row;

/// The key of a row without a value.
pub(crate) const ABSENT: u32 = u32::MAX;

/// What one dictionary entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    One(&'a str),
    /// Several values of one field in one event.
    Many(Vec<String>),
}

impl Entry<'_> {
    /// The values one by one.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::One(value) => (Some(*value), &[][..]),
            Self::Many(values) => (None, values.as_slice()),
        };
        one.into_iter().chain(many.iter().map(String::as_str))
    }
}

/// A field: a key per row into entries, which need not be distinct.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column<'a> {
    pub(crate) keys: Vec<u32>,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// A batch with what is needed to find fields in it.
#[derive(Debug)]
pub(crate) struct View<'a> {
    batch: &'a EventBatch,
    /// Rows in which a field holds several values, by field.
    arrays: BTreeMap<&'a str, Vec<u32>>,
    /// Fields of the overflow column, by name: row and values.
    overflow: BTreeMap<String, Vec<(u32, Vec<String>)>>,
    /// Names with spaces, by the name that rules use for them: `Threat Name` for `ThreatName`.
    spaced: BTreeMap<String, Vec<&'a str>>,
}

impl<'a> View<'a> {
    pub(crate) fn new(batch: &'a EventBatch) -> Self {
        let mut spaced: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, _) in batch.fields().filter(|(name, _)| name.contains(' ')) {
            spaced.entry(name.replace(' ', "")).or_default().push(name);
        }
        Self { batch, arrays: arrays(batch), overflow: overflow(batch), spaced }
    }

    pub(crate) fn rows(&self) -> usize {
        self.batch.len()
    }

    /// The column of a field, or `None` if no row has it. A row takes its value from the first place that has
    /// one: the column of that name, columns whose name differs by spaces, the overflow column, and for
    /// `message` and `host` the envelope.
    pub(crate) fn column(&self, field: &str) -> Option<Column<'a>> {
        let mut column = Column::default();
        if let Some(envelope) = envelope_text(field) {
            self.add(&mut column, field, self.batch.text(envelope)?);
        }
        if let Some(own) = self.batch.field(field) {
            self.add(&mut column, field, own);
        }
        for name in self.spaced.get(field).into_iter().flatten() {
            if let Some(own) = self.batch.field(name) {
                self.add(&mut column, name, own);
            }
        }
        for (row, values) in self.overflow.get(field).into_iter().flatten() {
            column.keys.resize(self.rows(), ABSENT);
            if column.keys[*row as usize] == ABSENT {
                column.keys[*row as usize] = column.entries.len() as u32;
                column.entries.push(Entry::Many(values.clone()));
            }
        }
        if field == "message" {
            self.add_message(&mut column);
        } else if let ("host", Some(host)) = (field, self.batch.text(Envelope::Host)) {
            self.add(&mut column, Envelope::Host.name(), host);
        }
        (!column.keys.is_empty()).then_some(column)
    }

    /// Adds the values of `from` in rows that have none yet.
    fn add(&self, column: &mut Column<'a>, name: &str, from: FieldColumn<'a>) {
        let first = column.entries.len() as u32;
        let values = from.values();
        column.entries.extend((0..values.len()).map(|index| Entry::One(values.value(index))));
        let keys = from.keys();
        if column.keys.is_empty() && keys.null_count() == 0 {
            column.keys = keys.values().iter().map(|key| key.cast_unsigned() + first).collect();
        } else if column.keys.is_empty() {
            column.keys =
                keys.iter().map(|key| key.map_or(ABSENT, |key| key.cast_unsigned() + first)).collect();
        } else {
            column.keys.resize(self.rows(), ABSENT);
            for (row, slot) in column.keys.iter_mut().enumerate() {
                if *slot == ABSENT && keys.is_valid(row) {
                    *slot = keys.value(row).cast_unsigned() + first;
                }
            }
        }
        for row in self.arrays.get(name).into_iter().flatten() {
            let slot = &mut column.keys[*row as usize];
            if *slot >= first
                && *slot != ABSENT
                && let Some(Entry::One(text)) = column.entries.get(*slot as usize)
                && let Ok(values) = serde_json::from_str::<Vec<String>>(text)
            {
                *slot = column.entries.len() as u32;
                column.entries.push(Entry::Many(values));
            }
        }
    }

    fn add_message(&self, column: &mut Column<'a>) {
        let Some(messages) = self.batch.plain_text(Envelope::Message) else { return };
        if messages.null_count() == messages.len() {
            return;
        }
        column.keys.resize(self.rows(), ABSENT);
        for (row, slot) in column.keys.iter_mut().enumerate() {
            if *slot == ABSENT && messages.is_valid(row) {
                *slot = column.entries.len() as u32;
                column.entries.push(Entry::One(messages.value(row)));
            }
        }
    }

    /// Names of everything that keywords look at.
    pub(crate) fn searchable(&self) -> BTreeSet<&str> {
        let mut names: BTreeSet<&str> = self.batch.fields().map(|(name, _)| name).collect();
        names.extend(self.overflow.keys().map(String::as_str));
        names.insert("message");
        names
    }
}

/// Fields of the envelope that log sources and rules may name.
fn envelope_text(field: &str) -> Option<Envelope> {
    [
        Envelope::Product,
        Envelope::Category,
        Envelope::Service,
        Envelope::Source,
        Envelope::Host,
        Envelope::Severity,
    ]
    .into_iter()
    .find(|column| column.name() == field)
}

fn arrays(batch: &EventBatch) -> BTreeMap<&str, Vec<u32>> {
    let mut found: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let Some(arrays) = batch.text(Envelope::Arrays) else { return found };
    if arrays.keys().null_count() == arrays.keys().len() {
        return found;
    }
    for row in 0..batch.len() {
        for name in arrays.get(row).into_iter().flat_map(|names| names.split('\n')) {
            found.entry(name).or_default().push(row as u32);
        }
    }
    found
}

fn overflow(batch: &EventBatch) -> BTreeMap<String, Vec<(u32, Vec<String>)>> {
    let mut found: BTreeMap<String, Vec<(u32, Vec<String>)>> = BTreeMap::new();
    let Some(overflow) = batch.plain_text(Envelope::Overflow) else { return found };
    for row in (0..batch.len()).filter(|row| overflow.is_valid(*row)) {
        let fields = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(overflow.value(row));
        for (name, value) in fields.unwrap_or_default() {
            let values = match value {
                serde_json::Value::String(text) => vec![text],
                serde_json::Value::Array(items) => {
                    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
                }
                _ => continue,
            };
            found.entry(name).or_default().push((row as u32, values));
        }
    }
    found
}

/// All columns of a batch, for looking at single rows.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    columns: BTreeMap<String, Column<'a>>,
    searchable: BTreeSet<String>,
}

impl<'a> Rows<'a> {
    /// Looks up `fields` and everything that keywords look at.
    pub(crate) fn new<'f>(view: &View<'a>, fields: impl IntoIterator<Item = &'f str>) -> Self {
        let searchable: BTreeSet<String> = view.searchable().into_iter().map(str::to_owned).collect();
        let mut names = searchable.clone();
        names.extend(fields.into_iter().map(str::to_owned));
        Self { columns: columns(view, names), searchable }
    }

    /// Looks up `fields` only: keywords find nothing in these rows.
    pub(crate) fn named<'f>(view: &View<'a>, fields: impl IntoIterator<Item = &'f str>) -> Self {
        let names = fields.into_iter().map(str::to_owned).collect();
        Self { columns: columns(view, names), searchable: BTreeSet::new() }
    }

    pub(crate) fn row(&self, row: usize) -> OneRow<'_> {
        OneRow { rows: self, row }
    }
}

fn columns<'a>(view: &View<'a>, names: BTreeSet<String>) -> BTreeMap<String, Column<'a>> {
    names.into_iter().filter_map(|name| view.column(&name).map(|column| (name, column))).collect()
}

/// One event of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OneRow<'a> {
    rows: &'a Rows<'a>,
    row: usize,
}

impl OneRow<'_> {
    fn entry(&self, field: &str) -> Option<&Entry<'_>> {
        let column = self.rows.columns.get(field)?;
        column.entries.get(column.keys[self.row] as usize)
    }
}

impl Row for OneRow<'_> {
    fn values(&self, field: &str) -> Vec<Cow<'_, str>> {
        self.entry(field).into_iter().flat_map(Entry::values).map(Cow::Borrowed).collect()
    }

    fn everything(&self) -> Vec<Cow<'_, str>> {
        self.rows.searchable.iter().flat_map(|field| self.values(field)).collect()
    }
}
