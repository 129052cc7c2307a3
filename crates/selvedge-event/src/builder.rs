//! Makes batches out of lines.

mod envelope;
mod fields;
mod object;

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema};

use crate::batch::EventBatch;
use crate::json::{JsonError, Scanner};
use crate::limits::Limits;
use crate::names::Names;
use crate::origin::{Origin, Parsed, Value};
use crate::schema::{Envelope, field_type};
use envelope::EnvelopeColumns;
use fields::Fields;

/// Distinct paths of keys for one column, before a builder forgets them all and begins anew.
const NODES_PER_COLUMN: usize = 8;

/// The fields of one row hold at most this many times the bytes that a line may have, whoever found them.
const FIELD_BYTES_PER_LINE_BYTE: usize = 4;

/// What was left out of columns, by kind. The raw lines have it all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notices {
    /// Values that went to the overflow column.
    pub overflowed: u64,
    /// Objects and arrays that stayed JSON text since they are nested too deep.
    pub too_deep: u64,
    /// Values beyond the limit on values of one field in one row.
    pub values_cut: u64,
    /// Lines that are not UTF-8: bad bytes are U+FFFD in columns.
    pub not_utf8: u64,
}

impl Notices {
    /// Adds the counts of `other`.
    pub fn add(&mut self, other: Self) {
        self.overflowed += other.overflowed;
        self.too_deep += other.too_deep;
        self.values_cut += other.values_cut;
        self.not_utf8 += other.not_utf8;
    }
}

/// Collects lines and turns them into an [`EventBatch`] when asked, or when [`EventBatchBuilder::is_full`].
#[derive(Debug)]
pub struct EventBatchBuilder {
    limits: Limits,
    names: Names,
    fields: Fields,
    envelope: EnvelopeColumns,
    notices: Notices,
}

impl EventBatchBuilder {
    /// An empty builder.
    pub fn new(limits: Limits) -> Self {
        let limits = limits.clamped();
        Self {
            limits,
            names: Names::new(limits.columns_max * NODES_PER_COLUMN),
            fields: Fields::new(&limits),
            envelope: EnvelopeColumns::default(),
            notices: Notices::default(),
        }
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.envelope.rows()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a limit on the batch is reached: call [`EventBatchBuilder::finish`] before the next line.
    pub fn is_full(&self) -> bool {
        self.len() >= self.limits.rows_max
            || self.envelope.raw_bytes() >= self.limits.bytes_max
            || self.fields.value_bytes() >= self.limits.bytes_max
    }

    /// Adds the event in `line`, one JSON object. After an error the builder is as it was, so that the line can
    /// be kept with [`EventBatchBuilder::push_fields`].
    ///
    /// Time and host are taken from the usual fields (`@timestamp`, `eventTime`, `UtcTime` …; `Computer`,
    /// `hostname` …), else from `origin`.
    pub fn push_json(&mut self, origin: &Origin<'_>, line: &[u8]) -> Result<(), JsonError> {
        self.push_json_with(origin, &Parsed::default(), line)
    }

    /// [`EventBatchBuilder::push_json`] for a line whose sender said more beside it: what `known` has wins over
    /// the fields.
    pub fn push_json_with(
        &mut self,
        origin: &Origin<'_>,
        known: &Parsed<'_>,
        line: &[u8],
    ) -> Result<(), JsonError> {
        let line = line.trim_ascii();
        self.check_length(line)?;
        let row = self.len();
        let raw_at = self.envelope.raw_bytes();
        self.envelope.begin(line);
        // The raw bytes are lent to the scanner while the columns change.
        let raw = self.envelope.take_raw();
        self.fields.begin(row);
        let result = if let Ok(text) = std::str::from_utf8(&raw[raw_at..]) {
            self.event(text, &raw, Some(raw_at))
        } else {
            self.notices.not_utf8 += 1;
            self.event(&String::from_utf8_lossy(line), &raw, None)
        };
        self.envelope.put_raw(raw);
        match result {
            Ok(()) => {
                self.finish_row(origin, known);
                Ok(())
            }
            Err(error) => {
                self.fields.roll_back();
                self.envelope.roll_back(raw_at);
                Err(error)
            }
        }
    }

    fn event(&mut self, text: &str, raw: &[u8], raw_at: Option<usize>) -> Result<(), JsonError> {
        let mut reader = object::Reader {
            scanner: Scanner::new(text),
            names: &mut self.names,
            fields: &mut self.fields,
            notices: &mut self.notices,
            raw,
            raw_at,
            depth_max: self.limits.depth_max,
        };
        reader.event()
    }

    /// Adds an event whose fields another parser found. `raw` is the line as it came. Fails only if the line is
    /// over the limit.
    pub fn push_fields<'a>(
        &mut self,
        origin: &Origin<'_>,
        parsed: &Parsed<'_>,
        raw: &[u8],
        fields: impl IntoIterator<Item = (&'a str, Value<'a>)>,
    ) -> Result<(), JsonError> {
        self.check_length(raw)?;
        self.fields.begin(self.len());
        self.envelope.begin(raw);
        let budget = self.fields.value_bytes() + self.limits.line_bytes_max * FIELD_BYTES_PER_LINE_BYTE;
        for (name, value) in fields {
            if self.fields.value_bytes() < budget {
                self.field(name, value);
            } else {
                self.notices.values_cut += 1;
            }
        }
        self.finish_row(origin, parsed);
        Ok(())
    }

    fn field(&mut self, name: &str, value: Value<'_>) {
        let text = match value {
            Value::Null => return,
            Value::Text(text) => return self.fields.push_named(name, text, &mut self.notices),
            Value::Bool(truth) => if truth { "true" } else { "false" }.to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Unsigned(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
        };
        self.fields.push_named(name, &text, &mut self.notices);
    }

    fn check_length(&self, line: &[u8]) -> Result<(), JsonError> {
        if line.len() > self.limits.line_bytes_max {
            return Err(JsonError {
                column: self.limits.line_bytes_max + 1,
                expected: "the end of the line: it is over the limit on length",
            });
        }
        Ok(())
    }

    fn finish_row(&mut self, origin: &Origin<'_>, parsed: &Parsed<'_>) {
        let found = self.fields.finish_row();
        let row = self.len();
        self.envelope.finish_row(row, origin, parsed, &found);
    }

    /// The batch of all rows since the last call, or `None` if there is none. Columns are those that have a
    /// value in some row, in the order in which they were first seen.
    pub fn finish(&mut self) -> Option<EventBatch> {
        let rows = self.len();
        if rows == 0 {
            return None;
        }
        let mut columns = self.envelope.finish(rows);
        let mut schema = crate::schema::envelope_fields();
        debug_assert_eq!(columns.len(), Envelope::ALL.len());
        for (name, column) in self.fields.finish(rows) {
            schema.push(Arc::new(Field::new(name, field_type(), true)));
            columns.push(column);
        }
        if self.names.is_full() || self.fields.is_full() {
            // What one batch of strange events used up does not burden the next.
            self.names = Names::new(self.limits.columns_max * NODES_PER_COLUMN);
            self.fields = Fields::new(&self.limits);
        }
        let record = RecordBatch::try_new(Arc::new(Schema::new(schema)), columns)
            .expect("every column has one entry per row and the type of its field");
        Some(EventBatch::of_builder(record))
    }

    /// What was left out of columns since the last call.
    pub fn take_notices(&mut self) -> Notices {
        std::mem::take(&mut self.notices)
    }
}

#[cfg(test)]
mod tests;
