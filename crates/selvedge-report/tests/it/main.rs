//! Output formats from the outside: a report in, bytes out.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod browser;
mod fixture;
mod gitlab;
mod hostile;
mod junit;
mod page;
mod schemas;
mod snapshots;
