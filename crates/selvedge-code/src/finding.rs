//! Turns matches into findings: located, fingerprinted, with what the rule says about why and how to fix it.

use selvedge_model::{
    ByteRange, Confidence, Edit, Engine, Excerpt, Finding, FingerprintKey, LineIndex, Location, Ordinals,
    Redaction, Reference, Remediation, Rule, RuleId, Stage, Subject, Taxonomy,
};

use crate::rule::RuleDefinition;
use crate::scan::CodeMatch;
use crate::set::RuleSet;

/// The tag of rules that find places to read rather than mistakes.
pub const AUDIT_TAG: &str = "audit";

/// A headline is cut here.
const HEADLINE_CHARS_MAX: usize = 240;

/// Shorter texts are not looked for in a message: they would be found in its words.
const REPLACED_BYTES_MIN: usize = 4;

/// Weaknesses whose evidence is a value that must not be shown: credentials and keys written into code.
const CREDENTIAL_WEAKNESSES: [&str; 6] = ["CWE-798", "CWE-259", "CWE-321", "CWE-522", "CWE-547", "CWE-256"];

/// What the matches of one file are told with.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'t> {
    /// The file, as findings name it.
    pub path: &'t str,
    /// Its content.
    pub bytes: &'t [u8],
    /// Where its lines begin.
    pub lines: &'t LineIndex,
    /// Places of the file that must not be shown, with what is shown instead.
    pub secrets: &'t [(ByteRange, Redaction)],
    /// The key of fingerprints.
    pub key: &'t FingerprintKey,
}

impl RuleSet {
    /// What is known about the rule of a match.
    pub fn rule(&self, found: &CodeMatch) -> Rule {
        described(&self.rules[found.rule])
    }

    /// What is known about every rule, and how sure its findings are, in the order of the files.
    pub fn described(&self) -> impl Iterator<Item = (Rule, Confidence)> {
        self.rules.iter().map(|rule| (described(rule), confidence(rule)))
    }

    /// One finding for each match, in the same order.
    pub fn findings(&self, telling: &Telling<'_>, matches: &[CodeMatch]) -> Vec<Finding> {
        let mut ordinals = Ordinals::default();
        matches.iter().map(|found| self.finding(telling, found, &mut ordinals)).collect()
    }

    fn finding(&self, telling: &Telling<'_>, found: &CodeMatch, ordinals: &mut Ordinals) -> Finding {
        let definition = &self.rules[found.rule];
        let rule = described(definition);
        let Telling { path, bytes, lines, key, .. } = *telling;
        let text = squeezed(&bytes[found.range.clone()]);
        let content = [rule.id.as_str().as_bytes(), path.as_bytes(), text.as_bytes()];
        let ordinal = ordinals.next(&key.fingerprint(&content)).to_le_bytes();
        let fingerprint = key.fingerprint(&[content[0], content[1], content[2], &ordinal]);
        let place = ByteRange::new(found.range.start, found.range.end);
        let location = Location::new(path, place, lines, bytes);
        let hidden = hidden(definition, telling, place);
        let (headline, rest) = headline(&told(&found.message, telling, &hidden));
        let why = match &definition.metadata.why {
            Some(why) => why.clone(),
            None => rest,
        };
        let is_plain = !hidden.iter().any(|(range, _)| range.overlaps(place));
        let mut remediation = rule.remediation.clone();
        if let (Some(replacement), true) = (&found.fix, is_plain) {
            let edit = Edit { path: path.to_owned(), range: place, replacement: replacement.clone() };
            remediation.edits.push(edit);
        }
        let mut builder = Finding::builder(&rule, Subject::Source { location }, fingerprint)
            .confidence(confidence(definition), Vec::new())
            .message(headline)
            .why(why)
            .remediation(remediation)
            .excerpt(Excerpt::new(bytes, lines, place, &hidden));
        for step in &found.trace {
            let range = ByteRange::new(step.range.start, step.range.end);
            builder = builder.related(Location::new(path, range, lines, bytes), step.what);
        }
        builder.build()
    }
}

/// What the model knows of a rule.
pub(crate) fn described(definition: &RuleDefinition) -> Rule {
    let metadata = &definition.metadata;
    let (headline, rest) = headline(&definition.message);
    let title = metadata.title.clone().unwrap_or_else(|| headline.trim_end_matches('.').to_owned());
    Rule {
        id: RuleId::new(&definition.id),
        engine: Engine::Code,
        stage: Stage::Code,
        title,
        why: metadata.why.clone().unwrap_or(rest),
        remediation: Remediation::steps(metadata.fix.clone()),
        severity: definition.severity,
        references: references(definition),
        tags: tags(definition),
        pack: definition.file.to_string(),
    }
}

fn tags(definition: &RuleDefinition) -> Vec<String> {
    let metadata = &definition.metadata;
    let mut tags: Vec<String> = definition.targets.iter().map(|target| target.name().to_owned()).collect();
    tags.extend(metadata.category.iter().chain(&metadata.technology).cloned());
    if metadata.audit {
        tags.push(AUDIT_TAG.to_owned());
    }
    tags
}

/// Catalogue entries first, then pages. Packs write `CWE-89: Improper …`; the identifier ends at the colon.
fn references(definition: &RuleDefinition) -> Vec<Reference> {
    let metadata = &definition.metadata;
    let identifier = |text: &str| text.split_once(": ").map_or(text, |(id, _)| id).trim().to_owned();
    let cwe = metadata.cwe.iter().map(|text| Reference::new(Taxonomy::Cwe, identifier(text)));
    let owasp = metadata.owasp.iter().map(|text| {
        let id = text.split_once(" - ").map_or(text.as_str(), |(id, _)| id);
        Reference::new(Taxonomy::OwaspTop10, id.trim())
    });
    let pages = metadata.references.iter().map(|url| Reference::new(Taxonomy::Url, url.trim()));
    let mut references: Vec<Reference> = Vec::new();
    for reference in cwe.chain(owasp).chain(pages) {
        if !references.contains(&reference) {
            references.push(reference);
        }
    }
    references
}

fn confidence(definition: &RuleDefinition) -> Confidence {
    match definition.metadata.confidence.as_deref() {
        Some("HIGH") => Confidence::High,
        Some("LOW") => Confidence::Low,
        _ => Confidence::Medium,
    }
}

/// The places that must not be shown. Where the rule is about credentials in code, every string it matched is
/// one, whether or not another engine knows it for a secret.
fn hidden(
    definition: &RuleDefinition,
    telling: &Telling<'_>,
    place: ByteRange,
) -> Vec<(ByteRange, Redaction)> {
    let mut hidden = telling.secrets.to_vec();
    let is_credential = definition.metadata.cwe.iter().any(|text| {
        let id = text.split([':', ' ']).next().unwrap_or_default();
        CREDENTIAL_WEAKNESSES.contains(&id)
    });
    if is_credential {
        let lines = telling.lines;
        let first = lines.line_range(telling.bytes, lines.line_index(place.start as usize)).start;
        hidden.extend(quoted(telling.bytes, first, place.end as usize));
    }
    hidden
}

/// What stands between quotes from `start` to the end of the line on which `end` lies.
fn quoted(bytes: &[u8], start: usize, end: usize) -> Vec<(ByteRange, Redaction)> {
    let stop = memchr::memchr(b'\n', &bytes[end.min(bytes.len())..]).map_or(bytes.len(), |at| end + at);
    let mut found = Vec::new();
    let mut at = start;
    while at < stop {
        let quote = bytes[at];
        at += 1;
        if !matches!(quote, b'"' | b'\'' | b'`') {
            continue;
        }
        let begin = at;
        while at < stop && bytes[at] != quote {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        let close = at.min(stop);
        if close > begin {
            let redaction = Redaction::hidden(close - begin);
            found.push((ByteRange::new(begin, close), redaction));
        }
        at = close + 1;
    }
    found
}

/// The message, with every hidden text in it replaced.
fn told(message: &str, telling: &Telling<'_>, hidden: &[(ByteRange, Redaction)]) -> String {
    let mut told = message.to_owned();
    for (range, redaction) in hidden {
        let Some(secret) = telling.bytes.get(range.as_range()) else { continue };
        let Ok(secret) = std::str::from_utf8(secret) else { continue };
        if secret.len() >= REPLACED_BYTES_MIN && told.contains(secret) {
            told = told.replace(secret, &redaction.to_string());
        }
    }
    told
}

/// The first sentence of a message, and the others.
fn headline(message: &str) -> (String, String) {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = message
        .match_indices(". ")
        .map(|(at, _)| at + 1)
        .find(|end| message[*end..].trim_start().starts_with(|c: char| c.is_uppercase() || c == '$'))
        .unwrap_or(message.len());
    let (first, rest) = message.split_at(end);
    let mut first: String = first.to_owned();
    if first.chars().count() > HEADLINE_CHARS_MAX {
        first = first.chars().take(HEADLINE_CHARS_MAX).collect();
        first.push('…');
        return (first, message.clone());
    }
    (first, rest.trim().to_owned())
}

/// The text without differences of white space: layout is no identity.
fn squeezed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
