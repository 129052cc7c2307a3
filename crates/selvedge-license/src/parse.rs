//! From what packages declare to an expression.
//!
//! Valid SPDX expressions are read as the specification says. Everything else is read as people write it: `/`, `|`
//! and `;` between licences, commas, names in prose that hold `and` and `or` themselves, `or later` in words. What
//! is not understood stays in the expression as an unknown licence.

use crate::expression::{DEPTH_MAX, Expression, License, TERMS_MAX};
use crate::names;

/// Longest text that is read as a licence statement; longer ones are licence texts.
pub const TEXT_BYTES_MAX: usize = 2048;

/// Words between two operators that are tried together as one name.
const JOINED_MAX: usize = 6;

/// What a text was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The expression; unknown licences stay in it.
    pub expression: Expression,
    /// Whether it is a valid SPDX expression as it stands.
    pub is_spdx: bool,
    /// Whether every name means exactly one licence. `BSD` and `GPL` do not; the table of names says what is taken.
    pub is_exact: bool,
}

/// Reads one licence statement. Nothing if it is empty or says that nothing is known.
pub fn parse(text: &str) -> Option<Parsed> {
    let text = text.trim();
    if text.is_empty() || is_nothing(text) {
        return None;
    }
    if text.len() > TEXT_BYTES_MAX {
        let start: String = text.chars().take(80).collect();
        return Some(unknown(&start));
    }
    if let Ok(parsed) = spdx::Expression::parse_mode(text, LENIENT)
        && let Some(expression) = from_spdx(&parsed)
    {
        let is_spdx = spdx::Expression::parse(text).is_ok();
        return Some(Parsed { expression, is_spdx, is_exact: true });
    }
    if let Some(named) = names::find(text) {
        let expression = Expression::term(named.license, None);
        return Some(Parsed { expression, is_spdx: false, is_exact: named.is_exact });
    }
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0, is_exact: true, terms: 0 };
    let expression = parser.alternatives(0);
    match expression {
        Some(expression) if parser.at == tokens.len() => {
            Some(Parsed { expression, is_spdx: false, is_exact: parser.is_exact })
        }
        _ => Some(unknown(text)),
    }
}

/// Reads several statements that all hold, as manifests list them. Nothing if none says anything.
pub fn all_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Parsed> {
    let parsed: Vec<Parsed> = texts.into_iter().take(TERMS_MAX).filter_map(parse).collect();
    let is_spdx = parsed.iter().all(|it| it.is_spdx);
    let is_exact = parsed.iter().all(|it| it.is_exact);
    let expression = Expression::and(parsed.into_iter().map(|it| it.expression).collect())?;
    Some(Parsed { expression, is_spdx, is_exact })
}

/// The specification, and the deprecated identifiers that most packages still carry.
const LENIENT: spdx::ParseMode = spdx::ParseMode { allow_deprecated: true, ..spdx::ParseMode::STRICT };

fn is_nothing(text: &str) -> bool {
    let plain = text.trim_matches(['(', ')', '.', ' ']).to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "" | "unknown"
            | "none"
            | "noassertion"
            | "n/a"
            | "na"
            | "null"
            | "license :: osi approved"
            | "osi approved"
    )
}

fn unknown(text: &str) -> Parsed {
    let expression = Expression::term(License::Unknown(text.to_owned()), None);
    Parsed { expression, is_spdx: false, is_exact: false }
}

/// The tree of an expression that the SPDX parser took, from its postfix form.
fn from_spdx(parsed: &spdx::Expression) -> Option<Expression> {
    let mut stack: Vec<Expression> = Vec::new();
    for node in parsed.iter() {
        match node {
            spdx::expression::ExprNode::Req(requirement) => stack.push(term(&requirement.req)?),
            spdx::expression::ExprNode::Op(operator) => {
                let right = stack.pop()?;
                let left = stack.pop()?;
                stack.push(match operator {
                    spdx::expression::Operator::And => Expression::and(vec![left, right])?,
                    spdx::expression::Operator::Or => Expression::or(vec![left, right])?,
                });
            }
        }
    }
    let whole = stack.pop()?;
    stack.is_empty().then_some(whole)
}

fn term(requirement: &spdx::LicenseReq) -> Option<Expression> {
    let license = names::find(&requirement.license.to_string())?.license;
    let exception = requirement.addition.as_ref().map(ToString::to_string);
    Some(Expression::term(license, exception))
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'t> {
    /// Text between operators.
    Name(&'t str),
    /// An operator as it is written, for names that hold it.
    And(&'t str),
    Or(&'t str),
    With,
    Open,
    Close,
}

/// Splits at operators in words and signs. Text in parentheses that no operator precedes belongs to the name.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut name_start: Option<usize> = None;
    let mut at = 0;
    let mut depth_in_name = 0;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.chars().next().unwrap_or(' ');
        let in_name = name_start.is_some();
        if in_name && first == '(' {
            depth_in_name += 1;
        } else if depth_in_name > 0 && first == ')' {
            depth_in_name -= 1;
        } else if depth_in_name == 0
            && let Some((token, length)) = operator(text, at)
        {
            if let Some(start) = name_start.take() {
                push_name(&mut tokens, &text[start..at]);
            }
            tokens.push(token);
            at += length;
            continue;
        }
        if name_start.is_none() && !first.is_whitespace() {
            name_start = Some(at);
        }
        at += first.len_utf8();
    }
    if let Some(start) = name_start {
        push_name(&mut tokens, &text[start..]);
    }
    tokens
}

fn push_name<'t>(tokens: &mut Vec<Token<'t>>, text: &'t str) {
    let text = text.trim();
    if !text.is_empty() {
        tokens.push(Token::Name(text));
    }
}

/// The operator that begins at a byte, and its length.
fn operator(text: &str, at: usize) -> Option<(Token<'_>, usize)> {
    let rest = &text[at..];
    let before = text[..at].chars().next_back();
    let is_address = text[..at].ends_with(':')
        || text[..at].ends_with('/')
        || rest.starts_with("//")
        || is_within_address(text, at);
    for (sign, is_and) in
        [("||", false), ("|", false), ("&&", true), ("&", true), (";", true), (",", true), ("/", false)]
    {
        if rest.starts_with(sign) && !(sign == "/" && is_address) && !(sign == "&" && is_address) {
            let token = if is_and { Token::And(sign) } else { Token::Or(sign) };
            return Some((token, sign.len()));
        }
    }
    match rest.chars().next()? {
        '(' => return Some((Token::Open, 1)),
        ')' => return Some((Token::Close, 1)),
        _ => {}
    }
    if before.is_some_and(|it| !it.is_whitespace() && it != ')') {
        return None;
    }
    for (word, kind) in [("and/or", 1), ("and", 0), ("or", 1), ("with", 2), ("w/", 2), ("plus", 0)] {
        let Some((written, after)) = rest.split_at_checked(word.len()) else { continue };
        let ends = after.chars().next().is_none_or(|it| it.is_whitespace() || it == '(');
        if ends && written.eq_ignore_ascii_case(word) {
            let token = match kind {
                0 => Token::And(written),
                1 => Token::Or(written),
                _ => Token::With,
            };
            return Some((token, word.len()));
        }
    }
    None
}

/// Whether the word around a byte begins like an address.
fn is_within_address(text: &str, at: usize) -> bool {
    let space = text[..at].char_indices().rev().find(|(_, it)| it.is_whitespace());
    let start = space.map_or(0, |(found, it)| found + it.len_utf8());
    let word = &text[start..];
    word.starts_with("http://") || word.starts_with("https://")
}

struct Parser<'p, 't> {
    tokens: &'p [Token<'t>],
    at: usize,
    is_exact: bool,
    terms: usize,
}

impl Parser<'_, '_> {
    fn alternatives(&mut self, depth: usize) -> Option<Expression> {
        let mut parts = vec![self.conjunction(depth)?];
        while matches!(self.tokens.get(self.at), Some(Token::Or(_))) {
            self.at += 1;
            parts.push(self.conjunction(depth)?);
        }
        Expression::or(parts)
    }

    fn conjunction(&mut self, depth: usize) -> Option<Expression> {
        let mut parts = vec![self.operand(depth)?];
        while matches!(self.tokens.get(self.at), Some(Token::And(_))) {
            self.at += 1;
            // "MIT, and BSD": one of two operators in a row counts.
            while matches!(self.tokens.get(self.at), Some(Token::And(_))) {
                self.at += 1;
            }
            parts.push(self.operand(depth)?);
        }
        Expression::and(parts)
    }

    fn operand(&mut self, depth: usize) -> Option<Expression> {
        if depth > DEPTH_MAX {
            return None;
        }
        match self.tokens.get(self.at)? {
            Token::Open => {
                self.at += 1;
                let inner = self.alternatives(depth + 1)?;
                if self.tokens.get(self.at) != Some(&Token::Close) {
                    return None;
                }
                self.at += 1;
                Some(inner)
            }
            Token::Name(name) => {
                let name = *name;
                self.terms += 1;
                if self.terms > TERMS_MAX {
                    return None;
                }
                Some(self.name(name))
            }
            Token::And(_) | Token::Or(_) | Token::With | Token::Close => None,
        }
    }

    /// The longest run of names and operators that is one name, with its exception.
    fn name(&mut self, first: &str) -> Expression {
        let (license, length) = self.longest(first).unwrap_or_else(|| {
            self.is_exact = false;
            (License::Unknown(first.to_owned()), 1)
        });
        self.at += length;
        let exception = self.exception();
        Expression::term(license, exception)
    }

    fn longest(&mut self, first: &str) -> Option<(License, usize)> {
        let mut text = String::new();
        let mut best = None;
        for (count, token) in self.tokens[self.at..].iter().enumerate().take(2 * JOINED_MAX) {
            match token {
                Token::Name(name) => text.push_str(name),
                Token::And(sign) | Token::Or(sign) => text.push_str(sign),
                Token::With | Token::Open | Token::Close => break,
            }
            let found = if count == 0 { names::find(first) } else { names::find(&text) };
            if let Some(named) = found.filter(|_| matches!(token, Token::Name(_))) {
                best = Some((named, count + 1));
            }
            text.push(' ');
        }
        let (named, length) = best?;
        self.is_exact &= named.is_exact;
        Some((named.license, length))
    }

    /// `WITH` and what follows it. An exception that is not known stays in words, which no policy allows by name.
    fn exception(&mut self) -> Option<String> {
        if self.tokens.get(self.at) != Some(&Token::With) {
            return None;
        }
        let Some(Token::Name(name)) = self.tokens.get(self.at + 1) else { return None };
        self.at += 2;
        let known = names::exception(name);
        self.is_exact &= known.is_some();
        Some(known.unwrap_or_else(|| (*name).to_owned()))
    }
}
