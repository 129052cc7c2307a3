//! The value of one key: what it may be, and how it is read from TOML and from a flag's text.

use std::fmt;

use toml::de::DeValue;

use super::Kind;
use crate::toml_text::{describe, list, shown};
use crate::{PathGlob, suggestion};

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// `true` or `false`.
    Switch(bool),
    /// A count, or a size in bytes.
    Number(u64),
    /// A word or a path.
    Text(String),
    /// Several of them.
    List(Vec<String>),
}

impl fmt::Display for Value {
    /// As TOML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(switch) => write!(f, "{switch}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
                write!(f, "[{}]", items.join(", "))
            }
        }
    }
}

/// `text` as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl Value {
    /// Reads a TOML value; the error says what was expected, without naming the key.
    pub(crate) fn read(kind: &Kind, value: &DeValue<'_>) -> Result<Self, String> {
        let wrong = || format!("must be {}, found {}", kind.expected(), describe(value));
        match (kind, value) {
            (Kind::Switch, DeValue::Boolean(switch)) => Ok(Self::Switch(*switch)),
            (Kind::Count { .. } | Kind::Size, DeValue::Integer(number)) => {
                let number = u64::from_str_radix(number.as_str(), number.radix()).map_err(|_| wrong())?;
                Self::Number(number).checked(kind)
            }
            (Kind::Path, DeValue::String(text)) => inside(text).and_then(|()| Self::from_word(kind, text)),
            (Kind::Size | Kind::Choice(_), DeValue::String(text)) => Self::from_word(kind, text),
            (Kind::Choices(_) | Kind::Names | Kind::Globs | Kind::Paths, DeValue::Array(items)) => {
                let mut texts = Vec::new();
                for item in items {
                    match item.get_ref() {
                        DeValue::String(text) => texts.push(text.clone().into_owned()),
                        other => {
                            return Err(format!(
                                "must be {}, found {} in it",
                                kind.expected(),
                                describe(other)
                            ));
                        }
                    }
                }
                if matches!(kind, Kind::Paths) {
                    texts.iter().try_for_each(|text| inside(text))?;
                }
                Self::List(texts).checked(kind)
            }
            _ => Err(wrong()),
        }
    }

    /// Reads the text of a flag or variable; lists are separated by commas.
    pub(crate) fn from_text(kind: &Kind, text: &str) -> Result<Self, String> {
        let wrong = || format!("must be {}, found \"{}\"", kind.expected(), shown(text));
        match kind {
            Kind::Switch => match text {
                "true" | "1" | "yes" => Ok(Self::Switch(true)),
                "false" | "0" | "no" => Ok(Self::Switch(false)),
                _ => Err(wrong()),
            },
            Kind::Count { .. } => Self::Number(text.parse().map_err(|_| wrong())?).checked(kind),
            Kind::Size | Kind::Choice(_) | Kind::Path => Self::from_word(kind, text),
            Kind::Choices(_) | Kind::Names | Kind::Globs | Kind::Paths => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Self::List(items.map(str::to_owned).collect()).checked(kind)
            }
        }
    }

    fn from_word(kind: &Kind, text: &str) -> Result<Self, String> {
        if matches!(kind, Kind::Size) {
            return parse_size(text)
                .map(Self::Number)
                .ok_or_else(|| format!("must be {}, found \"{}\"", kind.expected(), shown(text)))?
                .checked(kind);
        }
        Self::Text(text.to_owned()).checked(kind)
    }

    /// Checks what the type alone does not say: ranges, words, globs.
    fn checked(self, kind: &Kind) -> Result<Self, String> {
        match (kind, &self) {
            (Kind::Count { max }, Self::Number(number)) if number > max => {
                Err(format!("must be {}, found the number {number}", kind.expected()))
            }
            (Kind::Choice(choices), Self::Text(text)) => one_of(choices, text).map(|()| self),
            (Kind::Choices(choices), Self::List(items)) => {
                if items.is_empty() {
                    return Err(format!("must name at least one of {}", list(choices.iter().copied())));
                }
                items.iter().try_for_each(|item| one_of(choices, item)).map(|()| self)
            }
            (Kind::Globs, Self::List(items)) => {
                let check = |item: &String| {
                    PathGlob::parse(item).map(drop).map_err(|error| {
                        format!("must be {}, but `{}` is none: {}", kind.expected(), error.pattern, error.why)
                    })
                };
                items.iter().try_for_each(check).map(|()| self)
            }
            (Kind::Names | Kind::Paths, Self::List(items)) if items.iter().any(String::is_empty) => {
                Err(format!("must be {}, found an empty string in it", kind.expected()))
            }
            (Kind::Path, Self::Text(text)) if text.is_empty() => {
                Err(format!("must be {}, found an empty string", kind.expected()))
            }
            _ => Ok(self),
        }
    }
}

/// A file of the tree must not make us read outside the tree; a flag or variable of the user may.
fn inside(path: &str) -> Result<(), String> {
    let escapes = path.starts_with(['/', '\\'])
        || path.as_bytes().get(1) == Some(&b':')
        || path.split(['/', '\\']).any(|part| part == "..");
    if escapes {
        return Err(format!(
            "must stay inside the repository, found \"{}\"; a flag or variable may name other places",
            shown(path)
        ));
    }
    Ok(())
}

fn one_of(choices: &[&str], text: &str) -> Result<(), String> {
    if choices.contains(&text) {
        return Ok(());
    }
    let near = suggestion(text, choices.iter().copied());
    Err(format!("must be {}, found \"{}\"{near}", list(choices.iter().copied()), shown(text)))
}

/// Reads a size such as `5 MiB`, `500kB` or `1024`; `None` if it is none or does not fit.
pub fn parse_size(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}
