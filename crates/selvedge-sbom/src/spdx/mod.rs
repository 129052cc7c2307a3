//! SPDX: 2.3 JSON out; 2.2 and 2.3 in JSON and tag-value, and 3.0 in JSON-LD, in.

pub(crate) mod read;
pub(crate) mod read3;
pub(crate) mod tag_value;
mod terms;
mod write;

pub use write::write_json;
