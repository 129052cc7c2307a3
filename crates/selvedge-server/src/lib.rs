//! What Selvedge answers over HTTP. Today: the public OSV query API, from the local advisory database, so that
//! other OSV clients work without a network.
//!
//! This crate knows HTTP and nothing of advisories: the answers come from an [`OsvAnswers`]. Start reading at
//! [`bind()`].

mod error;
mod osv;
mod serve;

pub use error::ServeError;
pub use osv::{Answer, OsvAnswers};
pub use serve::{ServeOptions, Serving, bind};
