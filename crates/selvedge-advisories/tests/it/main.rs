//! The crate from outside: records in, one file, answers out.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::print_stdout, reason = "what was skipped or measured is said")]

mod conformance;
mod corpora;
mod damage;
mod import;
mod matching;
mod oracle;
