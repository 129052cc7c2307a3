//! Rewrites the spellings that Go's `regexp` and Rust's `regex-syntax` read differently.
//!
//! Go takes a `{` that starts no repetition literally, has `\Q…\E`, reads `\<` and `\>` as plain
//! characters, knows no set operations inside classes, and its `\s` has no vertical tab.

/// The same pattern in the dialect of `regex-syntax`.
pub(super) fn translate(source: &str) -> String {
    let mut rewriter = Rewriter { rest: source, out: String::with_capacity(source.len() + 16) };
    while let Some(next) = rewriter.take() {
        match next {
            '\\' => rewriter.escape(false),
            '[' => rewriter.class(),
            '{' if !starts_repetition(rewriter.rest) => rewriter.out.push_str("\\{"),
            other => rewriter.out.push(other),
        }
    }
    rewriter.out
}

struct Rewriter<'a> {
    rest: &'a str,
    out: String,
}

impl Rewriter<'_> {
    fn take(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    /// What follows a backslash.
    fn escape(&mut self, in_class: bool) {
        match self.take() {
            Some('Q') => self.quoted(),
            Some('s') if in_class => self.out.push_str(r"\t\n\x0C\r\x20"),
            Some('s') => self.out.push_str(r"[\t\n\x0C\r\x20]"),
            Some('S') => self.out.push_str(r"[^\t\n\x0C\r\x20]"),
            Some(plain @ ('<' | '>')) => self.out.push(plain),
            Some(other) => {
                self.out.push('\\');
                self.out.push(other);
            }
            None => self.out.push('\\'),
        }
    }

    /// Literal text up to `\E`, or to the end.
    fn quoted(&mut self) {
        let (text, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
        self.rest = rest;
        self.out.push_str(&regex_syntax::escape(text));
    }

    /// A bracketed class, whose `[` was taken.
    fn class(&mut self) {
        self.out.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.rest = rest;
            self.out.push('^');
        }
        if let Some(rest) = self.rest.strip_prefix(']') {
            self.rest = rest;
            self.out.push_str("\\]");
        }
        while let Some(next) = self.take() {
            match next {
                ']' => {
                    self.out.push(']');
                    return;
                }
                '\\' => self.escape(true),
                '[' => match self.posix_class() {
                    Some(name) => self.out.push_str(&name),
                    None => self.out.push_str("\\["),
                },
                '&' | '~' => {
                    self.out.push('\\');
                    self.out.push(next);
                }
                other => self.out.push(other),
            }
        }
    }

    /// `[:name:]` after its `[`, taken whole.
    fn posix_class(&mut self) -> Option<String> {
        let body = self.rest.strip_prefix(':')?;
        let end = body.find(":]")?;
        let name = &body[..end];
        let plain = name.strip_prefix('^').unwrap_or(name);
        if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        self.rest = &body[end + 2..];
        Some(format!("[:{name}:]"))
    }
}

/// Whether the text after a `{` is `n}`, `n,}` or `n,m}`.
fn starts_repetition(rest: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(rest);
    if first == 0 {
        return false;
    }
    let rest = &rest[first..];
    let Some(after_comma) = rest.strip_prefix(',') else { return rest.starts_with('}') };
    after_comma[digits(after_comma)..].starts_with('}')
}
