//! Finds secrets in text: rules, offline proofs and scoring.

pub mod score;
