//! Readers of the syntaxes that package files are written in; each keeps the place of what it reads.

pub(crate) mod lines;
pub(crate) mod xml;
