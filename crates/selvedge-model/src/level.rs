//! Ordered levels: how bad a finding is, and how sure we are of it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much harm the problem can do if the finding is right. Ordered from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, no action needed: for example the public half of a key pair.
    Info,
    /// Weakens defence in depth.
    Low,
    /// Exploitable under conditions.
    Medium,
    /// Exploitable, limited in reach.
    High,
    /// Exploitable at once with wide reach.
    Critical,
}

/// How sure the engine is that the finding is what it says. Ordered from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Looks similar; expect to dismiss a good part of these.
    Low,
    /// More likely right than wrong.
    Medium,
    /// Right unless the surroundings say otherwise, or proved offline.
    High,
}

/// A level name that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLevel {
    /// What was given.
    pub given: String,
    /// What would have been accepted.
    pub expected: &'static [&'static str],
}

impl fmt::Display for UnknownLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown level `{}`, expected one of {}", self.given, self.expected.join(", "))
    }
}

impl std::error::Error for UnknownLevel {}

impl Severity {
    /// Every level, least first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];
    const NAMES: &'static [&'static str] = &["info", "low", "medium", "high", "critical"];

    /// The lower-case name used in configuration, JSON and on screen.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl Confidence {
    /// Every level, least first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];
    const NAMES: &'static [&'static str] = &["low", "medium", "high"];

    /// The lower-case name used in configuration, JSON and on screen.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// One level down; the lowest stays.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        parse(text, &Self::ALL, Self::NAMES)
    }
}

impl FromStr for Confidence {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        parse(text, &Self::ALL, Self::NAMES)
    }
}

fn parse<T: Copy>(text: &str, all: &[T], names: &'static [&'static str]) -> Result<T, UnknownLevel> {
    let lower = text.to_ascii_lowercase();
    names
        .iter()
        .position(|name| *name == lower)
        .map(|index| all[index])
        .ok_or_else(|| UnknownLevel { given: text.to_owned(), expected: names })
}
