//! What of a matcher can be searched for.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::fold::{fold, same};
use crate::matcher::Matcher;
use crate::pattern::{DASHES, Part, Pattern};

/// A folded literal and where it must stand, if that is all the matcher says (`exact`), or if it must at least
/// be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needle {
    pub(crate) text: String,
    pub(crate) place: Place,
    /// The value fits if the needle is found; else the matcher has to be asked.
    pub(crate) exact: bool,
}

/// Where a literal must stand in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Whole,
    Start,
    End,
    Anywhere,
}

/// How a matcher is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    /// Any of the needles.
    Needles(Vec<Needle>),
    /// Nothing is known: every value has to be asked.
    Always,
    /// No value fits.
    Never,
}

/// Plans the search for `matcher`.
pub(crate) fn search(matcher: &Matcher) -> Search {
    match matcher {
        Matcher::Like { pattern, cased } => pattern_search(pattern, *cased),
        Matcher::Regex(expression) => match regex_literal(&expression.source) {
            Some(text) => Search::Needles(vec![Needle { text, place: Place::Anywhere, exact: false }]),
            None => Search::Always,
        },
        _ => Search::Always,
    }
}

fn pattern_search(pattern: &Pattern, cased: bool) -> Search {
    if pattern.placeholders().next().is_some() {
        return Search::Never;
    }
    let dashes = pattern.parts.iter().filter(|part| **part == Part::Dash).count();
    if dashes == 1 {
        let variants = DASHES.iter().map(|dash| simple(&with_dash(pattern, *dash), cased));
        let needles: Option<Vec<Needle>> = variants.collect();
        return needles.map_or(Search::Always, Search::Needles);
    }
    simple(pattern, cased).map_or(Search::Always, |needle| Search::Needles(vec![needle]))
}

fn with_dash(pattern: &Pattern, dash: char) -> Pattern {
    let mut chosen = Pattern::default();
    for part in &pattern.parts {
        chosen.push(if *part == Part::Dash { Part::Literal(dash.to_string()) } else { part.clone() });
    }
    chosen
}

/// The needle of a pattern: its only literal, or the longest of several.
fn simple(pattern: &Pattern, cased: bool) -> Option<Needle> {
    let exact = !cased;
    let needle = |text: &str, place, exact| Needle { text: fold(text).into_owned(), place, exact };
    match &pattern.parts[..] {
        [] => Some(needle("", Place::Whole, exact)),
        [Part::Literal(text)] => Some(needle(text, Place::Whole, exact)),
        [Part::Literal(text), Part::Many] => Some(needle(text, Place::Start, exact)),
        [Part::Many, Part::Literal(text)] => Some(needle(text, Place::End, exact)),
        [Part::Many, Part::Literal(text), Part::Many] => Some(needle(text, Place::Anywhere, exact)),
        [Part::Many] => Some(needle("", Place::Start, true)),
        parts => {
            let literals = parts.iter().filter_map(|part| match part {
                Part::Literal(text) => Some(text),
                _ => None,
            });
            let longest = literals.max_by_key(|text| text.len())?;
            Some(needle(longest, Place::Anywhere, false))
        }
    }
}

/// Recursion into an expression; deeper parts give no literal.
const REGEX_DEPTH_MAX: usize = 64;

/// A folded literal that every match of the expression contains, if one of at least two bytes can be found.
fn regex_literal(source: &str) -> Option<String> {
    let hir = regex_syntax::parse(source).ok()?;
    let mut literals = Literals::default();
    literals.read(&hir, 0);
    literals.flush();
    literals.best.filter(|best| best.len() >= 2)
}

/// Collects text that must occur in one piece.
#[derive(Default)]
struct Literals {
    current: String,
    best: Option<String>,
}

impl Literals {
    fn flush(&mut self) {
        let current = std::mem::take(&mut self.current);
        if self.best.as_ref().is_none_or(|best| current.len() > best.len()) {
            self.best = Some(current);
        }
    }

    fn read(&mut self, hir: &Hir, depth: usize) {
        if depth > REGEX_DEPTH_MAX {
            return self.flush();
        }
        match hir.kind() {
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => self.current.push_str(&fold(text)),
                Err(_) => self.flush(),
            },
            HirKind::Class(class) => match one_character(class) {
                Some(c) => self.current.push_str(&fold(c.encode_utf8(&mut [0; 4]))),
                None => self.flush(),
            },
            // An assertion takes no text.
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Capture(capture) => self.read(&capture.sub, depth + 1),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.read(part, depth + 1)),
            HirKind::Repetition(repetition) if repetition.min >= 1 => {
                self.flush();
                self.read(&repetition.sub, depth + 1);
                self.flush();
            }
            HirKind::Repetition(_) | HirKind::Alternation(_) => self.flush(),
        }
    }
}

/// The character that a class means without letter case.
fn one_character(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let mut all = class.ranges().iter().flat_map(|range| {
        // Letter case gives a handful of characters; more is a real class.
        let end = range.end().min(char::from_u32(range.start() as u32 + 4).unwrap_or(range.start()));
        range.start()..=end
    });
    let size: u32 = class.ranges().iter().map(|range| range.end() as u32 - range.start() as u32 + 1).sum();
    if size > 4 {
        return None;
    }
    let first = all.next()?;
    all.all(|c| same(c, first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, literal: Option<&str>) {
        assert_eq!(regex_literal(source).as_deref(), literal, "{source}");
    }

    #[test]
    fn literals_that_a_match_must_contain() {
        check("foo.*barbaz", Some("barbaz"));
        check("(?i)Kiss\\.exe", Some("kiss.exe"));
        check("(?:abc)+x", Some("abc"));
        check("(?:abc)?xy", Some("xy"));
        check("abc|def", None);
        check("^net(?:1)?\\s+user$", Some("user"));
        check("[a-z]{3}", None);
        check("\\bcmd\\b", Some("cmd"));
        check("a", None);
    }

    fn needle(text: &str, place: Place, exact: bool) -> Search {
        Search::Needles(vec![Needle { text: text.to_owned(), place, exact }])
    }

    #[test]
    fn patterns() {
        let plan = |text: &str| pattern_search(&Pattern::parse(text).folded(), false);
        assert_eq!(plan("AbC"), needle("abc", Place::Whole, true));
        assert_eq!(plan("*.exe"), needle(".exe", Place::End, true));
        assert_eq!(plan("c:*"), needle("c:", Place::Start, true));
        assert_eq!(plan("*a*"), needle("a", Place::Anywhere, true));
        assert_eq!(plan("*a*long"), needle("long", Place::Anywhere, false));
        assert_eq!(plan("??"), Search::Always);
        assert_eq!(pattern_search(&Pattern::parse("%x%").with_placeholders(), false), Search::Never);
    }
}
