//! One file per command.

pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod db;
pub(crate) mod db_serve;
pub(crate) mod deps;
pub(crate) mod explain;
pub(crate) mod explain_advisory;
pub(crate) mod fix;
pub(crate) mod generated;
pub(crate) mod init;
pub(crate) mod logs;
pub(crate) mod logs_collect;
pub(crate) mod logs_detect;
pub(crate) mod logs_tail;
pub(crate) mod rules;
pub(crate) mod rules_detection;
pub(crate) mod sbom;
pub(crate) mod sbom_check;
pub(crate) mod sbom_match;
pub(crate) mod sbom_vex;
pub(crate) mod vex_previous;
