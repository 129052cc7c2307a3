//! Takes logs from where they are, keeps them safe on the way, and hands them on.

pub mod spool;
pub mod tail;
mod wait;
