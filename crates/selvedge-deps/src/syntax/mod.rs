//! Readers of the notations that package files are written in, each keeping where a value stands.
//!
//! JSON, YAML and TOML become one [`Node`] tree, so that a format reads them alike; XML keeps its elements, and
//! what has no notation of its own is read by lines. Readers are total: after
//! a mistake they return what stands before it (TOML: around it) together with the line of the mistake.

pub(crate) mod conflict;
pub(crate) mod digest;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod toml;
mod tree;
pub(crate) mod xml;
pub(crate) mod yaml;

pub(crate) use tree::{Document, Entry, Kind, Node, SyntaxError, read, read_map, text};

/// Deepest nesting that is read; package files stay below 20.
pub(crate) const MAX_DEPTH: usize = 128;

/// Most values read from one file, aliases counted as often as they are used.
pub(crate) const MAX_NODES: usize = 8_000_000;

/// Largest file that is read. The largest lockfiles seen are below 10 MB.
pub(crate) const MAX_BYTES: usize = 256 << 20;

/// Most mistakes reported for one file.
pub(crate) const MAX_ERRORS: usize = 20;
