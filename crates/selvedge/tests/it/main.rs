//! The program as its users meet it: arguments in, text, files and exit codes out.
#![expect(clippy::unwrap_used, reason = "a test ends where its surroundings fail")]

mod advisories;
mod bad_input;
mod changes;
mod commands;
mod leaks;
mod policy;
mod project;
mod repeat;
