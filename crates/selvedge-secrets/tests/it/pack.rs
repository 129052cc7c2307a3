//! The built-in pack: every rule of `rules/secrets` is complete and does what its examples say.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the pack has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::bytes::{Regex, RegexBuilder};
use selvedge_secrets::example;
use selvedge_secrets::proof::{self, Verdict};
use serde::Deserialize;

#[derive(Deserialize)]
struct PackFile {
    rules: Vec<PackRule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PackRule {
    id: String,
    description: String,
    regex: Option<String>,
    path: Option<String>,
    secret_group: Option<usize>,
    entropy: Option<f64>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    allowlists: Vec<Allow>,
    selvedge: Extension,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allow {
    #[serde(default)]
    regex_target: Option<String>,
    #[serde(default)]
    regexes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extension {
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    confidence: Option<String>,
    why: String,
    fix: Vec<String>,
    references: Vec<String>,
    #[serde(default)]
    proof: Option<String>,
    #[serde(default)]
    family: Option<String>,
    #[serde(default)]
    context: bool,
    #[serde(default)]
    positives: Vec<String>,
    #[serde(default)]
    negatives: Vec<String>,
}

struct Loaded {
    file: PathBuf,
    rule: PackRule,
    regex: Option<Regex>,
}

fn pack() -> Vec<Loaded> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/secrets");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    let mut rules = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let parsed: PackFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for rule in parsed.rules {
            let regex = rule.regex.as_ref().map(|pattern| {
                RegexBuilder::new(pattern)
                    .unicode(false)
                    .build()
                    .unwrap_or_else(|error| panic!("{}: {error}", rule.id))
            });
            rules.push(Loaded { file: file.clone(), rule, regex });
        }
    }
    rules
}

/// The value that the first match gives away, with its range: the named group, else the first that took part.
fn secret<'t>(rule: &Loaded, text: &'t [u8]) -> Option<(std::ops::Range<usize>, &'t [u8])> {
    let captures = rule.regex.as_ref()?.captures(text)?;
    let group = match rule.rule.secret_group {
        Some(group) => captures.get(group),
        None => captures.iter().skip(1).flatten().find(|group| !group.is_empty()).or(captures.get(0)),
    }?;
    Some((group.range(), group.as_bytes()))
}

fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = BTreeMap::new();
    for byte in bytes {
        *counts.entry(byte).or_insert(0_u32) += 1;
    }
    let total = bytes.len() as f64;
    counts.values().map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum()
}

/// Why the rule says nothing about `text`, or `None` when it reports it.
fn silence(rule: &Loaded, text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let keywords = &rule.rule.keywords;
    if !keywords.is_empty() && !keywords.iter().any(|keyword| lower.contains(&keyword.to_ascii_lowercase())) {
        return Some("no keyword".into());
    }
    let Some((_, value)) = secret(rule, text.as_bytes()) else { return Some("no match".into()) };
    if rule.rule.entropy.is_some_and(|least| entropy(value) <= least) {
        return Some(format!("entropy {:.2}", entropy(value)));
    }
    if rule.rule.allowlists.iter().any(|allow| allows(allow, rule, text.as_bytes())) {
        return Some("allowed".into());
    }
    let proof = proof::by_name(rule.rule.selvedge.proof.as_ref()?).expect("checked by `rules_are_complete`");
    match proof.prove(value, text.as_bytes()) {
        Verdict::Refuted(reason) => Some(format!("refuted: {reason}")),
        _ => None,
    }
}

fn allows(allow: &Allow, rule: &Loaded, text: &[u8]) -> bool {
    let whole = rule.regex.as_ref().and_then(|regex| regex.find(text)).map(|found| found.as_bytes());
    let target = match allow.regex_target.as_deref() {
        Some("match") => whole,
        Some("line") => Some(text),
        _ => secret(rule, text).map(|(_, value)| value),
    };
    let regexes = allow.regexes.iter().map(|pattern| Regex::new(pattern).unwrap());
    target.is_some_and(|target| regexes.into_iter().any(|regex| regex.is_match(target)))
}

fn seed(id: &str, index: usize) -> u64 {
    id.bytes().fold(index as u64 + 1, |seed, byte| seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
}

fn expand(rule: &PackRule, index: usize, template: &str) -> String {
    example::expand(template, seed(&rule.id, index)).unwrap_or_else(|error| panic!("{}: {error}", rule.id))
}

#[test]
fn rules_are_complete() {
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    for Loaded { file, rule, .. } in &pack() {
        let extension = &rule.selvedge;
        let mut check = |holds: bool, what: &str| {
            if !holds {
                problems.push(format!("{} {}: {what}", file.display(), rule.id));
            }
        };
        check(ids.insert(rule.id.clone()), "the id is taken");
        check(
            !rule.description.is_empty() && !rule.description.ends_with('.'),
            "description is a short noun phrase",
        );
        check(rule.regex.is_some() || rule.path.is_some(), "neither regex nor path");
        check(rule.regex.is_none() || !rule.keywords.is_empty(), "no keyword");
        check(!rule.tags.is_empty(), "no tag");
        check(
            extension
                .severity
                .as_deref()
                .is_none_or(|level| ["info", "low", "medium", "high", "critical"].contains(&level)),
            "severity",
        );
        check(
            extension.confidence.as_deref().is_none_or(|level| ["low", "medium", "high"].contains(&level)),
            "confidence",
        );
        check(extension.why.len() > 30, "why");
        check(extension.fix.len() >= 2, "fewer than two steps to fix it");
        check(extension.references.iter().any(|reference| reference.starts_with("CWE-")), "no CWE");
        check(
            extension
                .references
                .iter()
                .all(|reference| reference.starts_with("CWE-") || reference.starts_with("https://")),
            "reference form",
        );
        check(extension.proof.as_ref().is_none_or(|name| proof::by_name(name).is_some()), "unknown proof");
        let is_path_rule = rule.regex.is_none();
        check(is_path_rule || extension.positives.len() >= 2, "fewer than two positive examples");
        check(is_path_rule || extension.negatives.len() >= 2, "fewer than two negative examples");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn positives_are_found_and_negatives_are_not() {
    let mut problems = Vec::new();
    for rule in pack().iter().filter(|rule| rule.regex.is_some() && !rule.rule.selvedge.context) {
        let extension = &rule.rule.selvedge;
        for (index, template) in extension.positives.iter().enumerate() {
            let text = expand(&rule.rule, index, template);
            if let Some(reason) = silence(rule, &text) {
                problems.push(format!("{}: positive {index} is missed ({reason}): {template}", rule.rule.id));
            }
        }
        for (index, template) in extension.negatives.iter().enumerate() {
            let text = expand(&rule.rule, index + 1000, template);
            if silence(rule, &text).is_none() {
                problems.push(format!("{}: negative {index} is found: {template}", rule.rule.id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Whether the engine keeps one of two findings on the same value: generic rules yield to specific ones, and the
/// rule that a family is named after yields to the rules that narrow it.
fn yields(one: &PackRule, other: &PackRule) -> bool {
    let is_generic = |rule: &PackRule| rule.selvedge.context || rule.id.contains("generic");
    is_generic(one) || is_generic(other) || family(one) == family(other)
}

/// The family that a rule names, or else its id.
fn family(rule: &PackRule) -> &str {
    rule.selvedge.family.as_deref().unwrap_or(&rule.id)
}

/// No two specific rules report the same value of a positive example.
#[test]
fn rules_do_not_report_each_others_tokens() {
    let rules = pack();
    let mut problems = Vec::new();
    for rule in rules.iter().filter(|rule| rule.regex.is_some() && !rule.rule.selvedge.context) {
        for (index, template) in rule.rule.selvedge.positives.iter().enumerate() {
            let text = expand(&rule.rule, index, template);
            let Some((own, _)) = secret(rule, text.as_bytes()) else { continue };
            for other in
                rules.iter().filter(|other| other.rule.id != rule.rule.id && !yields(&other.rule, &rule.rule))
            {
                if silence(other, &text).is_some() {
                    continue;
                }
                let overlaps = secret(other, text.as_bytes())
                    .is_some_and(|(range, _)| range.start < own.end && own.start < range.end);
                if overlaps {
                    problems.push(format!(
                        "{} also reports positive {index} of {}: {template}",
                        other.rule.id, rule.rule.id
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
