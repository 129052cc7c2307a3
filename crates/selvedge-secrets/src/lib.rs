//! Finds credentials in bytes.
//!
//! Start reading at [`Scanner`]. Rules come from packs in Gitleaks or Betterleaks TOML ([`load_toml`]) or
//! from the built-in pack ([`RuleSet::builtin`]). The crate reads no file, opens no connection and keeps
//! no secret beyond the [`Hit`] that carries it.

mod allow;
mod builtin;
mod chunks;
mod compile;
pub mod decode;
pub mod example;
pub mod expr;
mod filter;
mod findings;
mod judge;
mod load;
mod pattern;
pub mod proof;
mod rule;
mod rule_test;
mod scan;
pub mod score;
pub mod token_efficiency;

pub use allow::Origin;
pub use chunks::{CONTEXT as CHUNK_CONTEXT, ChunkId, ChunkIndex, chunks_at};
pub use load::load_toml;
pub use pattern::PatternError;
pub use rule::{RuleSet, SecretRule, Selection};
pub use rule_test::{ExampleProblem, test_rules};
pub use scan::{Hit, Notes, Part, Reach, ScanOptions, Scanner};
pub use score::doubt_of_place;
