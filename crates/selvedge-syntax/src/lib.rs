//! Source code of many languages as one normalised tree, and Semgrep patterns matched on it.
//!
//! [`Tree::parse`] reads a file with the grammar of its [`Language`] and lowers it to the kinds of [`Kind`],
//! which are the same for all languages; quirks of a language end in its lowering. [`Pattern::parse`] sends a
//! pattern through the same grammar and lowering. [`find`] matches one on the other, by steps that a budget
//! counts. Rules, formulas and conditions are not known here.

mod constants;
mod cst;
mod facts;
mod grammar;
mod kind;
mod language;
mod lower;
mod matching;
mod names;
mod pattern;
mod tree;
mod value;

pub use kind::Kind;
pub use language::Language;
pub use matching::{Match, Steps, find, unify};
pub use pattern::{MatchOptions, PATTERN_BYTES_MAX, PATTERN_NODES_MAX, Pattern, PatternError};
pub use tree::{Children, Constant, Limits, NodeId, Tree, TreeError};
pub use value::{Bindings, Metavariable, Span, Value};
