//! A secret rule as loaded: what it looks for, when it applies, and what its reader is told.

mod set;

use std::sync::Arc;

use selvedge_model::{Confidence, Rule};

use crate::allow::Allowlist;
use crate::filter::Filter;
use crate::pattern::Pattern;

pub(crate) use set::{Dialect, Scope};
pub use set::{RuleSet, Selection};

/// The specificity of a rule that states none.
pub(crate) const SPECIFICITY_DEFAULT: i64 = 100;

/// A rule with everything needed to evaluate it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the rule format")]
pub struct SecretRule {
    /// Id, title, severity, why, fix, references, tags.
    pub meta: Rule,
    /// Confidence of a finding before its context is judged.
    pub confidence: Confidence,
    /// Findings of one family share their fingerprints; the rule's id unless the pack says otherwise.
    pub family: String,
    /// Name of the offline proof that applies, if any.
    pub proof: Option<String>,
    /// A generic assignment rule, whose findings are judged by their context and yield to specific rules.
    pub context: bool,
    /// Templates of text in which the rule must find something.
    pub positives: Vec<String>,
    /// Templates of text in which it must find nothing.
    pub negatives: Vec<String>,
    /// 1-based line of the rule in its pack.
    pub line: u32,
    pub(crate) regex: Option<Arc<Pattern>>,
    pub(crate) path: Option<Arc<Pattern>>,
    pub(crate) secret_group: usize,
    pub(crate) entropy: f64,
    pub(crate) keywords: Vec<String>,
    pub(crate) allowlists: Vec<Arc<Allowlist>>,
    pub(crate) required: Vec<Required>,
    pub(crate) skip_report: bool,
    pub(crate) filter: Option<Arc<Filter>>,
    pub(crate) token_efficiency: bool,
    /// The pack asks for proof and judgement of what this rule finds.
    pub(crate) judged: bool,
    pub(crate) specificity: i64,
    /// Index of the pack's own global conditions in its set.
    pub(crate) scope: usize,
}

/// Another rule that must be met nearby.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Required {
    pub(crate) id: String,
    pub(crate) within_lines: Option<u64>,
    pub(crate) within_columns: Option<u64>,
}

impl SecretRule {
    /// The identifier as text.
    pub fn id(&self) -> &str {
        self.meta.id.as_str()
    }

    /// The regular expression as the pack spells it; `None` for a rule that judges by path alone.
    pub fn regex(&self) -> Option<&str> {
        self.regex.as_deref().map(Pattern::source)
    }

    /// The lower-case keywords, one of which a file must hold.
    pub fn keywords(&self) -> &[String] {
        &self.keywords
    }

    /// Whether the rule gives way to a specific rule that found the same secret on the same line.
    pub(crate) fn is_generic(&self) -> bool {
        self.context || self.id().to_lowercase().contains("generic")
    }
}
