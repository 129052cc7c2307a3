//! The columns that every batch has, while they grow.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, DictionaryArray, Int32Array, StringArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow_buffer::{BooleanBufferBuilder, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};

use super::fields::RowFacts;
use crate::column::{Column, offset};
use crate::origin::{Origin, Parsed};

/// The growing envelope.
#[derive(Debug, Default)]
pub(crate) struct EnvelopeColumns {
    time: Vec<i64>,
    received: Vec<i64>,
    position: Vec<u64>,
    source: Column,
    host: Column,
    product: Column,
    category: Column,
    service: Column,
    severity: Column,
    message: Texts,
    arrays: Column,
    overflow: Texts,
    raw: Vec<u8>,
    /// Raw bytes of the batch before: room for as many is made at once.
    usual_raw_bytes: usize,
    raw_ends: Vec<i32>,
}

impl EnvelopeColumns {
    pub(crate) fn rows(&self) -> usize {
        self.raw_ends.len()
    }

    pub(crate) fn raw_bytes(&self) -> usize {
        self.raw.len()
    }

    /// Takes the raw line of the row that comes next.
    pub(crate) fn begin(&mut self, raw: &[u8]) {
        if self.raw.capacity() == 0 {
            self.raw.reserve(self.usual_raw_bytes + raw.len());
        }
        self.raw.extend_from_slice(raw);
    }

    pub(crate) fn take_raw(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.raw)
    }

    pub(crate) fn put_raw(&mut self, raw: Vec<u8>) {
        self.raw = raw;
    }

    /// Forgets a raw line whose row is not finished.
    pub(crate) fn roll_back(&mut self, raw_bytes: usize) {
        self.raw.truncate(raw_bytes);
    }

    /// Completes the row `row`.
    pub(crate) fn finish_row(
        &mut self,
        row: usize,
        origin: &Origin<'_>,
        parsed: &Parsed<'_>,
        found: &RowFacts,
    ) {
        let optional = |column: &mut Column, text: Option<&str>| {
            if let Some(text) = text {
                let key = column.intern(text);
                column.set(row, key);
            }
        };
        self.raw_ends.push(offset(self.raw.len()));
        self.received.push(origin.received);
        self.time.push(parsed.time.or(found.time).unwrap_or(origin.received));
        self.position.push(origin.position);
        optional(&mut self.source, Some(origin.source));
        optional(&mut self.host, parsed.host.or(found.host.as_deref()).or(origin.host));
        optional(&mut self.product, origin.logsource.product);
        optional(&mut self.category, origin.logsource.category);
        optional(&mut self.service, origin.logsource.service);
        optional(&mut self.severity, parsed.severity);
        optional(&mut self.arrays, found.arrays.as_deref());
        self.message.push(parsed.message);
        self.overflow.push(found.overflow.as_deref());
    }

    /// The columns in the order of [`crate::Envelope::ALL`]; the builder is empty afterwards.
    pub(crate) fn finish(&mut self, rows: usize) -> Vec<ArrayRef> {
        let timestamps = |values: &mut Vec<i64>| -> ArrayRef {
            Arc::new(TimestampMicrosecondArray::from(std::mem::take(values)).with_timezone("UTC"))
        };
        let dictionary = |column: &mut Column| -> ArrayRef {
            column.finish(rows).unwrap_or_else(|| {
                let keys = Int32Array::new_null(rows);
                Arc::new(DictionaryArray::new(keys, Arc::new(StringArray::from(vec![""]))))
            })
        };
        vec![
            timestamps(&mut self.time),
            timestamps(&mut self.received),
            dictionary(&mut self.source),
            Arc::new(UInt64Array::from(std::mem::take(&mut self.position))),
            dictionary(&mut self.host),
            dictionary(&mut self.product),
            dictionary(&mut self.category),
            dictionary(&mut self.service),
            dictionary(&mut self.severity),
            self.message.finish(),
            dictionary(&mut self.arrays),
            self.overflow.finish(),
            self.finish_raw(),
        ]
    }

    fn finish_raw(&mut self) -> ArrayRef {
        self.usual_raw_bytes = self.raw.len();
        let offsets = offsets(&mut self.raw_ends);
        let values = Buffer::from_vec(std::mem::take(&mut self.raw));
        Arc::new(BinaryArray::try_new(offsets, values, None).expect("ends rise up to the length"))
    }
}

fn offsets(ends: &mut Vec<i32>) -> OffsetBuffer<i32> {
    let mut offsets = Vec::with_capacity(ends.len() + 1);
    offsets.push(0);
    offsets.append(ends);
    OffsetBuffer::new(ScalarBuffer::from(offsets))
}

/// A column of texts that do not repeat.
#[derive(Debug)]
struct Texts {
    values: String,
    ends: Vec<i32>,
    present: BooleanBufferBuilder,
}

impl Default for Texts {
    fn default() -> Self {
        Self { values: String::new(), ends: Vec::new(), present: BooleanBufferBuilder::new(0) }
    }
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        self.values.push_str(text.unwrap_or_default());
        self.ends.push(offset(self.values.len()));
        self.present.append(text.is_some());
    }

    fn finish(&mut self) -> ArrayRef {
        let offsets = offsets(&mut self.ends);
        let values = Buffer::from_vec(std::mem::take(&mut self.values).into_bytes());
        let nulls = NullBuffer::new(self.present.finish());
        Arc::new(StringArray::try_new(offsets, values, Some(nulls)).expect("texts were appended whole"))
    }
}
