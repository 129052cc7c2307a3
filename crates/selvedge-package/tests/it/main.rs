//! The vocabulary of packages against vectors that nobody here wrote.

mod exceptions;
mod orders;
mod support;
mod versions;
