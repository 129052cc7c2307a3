//! The built-in pack as the build leaves it in the program: read from TOML once, at build time.

use serde::{Deserialize, Serialize};

/// One rule.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Entry {
    /// Unique in the pack.
    pub(crate) id: String,
    /// Short noun phrase.
    pub(crate) description: String,
    /// Content pattern; empty for a rule that judges by path alone.
    #[serde(default)]
    pub(crate) regex: String,
    /// Path pattern, or empty.
    #[serde(default)]
    pub(crate) path: String,
    /// Group that holds the secret; 0 for the first that holds something.
    #[serde(default)]
    pub(crate) secret_group: u64,
    /// Least entropy, exclusive.
    #[serde(default)]
    pub(crate) entropy: f64,
    /// One of these must be in the text.
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    /// Labels.
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    /// Rules that must be met nearby.
    #[serde(default)]
    pub(crate) required: Vec<EntryRequired>,
    /// Only counts as company of another rule.
    #[serde(default)]
    pub(crate) skip_report: bool,
    /// What is no secret although it matches.
    #[serde(default)]
    pub(crate) allowlists: Vec<EntryAllowlist>,
    /// What other tools ignore.
    pub(crate) selvedge: Own,
}

/// A rule that must be met nearby.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EntryRequired {
    /// Its id.
    pub(crate) id: String,
    /// Lines between the two, at most.
    #[serde(default)]
    pub(crate) within_lines: Option<u64>,
    /// Columns between the two, at most.
    #[serde(default)]
    pub(crate) within_columns: Option<u64>,
}

/// One `[[rules.allowlists]]` entry.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EntryAllowlist {
    /// Why; for the reader of the file.
    #[serde(default)]
    pub(crate) description: String,
    /// `AND`, or anything else for OR.
    #[serde(default)]
    pub(crate) condition: String,
    /// Path patterns.
    #[serde(default)]
    pub(crate) paths: Vec<String>,
    /// Content patterns.
    #[serde(default)]
    pub(crate) regexes: Vec<String>,
    /// `match`, `line`, or the secret.
    #[serde(default)]
    pub(crate) regex_target: String,
    /// Words that no secret contains.
    #[serde(default)]
    pub(crate) stopwords: Vec<String>,
}

/// The `[rules.selvedge]` table.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Own {
    /// Severity; `high` if empty.
    #[serde(default)]
    pub(crate) severity: String,
    /// Base confidence; `medium` if empty.
    #[serde(default)]
    pub(crate) confidence: String,
    /// Why it matters.
    pub(crate) why: String,
    /// What to do.
    pub(crate) fix: Vec<String>,
    /// Public references.
    pub(crate) references: Vec<String>,
    /// Name of the offline proof, or empty.
    #[serde(default)]
    pub(crate) proof: String,
    /// Fingerprint family; the id if empty.
    #[serde(default)]
    pub(crate) family: String,
    /// A generic assignment rule.
    #[serde(default)]
    pub(crate) context: bool,
    /// Templates of texts with a finding.
    #[serde(default)]
    pub(crate) positives: Vec<String>,
    /// Templates of texts without one.
    #[serde(default)]
    pub(crate) negatives: Vec<String>,
}
