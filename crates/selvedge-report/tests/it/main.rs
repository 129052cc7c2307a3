//! Output formats from the outside: a report in, bytes out.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod fixture;
mod hostile;
mod page;
mod schemas;
mod snapshots;
