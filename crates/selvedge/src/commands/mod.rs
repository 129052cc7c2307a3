//! One file per command.

pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod explain;
pub(crate) mod generated;
pub(crate) mod init;
pub(crate) mod rules;
