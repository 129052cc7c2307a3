//! Filter expressions of Betterleaks packs, applied to files and findings.

use std::ops::Range;

use crate::allow::Origin;
use crate::expr::{Expr, ExprError, FindingScope, Scope};
use crate::rule::SecretRule;

/// A parsed `filter` or `prefilter`: true means that the file or finding is left out.
#[derive(Debug)]
pub(crate) struct Filter {
    expr: Expr,
    /// It asks for named groups of the rule's pattern.
    uses_captures: bool,
}

/// What a finding's filter looks at.
pub(crate) struct Judged<'a> {
    pub(crate) rule: &'a SecretRule,
    pub(crate) text: &'a [u8],
    pub(crate) matched: Range<usize>,
    pub(crate) secret: &'a [u8],
}

impl Filter {
    pub(crate) fn new(text: &str) -> Result<Self, ExprError> {
        Ok(Self { expr: Expr::parse(text)?, uses_captures: text.contains("captures") })
    }

    /// Whether everything from `origin` is left out. An expression that fails leaves out nothing.
    pub(crate) fn skips_origin(&self, origin: Origin<'_>) -> bool {
        let attributes = attributes(origin);
        let scope = Scope { finding: None, attributes: &attributes, captures: &[] };
        self.expr.eval_bool(&scope).unwrap_or(false)
    }

    /// Whether the finding is left out. An expression that fails leaves out nothing.
    pub(crate) fn skips_finding(&self, origin: Origin<'_>, judged: &Judged<'_>) -> bool {
        let attributes = attributes(origin);
        let finding = FindingScope {
            text: judged.text,
            matched: judged.matched.clone(),
            secret: judged.secret,
            rule_id: judged.rule.id(),
            description: &judged.rule.meta.title,
        };
        let captures = if self.uses_captures { named_groups(judged) } else { Vec::new() };
        let captures: Vec<(&str, &[u8])> =
            captures.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let scope = Scope { finding: Some(&finding), attributes: &attributes, captures: &captures };
        self.expr.eval_bool(&scope).unwrap_or(false)
    }
}

fn attributes(origin: Origin<'_>) -> Vec<(&'static str, &str)> {
    let path = origin.path.map(|path| ("path", path));
    let commit = origin.commit.map(|commit| ("git.sha", commit));
    path.into_iter().chain(commit).collect()
}

/// The named groups of the rule's pattern that hold something.
fn named_groups<'a>(judged: &Judged<'a>) -> Vec<(String, &'a [u8])> {
    let Some(pattern) = &judged.rule.regex else { return Vec::new() };
    let matched = &judged.text[judged.matched.clone()];
    let groups = pattern.captures(matched);
    pattern
        .group_names()
        .zip(groups)
        .filter_map(|(name, span)| Some((name?.to_owned(), &matched[span.filter(|span| !span.is_empty())?])))
        .collect()
}
