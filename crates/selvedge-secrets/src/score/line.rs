//! The line around a value: the name it is given, the operator, the quotes, and whether it is code.

use std::ops::Range;

/// Bytes looked at on either side of a value. A name, an operator and a quote stand close by; the bound keeps
/// minified files linear.
const SIDE_MAX: usize = 400;

/// What connects name and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `=`, `:=`, `=>`, `==`, `<-` and the like.
    Equals,
    /// `name: value`.
    Colon,
    /// `f("name", "value")`.
    Comma,
    /// `setName("value")`.
    Call,
    /// `<name>value</name>`.
    Element,
    /// `--name value`, `NAME 'value'`.
    Space,
}

/// A value and its line.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The line up to the name.
    pub(super) before: &'a [u8],
    /// The name as written, with its dots.
    pub(super) name: &'a [u8],
    /// Between name and value.
    pub(super) between: &'a [u8],
    /// The line after the value.
    pub(super) after: &'a [u8],
}

impl<'a> Line<'a> {
    /// The surroundings of `secret`, whose name starts in or before `matched`.
    pub(super) fn around(bytes: &'a [u8], matched: &Range<usize>, secret: &Range<usize>) -> Self {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$');
        // A match may begin with the character before the name.
        let lead = bytes[matched.start..secret.start].iter().position(|byte| is_name(*byte)).unwrap_or(0);
        let first = matched.start + lead;
        let floor = first.saturating_sub(SIDE_MAX);
        let line_start =
            bytes[floor..first].iter().rposition(|byte| *byte == b'\n').map_or(floor, |at| floor + at + 1);
        let name_start = bytes[line_start..first]
            .iter()
            .rposition(|byte| !is_name(*byte))
            .map_or(line_start, |at| line_start + at + 1);
        let name_end = bytes[first..secret.start]
            .iter()
            .position(|byte| !is_name(*byte))
            .map_or(secret.start, |at| first + at);
        let name_end = statement_end(&bytes[name_end..secret.start]).map_or(name_end, |at| name_end + at);
        let ceiling = bytes.len().min(secret.end.saturating_add(SIDE_MAX));
        let line_end = bytes[secret.end..ceiling]
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(ceiling, |at| secret.end + at);
        Self {
            before: &bytes[line_start..name_start],
            name: &bytes[name_start..name_end],
            between: &bytes[name_end..secret.start],
            after: &bytes[secret.end..line_end],
        }
    }

    /// The last segment of the name: `password` of `spring.datasource.password`.
    pub(super) fn own_name(&self) -> &'a [u8] {
        let trimmed = self.name.trim_ascii_end();
        let trimmed = trimmed.strip_suffix(b".").unwrap_or(trimmed);
        trimmed.rsplit(|byte| *byte == b'.').next().unwrap_or(trimmed)
    }

    /// What connects name and value.
    pub(super) fn operator(&self) -> Operator {
        for (at, byte) in self.between.iter().enumerate() {
            match byte {
                b':' if self.between.get(at + 1) == Some(&b'=') => return Operator::Equals,
                // `name: Type = value`
                b':' if self.between[at..].contains(&b'=') => return Operator::Equals,
                b':' => return Operator::Colon,
                b'=' | b'<' | b'!' => return Operator::Equals,
                b',' => return Operator::Comma,
                b'(' => return Operator::Call,
                b'>' => return Operator::Element,
                _ => {}
            }
        }
        Operator::Space
    }

    /// Whether nothing but the operator stands between name and value: `name=value`.
    pub(super) fn is_tight(&self) -> bool {
        !self.between.iter().any(u8::is_ascii_whitespace)
    }

    /// Whether the value is a quoted literal: an opening quote before it and some quote behind it.
    pub(super) fn is_quoted(&self) -> bool {
        matches!(self.between.last(), Some(b'"' | b'\'' | b'`'))
            || self.between.ends_with(b"&quot;")
            || self.between.ends_with(b"&#34;")
            || self.between.ends_with(b"&#39;")
    }

    /// The function whose argument the value is, where the value is not directly assigned.
    pub(super) fn callee(&self) -> Option<&'a [u8]> {
        let open = self.between.iter().rposition(|byte| *byte == b'(')?;
        let head = &self.between[..open];
        let start = head
            .iter()
            .rposition(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
            .map_or(0, |at| at + 1);
        (start < open).then(|| &head[start..])
    }

    /// Whether name and value stand inside one string literal, as in `"user=x;password=y"`.
    pub(super) fn is_in_string(&self) -> bool {
        let own = self
            .before
            .last()
            .filter(|byte| matches!(byte, b'"' | b'\'' | b'`') && self.between.first() == Some(byte));
        let before = if own.is_some() { &self.before[..self.before.len() - 1] } else { self.before };
        [b'"', b'\'', b'`'].iter().any(|quote| {
            let open = before
                .iter()
                .enumerate()
                .filter(|(at, byte)| *byte == quote && !(*at > 0 && before[at - 1] == b'\\'))
                .count();
            open % 2 == 1 && self.after.contains(quote)
        })
    }

    /// Whether the line up to the name is only indentation, a list mark or a comment mark.
    pub(super) fn starts_line(&self) -> bool {
        self.before.iter().all(|byte| {
            byte.is_ascii_whitespace()
                || matches!(byte, b'-' | b'#' | b'"' | b'\'' | b'*' | b'>' | b'/' | b';' | b'`')
        })
    }

    /// Whether the name is a quoted argument of its own, as in `f("name", "value")`.
    pub(super) fn is_quoted_pair(&self) -> bool {
        matches!(self.before.last(), Some(b'"' | b'\'' | b'`')) && self.before.last() == self.between.first()
    }

    /// Whether the line is a comment of a programming language.
    pub(super) fn is_comment(&self) -> bool {
        let start = self.before.trim_ascii_start();
        [&b"//"[..], b"#", b"* ", b"/*", b"--", b";;", b"%"].iter().any(|mark| start.starts_with(mark))
    }

    /// What follows the value, without closing quotes and a trailing comment.
    pub(super) fn rest(&self) -> &'a [u8] {
        let rest = self.after;
        let cut = [&b" #"[..], b"\t#", b" //", b" <!--", b" ;"]
            .iter()
            .filter_map(|mark| super::placeholder::find(rest, mark))
            .min();
        let rest = cut.map_or(rest, |at| &rest[..at]);
        let closing = |byte: &u8| {
            byte.is_ascii_whitespace()
                || matches!(
                    byte,
                    b'"' | b'\'' | b'`' | b',' | b';' | b')' | b'}' | b']' | b'\\' | b'.' | b'|'
                )
        };
        let start = rest.iter().position(|byte| !closing(byte)).unwrap_or(rest.len());
        &rest[start..]
    }
}

/// Where the words of a statement end that stand between a first word and its value, as in
/// `IDENTIFIED BY 'x'` or `ENV DB_PASSWORD x`; `None` if an operator stands between them.
fn statement_end(between: &[u8]) -> Option<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let plain = between
        .iter()
        .all(|byte| is_word(byte) || matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'@' | b'.' | b'+'));
    let end = between.iter().rposition(is_word)? + 1;
    (plain && between.first().is_some_and(u8::is_ascii_whitespace)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value: &str, name: &str, operator: Operator, quoted: bool) {
        let bytes = text.as_bytes();
        let at = text.find(value).expect("the case names its value");
        let key = text.find("pass").or_else(|| text.find("Pass")).expect("the case has a name");
        let line = Line::around(bytes, &(key..at + value.len()), &(at..at + value.len()));
        let found = (line.own_name(), line.operator(), line.is_quoted());
        assert_eq!(found, (name.as_bytes(), operator, quoted), "{text}");
    }

    #[test]
    fn name_operator_and_quotes_are_read() {
        check("x.db_password = \"v1\"", "v1", "db_password", Operator::Equals, true);
        check("  password: v1", "v1", "password", Operator::Colon, false);
        check("{\"password\": \"v1\"}", "v1", "password", Operator::Colon, true);
        check("c.setPassword(\"v1\")", "v1", "setPassword", Operator::Call, true);
        check("f('password', 'v1')", "v1", "password", Operator::Comma, true);
        check("<password>v1</password>", "v1", "password", Operator::Element, false);
        check("cmd --password v1", "v1", "--password", Operator::Space, false);
        check("let pass: &str = \"v1\";", "v1", "pass", Operator::Equals, true);
        check("ALTER USER x WITH password 'v1'", "v1", "password", Operator::Space, true);
        check("password := \"v1\"", "v1", "password", Operator::Equals, true);
    }

    #[test]
    fn a_pair_inside_a_string_is_recognised() {
        let text = b"open(\"host=h password=v1 port=2\")";
        let line = Line::around(text, &(13..24), &(22..24));
        assert!(line.is_in_string() && !line.is_quoted());
        assert_eq!(line.rest(), b"port=2\")");
    }
}
