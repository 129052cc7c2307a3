//! The fixed part of every batch: names and Arrow types of the envelope.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, TimeUnit};

/// A column that every batch has. The order is the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Envelope {
    /// Event time; the time of receipt where the event has none.
    Time,
    /// Time of receipt.
    Received,
    /// Name of the input.
    Source,
    /// Position in the input.
    Position,
    /// The host the event is about.
    Host,
    /// Log source: product.
    Product,
    /// Log source: category.
    Category,
    /// Log source: service.
    Service,
    /// Severity as the source spells it.
    Severity,
    /// The text for people, of formats that have one apart from fields.
    Message,
    /// Names of the fields that hold several values in this row, one a line; those columns then hold a JSON
    /// array of strings.
    Arrays,
    /// Fields beyond the limit on columns: a JSON object of dotted name to text or array of text.
    Overflow,
    /// The line as it came, byte for byte.
    Raw,
}

impl Envelope {
    /// Every column in order.
    pub const ALL: [Self; 13] = [
        Self::Time,
        Self::Received,
        Self::Source,
        Self::Position,
        Self::Host,
        Self::Product,
        Self::Category,
        Self::Service,
        Self::Severity,
        Self::Message,
        Self::Arrays,
        Self::Overflow,
        Self::Raw,
    ];

    /// The column's name. It begins with `_`, which keeps it apart from the source's own fields; a field of
    /// the source that has one of these names goes to the overflow column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "_time",
            Self::Received => "_received",
            Self::Source => "_source",
            Self::Position => "_position",
            Self::Host => "_host",
            Self::Product => "_product",
            Self::Category => "_category",
            Self::Service => "_service",
            Self::Severity => "_severity",
            Self::Message => "_message",
            Self::Arrays => "_arrays",
            Self::Overflow => "_overflow",
            Self::Raw => "_raw",
        }
    }

    /// The column's Arrow type.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Time | Self::Received => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Position => DataType::UInt64,
            Self::Message | Self::Overflow => DataType::Utf8,
            Self::Raw => DataType::Binary,
            Self::Source
            | Self::Host
            | Self::Product
            | Self::Category
            | Self::Service
            | Self::Severity
            | Self::Arrays => field_type(),
        }
    }

    /// Whether a row may lack it.
    pub const fn nullable(self) -> bool {
        !matches!(self, Self::Time | Self::Received | Self::Source | Self::Position | Self::Raw)
    }
}

/// The Arrow type of every field of a source: text in a dictionary.
pub(crate) fn field_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The envelope as Arrow fields, in order.
pub fn envelope_fields() -> Vec<FieldRef> {
    let field = |column: Envelope| Arc::new(Field::new(column.name(), column.data_type(), column.nullable()));
    Envelope::ALL.into_iter().map(field).collect()
}

/// Whether `name` belongs to the envelope.
pub fn is_envelope(name: &str) -> bool {
    name.starts_with('_') && Envelope::ALL.iter().any(|column| column.name() == name)
}
