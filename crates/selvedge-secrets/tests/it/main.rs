//! What the crate does, seen from outside.

mod builtin;
mod corpora;
mod equality;
mod semantics;
mod support;
