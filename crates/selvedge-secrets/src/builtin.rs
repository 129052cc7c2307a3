//! The built-in pack.

use crate::rule::RuleSet;

impl RuleSet {
    /// The rules that come with the program.
    pub fn builtin() -> Self {
        Self::default()
    }
}
