//! A batch of events: an Arrow record batch whose envelope is known to be there.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, TimestampMicrosecondType, UInt64Type};
use arrow_array::{Array, BinaryArray, DictionaryArray, Int32Array, RecordBatch, StringArray};
use thiserror::Error;

use crate::schema::{Envelope, is_envelope};

/// A record batch that is no batch of events.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BadBatch {
    /// A column of the envelope is missing or has another type.
    #[error("column `{name}` is missing or is not of type {expected}")]
    Envelope {
        /// The column.
        name: &'static str,
        /// Its type in the schema.
        expected: String,
    },
}

/// Events as columns.
#[derive(Debug, Clone)]
pub struct EventBatch {
    record: RecordBatch,
    /// Where the columns of the envelope stand in the record.
    envelope: [usize; Envelope::ALL.len()],
}

/// One field of the source: a key per row into distinct values. The same value may have several keys.
#[derive(Debug, Clone, Copy)]
pub struct FieldColumn<'a> {
    keys: &'a Int32Array,
    values: &'a StringArray,
}

impl<'a> FieldColumn<'a> {
    /// Reads a dictionary array of text; `None` for other types.
    pub fn new(array: &'a dyn Array) -> Option<Self> {
        let dictionary: &DictionaryArray<Int32Type> = array.as_dictionary_opt()?;
        Some(Self { keys: dictionary.keys(), values: dictionary.values().as_string_opt()? })
    }

    /// The keys, one per row.
    pub fn keys(&self) -> &'a Int32Array {
        self.keys
    }

    /// The values that keys point to.
    pub fn values(&self) -> &'a StringArray {
        self.values
    }

    /// The value of `row`.
    pub fn get(&self, row: usize) -> Option<&'a str> {
        self.keys.is_valid(row).then(|| self.values.value(self.keys.value(row).cast_unsigned() as usize))
    }
}

impl EventBatch {
    /// A batch that the builder made, whose envelope comes first.
    pub(crate) fn of_builder(record: RecordBatch) -> Self {
        Self { record, envelope: std::array::from_fn(|index| index) }
    }

    /// Takes a record batch from elsewhere, such as a stored one. Columns may stand in any order.
    pub fn from_record_batch(record: RecordBatch) -> Result<Self, BadBatch> {
        let mut envelope = [0; Envelope::ALL.len()];
        for (slot, column) in envelope.iter_mut().zip(Envelope::ALL) {
            let schema = record.schema_ref();
            let index = schema.index_of(column.name()).ok();
            let fits = index.filter(|index| *schema.field(*index).data_type() == column.data_type());
            *slot = fits.ok_or_else(|| BadBatch::Envelope {
                name: column.name(),
                expected: column.data_type().to_string(),
            })?;
        }
        Ok(Self { record, envelope })
    }

    /// The Arrow form.
    pub fn record(&self) -> &RecordBatch {
        &self.record
    }

    /// The Arrow form, taken out.
    pub fn into_record(self) -> RecordBatch {
        self.record
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.record.num_rows()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn envelope(&self, column: Envelope) -> &dyn Array {
        self.record.column(self.envelope[column as usize]).as_ref()
    }

    /// Event times, in microseconds since 1970-01-01 UTC.
    pub fn times(&self) -> &[i64] {
        self.envelope(Envelope::Time).as_primitive::<TimestampMicrosecondType>().values()
    }

    /// Positions in the inputs.
    pub fn positions(&self) -> &[u64] {
        self.envelope(Envelope::Position).as_primitive::<UInt64Type>().values()
    }

    /// A column of the envelope that is text in a dictionary: source, host, log source, severity, arrays.
    pub fn text(&self, column: Envelope) -> Option<FieldColumn<'_>> {
        FieldColumn::new(self.envelope(column))
    }

    /// A column of the envelope that is plain text: message, overflow.
    pub fn plain_text(&self, column: Envelope) -> Option<&StringArray> {
        self.envelope(column).as_string_opt()
    }

    /// The raw lines.
    pub fn raw(&self) -> &BinaryArray {
        self.envelope(Envelope::Raw).as_binary()
    }

    /// The field `name` of the source.
    pub fn field(&self, name: &str) -> Option<FieldColumn<'_>> {
        if is_envelope(name) {
            return None;
        }
        FieldColumn::new(self.record.column_by_name(name)?.as_ref())
    }

    /// Every field of the source, in the order of the columns.
    pub fn fields(&self) -> impl Iterator<Item = (&str, FieldColumn<'_>)> {
        let schema = self.record.schema_ref();
        schema.fields().iter().zip(self.record.columns()).filter_map(|(field, array)| {
            let name = field.name().as_str();
            if is_envelope(name) {
                return None;
            }
            Some((name, FieldColumn::new(array.as_ref())?))
        })
    }
}
