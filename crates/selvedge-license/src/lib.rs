//! Licences: what packages declare, in the many ways they do, as SPDX expressions; licence texts recognised; and
//! whether a policy allows them.
//!
//! [`parse()`] reads what manifests and package databases say, [`Expression`] is what it becomes, [`Policy`]
//! judges it, [`detect`] reads licence texts. Nothing here reads files, and configuration is the caller's.

pub mod detect;
mod expression;
mod names;
mod parse;
mod policy;

pub use expression::{DEPTH_MAX, Expression, License, TERMS_MAX, Term};
pub use parse::{Parsed, TEXT_BYTES_MAX, all_of, parse};
pub use policy::{Decision, Handling, Judgement, PackageException, Pattern, PatternError, Policy, Verdict};

/// Version of the SPDX licence list whose identifiers are known.
pub fn list_version() -> &'static str {
    spdx::license_version()
}
