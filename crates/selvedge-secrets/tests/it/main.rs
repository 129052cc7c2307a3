//! What the crate does, seen from outside.

mod builtin;
mod chunked;
mod corpora;
mod equality;
mod semantics;
mod support;
