//! The program as its users meet it: arguments in, text, files and exit codes out.

mod bad_input;
mod changes;
mod commands;
mod leaks;
mod policy;
mod project;
mod repeat;
