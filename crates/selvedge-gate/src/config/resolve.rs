//! The effective value of every key: flag over variable over file over default.

use std::collections::BTreeMap;
use std::fmt;

use super::keys::{KEYS, Key};
use super::{Config, Settings, Value};
use crate::toml_text::shown;
use crate::{ConfigError, suggestion};

/// Where a value comes from. Ordered from weakest to strongest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A file.
    File {
        /// As the user named it.
        name: String,
        /// 1-based.
        line: u32,
    },
    /// An environment variable.
    Variable(String),
    /// A flag, as the user would type it: `--fail-on`.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Values laid over the file: from flags and variables.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    values: BTreeMap<&'static str, (Value, Origin)>,
    errors: Vec<ConfigError>,
}

impl Overlay {
    /// Takes the text given with a flag. Lists are separated by commas.
    pub fn flag(&mut self, key: &'static Key, flag: &str, text: &str) {
        self.text(key, Origin::Flag(flag.to_owned()), text);
    }

    /// Takes a value that a flag stands for by itself, such as `--no-archives`.
    pub fn flag_value(&mut self, key: &'static Key, flag: &str, value: Value) {
        self.put(key, value, Origin::Flag(flag.to_owned()));
    }

    /// Takes every `SELVEDGE_…` variable of the environment that the caller hands in. Others are left alone; one
    /// that looks like ours, sets no key and is none of `others` is a mistake.
    pub fn variables<'a>(
        &mut self,
        environment: impl IntoIterator<Item = (&'a str, &'a str)>,
        others: &[&str],
    ) {
        for (name, text) in environment {
            if !name.starts_with("SELVEDGE_") || others.contains(&name) {
                continue;
            }
            if let Some(key) = KEYS.iter().find(|key| key.variable() == name) {
                self.text(key, Origin::Variable(name.to_owned()), text);
            } else {
                let names: Vec<_> = KEYS.iter().map(Key::variable).collect();
                let candidates = names.iter().map(String::as_str).chain(others.iter().copied());
                let near = suggestion(name, candidates);
                let origin = format!("variable {}", shown(name));
                self.errors.push(ConfigError::unplaced(origin, format!("sets no key{near}")));
            }
        }
    }

    fn text(&mut self, key: &'static Key, origin: Origin, text: &str) {
        match Value::from_text(&key.kind, text) {
            Ok(value) => self.put(key, value, origin),
            Err(wrong) => {
                self.errors
                    .push(ConfigError::unplaced(origin.to_string(), format!("`{}` {wrong}", key.path)));
            }
        }
    }

    /// The stronger origin wins; of equals the later.
    fn put(&mut self, key: &'static Key, value: Value, origin: Origin) {
        let rank = |origin: &Origin| matches!(origin, Origin::Flag(_));
        if self.values.get(key.path).is_none_or(|(_, old)| rank(&origin) >= rank(old)) {
            self.values.insert(key.path, (value, origin));
        }
    }
}

/// A key with its effective value; `None` where nobody set it and there is no default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedValue {
    /// Path of the key.
    pub key: &'static str,
    /// The value that holds.
    pub value: Option<Value>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Every key with its effective value and origin, and the same typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// One per key, in the order of [`KEYS`].
    pub values: Vec<ResolvedValue>,
    /// The values typed.
    pub settings: Settings,
}

impl Resolved {
    /// The effective value of a key and where it comes from.
    pub fn get(&self, path: &str) -> Option<&ResolvedValue> {
        self.values.iter().find(|value| value.key == path)
    }

    /// A message about each item of a list key that is none of `known`, with the nearest that is. For names
    /// that only the engines and outputs know: rules, formats.
    pub fn unknown_names(&self, path: &str, noun: &str, known: &[&str]) -> Vec<ConfigError> {
        let Some(ResolvedValue { value: Some(Value::List(items)), origin, .. }) = self.get(path) else {
            return Vec::new();
        };
        let unknown = items.iter().filter(|item| !known.contains(&item.as_str()));
        unknown
            .map(|item| {
                let near = suggestion(item, known.iter().copied());
                let message = format!("`{path}` names the unknown {noun} `{}`{near}", shown(item));
                ConfigError::unplaced(origin.to_string(), message)
            })
            .collect()
    }
}

/// Lays the overlay over the file. Fails with the mistakes of the overlay's texts.
pub fn resolve(config: &Config, overlay: &Overlay) -> Result<Resolved, Vec<ConfigError>> {
    if !overlay.errors.is_empty() {
        let mut errors = overlay.errors.clone();
        errors.sort();
        return Err(errors);
    }
    let values: Vec<_> = KEYS
        .iter()
        .map(|key| {
            let set = overlay.values.get(key.path).or_else(|| config.get(key));
            let (value, origin) = set.cloned().map_or_else(
                || (key.default_value(), Origin::Default),
                |(value, origin)| (Some(value), origin),
            );
            ResolvedValue { key: key.path, value, origin }
        })
        .collect();
    let settings = Settings::of(&values);
    Ok(Resolved { values, settings })
}
