//! Alpine: the grammar of `apk-package(5)`, `number{.number}{letter}{_suffix{number}}{~hash}{-r#}`, in the
//! order of `apk version`.
//!
//! What the grammar does not admit is refused: apk 2 and apk 3 answer differently for such strings. Two
//! spellings outside of it are accepted since packages used them and both agree: digits after the letter
//! (`6.6.2p1`) and a revision without number (`-r`).

use std::cmp::Ordering;

use super::number::{self, Number};

/// Suffixes in their order; those before the middle mark pre-releases.
const PRE_SUFFIXES: &[&[u8]] = &[b"alpha", b"beta", b"pre", b"rc"];
const POST_SUFFIXES: &[&[u8]] = &[b"cvs", b"svn", b"git", b"hg", b"p"];

/// The order of the variants is the order of what can follow an equal beginning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    PreSuffix(usize),
    End,
    Revision(Number<'a>),
    Hash(&'a [u8]),
    SuffixNumber(Number<'a>),
    PostSuffix(usize),
    Letter(u8),
    /// A number after a dot with a zero in front reads like decimals: as text, and below all others.
    Decimals(&'a [u8]),
    Number(Number<'a>),
}

/// Where in the grammar the next token is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Digits,
    Letter,
    Suffix,
    SuffixNumber,
    Hash,
    Revision,
}

pub(super) fn is_valid(text: &str) -> bool {
    let mut at = (State::Start, text.as_bytes());
    loop {
        match next_token(at.0, at.1) {
            Some((Token::End, _, _)) => return true,
            Some((_, state, rest)) => at = (state, rest),
            None => return false,
        }
    }
}

pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let mut a = (State::Start, a.as_bytes());
    let mut b = (State::Start, b.as_bytes());
    loop {
        let (token_a, state_a, rest_a) = next_token(a.0, a.1)?;
        let (token_b, state_b, rest_b) = next_token(b.0, b.1)?;
        let order = token_a.cmp(&token_b);
        if order.is_ne() || token_a == Token::End {
            return Some(order);
        }
        (a, b) = ((state_a, rest_a), (state_b, rest_b));
    }
}

fn next_token(state: State, text: &[u8]) -> Option<(Token<'_>, State, &[u8])> {
    use State::{Digits, Hash, Letter, Revision, Start, Suffix, SuffixNumber};
    match (state, text) {
        (Start, _) => {
            let (digits, rest) = number::split(text);
            (!digits.is_empty()).then_some((Token::Number(Number::of(digits)), Digits, rest))
        }
        (_, []) => Some((Token::End, state, text)),
        (Digits, [b'.', rest @ ..]) => digits(rest),
        (Letter, [byte, ..]) if byte.is_ascii_digit() => digits(text),
        (Digits, [letter, rest @ ..]) if letter.is_ascii_lowercase() => {
            Some((Token::Letter(*letter), Letter, rest))
        }
        (Digits | Letter | Suffix | SuffixNumber, [b'_', rest @ ..]) => suffix(rest),
        (Suffix, [byte, ..]) if byte.is_ascii_digit() => {
            let (digits, rest) = number::split(text);
            Some((Token::SuffixNumber(Number::of(digits)), SuffixNumber, rest))
        }
        (Digits | Letter | Suffix | SuffixNumber, [b'~', rest @ ..]) => {
            let is_hex = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
            let end = rest.iter().position(|byte| !is_hex(byte)).unwrap_or(rest.len());
            (end > 0).then(|| (Token::Hash(&rest[..end]), Hash, &rest[end..]))
        }
        (Digits | Letter | Suffix | SuffixNumber | Hash, [b'-', b'r', rest @ ..]) => {
            let (digits, rest) = number::split(rest);
            Some((Token::Revision(Number::of(digits)), Revision, rest))
        }
        _ => None,
    }
}

fn digits(text: &[u8]) -> Option<(Token<'_>, State, &[u8])> {
    let (digits, rest) = number::split(text);
    let token = match digits {
        [] => return None,
        [b'0', ..] => Token::Decimals(digits),
        _ => Token::Number(Number::of(digits)),
    };
    Some((token, State::Digits, rest))
}

fn suffix(text: &[u8]) -> Option<(Token<'_>, State, &[u8])> {
    let (name, rest) = number::split_letters(text);
    let place = |names: &[&[u8]]| names.iter().position(|known| *known == name);
    let token =
        place(PRE_SUFFIXES).map(Token::PreSuffix).or_else(|| place(POST_SUFFIXES).map(Token::PostSuffix))?;
    Some((token, State::Suffix, rest))
}
