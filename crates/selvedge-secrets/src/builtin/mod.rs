//! The built-in pack, as the build left it.
//!
//! Its patterns are not parsed here: a test checks every one, and the program parses those it needs.

mod entry;

use std::sync::Arc;

use selvedge_model::{Confidence, Engine, Reference, Remediation, Rule, RuleId, Severity, Stage};

use crate::allow::{Allowlist, Stopwords, Target};
use crate::pattern::{Pattern, join};
use crate::rule::{Required, RuleSet, SPECIFICITY_DEFAULT, Scope, SecretRule};
use entry::{Entry, EntryAllowlist};

/// Name of the pack in reports.
pub(crate) const NAME: &str = "builtin";

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.postcard"));

impl RuleSet {
    /// The rules that come with the program.
    pub fn builtin() -> Self {
        #[expect(clippy::expect_used, reason = "the bytes were written by this crate's build script")]
        let entries: Vec<Entry> = postcard::from_bytes(PACKED).expect("the build wrote these very types");
        let rules = entries.into_iter().map(|entry| Arc::new(rule(entry))).collect();
        Self::new(rules, vec![Scope::default()], *blake3::hash(PACKED).as_bytes())
    }
}

fn rule(entry: Entry) -> SecretRule {
    let own = entry.selvedge;
    let pattern = |source: String| (!source.is_empty()).then(|| Arc::new(Pattern::trusted(source)));
    let given = |text: String| (!text.is_empty()).then_some(text);
    let required = entry.required.into_iter().map(|required| Required {
        id: required.id,
        within_lines: required.within_lines,
        within_columns: required.within_columns,
    });
    SecretRule {
        meta: Rule {
            id: RuleId::new(&entry.id),
            engine: Engine::Secrets,
            stage: Stage::Code,
            title: entry.description,
            why: own.why,
            remediation: Remediation { steps: own.fix, edits: Vec::new() },
            severity: own.severity.parse().unwrap_or(Severity::High),
            references: own.references.iter().filter_map(|text| Reference::parse(text)).collect(),
            tags: entry.tags,
            pack: NAME.to_owned(),
        },
        confidence: own.confidence.parse().unwrap_or(Confidence::Medium),
        family: given(own.family).unwrap_or(entry.id),
        proof: given(own.proof),
        context: own.context,
        positives: own.positives,
        negatives: own.negatives,
        line: 0,
        regex: pattern(entry.regex),
        path: pattern(entry.path),
        secret_group: entry.secret_group as usize,
        entropy: entry.entropy,
        keywords: entry.keywords.into_iter().map(|word| word.to_lowercase()).collect(),
        allowlists: entry.allowlists.into_iter().map(|entry| Arc::new(allowlist(entry))).collect(),
        required: required.collect(),
        skip_report: entry.skip_report,
        filter: None,
        token_efficiency: false,
        judged: true,
        specificity: SPECIFICITY_DEFAULT,
        scope: 0,
    }
}

fn allowlist(entry: EntryAllowlist) -> Allowlist {
    let joined = |sources: &[String]| {
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        (!sources.is_empty()).then(|| Pattern::trusted(join(&sources)))
    };
    Allowlist {
        all: entry.condition.eq_ignore_ascii_case("and"),
        target: match entry.regex_target.as_str() {
            "match" => Target::Match,
            "line" => Target::Line,
            _ => Target::Secret,
        },
        commits: Vec::new(),
        paths: joined(&entry.paths),
        regexes: joined(&entry.regexes),
        stopwords: Stopwords::new(entry.stopwords),
    }
}

#[cfg(test)]
mod tests;
