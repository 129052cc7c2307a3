//! What one run produced: the input of every output format.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DependencyInfo, Diagnostic, Engine, Finding, Fingerprint, Rule};

/// Everything one run has to say. Sorted and free of clocks, so that equal input gives equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Version of this JSON form; see [`crate::REPORT_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The tool that made it.
    pub tool: ToolInfo,
    /// What was looked at, and how.
    pub run: RunInfo,
    /// The gate's decision.
    pub verdict: Verdict,
    /// Findings that count, sorted by [`Finding::sort_key`].
    pub findings: Vec<Finding>,
    /// Findings that somebody decided not to count, each with who and why; sorted like the findings.
    pub suppressed: Vec<Suppressed>,
    /// What could not be looked at, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Exceptions that expired or matched nothing, mistyped ignores, stale baselines; sorted.
    pub notices: Vec<ConfigNotice>,
    /// The rules behind the findings and the suppressed findings, by id.
    pub rules: BTreeMap<String, Rule>,
}

/// Name and version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToolInfo {
    /// `selvedge`.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// Project page.
    pub url: String,
}

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// What the user asked to check, as they named it: `.`, `src`, `-`.
    pub target: String,
    /// `tree`, `staged`, `since <rev>`, `history`, `stdin`.
    pub mode: String,
    /// The engines that ran.
    pub engines: Vec<Engine>,
    /// Where the rules came from, in load order.
    pub rule_sources: Vec<RuleSource>,
    /// Files of the looked-at tree that change what is found or counted: `.gitleaks.toml`,
    /// `.gitleaksignore`, a policy taken from another revision. Sentences for the reader.
    pub influences: Vec<String>,
    /// True if part of what was asked for could not be seen (shallow clone, unreadable files).
    pub partial: bool,
    /// Counts.
    pub stats: Stats,
    /// Packages and advisories; absent if the dependencies engine did not run or met no package file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<DependencyInfo>,
}

/// A rule pack that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RuleSource {
    /// `builtin`, or the file as the user named it.
    pub name: String,
    /// Number of rules loaded from it.
    pub rules: u32,
    /// BLAKE3 of its content, hexadecimal.
    pub digest: String,
}

/// Counts of what was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stats {
    /// Files (or unique blobs of history, or archive entries) looked at.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were left out because they are binary.
    pub binary: u64,
    /// Files that could not be, or not wholly, looked at.
    pub skipped: u64,
    /// Commits whose content was looked at; 0 outside history.
    pub commits: u64,
}

/// The gate's decision and its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Whether the run passes.
    pub pass: bool,
    /// True if data that the policy asks for is not there, so that nothing can be said: the run then does
    /// not pass, whatever was found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// Each a sentence: what failed the gate, or why it passed.
    pub reasons: Vec<String>,
    /// Fingerprints of the findings that failed it, sorted.
    pub failing: Vec<Fingerprint>,
    /// Where the policy came from: `default`, `selvedge.toml`, `selvedge.toml at <rev>`.
    pub policy: String,
}

/// What kind of decision keeps a finding from counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKind {
    /// `selvedge:ignore` or `gitleaks:allow` in the file.
    Inline,
    /// An entry of selvedge.toml or `.selvedge/exceptions.toml`.
    Exception,
    /// Known before the baseline was written.
    Baseline,
    /// `.gitleaksignore`.
    GitleaksIgnore,
    /// A VEX statement that the product is not affected, or fixed.
    Vex,
}

/// Who decided that a finding does not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Suppression {
    /// The kind of decision.
    pub kind: SuppressionKind,
    /// Where it is written: `selvedge.toml:12`, `src/a.py:3`, a baseline file.
    pub origin: String,
    /// The reason given; empty if none was.
    pub reason: String,
    /// Who owns the decision, where the form names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Last day on which it holds, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Why the product is not affected, in the words of VEX: `vulnerable_code_not_in_execute_path`. Absent where
    /// the decision accepts a risk and does not deny it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
}

/// A finding and the decision that keeps it from counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The decision.
    pub suppression: Suppression,
}

/// Something about the configuration that its owner should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ConfigNotice {
    /// File and line: `.selvedge/exceptions.toml:4`.
    pub origin: String,
    /// What is the matter: "exception expired on 2025-01-31 and no longer suppresses".
    pub message: String,
}
