//! What kind of licence statement a text is, as far as SBOM formats distinguish.
//!
//! Nothing is corrected here: texts are normalised before they come into a bill.

use std::borrow::Cow;
use std::collections::HashMap;

/// A licence as SBOM formats tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declared<'a> {
    /// An identifier of the SPDX licence list, spelled as there.
    Id(&'a str),
    /// A valid SPDX expression of more than one identifier.
    Expression(&'a str),
    /// Anything else.
    Name(&'a str),
}

/// Which one `text` is.
pub(crate) fn classify(text: &str) -> Declared<'_> {
    if is_listed(text) {
        Declared::Id(text)
    } else if spdx::Expression::parse(text).is_ok() {
        Declared::Expression(text)
    } else {
        Declared::Name(text)
    }
}

/// Whether `text` is on the SPDX list of licences or exceptions, in its spelling.
pub(crate) fn is_listed(text: &str) -> bool {
    spdx::license_id(text).is_some_and(|id| id.name == text)
        || spdx::exception_id(text).is_some_and(|id| id.name == text)
}

/// The licences of one component in the form that every format can carry: one expression, or a list of texts
/// of which one at least is no expression.
pub(crate) fn canonical(texts: &mut Vec<String>) {
    texts.sort();
    texts.dedup();
    let declared: Vec<Declared<'_>> = texts.iter().map(|text| classify(text)).collect();
    if declared.len() > 1 && declared.iter().all(|one| !matches!(one, Declared::Name(_))) {
        let joined = all_of(&declared).into_owned();
        *texts = vec![joined];
    }
}

/// One expression that demands all of them.
pub(crate) fn all_of<'a>(declared: &[Declared<'a>]) -> Cow<'a, str> {
    let text = |one: &Declared<'a>| match *one {
        Declared::Id(text) | Declared::Expression(text) | Declared::Name(text) => text,
    };
    match declared {
        [only] => Cow::Borrowed(text(only)),
        all => {
            let parts: Vec<String> = all
                .iter()
                .map(|one| match one {
                    Declared::Expression(text) => format!("({text})"),
                    other => text(other).to_owned(),
                })
                .collect();
            Cow::Owned(parts.join(" AND "))
        }
    }
}

/// An expression with the document's own `LicenseRef-…` replaced by what they stand for, where that is
/// possible: at the top, between `AND`s. Otherwise the expression as it is.
pub(crate) fn split(expression: &str, texts: &HashMap<&str, &str>) -> Vec<String> {
    let parts = top_level_parts(expression);
    let is_choice = parts.iter().any(|part| part.contains(" OR ") && !part.starts_with('('));
    if is_choice || !parts.iter().any(|part| texts.contains_key(part)) {
        return vec![expression.to_owned()];
    }
    let mut all: Vec<String> = parts
        .iter()
        .map(|part| match texts.get(part) {
            Some(text) => (*text).to_owned(),
            None => strip_parentheses(part).to_owned(),
        })
        .collect();
    all.sort();
    all
}

/// What stands between the `AND`s outside of all parentheses.
fn top_level_parts(expression: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0i32;
    let mut start = 0;
    for (at, byte) in expression.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b' ' if depth == 0 && at >= start && expression[at..].starts_with(" AND ") => {
                parts.push(expression[start..at].trim());
                start = at + " AND ".len();
            }
            _ => {}
        }
    }
    parts.push(expression.get(start..).unwrap_or_default().trim());
    parts
}

fn strip_parentheses(part: &str) -> &str {
    part.strip_prefix('(').and_then(|part| part.strip_suffix(')')).unwrap_or(part)
}
