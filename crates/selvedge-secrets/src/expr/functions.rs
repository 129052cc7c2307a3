//! The functions expressions may call.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;

use aho_corasick::AhoCorasick;

use super::value::Value;

/// A function by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    // Judgements of a text.
    MatchesAny,
    FindMatch,
    ContainsAny,
    Entropy,
    FailsTokenEfficiency,
    // Look-ups that cannot fail.
    Get,
    GetPath,
    // Predicates over a list, whose second argument sees each member as `#`.
    Any,
    All,
    None,
    One,
    Count,
    // Texts and numbers.
    Len,
    Max,
    Min,
    Abs,
    Lower,
    Upper,
    Trim,
    TrimPrefix,
    TrimSuffix,
    HasPrefix,
    HasSuffix,
    Contains,
    Matches,
    IndexOf,
    LastIndexOf,
    Replace,
    Substring,
    Split,
    Join,
    Int,
    Float,
    Text,
}

/// One name of a function and how many arguments it takes.
pub(super) struct Signature {
    /// The name it is called by.
    pub(super) name: &'static str,
    /// What it does.
    pub(super) function: Function,
    /// Fewest arguments.
    pub(super) least: usize,
    /// Most arguments.
    pub(super) most: usize,
}

const fn row(name: &'static str, function: Function, least: usize, most: usize) -> Signature {
    Signature { name, function, least, most }
}

/// Every function by name; the first five also as `filter.name`.
pub(super) const SIGNATURES: &[Signature] = &[
    row("matchesAny", Function::MatchesAny, 2, 2),
    row("findMatch", Function::FindMatch, 2, 2),
    row("containsAny", Function::ContainsAny, 2, 2),
    row("entropy", Function::Entropy, 1, 1),
    row("failsTokenEfficiency", Function::FailsTokenEfficiency, 1, 1),
    row("get", Function::Get, 2, 3),
    row("getPath", Function::GetPath, 3, 3),
    row("any", Function::Any, 2, 2),
    row("all", Function::All, 2, 2),
    row("none", Function::None, 2, 2),
    row("one", Function::One, 2, 2),
    row("count", Function::Count, 2, 2),
    row("len", Function::Len, 1, 1),
    row("size", Function::Len, 1, 1),
    row("max", Function::Max, 1, 16),
    row("min", Function::Min, 1, 16),
    row("abs", Function::Abs, 1, 1),
    row("lower", Function::Lower, 1, 1),
    row("upper", Function::Upper, 1, 1),
    row("trim", Function::Trim, 1, 2),
    row("trimPrefix", Function::TrimPrefix, 2, 2),
    row("trimSuffix", Function::TrimSuffix, 2, 2),
    row("hasPrefix", Function::HasPrefix, 2, 2),
    row("startsWith", Function::HasPrefix, 2, 2),
    row("hasSuffix", Function::HasSuffix, 2, 2),
    row("endsWith", Function::HasSuffix, 2, 2),
    row("contains", Function::Contains, 2, 2),
    row("matches", Function::Matches, 2, 2),
    row("indexOf", Function::IndexOf, 2, 2),
    row("lastIndexOf", Function::LastIndexOf, 2, 2),
    row("replace", Function::Replace, 3, 3),
    row("substring", Function::Substring, 2, 3),
    row("split", Function::Split, 2, 2),
    row("join", Function::Join, 1, 2),
    row("int", Function::Int, 1, 1),
    row("float", Function::Float, 1, 1),
    row("string", Function::Text, 1, 1),
];

/// How many of [`SIGNATURES`] also live in the `filter` namespace.
const NAMESPACED: usize = 5;

/// Longest text a function or `+` may make.
pub(super) const VALUE_BYTES_MAX: usize = 16 << 20;

impl Function {
    /// Whether the second argument is a regex or a list of them.
    pub(super) fn takes_pattern(self) -> bool {
        matches!(self, Self::MatchesAny | Self::FindMatch | Self::Matches)
    }

    /// Whether the second argument is evaluated once per member of the first.
    pub(super) fn is_predicate(self) -> bool {
        matches!(self, Self::Any | Self::All | Self::None | Self::One | Self::Count)
    }
}

/// The functions reachable under `namespace`, or without one.
pub(super) fn in_namespace(namespace: Option<&str>) -> Option<&'static [Signature]> {
    match namespace {
        None => Some(SIGNATURES),
        Some("filter") => Some(&SIGNATURES[..NAMESPACED]),
        Some(_) => None,
    }
}

/// Bits per byte of `text` by the frequencies of its bytes.
pub(super) fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text {
        counts[usize::from(*byte)] += 1;
    }
    let length = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

/// A matcher for plain terms; none when there is no term.
pub(super) fn terms(texts: &[Vec<u8>]) -> Option<AhoCorasick> {
    let texts: Vec<_> = texts.iter().filter(|text| !text.is_empty()).collect();
    // Too many terms for the automaton is the only error, and the expression is far smaller.
    if texts.is_empty() { None } else { AhoCorasick::new(texts).ok() }
}

/// `text` in lower case; letters beyond ASCII too where it is UTF-8.
pub(super) fn lower(text: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(text) {
        Ok(text) if !text.is_ascii() => text.to_lowercase().into_bytes(),
        _ => text.to_ascii_lowercase(),
    }
}

/// `text` in upper case; letters beyond ASCII too where it is UTF-8.
fn upper(text: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(text) {
        Ok(text) if !text.is_ascii() => text.to_uppercase().into_bytes(),
        _ => text.to_ascii_uppercase(),
    }
}

/// Calls a function whose arguments are plain values. The error says what was expected.
pub(super) fn call<'a>(function: Function, arguments: &[Value<'a>]) -> Result<Value<'a>, String> {
    let at = |index: usize| arguments.get(index).cloned().unwrap_or(Value::Nil);
    let text = |index: usize| text_argument(arguments, index);
    Ok(match function {
        Function::Entropy => Value::Float(entropy(&text(0)?)),
        Function::FailsTokenEfficiency => {
            Value::Bool(crate::token_efficiency::fails_token_efficiency(&text(0)?))
        }
        Function::Len => match at(0) {
            Value::Text(text) => Value::count(text.len()),
            Value::List(items) => Value::count(items.len()),
            Value::Map(entries) => Value::count(entries.len()),
            other => return Err(format!("expected a string, list or map, got {}", other.kind())),
        },
        Function::Max => extreme(arguments, Ordering::Greater)?,
        Function::Min => extreme(arguments, Ordering::Less)?,
        Function::Abs => match at(0) {
            Value::Int(number) => Value::Int(number.checked_abs().ok_or("the number is too large")?),
            Value::Float(number) => Value::Float(number.abs()),
            other => return Err(format!("expected a number, got {}", other.kind())),
        },
        Function::Lower => Value::owned(lower(&text(0)?)),
        Function::Upper => Value::owned(upper(&text(0)?)),
        Function::Trim => trim(&text(0)?, if arguments.len() > 1 { Some(text(1)?) } else { None }.as_deref()),
        Function::TrimPrefix => {
            let (whole, part) = (text(0)?, text(1)?);
            Value::owned(whole.strip_prefix(part.as_ref()).unwrap_or(&whole).to_vec())
        }
        Function::TrimSuffix => {
            let (whole, part) = (text(0)?, text(1)?);
            Value::owned(whole.strip_suffix(part.as_ref()).unwrap_or(&whole).to_vec())
        }
        Function::HasPrefix => Value::Bool(text(0)?.starts_with(&text(1)?)),
        Function::HasSuffix => Value::Bool(text(0)?.ends_with(&text(1)?)),
        Function::Contains => Value::Bool(memchr::memmem::find(&text(0)?, &text(1)?).is_some()),
        Function::IndexOf => position(memchr::memmem::find(&text(0)?, &text(1)?)),
        Function::LastIndexOf => position(memchr::memmem::rfind(&text(0)?, &text(1)?)),
        Function::Replace => Value::owned(replace(&text(0)?, &text(1)?, &text(2)?)?),
        Function::Substring => substring(&text(0)?, &at(1), arguments.get(2))?,
        Function::Split => split(&text(0)?, &text(1)?),
        Function::Join => join(&at(0), if arguments.len() > 1 { &arguments[1] } else { &Value::Nil })?,
        Function::Int => integer(&at(0))?,
        Function::Float => float(&at(0))?,
        Function::Text => Value::owned(display(&at(0))?),
        Function::GetPath => get_path(at(0), &text(1)?).unwrap_or_else(|| at(2)),
        Function::MatchesAny
        | Function::FindMatch
        | Function::ContainsAny
        | Function::Matches
        | Function::Get
        | Function::Any
        | Function::All
        | Function::None
        | Function::One
        | Function::Count => return Err("the function needs its arguments unevaluated".to_owned()),
    })
}

/// The text at `index` of the arguments.
pub(super) fn text_argument<'b>(arguments: &'b [Value<'_>], index: usize) -> Result<Cow<'b, [u8]>, String> {
    match arguments.get(index) {
        Some(Value::Text(text)) => Ok(Cow::Borrowed(text.as_ref())),
        other => Err(format!(
            "expected a string as argument {}, got {}",
            index + 1,
            other.map_or("nothing", Value::kind)
        )),
    }
}

/// The largest or smallest of numbers, lists of numbers opened.
fn extreme<'a>(arguments: &[Value<'a>], wanted: Ordering) -> Result<Value<'a>, String> {
    let mut best: Option<Value<'a>> = None;
    for argument in arguments {
        let candidate = match argument {
            Value::List(items) => extreme(items, wanted)?,
            Value::Int(_) | Value::Float(_) => argument.clone(),
            other => return Err(format!("expected numbers, got {}", other.kind())),
        };
        if best.as_ref().is_none_or(|best| candidate.compare(best) == Some(wanted)) {
            best = Some(candidate);
        }
    }
    best.ok_or_else(|| "expected at least one number".to_owned())
}

/// An offset, or -1.
fn position<'a>(found: Option<usize>) -> Value<'a> {
    found.map_or(Value::Int(-1), Value::count)
}

/// `text` without white space, or without the bytes of `cut`, at both ends.
fn trim<'a>(text: &[u8], cut: Option<&[u8]>) -> Value<'a> {
    let unwanted = |byte: &u8| cut.map_or(byte.is_ascii_whitespace(), |cut| cut.contains(byte));
    let from = text.iter().position(|byte| !unwanted(byte)).unwrap_or(text.len());
    let to = text.iter().rposition(|byte| !unwanted(byte)).map_or(from, |last| last + 1);
    Value::owned(text[from..to].to_vec())
}

/// `text` with every `from` replaced; nothing is replaced for an empty `from`.
fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Result<Vec<u8>, String> {
    if from.is_empty() {
        return Ok(text.to_vec());
    }
    let count = memchr::memmem::find_iter(text, from).count();
    if count.saturating_mul(to.len()).saturating_add(text.len()) > VALUE_BYTES_MAX {
        return Err(format!("the result is longer than {VALUE_BYTES_MAX} bytes"));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut last = 0;
    for at in memchr::memmem::find_iter(text, from) {
        out.extend_from_slice(&text[last..at]);
        out.extend_from_slice(to);
        last = at + from.len();
    }
    out.extend_from_slice(&text[last..]);
    Ok(out)
}

/// The text from one offset to another, both cut to it.
fn substring<'a>(text: &[u8], from: &Value<'_>, to: Option<&Value<'_>>) -> Result<Value<'a>, String> {
    let offset = |value: &Value<'_>| match value {
        Value::Int(offset) => Ok(usize::try_from(*offset).unwrap_or(0).min(text.len())),
        other => Err(format!("expected a whole number as offset, got {}", other.kind())),
    };
    let from = offset(from)?;
    let to = to.map_or(Ok(text.len()), offset)?;
    Ok(Value::owned(text[from..to.max(from)].to_vec()))
}

/// The pieces between separators; an empty separator splits nothing.
fn split<'a>(text: &[u8], separator: &[u8]) -> Value<'a> {
    let mut pieces = Vec::new();
    let mut last = 0;
    if !separator.is_empty() {
        for at in memchr::memmem::find_iter(text, separator) {
            pieces.push(Value::owned(text[last..at].to_vec()));
            last = at + separator.len();
        }
    }
    pieces.push(Value::owned(text[last..].to_vec()));
    Value::List(Rc::from(pieces))
}

/// The texts of a list with a separator between them.
fn join<'a>(list: &Value<'_>, separator: &Value<'_>) -> Result<Value<'a>, String> {
    let Value::List(items) = list else {
        return Err(format!("expected a list of strings, got {}", list.kind()));
    };
    let separator = match separator {
        Value::Text(text) => text.as_ref(),
        _ => &[],
    };
    let mut out = Vec::new();
    for index in 0..items.len() {
        if index > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(&text_argument(items, index)?);
        if out.len() > VALUE_BYTES_MAX {
            return Err(format!("the result is longer than {VALUE_BYTES_MAX} bytes"));
        }
    }
    Ok(Value::owned(out))
}

/// A whole number from a number or its decimal text.
fn integer<'a>(value: &Value<'_>) -> Result<Value<'a>, String> {
    match value {
        Value::Int(number) => Ok(Value::Int(*number)),
        Value::Float(number) => Ok(Value::Int(*number as i64)),
        Value::Text(text) => std::str::from_utf8(text)
            .ok()
            .and_then(|text| text.parse().ok())
            .map(Value::Int)
            .ok_or_else(|| "expected decimal digits".to_owned()),
        other => Err(format!("expected a number or a string, got {}", other.kind())),
    }
}

/// A number with a fraction from a number or its decimal text.
fn float<'a>(value: &Value<'_>) -> Result<Value<'a>, String> {
    match value {
        Value::Text(text) => std::str::from_utf8(text)
            .ok()
            .and_then(|text| text.parse().ok())
            .map(Value::Float)
            .ok_or_else(|| "expected a decimal number".to_owned()),
        other => other
            .number()
            .map(Value::Float)
            .ok_or_else(|| format!("expected a number or a string, got {}", other.kind())),
    }
}

/// The text of a simple value.
fn display(value: &Value<'_>) -> Result<Vec<u8>, String> {
    Ok(match value {
        Value::Text(text) => text.to_vec(),
        Value::Nil => b"<nil>".to_vec(),
        Value::Bool(truth) => truth.to_string().into_bytes(),
        Value::Int(number) => number.to_string().into_bytes(),
        Value::Float(number) => number.to_string().into_bytes(),
        other => return Err(format!("expected a simple value, got {}", other.kind())),
    })
}

/// What a dotted path leads to.
fn get_path<'a>(container: Value<'a>, path: &[u8]) -> Option<Value<'a>> {
    let mut current = container;
    for part in path.split(|byte| *byte == b'.') {
        current = match &current {
            Value::Map(entries) => entries.get(part)?.clone(),
            Value::List(items) => {
                let index: usize = std::str::from_utf8(part).ok()?.parse().ok()?;
                items.get(index)?.clone()
            }
            _ => return None,
        };
    }
    (!matches!(current, Value::Nil)).then_some(current)
}
