//! What reaches the visitor, for trees, streams and repositories built by the tests themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod archive;
mod history;
mod since;
mod staged;
mod support;
mod tree;
