//! Literal terms of Elixir and Erlang, the notation of `mix.lock` and `rebar.lock`.
//!
//! Strings, atoms, numbers, tuples, lists, maps and binaries; nothing is evaluated.

use std::ops::Range;

/// Depth of nested terms; lockfiles stay below six.
const DEPTH_MAX: usize = 32;

/// A term and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) kind: Kind,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
}

/// What a term is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `"text"`, `<<"text">>`.
    Text(String),
    /// `:atom`, `atom`, `Module`, `true`.
    Atom(String),
    /// Digits.
    Number(String),
    /// `{…}`.
    Tuple(Vec<Term>),
    /// `[…]`, `%{…}`.
    List(Vec<Term>),
    /// `key: value`, `"key": value`, `key => value`.
    Pair(String, Box<Term>),
}

/// What is wrong, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) expected: &'static str,
}

impl Term {
    /// Text of a string, atom or number.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) | Kind::Atom(text) | Kind::Number(text) => Some(text),
            Kind::Tuple(_) | Kind::List(_) | Kind::Pair(..) => None,
        }
    }

    /// Elements of a tuple or list.
    pub(super) fn elements(&self) -> &[Term] {
        match &self.kind {
            Kind::Tuple(elements) | Kind::List(elements) => elements,
            _ => &[],
        }
    }

    /// The value of a pair among the elements.
    pub(super) fn option(&self, name: &str) -> Option<&Term> {
        self.elements().iter().find_map(|element| match &element.kind {
            Kind::Pair(key, value) if key == name => Some(&**value),
            _ => None,
        })
    }
}

/// Reads terms one after the other.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    /// Offset of the next byte.
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    /// A reader that begins at this byte of the text.
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Goes past white space, comments and the dots that end Erlang's terms.
    pub(super) fn skip_blank(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '.');
            self.at += rest.len() - trimmed.len();
            let is_map = trimmed.starts_with("%{");
            if !(trimmed.starts_with('#') || (trimmed.starts_with('%') && !is_map)) {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// The next byte that is not blank.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.skip_blank();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past this byte if it is next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Goes to the beginning of the next line.
    pub(super) fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
    }

    /// Reads one term.
    pub(super) fn term(&mut self) -> Result<Term, Mistake> {
        self.term_at(0)
    }

    fn fail<T>(&self, expected: &'static str) -> Result<T, Mistake> {
        Err(Mistake { at: self.at, expected })
    }

    fn term_at(&mut self, depth: usize) -> Result<Term, Mistake> {
        if depth > DEPTH_MAX {
            return self.fail("fewer nested terms");
        }
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'<') => self.binary()?,
            Some(b'{') => Kind::Tuple(self.sequence(b'}', depth)?),
            Some(b'[') => Kind::List(self.sequence(b']', depth)?),
            Some(b'%') if self.text[self.at..].starts_with("%{") => {
                self.at += 1;
                Kind::List(self.sequence(b'}', depth)?)
            }
            Some(b':') => {
                self.at += 1;
                let is_quoted = self.text.as_bytes().get(self.at) == Some(&b'"');
                Kind::Atom(if is_quoted { self.string()? } else { self.word()? })
            }
            Some(byte) if byte.is_ascii_digit() => Kind::Number(self.word()?),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => Kind::Atom(self.word()?),
            _ => return self.fail("a term"),
        };
        let term = Term { kind, range: start..self.at };
        self.pair(term, depth)
    }

    /// If `:` or `=>` follows, the term is a key.
    fn pair(&mut self, key: Term, depth: usize) -> Result<Term, Mistake> {
        let rest = &self.text[self.at..];
        let is_colon = rest.starts_with(':') && !rest.starts_with("::");
        let arrow = rest.trim_start().strip_prefix("=>").map(|after| rest.len() - after.len());
        let skip = if is_colon { 1 } else { arrow.unwrap_or(0) };
        let (Some(name), true) = (key.text(), skip > 0) else { return Ok(key) };
        let name = name.to_owned();
        self.at += skip;
        let value = self.term_at(depth + 1)?;
        Ok(Term { range: key.range.start..value.range.end, kind: Kind::Pair(name, Box::new(value)) })
    }

    fn sequence(&mut self, close: u8, depth: usize) -> Result<Vec<Term>, Mistake> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            if self.eat(close) {
                return Ok(elements);
            }
            elements.push(self.term_at(depth + 1)?);
            if !self.eat(b',') && self.peek() != Some(close) {
                return self.fail("`,` or the end of the sequence");
            }
        }
    }

    /// `<<"text">>`.
    fn binary(&mut self) -> Result<Kind, Mistake> {
        if !self.text[self.at..].starts_with("<<\"") {
            return self.fail("a term");
        }
        self.at += 2;
        let text = self.string()?;
        let rest = &self.text[self.at..];
        if !rest.starts_with(">>") {
            return self.fail("`>>`");
        }
        self.at += 2;
        Ok(Kind::Text(text))
    }

    /// A string; what a backslash escapes stands for itself.
    fn string(&mut self) -> Result<String, Mistake> {
        let mut text = String::new();
        let mut is_escaped = false;
        for (offset, character) in self.text[self.at + 1..].char_indices() {
            match character {
                _ if is_escaped => {
                    text.push(character);
                    is_escaped = false;
                }
                '\\' => is_escaped = true,
                '"' => {
                    self.at += offset + 2;
                    return Ok(text);
                }
                _ => text.push(character),
            }
        }
        self.fail("the end of the string")
    }

    fn word(&mut self) -> Result<String, Mistake> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '.' | '!' | '?' | '-');
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        // A dot at the end closes an Erlang term.
        let word = rest[..end].trim_end_matches('.');
        if word.is_empty() {
            return self.fail("a name");
        }
        self.at += word.len();
        Ok(word.to_owned())
    }
}
