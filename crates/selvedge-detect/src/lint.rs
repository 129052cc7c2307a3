//! What is wrong with rules that load: violations of the specification, and rules that cannot do their work.

mod fields;

use std::collections::{BTreeMap, BTreeSet};

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::expr::{Expr, Item};
use crate::load::{Rules, parse_condition, split_key};
use crate::matcher::Matcher;
use crate::rule::{DetectionRule, RuleMeta};
use crate::yaml::{self, Kind, Node};

/// Longest title (specification 2.1, "Title").
const TITLE_CHARS_MAX: usize = 256;

const STATUSES: &[&str] = &["stable", "test", "experimental", "deprecated", "unsupported"];

/// Checks loaded rules together: duplicate ids, fields that their log source does not have, rules that can never
/// match.
pub fn lint(rules: &Rules) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let detections = rules.detections.iter().map(|rule| &rule.meta);
    let metas: Vec<&RuleMeta> = detections.chain(rules.correlations.iter().map(|rule| &rule.meta)).collect();
    duplicates(&metas, &mut found);
    for rule in &rules.detections {
        unknown_fields(rule, &mut found);
        if never(&rule.condition) {
            found.push(warning(
                &rule.meta.path,
                rule.meta.line,
                "the rule can never match: its condition contradicts itself",
            ));
        }
        placeholders(rule, &mut found);
    }
    found
}

fn warning(path: &str, line: u32, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::BadRule, message).at(path).line(line)
}

fn duplicates(metas: &[&RuleMeta], found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, &RuleMeta> = BTreeMap::new();
    for meta in metas {
        if let Some(first) = known.get(meta.id.as_str()) {
            let message = format!("the id {} is also that of {}:{}", meta.id, first.path, first.line);
            found.push(warning(&meta.path, meta.line, message));
        } else {
            known.insert(&meta.id, meta);
        }
    }
}

fn unknown_fields(rule: &DetectionRule, found: &mut Vec<Diagnostic>) {
    let Some(known) = fields::known(&rule.logsource) else { return };
    let mut seen = BTreeSet::new();
    rule.condition.visit(&mut |item| {
        let Some(field) = item.field.as_deref() else { return };
        if !known.contains(&field) && !fields::EVERYWHERE.contains(&field) && seen.insert(field) {
            let source = rule.logsource.describe();
            found.push(warning(&rule.meta.path, item.line, format!("{source} has no field `{field}`")));
        }
    });
}

fn placeholders(rule: &DetectionRule, found: &mut Vec<Diagnostic>) {
    let mut names = BTreeSet::new();
    rule.condition.visit(&mut |item| {
        for matcher in &item.matchers {
            if let Matcher::Like { pattern, .. } = matcher {
                names.extend(pattern.placeholders().map(str::to_owned));
            }
        }
    });
    for name in names {
        let message =
            format!("no pipeline fills in the placeholder %{name}%, so that its value matches nothing");
        found.push(warning(&rule.meta.path, rule.meta.line, message));
    }
}

/// Whether a condition is false whatever the event.
fn never(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().any(never) || contradicts(expr),
        Expr::Any(parts) => parts.iter().all(never),
        Expr::Named(_, part) => never(part),
        Expr::Not(_) | Expr::Item(_) => false,
    }
}

/// Whether two items that must both hold ask a field for different values.
fn contradicts(expr: &Expr) -> bool {
    let mut allowed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut required = Vec::new();
    conjuncts(expr, &mut required);
    for item in required {
        let (Some(field), Some(values)) = (item.field.as_deref(), exact_values(item)) else { continue };
        let left = match allowed.get(field) {
            Some(before) => before.intersection(&values).cloned().collect(),
            None => values,
        };
        if left.is_empty() {
            return true;
        }
        allowed.insert(field, left);
    }
    false
}

/// Items that must all hold.
fn conjuncts<'a>(expr: &'a Expr, items: &mut Vec<&'a Item>) {
    match expr {
        Expr::All(parts) => parts.iter().for_each(|part| conjuncts(part, items)),
        Expr::Named(_, part) => conjuncts(part, items),
        Expr::Item(item) => items.push(item),
        Expr::Any(_) | Expr::Not(_) => {}
    }
}

/// The values one of which the field must have, if the item says just that.
fn exact_values(item: &Item) -> Option<BTreeSet<String>> {
    if item.negated || item.all {
        return None;
    }
    let value = |matcher: &Matcher| match matcher {
        Matcher::Like { pattern, cased: false } => pattern.as_literal().map(str::to_owned),
        _ => None,
    };
    item.matchers.iter().map(value).collect()
}

/// Checks the text of rules against the specification.
pub fn lint_text(path: &str, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for document in &yaml::parse(text).0 {
        header(path, document, &mut found);
        if let Some(detection) = document.get("detection") {
            self::detection(path, detection, &mut found);
        }
    }
    found
}

fn header(path: &str, node: &Node, found: &mut Vec<Diagnostic>) {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let line = |key: &str| node.get(key).map_or(node.line, |node| node.line);
    match text("id") {
        None => {
            found.push(warning(path, node.line, "no `id`: exceptions and correlations cannot name the rule"));
        }
        Some(id) if !is_uuid(id) => {
            found.push(warning(path, line("id"), format!("the id `{id}` is no UUID")));
        }
        Some(_) => {}
    }
    if text("title").is_some_and(|title| title.chars().count() > TITLE_CHARS_MAX) {
        found.push(warning(
            path,
            line("title"),
            format!("the title is longer than {TITLE_CHARS_MAX} characters"),
        ));
    }
    if let Some(status) = text("status").filter(|status| !STATUSES.contains(status)) {
        let message = format!("unknown status `{status}`, expected one of {}", STATUSES.join(", "));
        found.push(warning(path, line("status"), message));
    }
    for key in ["date", "modified"] {
        if let Some(date) = text(key).filter(|date| !is_date(date)) {
            found.push(warning(path, line(key), format!("the {key} `{date}` is not written YYYY-MM-DD")));
        }
    }
    for tag in node.get("tags").map(Node::items).unwrap_or_default() {
        if tag.text().is_none_or(|text| !is_tag(text)) {
            let message =
                format!("the tag `{}` is not `namespace.name` in lower case", tag.text().unwrap_or_default());
            found.push(warning(path, tag.line, message));
        }
    }
    if node.get("detection").is_some() && text("level").is_none() {
        found.push(warning(path, node.line, "no `level`: findings will be of medium severity"));
    }
}

fn detection(path: &str, node: &Node, found: &mut Vec<Diagnostic>) {
    let conditions = node.get("condition").map(Node::texts).unwrap_or_default();
    let parsed: Vec<_> = conditions.iter().filter_map(|text| parse_condition(text).ok()).collect();
    for (key, value) in node.entries().iter().filter(|(key, _)| key.text != "condition") {
        if parsed.len() == conditions.len() && !parsed.iter().any(|condition| condition.mentions(&key.text)) {
            let message = format!("the condition does not use `{}`", key.text);
            found.push(warning(path, key.line, message));
        }
        items(path, value, found);
    }
}

/// Single values with `all`, and values that stand twice.
fn items(path: &str, node: &Node, found: &mut Vec<Diagnostic>) {
    if let Kind::List(parts) = &node.kind {
        for part in parts {
            items(path, part, found);
        }
    }
    for (key, value) in node.entries() {
        let (_, modifiers) = split_key(&key.text);
        let values = value.items();
        if modifiers.contains(&"all") && values.len() < 2 {
            found.push(warning(path, key.line, format!("`{}`: `all` needs more than one value", key.text)));
        }
        let mut seen = BTreeSet::new();
        for value in values {
            if let Some(text) = value.text().filter(|text| !seen.insert(*text)) {
                found.push(warning(path, value.line, format!("`{text}` stands twice in `{}`", key.text)));
            }
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn is_tag(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    text.split_once('.').is_some_and(|(namespace, name)| !namespace.is_empty() && !name.is_empty())
        && text.chars().all(allowed)
}

#[cfg(test)]
mod tests;
