//! Tests of the crate over its public surface.

mod against_serde;
