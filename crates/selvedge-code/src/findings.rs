//! Turns matches into findings: located, fingerprinted, with why, fix and references of the rule.

use selvedge_model::{
    ByteRange, Confidence, Edit, Engine, Excerpt, Finding, FingerprintKey, LineIndex, Location, Ordinals,
    Reference, Remediation, Rule, RuleId, Stage, Subject, Taxonomy,
};

use crate::limits::TITLE_CHARS_MAX;
use crate::rule::{Metadata, RuleDefinition};
use crate::scan::CodeMatch;
use crate::set::RuleSet;

/// The tag of rules whose findings are for those who look for them, and shown to nobody else.
pub const AUDIT_TAG: &str = "audit";

impl RuleSet {
    /// What is known about every rule apart from how it is evaluated, in the order of the files.
    pub fn rules(&self) -> Vec<Rule> {
        self.rules.iter().map(meta).collect()
    }

    /// One finding for each match, in the same order.
    pub fn findings(
        &self,
        path: &str,
        bytes: &[u8],
        lines: &LineIndex,
        matches: &[CodeMatch],
        key: &FingerprintKey,
    ) -> Vec<Finding> {
        let mut ordinals = Ordinals::default();
        matches
            .iter()
            .map(|found| {
                let rule = &self.rules[found.rule];
                let content = squeezed(&bytes[found.range.clone()]);
                let parts = [rule.id.as_bytes(), path.as_bytes(), content.as_bytes()];
                let ordinal = ordinals.next(&key.fingerprint(&parts)).to_le_bytes();
                let fingerprint = key.fingerprint(&[parts[0], parts[1], parts[2], &ordinal]);
                let range = ByteRange::new(found.range.start, found.range.end);
                let location = Location::new(path, range, lines, bytes);
                let meta = meta(rule);
                let remediation = remediation(&meta.remediation, path, range, found);
                let mut finding = Finding::builder(&meta, Subject::Source { location }, fingerprint)
                    .confidence(confidence(rule), Vec::new())
                    .message(squeezed(found.message.as_bytes()))
                    .remediation(remediation)
                    .excerpt(Excerpt::new(bytes, lines, range, &[]));
                for step in found.trace.iter().filter(|step| step.range != found.range) {
                    let place = ByteRange::new(step.range.start, step.range.end);
                    finding = finding.related(Location::new(path, place, lines, bytes), step.what);
                }
                finding.build()
            })
            .collect()
    }
}

/// The rule as every part of the product knows rules.
fn meta(rule: &RuleDefinition) -> Rule {
    let metadata = &rule.metadata;
    let message = squeezed(rule.message.as_bytes());
    Rule {
        id: RuleId::new(&rule.id),
        engine: Engine::Code,
        stage: Stage::Code,
        title: metadata.title.clone().unwrap_or_else(|| title(&message, &rule.id)),
        why: metadata.why.clone().unwrap_or(message),
        remediation: Remediation::steps(metadata.fix.iter().cloned()),
        severity: rule.severity,
        references: references(metadata),
        tags: tags(metadata),
        pack: rule.file.to_string(),
    }
}

/// The first sentence of the message, if it is short and speaks of no metavariable; else the identifier.
fn title(message: &str, id: &str) -> String {
    let end = message.find(". ").unwrap_or(message.len());
    let sentence = message[..end].trim_end_matches('.');
    let fits = !sentence.is_empty() && !sentence.contains('$') && sentence.chars().count() <= TITLE_CHARS_MAX;
    if fits { sentence.to_owned() } else { id.replace(['-', '_'], " ") }
}

fn tags(metadata: &Metadata) -> Vec<String> {
    let mut tags: Vec<String> = metadata.category.iter().cloned().collect();
    tags.extend(metadata.subcategory.iter().cloned());
    tags.extend(metadata.technology.iter().cloned());
    tags.dedup();
    tags
}

/// `CWE-89: Improper …` names CWE-89; `A03:2021 - Injection` names A03:2021.
fn references(metadata: &Metadata) -> Vec<Reference> {
    let first_word =
        |text: &String| text.split([' ', '\t']).next().unwrap_or_default().trim_end_matches(':').to_owned();
    let cwe = metadata.cwe.iter().map(|text| Reference::new(Taxonomy::Cwe, first_word(text)));
    let owasp = metadata.owasp.iter().map(|text| Reference::new(Taxonomy::OwaspTop10, first_word(text)));
    let pages = metadata.references.iter().filter(|text| text.starts_with("http"));
    let pages = pages.map(|text| Reference::new(Taxonomy::Url, text.clone()));
    cwe.chain(owasp).chain(pages).collect()
}

fn confidence(rule: &RuleDefinition) -> Confidence {
    match rule.metadata.confidence.as_deref().map(str::to_ascii_uppercase).as_deref() {
        Some("HIGH") => Confidence::High,
        Some("LOW") => Confidence::Low,
        _ => Confidence::Medium,
    }
}

fn remediation(steps: &Remediation, path: &str, range: ByteRange, found: &CodeMatch) -> Remediation {
    let mut remediation = steps.clone();
    if let Some(replacement) = &found.fix {
        remediation.edits.push(Edit { path: path.to_owned(), range, replacement: replacement.clone() });
    }
    remediation
}

/// Text on one line with single blanks, so that a reformatted match keeps its identity.
fn squeezed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
