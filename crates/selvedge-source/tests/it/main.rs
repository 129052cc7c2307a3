//! What reaches the visitor, for trees, streams and repositories built by the tests themselves.

mod staged;
mod support;
mod tree;
