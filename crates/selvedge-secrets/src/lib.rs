//! Finds secrets in text: rules, offline proofs and the examples that test them.

pub mod example;
pub mod proof;
