//! The text formats that logs are written in: one line or record in, its fields out.

mod join;

pub use join::{Join, PATTERN_BYTES_MAX};
