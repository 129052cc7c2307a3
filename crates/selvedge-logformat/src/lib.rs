//! The text formats that logs are written in: one line or record in, its fields out.
//!
//! [`Format::parse`] reads a record in a given format, or finds the format by itself. A record that fits none is
//! still an event: [`Outcome::Raw`], with its time if it begins with one. JSON objects are handed back as they
//! are ([`Outcome::Json`]), since the batch builder reads them without a tree in between. Before that, [`Join`]
//! says which lines are one record, [`records`] cuts JSON documents and [`evtx`] reads Windows event log files.
//!
//! Names of fields are those of the source. Where a format has none, they are those that Sigma's taxonomy
//! gives to that kind of log. No file system, no clock, no network: the time of receipt and the zone of times
//! without one are parameters ([`TimeContext`]).

mod auditd;
mod cef;
mod container;
mod delimited;
mod detect;
pub mod evtx;
mod grok;
mod join;
mod journal;
mod json;
mod logfmt;
mod parsed;
mod programs;
pub mod records;
mod syslog;
mod time;
mod web;
mod windows;

pub use delimited::{CsvFormat, KeyValueFormat};
pub use detect::Format;
pub use grok::{Grok, GrokError};
pub use join::{Join, PATTERN_BYTES_MAX};
pub use parsed::{FIELDS_MAX, Outcome, Parsed};
pub use time::{SKEW_MAX_US, TimeContext};
