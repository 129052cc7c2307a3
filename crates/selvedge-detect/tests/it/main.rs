//! The crate from outside: rules and events in, hits and alerts out.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::print_stdout, reason = "what was skipped or scored is said")]

mod conformance;
mod correlations;
mod examples;
mod findings;
mod program_is_oracle;
