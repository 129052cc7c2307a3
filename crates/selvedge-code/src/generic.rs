//! The `generic` target: patterns over words and punctuation, with indentation and brackets as the only
//! structure.
//!
//! A text is a nested sequence: deeper lines form a block within the line above, and brackets that close on
//! their line form one within it. A pattern is read the same way. Its blocks must match whole blocks; where it
//! has none, blocks of the text are looked through. `...` skips a bounded number of lines and never leaves the
//! block in which it stands.

mod document;
mod matcher;
mod pattern;

pub(crate) use document::{Document, Item, read};
pub(crate) use matcher::find;
pub(crate) use pattern::GenericPattern;

#[cfg(test)]
mod tests;
