//! Behaviour of the crate as its callers see it.

mod scoreboard;
