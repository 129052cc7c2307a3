//! Merges a pack into the one that extends it, as Gitleaks does, and keeps the rules that can work.

use std::collections::BTreeSet;
use std::sync::Arc;

use selvedge_model::{Diagnostic, DiagnosticKind};

use super::{Draft, parse::Extend};
use crate::rule::{RuleSet, SecretRule};

/// The built-in pack as a pack to extend.
pub(super) fn builtin_draft(digest: &mut blake3::Hasher) -> Draft {
    let builtin = RuleSet::builtin();
    digest.update(&builtin.digest());
    let mut draft = Draft::empty();
    draft.rules = builtin.rules.iter().map(|rule| SecretRule::clone(rule)).collect();
    if let Some(scope) = builtin.scopes.first() {
        draft.scope = scope.clone();
    }
    draft
}

/// Brings the rules of `base` into `draft`. A rule that both have keeps what `draft` says about it and
/// adds up tags, keywords and allowlists.
pub(super) fn extend(
    draft: &mut Draft,
    base: Draft,
    wanted: &Extend,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let disabled: BTreeSet<&str> = wanted.disabled.iter().map(String::as_str).collect();
    for id in &disabled {
        if !base.rules.iter().any(|rule| rule.id() == *id) {
            let message = format!("disabled rule `{id}` does not exist in the extended pack");
            let bad = Diagnostic::new(DiagnosticKind::BadConfig, message);
            diagnostics.push(bad.at(name).line(wanted.line));
        }
    }
    for base_rule in base.rules {
        if disabled.contains(base_rule.id()) {
            continue;
        }
        match draft.rules.iter_mut().find(|rule| rule.id() == base_rule.id()) {
            Some(rule) => *rule = merged(base_rule, rule),
            None => draft.rules.push(base_rule),
        }
    }
    draft.rules.sort_by(|a, b| a.id().cmp(b.id()));
    draft.scope.allowlists.extend(base.scope.allowlists);
    draft.scope.prefilter = draft.scope.prefilter.take().or(base.scope.prefilter);
    draft.scope.filter = draft.scope.filter.take().or(base.scope.filter);
    draft.scope.dialect = draft.scope.dialect.max(base.scope.dialect);
    draft.targeted.extend(base.targeted);
}

/// `base` with the changes that `current` states.
fn merged(mut base: SecretRule, current: &SecretRule) -> SecretRule {
    if !current.meta.title.is_empty() {
        base.meta.title.clone_from(&current.meta.title);
    }
    if current.entropy != 0.0 {
        base.entropy = current.entropy;
    }
    if current.secret_group != 0 {
        base.secret_group = current.secret_group;
    }
    if current.regex.is_some() {
        base.regex.clone_from(&current.regex);
    }
    if current.path.is_some() {
        base.path.clone_from(&current.path);
    }
    if current.filter.is_some() {
        base.filter.clone_from(&current.filter);
    }
    if !current.required.is_empty() {
        base.required.clone_from(&current.required);
    }
    base.meta.tags.extend(current.meta.tags.iter().cloned());
    base.keywords.extend(current.keywords.iter().cloned());
    base.allowlists.extend(current.allowlists.iter().cloned());
    base.meta.pack.clone_from(&current.meta.pack);
    base.line = current.line;
    base
}

/// Adds the allowlists that name their rules to these rules.
pub(super) fn apply_targeted(draft: &mut Draft, name: &str, diagnostics: &mut Vec<Diagnostic>) {
    for targeted in std::mem::take(&mut draft.targeted) {
        for id in &targeted.rules {
            if let Some(rule) = draft.rules.iter_mut().find(|rule| rule.id() == id) {
                rule.allowlists.push(Arc::clone(&targeted.allowlist));
                continue;
            }
            let message = format!("allowlist target rule `{id}` does not exist");
            let bad = Diagnostic::new(DiagnosticKind::BadConfig, message);
            diagnostics.push(bad.at(name).line(targeted.line));
        }
    }
}

/// The rules that can match something; each of the others is reported.
pub(super) fn valid_rules(
    rules: Vec<SecretRule>,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Arc<SecretRule>> {
    let ids: BTreeSet<String> = rules.iter().map(|rule| rule.id().to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut valid = Vec::with_capacity(rules.len());
    // The last definition of an id counts; going backwards meets it first.
    for rule in rules.into_iter().rev() {
        let problem = problem(&rule, &ids).or_else(|| {
            (!seen.insert(rule.id().to_owned()))
                .then(|| "defined again further down; the last definition counts".to_owned())
        });
        match problem {
            None => valid.push(Arc::new(rule)),
            Some(problem) => {
                let message = format!("rule `{}`: {problem}", rule.id());
                let bad = Diagnostic::new(DiagnosticKind::BadRule, message);
                diagnostics.push(bad.at(name).line(rule.line));
            }
        }
    }
    valid.reverse();
    valid
}

/// Why the rule cannot work, if so.
fn problem(rule: &SecretRule, ids: &BTreeSet<String>) -> Option<String> {
    let Some(regex) = &rule.regex else {
        return rule
            .path
            .is_none()
            .then(|| "has neither `regex` nor `path`, so it would find nothing".to_owned());
    };
    if rule.secret_group > regex.groups() {
        let (group, groups) = (rule.secret_group, regex.groups());
        return Some(format!("`secretGroup` is {group}, but the regular expression has {groups} groups"));
    }
    let missing = rule.required.iter().find(|required| !ids.contains(&required.id))?;
    Some(format!("required rule `{}` does not exist", missing.id))
}
