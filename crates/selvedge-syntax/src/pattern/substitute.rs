//! From the text of a pattern to text that the grammar of its language can read.

use super::marker::{DEEP, ELLIPSIS, META_ELLIPSIS, METAVARIABLE};
use crate::language::Language;

/// Replaces metavariables and ellipses by identifiers.
pub(crate) fn substitute(language: Language, pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let bytes = pattern.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &pattern[at..];
        if rest.starts_with("<...") {
            out.push_str(DEEP);
            out.push('(');
            at += 4;
        } else if rest.starts_with("...>") {
            out.push(')');
            at += 4;
        } else if let Some(name) = rest.strip_prefix("$...").and_then(metavariable_name) {
            out.push_str(META_ELLIPSIS);
            out.push_str(name);
            at += 4 + name.len();
        } else if let Some(name) = rest.strip_prefix('$').and_then(metavariable_name) {
            out.push_str(METAVARIABLE);
            out.push_str(name);
            at += 1 + name.len();
        } else if rest.starts_with("...") && is_ellipsis(language, pattern, at) {
            out.push_str(ELLIPSIS);
            at += 3;
        } else {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..next]);
            at += next;
        }
    }
    out
}

/// The name at the beginning of a text, if a metavariable may be called so.
fn metavariable_name(text: &str) -> Option<&str> {
    let len =
        text.bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    let name = &text[..len.count()];
    let follows = text[name.len()..].bytes().next();
    let whole = !follows.is_some_and(|byte| byte.is_ascii_lowercase());
    (!name.is_empty() && whole).then_some(name)
}

/// Whether dots are the operator of patterns, not the language's own for spreading or variadics.
fn is_ellipsis(language: Language, pattern: &str, at: usize) -> bool {
    let after = pattern[at + 3..].bytes().next();
    let before = pattern[..at].bytes().next_back();
    let word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            !(word(after) || matches!(after, Some(b'$' | b'(' | b'[' | b'{')))
        }
        Language::Go | Language::Java | Language::Hcl => !word(before),
        _ => true,
    }
}
