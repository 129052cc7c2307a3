//! A set of rules: loaded, merged and selected, not yet compiled.

use std::collections::BTreeSet;
use std::sync::Arc;

use selvedge_model::Rule;

use super::SecretRule;
use crate::allow::Allowlist;
use crate::filter::Filter;

/// The dialect a pack is written in; it decides how overlapping findings are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Dialect {
    /// Rules called generic yield to the others.
    #[default]
    Gitleaks,
    /// Rules of lower specificity yield.
    Betterleaks,
}

/// What a pack says about all of its rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) dialect: Dialect,
    pub(crate) allowlists: Vec<Arc<Allowlist>>,
    pub(crate) prefilter: Option<Arc<Filter>>,
    pub(crate) filter: Option<Arc<Filter>>,
}

/// Rules with the conditions of the packs they come from.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    pub(crate) rules: Vec<Arc<SecretRule>>,
    pub(crate) scopes: Vec<Scope>,
    digest: [u8; 32],
}

/// Which rules of a set to keep, by id or tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; all if empty.
    pub only: BTreeSet<String>,
    /// Without these.
    pub without: BTreeSet<String>,
}

impl RuleSet {
    pub(crate) fn new(rules: Vec<Arc<SecretRule>>, scopes: Vec<Scope>, digest: [u8; 32]) -> Self {
        Self { rules, scopes, digest }
    }

    /// The rules' public half, in load order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|rule| &rule.meta)
    }

    /// The rules, in load order; the position is [`Hit::rule`](crate::Hit::rule).
    pub fn secret_rules(&self) -> &[Arc<SecretRule>] {
        &self.rules
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Identifies the content of the set: every pack that went into it and every selection made.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The rule at this position, and after it those that it requires.
    pub(crate) fn only(&self, rule: usize) -> Self {
        let rule = &self.rules[rule];
        let is_required = |other: &&Arc<SecretRule>| {
            other.id() != rule.id() && rule.required.iter().any(|required| required.id == other.id())
        };
        let rules = std::iter::once(rule).chain(self.rules.iter().filter(is_required)).cloned().collect();
        Self { rules, scopes: self.scopes.clone(), digest: self.digest }
    }

    /// Adds the rules of `other`; one that is here already is replaced by the other's. Each pack's global
    /// allowlists go on holding for its own rules only.
    pub fn merge(&mut self, other: &RuleSet) {
        let offset = self.scopes.len();
        self.scopes.extend(other.scopes.iter().cloned());
        for rule in &other.rules {
            let mut rule = SecretRule::clone(rule);
            rule.scope += offset;
            match self.rules.iter().position(|known| known.id() == rule.id()) {
                Some(index) => self.rules[index] = Arc::new(rule),
                None => self.rules.push(Arc::new(rule)),
            }
        }
        self.stamp("merge", [other.digest.as_slice()]);
    }

    /// Keeps the selected rules. Returns the names that match no rule id and no tag, for a message.
    pub fn select(&mut self, selection: &Selection) -> Vec<String> {
        let named = |rule: &SecretRule, names: &BTreeSet<String>| {
            names.contains(rule.id()) || rule.meta.tags.iter().any(|tag| names.contains(tag))
        };
        let known =
            |name: &String| self.rules.iter().any(|rule| rule.id() == name || rule.meta.tags.contains(name));
        let unknown =
            selection.only.iter().chain(&selection.without).filter(|name| !known(name)).cloned().collect();
        self.rules.retain(|rule| {
            (selection.only.is_empty() || named(rule, &selection.only)) && !named(rule, &selection.without)
        });
        self.stamp("only", selection.only.iter().map(String::as_bytes));
        self.stamp("without", selection.without.iter().map(String::as_bytes));
        unknown
    }

    /// Drops the rules of these ids. Returns the ids that are not there.
    pub fn disable(&mut self, ids: &[String]) -> Vec<String> {
        let unknown =
            ids.iter().filter(|id| !self.rules.iter().any(|rule| rule.id() == *id)).cloned().collect();
        self.rules.retain(|rule| !ids.iter().any(|id| id == rule.id()));
        self.stamp("disable", ids.iter().map(String::as_bytes));
        unknown
    }

    /// Folds a change into the digest.
    fn stamp<'a>(&mut self, what: &str, parts: impl IntoIterator<Item = &'a [u8]>) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.digest).update(what.as_bytes());
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        self.digest = *hasher.finalize().as_bytes();
    }
}
