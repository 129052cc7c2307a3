//! Finds secrets in text.

pub mod decode;
pub mod expr;
pub mod token_efficiency;
