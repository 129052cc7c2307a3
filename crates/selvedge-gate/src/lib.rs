//! Everything between raw findings and a verdict.
//!
//! Configuration with the origin of each value, exceptions, inline ignores, the baseline, owners, and the
//! gate. Pure: texts, names and today's date come in, data goes out; no file system, no clock, no
//! environment. Start reading at [`PolicyBundle`] (texts → policy), [`triage()`] (findings → what counts) and
//! [`evaluate`] (what counts → verdict).

#![cfg_attr(
    test,
    allow(clippy::needless_raw_string_hashes, reason = "the snapshot tool writes them into the tests")
)]

pub mod baseline;
pub mod codeowners;
pub mod config;
mod date;
mod error;
pub mod exceptions;
mod gate;
mod gitleaks_ignore;
mod glob;
pub mod inline;
mod nearest;
mod policy;
#[cfg(test)]
mod testing;
mod toml_text;
mod triage;

pub use date::Date;
pub use error::ConfigError;
pub use gate::{Coverage, Policy, evaluate};
pub use gitleaks_ignore::{GITLEAKS_IGNORE_BYTES_MAX, GitleaksIgnore};
pub use glob::{GLOB_CHARS_MAX, GlobError, PathGlob, PathGlobs};
pub use nearest::{nearest, suggestion};
pub use policy::{CONFIG_PATH, GITLEAKS_IGNORE_PATH, PolicyBundle, PolicyOrigin, PolicyTexts};
pub use triage::{TriageInput, Triaged, triage};
