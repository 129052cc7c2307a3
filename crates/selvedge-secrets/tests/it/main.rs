//! What the crate does, seen from outside.

mod corpora;
mod equality;
mod semantics;
mod support;
