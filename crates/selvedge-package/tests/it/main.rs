//! The vocabulary of packages against vectors that nobody here wrote.

mod cvss;
mod exceptions;
mod orders;
mod purl;
mod requirements;
mod support;
mod versions;
