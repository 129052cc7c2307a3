//! What to do about a finding, in words and, where it is safe, as edits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ByteRange;

/// How to make a finding go away for good.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Remediation {
    /// The steps, in order, in the imperative; one string per step.
    pub steps: Vec<String>,
    /// Edits that carry the fix out. Empty where a machine cannot do it safely.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

impl Remediation {
    /// A remediation in words only.
    pub fn steps<I, S>(steps: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        Self { steps: steps.into_iter().map(Into::into).collect(), edits: Vec::new() }
    }
}

/// Replaces a byte range of one file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Edit {
    /// The file, relative to the root of the run, `/`-separated.
    pub path: String,
    /// What is replaced, in bytes of the file as it was read.
    pub range: ByteRange,
    /// What takes its place.
    pub replacement: String,
}
