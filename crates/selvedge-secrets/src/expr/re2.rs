//! Regexes written for Go's RE2 syntax, compiled by the `regex` crate.
//!
//! The two agree except for a few forms that RE2 takes literally and Rust does not:
//! a brace that is no repetition (`{{`, `${`, `{,3}`), `[`, `&&`, `--` and `~~` inside a
//! class, the escapes `\<` and `\>`, and `\Q…\E`.

use std::borrow::Cow;

use regex::bytes::{Regex, RegexBuilder};

/// Largest compiled program of one regex; a longer list of patterns is refused, not ground through.
const PROGRAM_BYTES_MAX: usize = 32 << 20;

/// `pattern` with everything RE2 reads as a literal escaped for Rust.
pub(crate) fn to_rust(pattern: &str) -> Cow<'_, str> {
    if !needs_rewriting(pattern) {
        return Cow::Borrowed(pattern);
    }
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\\' => escape(rest, &mut out),
            '[' => class(rest, &mut out),
            '{' => {
                let length = repetition(rest).unwrap_or_else(|| {
                    out.push('\\');
                    1
                });
                out.push_str(&rest[..length]);
                length
            }
            _ => {
                out.push(character);
                character.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Cow::Owned(out)
}

/// Compiles `patterns` as one alternation over bytes, classes meaning ASCII as in RE2.
///
/// A pattern that names characters beyond ASCII needs Unicode tables; only then they are used.
pub(crate) fn alternation(patterns: &[Vec<u8>]) -> Result<Regex, String> {
    let mut joined = String::new();
    for pattern in patterns {
        let pattern = std::str::from_utf8(pattern).map_err(|_| "the pattern is not UTF-8".to_owned())?;
        if !joined.is_empty() {
            joined.push('|');
        }
        joined.push_str("(?:");
        joined.push_str(&to_rust(pattern));
        joined.push(')');
    }
    let build = |unicode| RegexBuilder::new(&joined).unicode(unicode).size_limit(PROGRAM_BYTES_MAX).build();
    build(false).or_else(|first| build(true).map_err(|_| last_line(&first)))
}

/// The sentence of a regex error, which stands in its last line.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default().trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// Whether any of the special forms can occur at all.
fn needs_rewriting(pattern: &str) -> bool {
    let mut classes = 0;
    for (at, byte) in pattern.bytes().enumerate() {
        match byte {
            b'{' if repetition(&pattern[at..]).is_none() => return true,
            b'\\' if matches!(pattern.as_bytes().get(at + 1), Some(b'<' | b'>' | b'Q' | b'E')) => {
                return true;
            }
            b'[' => classes += 1,
            b'&' | b'-' | b'~' if pattern.as_bytes().get(at + 1) == Some(&byte) => return true,
            b']' => classes -= 1,
            _ => {}
        }
        if classes > 1 {
            return true;
        }
    }
    classes != 0
}

/// The length of `{n}`, `{n,}` or `{n,m}` at the start of `text`.
fn repetition(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('{')?;
    let end = inside.find('}')?;
    let (low, high) = inside[..end].split_once(',').unwrap_or((&inside[..end], ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!low.is_empty() && digits(low) && digits(high)).then_some(end + 2)
}

/// Copies one escape; returns its length.
fn escape(text: &str, out: &mut String) -> usize {
    let Some(escaped) = text[1..].chars().next() else {
        out.push('\\');
        return 1;
    };
    match escaped {
        '<' | '>' => out.push(escaped),
        'Q' => {
            let end = text[2..].find("\\E");
            let literal = end.map_or(&text[2..], |end| &text[2..2 + end]);
            out.push_str(&regex::escape(literal));
            return 2 + literal.len() + if end.is_some() { 2 } else { 0 };
        }
        'E' => {}
        'x' | 'p' | 'P' if text[2..].starts_with('{') => {
            let end = text.find('}').map_or(text.len(), |end| end + 1);
            out.push_str(&text[..end]);
            return end;
        }
        _ => {
            out.push('\\');
            out.push(escaped);
        }
    }
    1 + escaped.len_utf8()
}

/// Copies one bracketed class, escaping what only Rust gives a meaning; returns its length.
fn class(text: &str, out: &mut String) -> usize {
    let mut at = 1;
    out.push('[');
    if text[at..].starts_with('^') {
        out.push('^');
        at += 1;
    }
    let first = at;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        match character {
            ']' if at > first => {
                out.push(']');
                return at + 1;
            }
            '\\' => at += escape(rest, out),
            '[' if rest.starts_with("[:") && rest.contains(":]") => {
                let end = rest.find(":]").map_or(rest.len(), |end| end + 2);
                out.push_str(&rest[..end]);
                at += end;
            }
            '[' | ']' | '&' | '~' => {
                out.push('\\');
                out.push(character);
                at += 1;
            }
            // `+--` is a range up to the hyphen; a class that starts so has it as its first member.
            '-' if rest.starts_with("--") && at > first => {
                out.push_str("-\\-");
                at += 2;
            }
            '-' if rest.starts_with("--") => {
                out.push_str("\\-");
                at += 1;
            }
            _ => {
                out.push(character);
                at += character.len_utf8();
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{alternation, to_rust};

    #[test]
    fn bare_braces_are_literals() {
        assert_eq!(to_rust(r"^\${(?:[A-Z_]+)}$"), r"^\$\{(?:[A-Z_]+)}$");
        assert_eq!(to_rust(r"{{[^}]+}}"), r"\{\{[^}]+}}");
        assert_eq!(to_rust(r"a{,3}"), r"a\{,3}");
        for same in [r"a{3}b{2,}c{1,9}", r"\x{41}\{x", r"[a-z]+"] {
            assert_eq!(to_rust(same), same);
        }
    }

    #[test]
    fn classes_have_no_set_operations() {
        for (pattern, text) in [
            (r"^[a[b]+$", "a[b"),
            (r"^[^[]$", "x"),
            (r"^[a&&b]+$", "a&b"),
            (r"^[]a]+$", "]a"),
            (r"^[[:alpha:]_]+$", "ab_"),
            (r"^\<\Qa.b\E\>$", "<a.b>"),
            (r"^[+--]+$", "+,-"),
        ] {
            let regex = alternation(&[pattern.as_bytes().to_vec()]).unwrap();
            assert!(regex.is_match(text.as_bytes()), "{pattern} should match {text}");
        }
    }

    #[test]
    fn classes_mean_ascii_and_a_bad_pattern_is_named() {
        let word = alternation(&[br"^\w+$".to_vec()]).unwrap();
        assert!(word.is_match(b"abc") && !word.is_match("é".as_bytes()));
        assert!(alternation(&[r"^[é]$".into()]).unwrap().is_match("é".as_bytes()));
        assert!(alternation(&[b"a(".to_vec()]).unwrap_err().contains("unclosed group"));
    }
}
