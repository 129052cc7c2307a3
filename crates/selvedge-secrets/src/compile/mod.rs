//! From rules to what the scanner runs: literals, plans, and the sieve that finds the literals.

pub(crate) mod glance;
pub(crate) mod literal;
pub(crate) mod plan;
pub(crate) mod sieve;
