//! Import: public databases in OSV or in their native form, from a folder, an archive, a file or a mirror.
//!
//! Everything becomes a [`Record`](crate::Record) here. What is found is told by its content, never by a switch.
//! Start at [`update()`].

mod form;
mod interval;
mod mirror;
mod native;
mod read;
mod update;

pub use form::{Form, Parsed, parse};
pub use mirror::MirrorError;
pub use read::digest;
pub use update::{ImportSource, OriginReport, UpdateError, UpdateOptions, UpdateReport, update};
