//! Collection as a user sees it: from a configuration to what arrives at a sink.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it is")]

mod crash;
mod faults;
mod network;
mod outputs;
mod peers;
mod world;
