//! The program as its users meet it: arguments in, text, files and exit codes out.
#![expect(clippy::unwrap_used, reason = "a test ends where its surroundings fail")]
#![expect(clippy::needless_raw_string_hashes, reason = "it is the form in which expect_test writes")]

mod advisories;
mod bad_input;
mod bills;
mod changes;
mod code;
mod commands;
mod leaks;
mod licences;
mod logs;
mod policy;
mod project;
mod repeat;
