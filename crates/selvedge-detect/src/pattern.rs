//! Sigma strings: literal text with wildcards, and the slow, obvious way to match them.

use crate::fold::fold;

/// The characters that the `windash` modifier takes for each other (specification 2.1, appendix modifiers).
pub(crate) const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Part {
    /// This text.
    Literal(String),
    /// `*`: any number of any characters.
    Many,
    /// `?`: any one character.
    One,
    /// Any of [`DASHES`].
    Dash,
    /// `%name%` that no pipeline has filled in: matches nothing.
    Placeholder(String),
}

/// A string to compare a value with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Pattern {
    pub(crate) parts: Vec<Part>,
}

impl Pattern {
    /// Reads `text` as a Sigma string: `*` and `?` are wildcards, a backslash makes them and itself literal, any
    /// other backslash stands for itself (specification 2.1, "Escaping").
    pub(crate) fn parse(text: &str) -> Self {
        let mut pattern = Self::default();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.peek() {
                    Some('*' | '?' | '\\') => pattern.push_char(chars.next().unwrap_or('\\')),
                    _ => pattern.push_char('\\'),
                },
                '*' => pattern.push(Part::Many),
                '?' => pattern.push(Part::One),
                c => pattern.push_char(c),
            }
        }
        pattern
    }

    /// Exactly `text`.
    pub(crate) fn literal(text: impl Into<String>) -> Self {
        let mut pattern = Self::default();
        pattern.push(Part::Literal(text.into()));
        pattern
    }

    fn push_char(&mut self, c: char) {
        if let Some(Part::Literal(text)) = self.parts.last_mut() {
            text.push(c);
        } else {
            self.parts.push(Part::Literal(c.to_string()));
        }
    }

    /// Appends a part; neighbours that say the same become one.
    pub(crate) fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Literal(text)), Part::Literal(more)) => text.push_str(&more),
            (Some(Part::Many), Part::Many) => {}
            (_, Part::Literal(text)) if text.is_empty() => {}
            (_, part) => self.parts.push(part),
        }
    }

    /// The text, if there is nothing but text.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match &self.parts[..] {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Puts `*` around, as `contains` (both), `startswith` (after) and `endswith` (before) do.
    pub(crate) fn surrounded(&self, before: bool, after: bool) -> Self {
        let mut pattern = Self::default();
        if before {
            pattern.push(Part::Many);
        }
        self.parts.iter().cloned().for_each(|part| pattern.push(part));
        if after {
            pattern.push(Part::Many);
        }
        pattern
    }

    /// Replaces every dash that begins a word by [`Part::Dash`].
    pub(crate) fn with_dashes(&self) -> Self {
        let mut pattern = Self::default();
        for part in &self.parts {
            let Part::Literal(text) = part else {
                pattern.push(part.clone());
                continue;
            };
            let mut before = None;
            let mut chars = text.chars().peekable();
            while let Some(c) = chars.next() {
                let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
                let begins = DASHES.contains(&c)
                    && !before.is_some_and(|c| is_word(&c))
                    && chars.peek().is_some_and(is_word);
                if begins {
                    pattern.push(Part::Dash);
                } else {
                    pattern.push_char(c);
                }
                before = Some(c);
            }
        }
        pattern
    }

    /// Replaces every `%name%` by a placeholder.
    pub(crate) fn with_placeholders(&self) -> Self {
        let mut pattern = Self::default();
        for part in &self.parts {
            let Part::Literal(text) = part else {
                pattern.push(part.clone());
                continue;
            };
            let mut rest = text.as_str();
            while let Some((before, name, after)) = placeholder(rest) {
                pattern.push(Part::Literal(before.to_owned()));
                pattern.push(Part::Placeholder(name.to_owned()));
                rest = after;
            }
            pattern.push(Part::Literal(rest.to_owned()));
        }
        pattern
    }

    /// Names of the placeholders left.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The same with folded literals.
    pub(crate) fn folded(&self) -> Self {
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(text) => Part::Literal(fold(text).into_owned()),
            part => part.clone(),
        });
        Self { parts: parts.collect() }
    }

    /// Whether the whole of `value` is what the pattern says, letter case included.
    ///
    /// The classic two-pointer walk: after a mismatch it goes back to the last `*` only, so that the time is at
    /// most the product of the lengths.
    pub(crate) fn matches(&self, value: &str) -> bool {
        let (mut part, mut at) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        loop {
            if part == self.parts.len() && at == value.len() {
                return true;
            }
            if let Some(Part::Many) = self.parts.get(part) {
                star = Some((part, at));
                part += 1;
                continue;
            }
            let step = self.parts.get(part).and_then(|part| step(part, &value[at..]));
            if let Some(length) = step {
                part += 1;
                at += length;
                continue;
            }
            // The last `*` takes one character more.
            let Some((star_part, star_at)) = star else { return false };
            let Some(c) = value[star_at..].chars().next() else { return false };
            at = star_at + c.len_utf8();
            star = Some((star_part, at));
            part = star_part + 1;
        }
    }
}

/// How many bytes of `rest` the part takes.
fn step(part: &Part, rest: &str) -> Option<usize> {
    let first = rest.chars().next();
    match part {
        Part::Literal(text) => rest.starts_with(text.as_str()).then_some(text.len()),
        Part::One => first.map(char::len_utf8),
        Part::Dash => first.filter(|c| DASHES.contains(c)).map(char::len_utf8),
        Part::Many | Part::Placeholder(_) => None,
    }
}

/// The first `%name%` of `text`: what is before, the name, what is after.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(start) = text[from..].find('%').map(|at| from + at) {
        let inner = &text[start + 1..];
        let end = inner.find('%')?;
        let name = &inner[..end];
        if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '-') {
            return Some((&text[..start], name, &inner[end + 1..]));
        }
        from = start + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, value: &str, expected: bool) {
        assert_eq!(Pattern::parse(pattern).matches(value), expected, "{pattern} against {value}");
    }

    #[test]
    fn wildcards() {
        check("a*c", "abbbc", true);
        check("a*c", "ac", true);
        check("a*c", "acd", false);
        check("a?c", "abc", true);
        check("a?c", "ac", false);
        check("*b*", "abc", true);
        check("*a*b*c*", "xxaxxbxxc", true);
        check("?", "é", true);
        check("", "", true);
        check("*", "", true);
        check("a*ab", "aaab", true);
    }

    #[test]
    fn backslashes() {
        check(r"a\*c", "a*c", true);
        check(r"a\*c", "abc", false);
        check(r"a\\*c", r"a\xxc", true);
        check(r"\\server\share", r"\server\share", true);
        check(r"C:\Windows\*", r"C:\Windows*", true);
        check(r"C:\Windows\\*", r"C:\Windows\x.exe", true);
        check(r"a\b", r"a\b", true);
    }

    #[test]
    fn dashes_that_begin_a_word() {
        let pattern = Pattern::parse(" -foo-bar /x -").with_dashes();
        for value in [" -foo-bar /x -", " /foo-bar –x -", " ―foo-bar -x -"] {
            assert!(pattern.matches(value), "{value}");
        }
        assert!(!pattern.matches(" -foo/bar /x -"));
    }

    #[test]
    fn placeholders() {
        let pattern = Pattern::parse("a%x.y%b% %c").with_placeholders();
        assert_eq!(pattern.placeholders().collect::<Vec<_>>(), ["x.y"]);
        assert_eq!(Pattern::parse("100% a%").with_placeholders().as_literal(), Some("100% a%"));
    }
}
