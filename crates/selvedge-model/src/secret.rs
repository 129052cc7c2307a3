//! A secret value that cannot be printed by accident.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The bytes of a secret. `Debug` and `Display` print a redaction, and the memory is wiped on drop.
/// It implements neither `Serialize` nor `Deref`, so it cannot slip into an output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes a copy of the value.
    pub fn new(value: &[u8]) -> Self {
        Self(Zeroizing::new(value.to_vec()))
    }

    /// The value itself. Every call is a place to review: what leaves it must not be stored.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// What may be shown of it.
    pub fn redaction(&self) -> Redaction {
        Redaction::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.redaction())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.redaction().fmt(f)
    }
}

/// What may be shown of a secret: a short prefix that tells its kind, and its length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Redaction {
    /// The first characters: at most four, at most a sixth of the value, printable ASCII only.
    pub prefix: String,
    /// Length of the value in bytes.
    pub length: u32,
}

impl Redaction {
    /// At most this many characters of a value are ever shown.
    pub const PREFIX_MAX: usize = 4;

    /// The redaction of `value`. A value of fewer than 12 bytes shows nothing but its length.
    pub fn of(value: &[u8]) -> Self {
        let shown = if value.len() < 12 { 0 } else { (value.len() / 6).min(Self::PREFIX_MAX) };
        let prefix = value[..shown].iter().take_while(|byte| byte.is_ascii_graphic());
        Self { prefix: prefix.map(|byte| char::from(*byte)).collect(), length: value.len() as u32 }
    }
}

impl Redaction {
    /// The redaction of a value of which nothing but its length in bytes may be shown: an encoded one, whose
    /// characters are not those of the secret inside.
    pub fn hidden(length: usize) -> Self {
        Self { prefix: String::new(), length: length as u32 }
    }
}

impl fmt::Display for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…[{} bytes]", self.prefix, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_shows_a_short_prefix_and_the_length() {
        let secret = Secret::new(b"ghp_0123456789abcdefghij");
        assert_eq!(secret.to_string(), "ghp_…[24 bytes]");
        assert_eq!(format!("{secret:?}"), "Secret(ghp_…[24 bytes])");
        assert_eq!(Secret::new(b"hunter2").to_string(), "…[7 bytes]");
        assert_eq!(Secret::new(b"\x1b[31m56789012345678901").to_string(), "…[22 bytes]");
    }
}
