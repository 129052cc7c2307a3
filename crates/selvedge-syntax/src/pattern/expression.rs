//! Regular expressions in the strings of a pattern: `"=~/…/flags"`.

use fancy_regex::{Regex, RegexBuilder};

use super::PatternError;
use crate::kind::Kind;
use crate::tree::{NodeId, Tree};

/// Steps back that one attempt may take; beyond it the text does not match.
const BACKTRACKS_MAX: usize = 100_000;
/// Bytes of one compiled expression.
const COMPILED_MAX: usize = 4 << 20;

/// The expressions of a pattern, by the string or name that holds each; sorted by node.
#[derive(Debug, Default)]
pub(crate) struct Expressions(Vec<(NodeId, Regex)>);

impl Expressions {
    /// Compiles all of them.
    pub(super) fn compile(tree: &Tree) -> Result<Self, PatternError> {
        let mut all = Vec::new();
        for id in tree.subtree(tree.root()) {
            if !matches!(tree.kind(id), Kind::Str | Kind::Name) {
                continue;
            }
            let Some(source) = source(tree.text(id)) else { continue };
            let compiled = RegexBuilder::new(&source)
                .backtrack_limit(BACKTRACKS_MAX)
                .delegate_size_limit(COMPILED_MAX)
                .build()
                .map_err(|error| PatternError::Expression {
                    expression: source.clone(),
                    message: error.to_string(),
                })?;
            all.push((id, compiled));
        }
        Ok(Self(all))
    }

    /// Whether the expression of a node matches anywhere in a text; `None` if the node holds none.
    pub(crate) fn is_match(&self, id: NodeId, text: &str) -> Option<bool> {
        let at = self.0.binary_search_by_key(&id, |(own, _)| *own).ok()?;
        Some(self.0[at].1.is_match(text).unwrap_or(false))
    }
}

/// The expression with its flags in front.
fn source(content: &str) -> Option<String> {
    let rest = content.strip_prefix("=~/")?;
    let end = rest.rfind('/')?;
    let flags: String = rest[end + 1..].chars().filter(|flag| matches!(flag, 'i' | 'm' | 's')).collect();
    let body = &rest[..end];
    Some(if flags.is_empty() { body.to_owned() } else { format!("(?{flags}){body}") })
}
