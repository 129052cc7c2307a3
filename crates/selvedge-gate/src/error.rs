//! A mistake in a policy file, placed so that an editor can jump to it.

use std::fmt;

/// One mistake in `selvedge.toml`, `.selvedge/exceptions.toml`, a baseline, a flag or a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct ConfigError {
    /// The file as the user named it, or `flag --x`, `env X`.
    pub origin: String,
    /// 1-based line; 0 if the origin is no file.
    pub line: u32,
    /// 1-based column; 0 if the origin is no file.
    pub column: u32,
    /// What is wrong and what was expected.
    pub message: String,
}

impl ConfigError {
    /// A mistake in something that has no lines: a flag, a variable.
    pub fn unplaced(origin: impl Into<String>, message: impl Into<String>) -> Self {
        Self { origin: origin.into(), line: 0, column: 0, message: message.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.origin, self.message)
        } else {
            write!(f, "{}:{}:{}: {}", self.origin, self.line, self.column, self.message)
        }
    }
}
