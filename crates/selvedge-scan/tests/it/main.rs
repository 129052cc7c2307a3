//! Whole runs from the outside: a tree, a change or a history in, findings out.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod archived;
mod cached;
mod changes;
mod dependencies;
mod fingerprints;
mod history;
mod history_equals_plain;
mod parallel;
mod support;
mod targets;
