//! Maven: the "Version Order Specification" of the POM reference.
//!
//! Tokens are compared from left to right; those that mean nothing (`0`, `ga`, `final`, `release`, an empty
//! one) are dropped at the end, before a hyphen and before a word. The last of these three is what recent
//! Maven does; without it `1.0.alpha < 1 < 1.sp < 1.0.alpha` would be a circle. As in Maven since 3.9.1
//! (MNG-7644), a dot and a hyphen before a word mean the same.

use std::cmp::Ordering;

use super::number::Number;

/// Names that Maven reads as "whatever is newest".
const METAVERSIONS: &[&str] = &["LATEST", "RELEASE"];

/// What Maven forbids in versions, and the sign of a property that was not resolved.
const FORBIDDEN: &[u8] = b"\\/:\"<>|?*[](){},$";

/// What a token is worth. The order of the variants is the order of the specification; the end of a version
/// stands where [`Token::Release`] stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Release,
    ServicePack,
    Word(Word<'a>),
    /// A number after a hyphen or after a change from letters to digits.
    HyphenNumber(Number<'a>),
    DotNumber(Number<'a>),
}

/// A word of no special meaning, compared without regard to case.
#[derive(Clone, Copy)]
struct Word<'a>(&'a [u8]);

impl Ord for Word<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().map(u8::to_ascii_lowercase).cmp(other.0.iter().map(u8::to_ascii_lowercase))
    }
}

impl PartialOrd for Word<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Word<'_> {}

impl Token<'_> {
    fn is_null(self) -> bool {
        match self {
            Self::Release => true,
            Self::HyphenNumber(number) | Self::DotNumber(number) => number.is_zero(),
            _ => false,
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::HyphenNumber(_) | Self::DotNumber(_))
    }
}

pub(super) fn is_valid(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !FORBIDDEN.contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !METAVERSIONS.contains(&text)
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Tokens::new(a), Tokens::new(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(x), None) => against_end(x),
            (None, Some(y)) => against_end(y).reverse(),
            (Some(x), Some(y)) => x.cmp(&y),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// A zero that was not dropped has a number above zero behind it, so every number is above the end.
fn against_end(token: Token<'_>) -> Ordering {
    token.cmp(&Token::Release)
}

/// The tokens that count, in order.
#[derive(Clone)]
struct Tokens<'a> {
    rest: &'a [u8],
    /// Whether the next token follows a hyphen or a change between letters and digits.
    after_hyphen: bool,
    is_first: bool,
    is_done: bool,
    /// Tokens that mean nothing but have been found to be followed by a number after a dot: they stay.
    kept: usize,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), after_hyphen: false, is_first: true, is_done: false, kept: 0 }
    }

    /// The next token as it is written, and whether it follows a hyphen.
    fn raw(&mut self) -> Option<(Token<'a>, bool)> {
        if self.is_done {
            return None;
        }
        let follows_hyphen = self.after_hyphen;
        let text = self.rest;
        let is_digit = text.first().is_some_and(u8::is_ascii_digit);
        let end = text
            .iter()
            .position(|byte| matches!(byte, b'.' | b'-') || byte.is_ascii_digit() != is_digit)
            .unwrap_or(text.len());
        let (token, rest) = text.split_at(end);
        match rest {
            [] => self.is_done = true,
            [separator @ (b'.' | b'-'), rest @ ..] => {
                self.rest = rest;
                self.after_hyphen = *separator == b'-';
            }
            _ => {
                self.rest = rest;
                self.after_hyphen = true;
            }
        }
        let before_digit = !is_digit && rest.first().is_some_and(u8::is_ascii_digit);
        let token = match (is_digit || token.is_empty(), follows_hyphen) {
            (true, true) => Token::HyphenNumber(Number::of(token)),
            (true, false) => Token::DotNumber(Number::of(token)),
            (false, _) => word(token, before_digit),
        };
        Some((token, follows_hyphen))
    }

    /// How many tokens that mean nothing stay, `first` (just read) being one: all up to a number after a dot.
    fn count_kept(&self) -> usize {
        let mut ahead = self.clone();
        let mut count = 1;
        while let Some((token, follows_hyphen)) = ahead.raw() {
            if follows_hyphen || !token.is_null() {
                return if follows_hyphen || !token.is_number() { 0 } else { count };
            }
            count += 1;
        }
        0
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        loop {
            let (token, _) = self.raw()?;
            if is_first || !token.is_null() {
                return Some(token);
            }
            if self.kept == 0 {
                self.kept = self.count_kept();
            }
            if self.kept > 0 {
                self.kept -= 1;
                return Some(token);
            }
            self.skip_dropped();
        }
    }
}

impl Tokens<'_> {
    /// Passes over the rest of a run that is dropped, so that each run is looked at once.
    fn skip_dropped(&mut self) {
        loop {
            let before = self.clone();
            match self.raw() {
                Some((token, false)) if token.is_null() => {}
                Some(_) => {
                    *self = before;
                    return;
                }
                None => return,
            }
        }
    }
}

fn word(text: &[u8], before_digit: bool) -> Token<'_> {
    let is = |name: &str| text.eq_ignore_ascii_case(name.as_bytes());
    match text {
        [b'a' | b'A'] if before_digit => Token::Alpha,
        [b'b' | b'B'] if before_digit => Token::Beta,
        [b'm' | b'M'] if before_digit => Token::Milestone,
        _ if is("alpha") => Token::Alpha,
        _ if is("beta") => Token::Beta,
        _ if is("milestone") => Token::Milestone,
        _ if is("rc") || is("cr") => Token::Candidate,
        _ if is("snapshot") => Token::Snapshot,
        _ if is("ga") || is("final") || is("release") => Token::Release,
        _ if is("sp") => Token::ServicePack,
        _ => Token::Word(Word(text)),
    }
}
