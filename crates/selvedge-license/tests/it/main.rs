//! Licences as packages state them, and what a policy makes of them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod detection;
mod policy;
mod statements;
