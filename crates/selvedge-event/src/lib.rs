//! Log events as Arrow batches.
//!
//! A batch has one envelope (time, receipt, source and position, host, log source, severity, message, raw line)
//! and a dictionary-encoded column for each field of the source, named by its dotted path as the source spells
//! it. Fields beyond the limit on columns stand in one overflow column; nothing of a line is lost, since the
//! raw bytes are always kept.
//!
//! Batches are made by [`EventBatchBuilder`], from JSON text without a tree between, or from the fields that a
//! parser of another format found. What detection matches, what the lake stores and what SQL reads is the same
//! [`EventBatch`]. No file system, no clock, no network here.

mod batch;
mod builder;
mod column;
mod json;
mod limits;
mod names;
mod origin;
mod schema;
mod time;

pub use batch::{BadBatch, EventBatch, FieldColumn};
pub use builder::{EventBatchBuilder, Notices};
pub use json::JsonError;
pub use limits::Limits;
pub use origin::{Logsource, Origin, Parsed, Value};
pub use schema::{Envelope, envelope_fields, is_envelope};
pub use time::parse_time;
