//! As much of Ruby as Gemfiles and gem specifications need: statements with literal arguments.
//!
//! Nothing is evaluated. What is not a literal is given back as such, so that the reader can say so.

use std::ops::Range;

use crate::draft::Draft;
use crate::syntax::lines::lines;

/// Lines that one statement may take; a longer one is cut and read in pieces.
const LINES_MAX: usize = 64;

/// One statement: a line, and the following ones while it ends in a comma or inside of brackets.
#[derive(Debug)]
pub(super) struct Statement {
    /// Its text without comments, trimmed.
    pub(super) text: String,
    /// Bytes of the first line.
    pub(super) range: Range<usize>,
    /// 1-based line.
    pub(super) line: u32,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// `"text"`, `'text'`, `%q<text>`.
    Text(String),
    /// `[…]`, of literals.
    List(Vec<String>),
    /// `:name`.
    Symbol(String),
    /// `key: value` or `:key => value`.
    Option(String, Box<Argument>),
    /// Anything else.
    Other,
}

impl Argument {
    /// Literal texts and symbols in it.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) | Self::Symbol(text) => vec![text],
            Self::List(texts) => texts.iter().map(String::as_str).collect(),
            Self::Option(_, value) => value.texts(),
            Self::Other => Vec::new(),
        }
    }
}

/// The statements of the draft's file.
pub(super) fn statements(draft: &mut Draft<'_>) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut taken = 0;
    for line in lines(draft) {
        let code = without_comment(line.text).trim();
        if code.is_empty() {
            continue;
        }
        if let Some(last) = statements.last_mut().filter(|last| taken < LINES_MAX && goes_on(&last.text)) {
            last.text.push(' ');
            last.text.push_str(code);
            taken += 1;
        } else {
            taken = 1;
            let range = line.range_of(code);
            statements.push(Statement { text: code.to_owned(), range, line: line.number });
        }
    }
    statements
}

fn goes_on(text: &str) -> bool {
    text.ends_with([',', '[', '(', '\\']) || text.ends_with("=>")
}

/// The line up to a `#` outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, character) in line.char_indices() {
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if character == '#' => return &line[..at],
            Some(_) | None => {}
        }
    }
    line
}

/// The arguments of a call `name arguments` or `name(arguments)`, if `text` is one. A trailing block or
/// condition is left out.
pub(super) fn call(text: &str, name: &str) -> Option<Vec<Argument>> {
    let rest = text.strip_prefix(name)?;
    let arguments = match rest.trim_start().strip_prefix('(') {
        Some(inner) => inner.rsplit_once(')').map_or(inner, |(inner, _)| inner),
        None if rest.starts_with([' ', '\t']) => rest,
        None if rest.is_empty() => return Some(Vec::new()),
        None => return None,
    };
    let arguments = [" do", " if ", " unless "].iter().fold(arguments, |text, word| {
        let at = text.find(word).filter(|at| {
            !is_inside_quotes(text, *at) && (*word != " do" || text[at + 3..].trim_start().is_empty())
        });
        at.map_or(text, |at| &text[..at])
    });
    Some(split(arguments).into_iter().map(argument).collect())
}

fn is_inside_quotes(text: &str, end: usize) -> bool {
    let mut quote = None;
    for character in text[..end].chars() {
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            Some(_) | None => {}
        }
    }
    quote.is_some()
}

/// Pieces between commas that are outside of quotes and brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None => match character {
                '"' | '\'' => quote = Some(character),
                '[' | '(' | '{' => depth += 1,
                ']' | ')' | '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    pieces.push(text[start..at].trim());
                    start = at + 1;
                }
                _ => {}
            },
        }
    }
    pieces.push(text[start..].trim());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn argument(text: &str) -> Argument {
    if let Some(literal) = literal(text) {
        return Argument::Text(literal);
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let items = split(inner).into_iter().map(|item| literal(item).or_else(|| symbol(item)));
        return items.collect::<Option<_>>().map_or(Argument::Other, Argument::List);
    }
    if let Some(inner) = words(text) {
        return Argument::List(inner);
    }
    let pair = match text.split_once("=>") {
        Some((key, value)) => symbol(key.trim()).or_else(|| literal(key.trim())).map(|key| (key, value)),
        None => {
            text.split_once(": ").filter(|(key, _)| is_name(key)).map(|(key, value)| (key.to_owned(), value))
        }
    };
    if let Some((key, value)) = pair {
        let value = value.trim();
        // An option inside of an option is none of a gem's.
        let value = if value.contains("=>") { Argument::Other } else { argument_value(value) };
        return Argument::Option(key, Box::new(value));
    }
    symbol(text).map_or(Argument::Other, Argument::Symbol)
}

fn argument_value(text: &str) -> Argument {
    match argument(text) {
        Argument::Option(..) => Argument::Other,
        argument => argument,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn symbol(text: &str) -> Option<String> {
    let name = text.strip_prefix(':')?;
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    is_name(name).then(|| name.to_owned())
}

/// `%w[a b]`, `%i[a b]`.
fn words(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix("%w").or_else(|| text.strip_prefix("%i"))?;
    let inner = inner.strip_prefix(['[', '(', '{'])?.strip_suffix([']', ')', '}'])?;
    Some(inner.split_ascii_whitespace().map(str::to_owned).collect())
}

/// The text of a string literal without interpolation, with or without `.freeze`.
fn literal(text: &str) -> Option<String> {
    let text = text.strip_suffix(".freeze").unwrap_or(text);
    let inner = match text.as_bytes() {
        [b'"', .., b'"'] | [b'\'', .., b'\''] if text.len() >= 2 => &text[1..text.len() - 1],
        [b'%', b'q' | b'Q', b'<', .., b'>'] | [b'%', b'q' | b'Q', b'(', .., b')'] => &text[3..text.len() - 1],
        _ => return None,
    };
    let is_plain = !inner.contains(['"', '\'', '\\']) && !inner.contains("#{");
    is_plain.then(|| inner.to_owned())
}
