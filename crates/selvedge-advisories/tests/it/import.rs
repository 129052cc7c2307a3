//! Import: forms told by content, updates that replace and carry over, and mirrors.

mod forms;
mod mirror;
mod updates;
