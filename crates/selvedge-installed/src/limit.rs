//! Limits with a name, so that the diagnostic of one that bites can say which it was.

use std::fmt;

/// A bound and the name of the constant that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Name of the constant.
    pub(crate) name: &'static str,
    /// The largest value that is accepted.
    pub(crate) value: u64,
}

impl Limit {
    pub(crate) const fn new(name: &'static str, value: u64) -> Self {
        Self { name, value }
    }

    /// Whether `value` is over the bound.
    pub(crate) fn is_exceeded_by(self, value: u64) -> bool {
        value > self.value
    }

    pub(crate) fn as_usize(self) -> usize {
        usize::try_from(self.value).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the limit {} of {}", self.name, self.value)
    }
}
