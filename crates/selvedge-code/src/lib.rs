//! Evaluates rules in Semgrep's format over source files.
//!
//! Rule files become definitions (`load`, `rule`); their formulas are evaluated as sets of ranges with bindings
//! (`formula`, `ranges`, `condition`), whose leaves are patterns on the normalised tree of `selvedge-syntax`,
//! token patterns (`generic`) or regular expressions (`pcre`). `set` keeps the rules behind a literal filter
//! (`prefilter`), `scan` evaluates them on one file. Nothing here reads a file, the clock or the network.

mod annotated;
mod builtin;
mod condition;
mod expr;
mod finding;
mod formula;
mod generic;
mod limits;
mod load;
mod message;
mod nosem;
mod paths;
mod pcre;
mod prefilter;
mod program;
mod ranges;
mod rule;
mod scan;
mod set;
mod source;
mod taint;
mod yaml;

pub use annotated::{
    Annotation, CheckOutcome, Expectation, PackOutcome, TestFile, annotations, apply, test_pack,
};
pub use builtin::{BUILTIN_PACKS, BuiltinPack};
pub use finding::{AUDIT_TAG, Telling};
pub use load::Rejected;
pub use rule::{Metadata, Target};
pub use scan::{CodeMatch, FileOutcome, Suppressed, TraceStep};
pub use set::{RuleFile, RuleSet};
