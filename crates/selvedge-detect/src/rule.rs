//! Rules as they are after loading.

use std::sync::Arc;

use selvedge_model::Severity;

use crate::expr::Expr;

/// A log source (specification 2.1, "Log Source").
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogsourceSpec {
    /// `windows`, `linux`, `aws` …
    pub product: Option<String>,
    /// `process_creation`, `webserver` …
    pub category: Option<String>,
    /// `sysmon`, `auditd`, `cloudtrail` …
    pub service: Option<String>,
}

impl LogsourceSpec {
    /// The three parts, `-` for those that are absent: `windows/process_creation/-`.
    pub fn describe(&self) -> String {
        let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
        format!("{}/{}/{}", part(&self.product), part(&self.category), part(&self.service))
    }
}

/// What a rule says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleMeta {
    /// Its UUID, or the title where it has none.
    pub id: String,
    /// The name that correlations may use for it.
    pub name: Option<String>,
    /// What it detects.
    pub title: String,
    /// Why, in its author's words.
    pub description: String,
    /// `stable`, `test`, `experimental`, `deprecated`, `unsupported`.
    pub status: Option<String>,
    /// Who wrote it; shown with every finding.
    pub author: Option<String>,
    /// Web pages.
    pub references: Vec<String>,
    /// Tags such as `attack.t1059.001`.
    pub tags: Vec<String>,
    /// Known false positives.
    pub false_positives: Vec<String>,
    /// What to do, in order (attribute `selvedge.response`).
    pub response: Vec<String>,
    /// Severity by the rule's level; `medium` where it has none.
    pub severity: Option<Severity>,
    /// File it was loaded from, as it was named.
    pub path: String,
    /// 1-based line at which it begins.
    pub line: u32,
}

impl RuleMeta {
    /// ATT&CK technique identifiers among the tags, in upper case: `T1059.001`.
    pub fn techniques(&self) -> Vec<String> {
        let id = |tag: &String| {
            let rest = tag.to_ascii_lowercase().strip_prefix("attack.t")?.to_owned();
            let valid = rest.len() >= 4 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            valid.then(|| format!("T{rest}"))
        };
        self.tags.iter().filter_map(id).collect()
    }

    /// ATT&CK tactics among the tags, as they are written: `credential-access`.
    pub fn tactics(&self) -> Vec<String> {
        let name = |tag: &String| {
            let rest = tag.strip_prefix("attack.")?;
            let numbered = |letter: char| {
                rest.strip_prefix(letter)
                    .is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
            };
            (!numbered('t') && !numbered('g') && !numbered('s')).then(|| rest.replace('_', "-"))
        };
        self.tags.iter().filter_map(name).collect()
    }
}

/// An event that the rule's author says must match or must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The events, one for a detection, several for a correlation, each a JSON object.
    pub events: Vec<String>,
    /// Whether the rule must match.
    pub must_match: bool,
    /// 1-based line in the rule's file.
    pub line: u32,
}

/// A rule about single events.
#[derive(Debug, Clone)]
pub struct DetectionRule {
    /// What it says about itself.
    pub meta: RuleMeta,
    /// The logs it is about: a filter, not a comment.
    pub logsource: LogsourceSpec,
    /// Events that its author gives.
    pub examples: Vec<Example>,
    /// Whether it is only there for correlations and alerts on nothing by itself.
    pub is_base: bool,
    /// Condition of the log source and of the rule.
    pub(crate) scope: Arc<Expr>,
    /// The rule's own condition.
    pub(crate) condition: Arc<Expr>,
}
