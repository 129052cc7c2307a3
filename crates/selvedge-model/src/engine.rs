//! Which engine produced a finding, and which stage of delivery it belongs to.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The engine that evaluates a family of rules. One variant exists per shipped engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Credentials, keys and tokens in files and history.
    Secrets,
    /// The project's own code: injection, unsafe calls, weak cryptography and the like.
    Code,
    /// Packages of others: vulnerable, malicious, abandoned, wrongly licensed or carelessly locked.
    Dependencies,
    /// Log events that match detection rules, alone or together.
    Detect,
}

/// The stage of software delivery in which a rule is best answered. Ordered as delivery runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Threat models and requirements.
    Plan,
    /// What a developer writes.
    Code,
    /// What goes into the artefact.
    Build,
    /// What runs before release.
    Test,
    /// What decides whether it ships.
    Release,
    /// Where and how it is installed.
    Deploy,
    /// What happens while it runs.
    Operate,
}

impl Engine {
    /// Every engine that `selvedge check` runs over a tree; events come to [`Engine::Detect`] as they arrive.
    pub const ALL: [Self; 3] = [Self::Secrets, Self::Code, Self::Dependencies];

    /// The lower-case name used in configuration, JSON and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::Code => "code",
            Self::Dependencies => "dependencies",
            Self::Detect => "detect",
        }
    }
}

impl Stage {
    /// The lower-case name used in configuration, JSON and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Code => "code",
            Self::Build => "build",
            Self::Test => "test",
            Self::Release => "release",
            Self::Deploy => "deploy",
            Self::Operate => "operate",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
