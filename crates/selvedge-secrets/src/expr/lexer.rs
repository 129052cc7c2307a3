//! Splits the text of a filter expression into tokens, each with its byte offset.

use super::ExprError;

/// A piece of expression text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a word operator (`in`, `and`, `contains` …).
    Name(String),
    /// A string literal with its escapes resolved.
    Text(Vec<u8>),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// Punctuation or a symbol operator.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

impl Token {
    /// How an error message names the token.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Text(_) => "a string".to_owned(),
            Self::Int(_) | Self::Float(_) => "a number".to_owned(),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the expression".to_owned(),
        }
    }
}

/// Symbols, longest first, so that `<=` is not read as `<` and `=`.
const SYMBOLS: &[&str] = &[
    "?.", "??", ".?", "..", "**", "&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ":",
    ";", ".", "?", "+", "-", "*", "/", "%", "^", "<", ">", "=", "!", "|", "#",
];

/// The tokens of `text` with their offsets; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, ExprError> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        at = skip_blank(bytes, at)?;
        let Some(&byte) = bytes.get(at) else {
            found.push((Token::End, at));
            return Ok(found);
        };
        let start = at;
        let token = if text[at..].starts_with("r\"\"\"") {
            raw_triple(text, &mut at)?
        } else if byte == b'"' || byte == b'\'' {
            quoted(text, &mut at)?
        } else if byte == b'`' {
            backquoted(text, &mut at)?
        } else if byte.is_ascii_digit() {
            number(text, &mut at)?
        } else if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' {
            name(text, &mut at)
        } else {
            symbol(text, &mut at)?
        };
        found.push((token, start));
    }
}

/// The first offset at or after `at` that is neither white space nor comment.
fn skip_blank(bytes: &[u8], mut at: usize) -> Result<usize, ExprError> {
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        if bytes[at..].starts_with(b"//") {
            at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
        } else if bytes[at..].starts_with(b"/*") {
            let end = memchr::memmem::find(&bytes[at + 2..], b"*/")
                .ok_or_else(|| ExprError::new("the comment is not closed: expected `*/`", at))?;
            at += 2 + end + 2;
        } else {
            return Ok(at);
        }
    }
}

/// A name: letters, digits, `_` and `$`.
fn name(text: &str, at: &mut usize) -> Token {
    let length = text[*at..]
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'$')
        .count();
    let name = text[*at..*at + length].to_owned();
    *at += length;
    Token::Name(name)
}

/// One of [`SYMBOLS`].
fn symbol(text: &str, at: &mut usize) -> Result<Token, ExprError> {
    let rest = &text[*at..];
    // `a ?.5 : 1` is a choice with a fraction, not an optional member.
    let fraction = rest.starts_with("?.") && rest.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    let found = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol) && !(fraction && **symbol == "?."));
    let Some(symbol) = found else {
        let unknown = rest.chars().next().unwrap_or(' ');
        return Err(ExprError::new(
            format!("unexpected character {unknown:?}: expected an operator or a value"),
            *at,
        ));
    };
    *at += symbol.len();
    Ok(Token::Symbol(symbol))
}

/// A decimal, hexadecimal, octal or binary number; `_` may separate digits.
fn number(text: &str, at: &mut usize) -> Result<Token, ExprError> {
    let start = *at;
    let bytes = text.as_bytes();
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8)] {
        if text[start..].starts_with(prefix) {
            *at += 2;
            let digits = take_while(bytes, at, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return i64::from_str_radix(&digits, radix).map(Token::Int).map_err(|_| {
                ExprError::new(format!("expected a whole number of at most 64 bits after `{prefix}`"), start)
            });
        }
    }
    let mut digits = take_while(bytes, at, |byte| byte.is_ascii_digit() || byte == b'_');
    let mut fractional = false;
    if bytes.get(*at) == Some(&b'.') && bytes.get(*at + 1).is_some_and(u8::is_ascii_digit) {
        *at += 1;
        digits.push('.');
        digits += &take_while(bytes, at, |byte| byte.is_ascii_digit() || byte == b'_');
        fractional = true;
    }
    if matches!(bytes.get(*at), Some(b'e' | b'E')) {
        *at += 1;
        digits.push('e');
        if let Some(sign @ (b'+' | b'-')) = bytes.get(*at) {
            digits.push(char::from(*sign));
            *at += 1;
        }
        digits += &take_while(bytes, at, |byte| byte.is_ascii_digit());
        fractional = true;
    }
    let parsed = if fractional {
        digits.parse().ok().filter(|value: &f64| value.is_finite()).map(Token::Float)
    } else {
        digits.parse().ok().map(Token::Int)
    };
    parsed.ok_or_else(|| ExprError::new("expected a number of at most 64 bits", start))
}

/// The run of bytes that satisfy `wanted`, without `_`.
fn take_while(bytes: &[u8], at: &mut usize, wanted: impl Fn(u8) -> bool) -> String {
    let mut taken = String::new();
    while let Some(&byte) = bytes.get(*at).filter(|byte| wanted(**byte)) {
        if byte != b'_' {
            taken.push(char::from(byte));
        }
        *at += 1;
    }
    taken
}

/// A raw string between backquotes; a doubled backquote stands for one.
fn backquoted(text: &str, at: &mut usize) -> Result<Token, ExprError> {
    let start = *at;
    let mut value = Vec::new();
    let mut from = start + 1;
    loop {
        let end = memchr::memchr(b'`', &text.as_bytes()[from..])
            .ok_or_else(|| ExprError::new("the string is not closed: expected a backquote", start))?;
        value.extend_from_slice(&text.as_bytes()[from..from + end]);
        from += end + 1;
        if text.as_bytes().get(from) != Some(&b'`') {
            break;
        }
        value.push(b'`');
        from += 1;
    }
    *at = from;
    Ok(Token::Text(value))
}

/// A raw string between `r"""` and `"""`.
fn raw_triple(text: &str, at: &mut usize) -> Result<Token, ExprError> {
    let from = *at + 4;
    let end = text[from..]
        .find("\"\"\"")
        .ok_or_else(|| ExprError::new("the string is not closed: expected `\"\"\"`", *at))?;
    *at = from + end + 3;
    Ok(Token::Text(text.as_bytes()[from..from + end].to_vec()))
}

/// A string in single or double quotes, with backslash escapes.
fn quoted(text: &str, at: &mut usize) -> Result<Token, ExprError> {
    let start = *at;
    let bytes = text.as_bytes();
    let quote = bytes[start];
    let mut value = Vec::new();
    *at += 1;
    loop {
        match bytes.get(*at) {
            None | Some(b'\n') => {
                return Err(ExprError::new(
                    format!("the string is not closed: expected `{}`", char::from(quote)),
                    start,
                ));
            }
            Some(&byte) if byte == quote => {
                *at += 1;
                return Ok(Token::Text(value));
            }
            Some(b'\\') => escape(text, at, &mut value)?,
            Some(&byte) => {
                value.push(byte);
                *at += 1;
            }
        }
    }
}

/// One backslash escape of a quoted string.
fn escape(text: &str, at: &mut usize, value: &mut Vec<u8>) -> Result<(), ExprError> {
    let start = *at;
    let kind = text.as_bytes().get(start + 1).copied().unwrap_or(0);
    *at += 2;
    let simple = match kind {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'\\' | b'"' | b'\'' | b'`' => kind,
        b'x' => return coded(text, at, 2, value, start),
        b'u' => return coded(text, at, 4, value, start),
        b'U' => return coded(text, at, 8, value, start),
        _ => {
            return Err(ExprError::new(
                "unknown escape: expected one of \\n \\t \\r \\\\ \\\" \\' \\xHH \\uHHHH",
                start,
            ));
        }
    };
    value.push(simple);
    Ok(())
}

/// The hexadecimal digits of `\x`, `\u` and `\U`.
fn coded(
    text: &str,
    at: &mut usize,
    digits: usize,
    value: &mut Vec<u8>,
    start: usize,
) -> Result<(), ExprError> {
    let wrong =
        || ExprError::new(format!("expected {digits} hexadecimal digits that name a character"), start);
    let code = text.get(*at..*at + digits).ok_or_else(wrong)?;
    let number = u32::from_str_radix(code, 16).map_err(|_| wrong())?;
    *at += digits;
    if digits == 2 {
        value.push(number as u8);
    } else {
        let character = char::from_u32(number).ok_or_else(wrong)?;
        value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(())
}
