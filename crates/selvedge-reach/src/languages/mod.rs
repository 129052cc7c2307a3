//! One lexer per language. Each walks its text once, front to back, and tells a
//! [`Collector`](crate::collector::Collector) what it sees. They know comments, strings and the import syntax and
//! nothing else of the grammar; where a text is not what they expect they lose a line, not the file.

pub(crate) mod go;
pub(crate) mod java;
pub(crate) mod javascript;
pub(crate) mod markup;
pub(crate) mod python;
pub(crate) mod rust;
