//! A rule: something to look for, and everything a reader needs to act on it.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Engine, Reference, Remediation, Severity, Stage};

/// Identifier of a rule, unique within its engine: `github-pat`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RuleId(#[schemars(with = "String")] Arc<str>);

impl RuleId {
    /// An identifier as the pack spells it.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is known about a rule apart from how it is evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// Unique within the engine.
    pub id: RuleId,
    /// The engine that evaluates it.
    pub engine: Engine,
    /// The stage it belongs to.
    pub stage: Stage,
    /// What it finds, as a short noun phrase: "GitHub personal access token".
    pub title: String,
    /// Why that matters, in one or two sentences for someone who is no security expert.
    pub why: String,
    /// How to fix it.
    pub remediation: Remediation,
    /// Severity of a finding unless the engine knows better in the case at hand.
    pub severity: Severity,
    /// Public references.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Free labels, used to select rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Name of the pack it was loaded from: `builtin`, or the file as the user named it.
    pub pack: String,
}
