//! An alert as it leaves: what every output needs of a finding, and nothing of the engine that made it.

use selvedge_model::Severity;
use serde::{Deserialize, Serialize};

/// Something that someone should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The same on every try, and for every repeat of the same alert: the idempotency key.
    pub id: String,
    /// When the (last) event happened, in microseconds since 1970.
    pub time: i64,
    /// The rule.
    pub rule: String,
    /// What was found.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// The case at hand in a sentence.
    pub message: String,
    /// Why it matters.
    #[serde(default)]
    pub why: String,
    /// What to do.
    #[serde(default)]
    pub response: String,
    /// Who wrote the rule, where its licence wants that said.
    #[serde(default)]
    pub author: String,
    /// MITRE ATT&CK techniques: `T1110.001`.
    #[serde(default)]
    pub techniques: Vec<String>,
    /// Further reading.
    #[serde(default)]
    pub references: Vec<String>,
    /// The host it is about.
    #[serde(default)]
    pub host: Option<String>,
    /// The fields that matched, and their values.
    #[serde(default)]
    pub matched: Vec<(String, String)>,
    /// The events, as they came.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Whether evidence was left out for its size.
    #[serde(default)]
    pub is_cut: bool,
}

impl Alert {
    /// An alert without details.
    pub fn new(id: &str, time: i64, rule: &str, title: &str, severity: Severity) -> Self {
        Self {
            id: id.to_owned(),
            time,
            rule: rule.to_owned(),
            title: title.to_owned(),
            severity,
            message: title.to_owned(),
            why: String::new(),
            response: String::new(),
            author: String::new(),
            techniques: Vec::new(),
            references: Vec::new(),
            host: None,
            matched: Vec::new(),
            evidence: Vec::new(),
            is_cut: false,
        }
    }

    /// One line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("text, numbers and lists of them always serialise")
    }
}
