//! Literals that every match of a regular expression contains.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::Clause;
use crate::limits::CLAUSE_LITERALS_MAX;
use crate::pcre::translate;

/// Clauses that hold for every text in which the expression matches; none if it uses look-around, or nothing
/// certain stands in it.
pub(super) fn required(source: &str) -> Vec<Clause> {
    let parsed =
        regex_syntax::ParserBuilder::new().multi_line(true).nest_limit(100).build().parse(&translate(source));
    let Ok(hir) = parsed else { return Vec::new() };
    clauses(&hir)
}

fn clauses(hir: &Hir) -> Vec<Clause> {
    match hir.kind() {
        HirKind::Literal(literal) => text_of(&literal.0).map(|text| vec![vec![text]]).unwrap_or_default(),
        HirKind::Capture(capture) => clauses(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => clauses(&repetition.sub),
        HirKind::Concat(parts) => concat(parts),
        HirKind::Alternation(branches) => either(branches),
        HirKind::Class(_) | HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => Vec::new(),
    }
}

/// Neighbouring literals and single letters in either case make one text.
fn concat(parts: &[Hir]) -> Vec<Clause> {
    let mut all = Vec::new();
    let mut run = String::new();
    let end_run = |run: &mut String, all: &mut Vec<Clause>| {
        if !run.is_empty() {
            all.push(vec![std::mem::take(run)]);
        }
    };
    for part in parts {
        if let Some(text) = fixed(part) {
            run.push_str(&text);
        } else {
            end_run(&mut run, &mut all);
            all.extend(clauses(part));
        }
    }
    end_run(&mut run, &mut all);
    all
}

/// The text of a part that matches one text only, up to the case of its letters.
fn fixed(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => text_of(&literal.0),
        HirKind::Class(Class::Unicode(class)) => {
            let mut letters = class.iter().flat_map(|range| (range.start()..=range.end()).take(4)).take(4);
            let first = letters.next()?;
            let lower = first.to_ascii_lowercase();
            // The Kelvin sign and the long s fold to k and s; a file that has them is no loss.
            letters
                .all(|letter| letter.to_ascii_lowercase() == lower || !letter.is_ascii())
                .then(|| lower.to_string())
                .filter(|_| first.is_ascii())
        }
        HirKind::Capture(capture) => fixed(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(fixed).collect(),
        HirKind::Look(_) | HirKind::Empty => Some(String::new()),
        HirKind::Class(Class::Bytes(_)) | HirKind::Repetition(_) | HirKind::Alternation(_) => None,
    }
}

fn either(branches: &[Hir]) -> Vec<Clause> {
    let mut joined = Clause::new();
    for branch in branches {
        let Some(best) = clauses(branch).into_iter().max_by_key(super::weight) else { return Vec::new() };
        joined.extend(best);
    }
    if joined.len() > CLAUSE_LITERALS_MAX { Vec::new() } else { vec![joined] }
}

fn text_of(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[&[&str]]) {
        let expected: Vec<Vec<String>> =
            expected.iter().map(|clause| clause.iter().map(|text| (*text).to_owned()).collect()).collect();
        assert_eq!(required(source), expected, "{source}");
    }

    #[test]
    fn literals_of_a_match_are_known() {
        check("AKIA[0-9A-Z]{16}", &[&["AKIA"]]);
        check("(?i)secret[_-]?key", &[&["secret"], &["key"]]);
        check("(foo|bar)+baz", &[&["foo", "bar"], &["baz"]]);
        check("a?b*", &[]);
        check("(?!x)foo", &[]);
    }
}
