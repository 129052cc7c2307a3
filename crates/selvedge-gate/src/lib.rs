//! Everything between raw findings and a verdict.
//!
//! Configuration with the origin of each value, exceptions, inline ignores, the baseline, owners, and the
//! gate. Pure: texts, names and today's date come in, data goes out; no file system, no clock, no
//! environment. Start reading at [`PolicyBundle`] (texts → policy), [`triage`] (findings → what counts) and
//! [`evaluate`] (what counts → verdict).

pub mod config;
mod date;
mod error;
pub mod exceptions;
mod gate;
mod glob;
mod nearest;
#[cfg(test)]
mod testing;
mod toml_text;

pub use date::Date;
pub use error::ConfigError;
pub use gate::{Coverage, Policy, evaluate};
pub use glob::{GLOB_CHARS_MAX, GlobError, PathGlob, PathGlobs};
pub use nearest::{nearest, suggestion};
