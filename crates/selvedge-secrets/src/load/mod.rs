//! Reads rule packs in Gitleaks or Betterleaks TOML.
//!
//! Loading is total: a rule with a mistake is reported with its line and left out, the others load.
//! [`extend`] brings in the rules of another pack; nothing is ever fetched from the network.

mod extend;
mod parse;
mod table;

use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::rule::{RuleSet, Scope, SecretRule};
use parse::TargetedAllowlist;

/// A pack may be this large; the largest public one has half a megabyte.
const PACK_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A pack may hold this many rules.
const RULES_MAX: usize = 20_000;
/// A pack may extend a pack that extends a pack, and no deeper.
const EXTEND_DEPTH_MAX: u32 = 2;

/// A pack as it is written, before extension and validation.
struct Draft {
    rules: Vec<SecretRule>,
    scope: Scope,
    targeted: Vec<TargetedAllowlist>,
    extend: parse::Extend,
}

/// Loads a pack from its text.
///
/// `name` is used in messages and becomes the rules' pack. `resolver` returns the text of the file that
/// `extend.path` names, or says why it cannot; it alone decides what may be read.
pub fn load_toml(
    text: &str,
    name: &str,
    resolver: &dyn Fn(&str) -> Result<String, String>,
) -> (RuleSet, Vec<Diagnostic>) {
    let mut digest = blake3::Hasher::new();
    let mut diagnostics = Vec::new();
    let mut draft = load_draft(text, name, resolver, 0, &mut digest, &mut diagnostics);
    extend::apply_targeted(&mut draft, name, &mut diagnostics);
    let rules = extend::valid_rules(draft.rules, name, &mut diagnostics);
    diagnostics.sort();
    (RuleSet::new(rules, vec![draft.scope], *digest.finalize().as_bytes()), diagnostics)
}

/// Loads one text and, recursively, what it extends.
fn load_draft(
    text: &str,
    name: &str,
    resolver: &dyn Fn(&str) -> Result<String, String>,
    depth: u32,
    digest: &mut blake3::Hasher,
    diagnostics: &mut Vec<Diagnostic>,
) -> Draft {
    digest.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    if text.len() > PACK_BYTES_MAX {
        let message = format!("rule pack of {} bytes; at most {PACK_BYTES_MAX} are read", text.len());
        diagnostics.push(Diagnostic::new(DiagnosticKind::BadConfig, message).at(name));
        return Draft::empty();
    }
    let mut draft = parse::parse(text, name, diagnostics);
    let wanted = std::mem::take(&mut draft.extend);
    let Some(source) = wanted.source(name, diagnostics) else { return draft };
    if depth >= EXTEND_DEPTH_MAX {
        let message = format!("extends more than {EXTEND_DEPTH_MAX} levels deep; the rest is not loaded");
        diagnostics.push(Diagnostic::new(DiagnosticKind::BadConfig, message).at(name).line(wanted.line));
        return draft;
    }
    let base = match source {
        parse::Source::Default => extend::builtin_draft(digest),
        parse::Source::Path(path) => match resolver(&path) {
            Ok(text) => load_draft(&text, &path, resolver, depth + 1, digest, diagnostics),
            Err(reason) => {
                let message = format!("cannot extend `{path}`: {reason}");
                let bad = Diagnostic::new(DiagnosticKind::BadConfig, message);
                diagnostics.push(bad.at(name).line(wanted.line));
                return draft;
            }
        },
    };
    extend::extend(&mut draft, base, &wanted, name, diagnostics);
    draft
}

impl Draft {
    fn empty() -> Self {
        Self {
            rules: Vec::new(),
            scope: Scope::default(),
            targeted: Vec::new(),
            extend: parse::Extend::default(),
        }
    }
}

#[cfg(test)]
mod tests;
