//! What the crate does, seen from outside.

mod builtin;
mod chunked;
mod corpora;
mod equality;
mod findings;
mod pack;
mod semantics;
mod support;
