//! The columns of the source's own fields, while they grow, and what is known of the row that is being read.

use std::collections::HashMap;

use arrow_array::ArrayRef;

use super::Notices;
use crate::column::{Column, Escaped};
use crate::json::quote;
use crate::limits::Limits;
use crate::names::NONE;
use crate::schema::is_envelope;
use crate::time::parse_time;

/// Instead of a column: the values belong into the overflow column.
pub(crate) const OVERFLOW: u32 = NONE - 1;

/// Fields that hold the time of the event, best first.
const TIME_FIELDS: &[&str] = &[
    "@timestamp",
    "_time",
    "timestamp",
    "eventTime",
    "time",
    "UtcTime",
    "TimeCreated_SystemTime",
    "TimeCreated",
    "SystemTime",
    "EventTime",
    "requestReceivedTimestamp",
    "published",
    "createdDateTime",
    "activityDateTime",
    "created_at",
    "ts",
    "date",
];

/// Fields that hold the host of the event, best first.
const HOST_FIELDS: &[&str] = &[
    "Computer",
    "Hostname",
    "host.name",
    "hostname",
    "host",
    "HostName",
    "computer_name",
    "winlog.computer_name",
];

/// A value on its way into a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece<'a> {
    /// The text itself.
    Plain(&'a str),
    /// A JSON string with escapes, and the raw bytes of the batch.
    Escaped(Escaped<'a>, &'a [u8]),
}

/// What the fields say about the row as a whole.
#[derive(Debug, Default)]
pub(crate) struct RowFacts {
    pub(crate) time: Option<i64>,
    pub(crate) host: Option<String>,
    pub(crate) arrays: Option<String>,
    pub(crate) overflow: Option<String>,
}

#[derive(Debug)]
struct Field {
    name: Box<str>,
    column: Column,
    /// Index into the row's repeated fields, if it is one of this row's.
    repeated: Option<usize>,
}

/// A field that has more than one value in the row.
#[derive(Debug)]
struct Repeated {
    field: u32,
    values: Vec<String>,
}

/// All columns of fields.
#[derive(Debug)]
pub(crate) struct Fields {
    columns_max: usize,
    values_max: usize,
    all: Vec<Field>,
    by_name: HashMap<Box<str>, u32>,
    /// Columns of [`TIME_FIELDS`] and [`HOST_FIELDS`], each with its place there, best first.
    times: Vec<(usize, u32)>,
    hosts: Vec<(usize, u32)>,
    row: usize,
    /// Fields that have a value in the row.
    touched: Vec<u32>,
    repeated: Vec<Repeated>,
    overflow: Vec<(String, String)>,
    /// Bytes that were pushed since the last batch, equal values counted each time.
    value_bytes: usize,
}

impl Fields {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            columns_max: limits.columns_max,
            values_max: limits.values_per_field_max.max(1),
            all: Vec::new(),
            by_name: HashMap::new(),
            times: Vec::new(),
            hosts: Vec::new(),
            row: 0,
            touched: Vec::new(),
            repeated: Vec::new(),
            overflow: Vec::new(),
            value_bytes: 0,
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.all.len() >= self.columns_max
    }

    /// Bytes of the values since the last batch.
    pub(crate) fn value_bytes(&self) -> usize {
        self.value_bytes
    }

    /// Begins the row `row`.
    pub(crate) fn begin(&mut self, row: usize) {
        self.row = row;
        self.touched.clear();
        self.repeated.clear();
        self.overflow.clear();
    }

    /// The column named `name`, which is made if there is room, or [`OVERFLOW`].
    pub(crate) fn column(&mut self, name: &str) -> u32 {
        if let Some(column) = self.by_name.get(name) {
            return *column;
        }
        // A line feed would make the list of arrays ambiguous.
        if self.is_full() || is_envelope(name) || name.contains('\n') {
            return OVERFLOW;
        }
        let column = self.all.len() as u32;
        for (names, ranked) in [(TIME_FIELDS, &mut self.times), (HOST_FIELDS, &mut self.hosts)] {
            if let Some(rank) = names.iter().position(|known| *known == name) {
                ranked.push((rank, column));
                ranked.sort_unstable();
            }
        }
        self.all.push(Field { name: name.into(), column: Column::default(), repeated: None });
        self.by_name.insert(name.into(), column);
        column
    }

    /// Adds a value to the field named `name`.
    pub(crate) fn push_named(&mut self, name: &str, text: &str, notices: &mut Notices) {
        match self.column(name) {
            OVERFLOW => self.push_overflow(name.to_owned(), text.to_owned(), notices),
            column => self.push(column, Piece::Plain(text), notices),
        }
    }

    pub(crate) fn push_overflow(&mut self, name: String, text: String, notices: &mut Notices) {
        notices.overflowed += 1;
        self.value_bytes += name.len() + text.len();
        self.overflow.push((name, text));
    }

    /// Adds a value to a column in the current row.
    #[inline]
    pub(crate) fn push(&mut self, index: u32, piece: Piece<'_>, notices: &mut Notices) {
        let field = &mut self.all[index as usize];
        let key = match piece {
            Piece::Plain(text) => {
                self.value_bytes += text.len();
                field.column.intern(text)
            }
            Piece::Escaped(escaped, raw) => {
                self.value_bytes += escaped.text.len();
                field.column.intern_escaped(escaped, raw)
            }
        };
        if field.column.rows() <= self.row {
            field.column.set(self.row, key);
            self.touched.push(index);
        } else {
            self.repeat(index, key, notices);
        }
    }

    /// A further value in the same row: the field becomes an array there.
    fn repeat(&mut self, index: u32, key: i32, notices: &mut Notices) {
        let field = &mut self.all[index as usize];
        let slot = *field.repeated.get_or_insert_with(|| {
            let first = field.column.last_key().map_or("", |key| field.column.value(key));
            self.repeated.push(Repeated { field: index, values: vec![first.to_owned()] });
            self.repeated.len() - 1
        });
        let values = &mut self.repeated[slot].values;
        if values.len() < self.values_max {
            values.push(field.column.value(key).to_owned());
        } else {
            notices.values_cut += 1;
        }
    }

    /// Completes the row and says what its fields tell about it.
    pub(crate) fn finish_row(&mut self) -> RowFacts {
        let mut facts = RowFacts { time: self.time(), host: self.host(), ..RowFacts::default() };
        if !self.repeated.is_empty() {
            facts.arrays = Some(self.finish_arrays());
        }
        if !self.overflow.is_empty() {
            facts.overflow = Some(self.finish_overflow());
        }
        facts
    }

    /// The value that a field has in the current row.
    fn current(&self, index: u32) -> Option<&str> {
        let column = &self.all[index as usize].column;
        let key = column.last_key().filter(|_| column.rows() == self.row + 1)?;
        Some(column.value(key))
    }

    fn time(&self) -> Option<i64> {
        self.times.iter().find_map(|(_, index)| parse_time(self.current(*index)?))
    }

    fn host(&self) -> Option<String> {
        self.hosts.iter().find_map(|(_, index)| self.current(*index).map(str::to_owned))
    }

    /// Writes the fields with several values as JSON arrays and names them.
    fn finish_arrays(&mut self) -> String {
        let mut names = String::new();
        for Repeated { field, values } in self.repeated.drain(..) {
            let field = &mut self.all[field as usize];
            field.repeated = None;
            let mut text = String::new();
            quote_array(&values, &mut text);
            let key = field.column.intern(&text);
            field.column.replace_last(key);
            if !names.is_empty() {
                names.push('\n');
            }
            names.push_str(&field.name);
        }
        names
    }

    fn finish_overflow(&mut self) -> String {
        self.overflow.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut text = String::from("{");
        for group in self.overflow.chunk_by(|(a, _), (b, _)| a == b) {
            if text.len() > 1 {
                text.push(',');
            }
            quote(&group[0].0, &mut text);
            text.push(':');
            match group {
                [(_, only)] => quote(only, &mut text),
                several => {
                    let values: Vec<_> = several.iter().map(|(_, value)| value.as_str()).collect();
                    quote_array(&values, &mut text);
                }
            }
        }
        text.push('}');
        text
    }

    /// Forgets the values of the current row.
    pub(crate) fn roll_back(&mut self) {
        for index in self.touched.drain(..) {
            self.all[index as usize].column.truncate(self.row);
        }
        for Repeated { field, .. } in self.repeated.drain(..) {
            self.all[field as usize].repeated = None;
        }
    }

    /// Names and columns that have a value; the columns are empty afterwards.
    pub(crate) fn finish(&mut self, rows: usize) -> Vec<(String, ArrayRef)> {
        self.value_bytes = 0;
        let finished = self.all.iter_mut().map(|field| (field.name.to_string(), field.column.finish(rows)));
        finished.filter_map(|(name, column)| Some((name, column?))).collect()
    }
}

fn quote_array<S: AsRef<str>>(values: &[S], into: &mut String) {
    into.push('[');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            into.push(',');
        }
        quote(value.as_ref(), into);
    }
    into.push(']');
}
