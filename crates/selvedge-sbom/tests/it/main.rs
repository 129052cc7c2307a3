//! What the crate promises to its callers, on documents as they come.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::print_stdout, reason = "what was skipped or scored is said")]

mod bills;
mod round_trip;
mod sample;
mod schemas;
mod vectors;
mod vex;
