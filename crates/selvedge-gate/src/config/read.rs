//! Reads `selvedge.toml`. Everything wrong with it is told at once, each with its place.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, children};
use super::{Origin, Value};
use crate::exceptions::{self, Exception};
use crate::toml_text::{Text, describe, list, shown};
use crate::{ConfigError, suggestion};

/// A larger `selvedge.toml` is not read.
pub const CONFIG_BYTES_MAX: usize = 1 << 20;

/// The table that says what logs are collected.
const LOGS_TABLE: &str = "logs";

/// What one `selvedge.toml` says: the keys it sets and its exceptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    values: BTreeMap<&'static str, (Value, Origin)>,
    exceptions: Vec<Exception>,
}

impl Config {
    /// Reads the text of the file called `origin_name`. On any mistake all mistakes are returned.
    pub fn parse(text: &str, origin_name: &str) -> Result<Self, Vec<ConfigError>> {
        let mut text = Text::new(origin_name, text);
        let mut config = Self::default();
        if let Some(document) = text.parse(CONFIG_BYTES_MAX) {
            config.table("", &document.0, &mut text);
        }
        text.finish(config)
    }

    /// The value the file sets for the key, and where.
    pub fn get(&self, key: &Key) -> Option<&(Value, Origin)> {
        self.values.get(key.path)
    }

    /// The exceptions of the file, in its order.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Walks one table. The declared keys nest three levels, so this does too.
    fn table(&mut self, path: &str, table: &DeTable<'_>, text: &mut Text<'_>) {
        for (name, value) in table {
            let whole = if path.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{path}.{}", name.get_ref())
            };
            if whole == LOGS_TABLE {
                // Its keys are known where logs are collected, which reports what is wrong in it.
                continue;
            }
            if whole == "exceptions" {
                self.exceptions = exceptions::read(value, text);
            } else if let Some(key) = Key::find(&whole) {
                match Value::read(&key.kind, value.get_ref()) {
                    Ok(value_read) => {
                        let origin = Origin::File {
                            name: text.name().to_owned(),
                            line: text.line(value.span().start),
                        };
                        self.values.insert(key.path, (value_read, origin));
                    }
                    Err(wrong) => text.error(&value.span(), format!("`{}` {wrong}", key.path)),
                }
            } else if children(&whole).is_empty() {
                text.error(&name.span(), unknown(path, name.get_ref()));
            } else if let DeValue::Table(inner) = value.get_ref() {
                self.table(&whole, inner, text);
            } else {
                let found = describe(value.get_ref());
                text.error(&value.span(), format!("`{whole}` must be a table, found {found}"));
            }
        }
    }
}

/// The message about a name that is not declared in the table `path`.
fn unknown(path: &str, name: &str) -> String {
    let known = children(path);
    let place = if path.is_empty() { "at the top level".to_owned() } else { format!("in `[{path}]`") };
    let elsewhere = KEYS.iter().map(Key::split).find(|(_, key)| *key == name.replace('_', "-"));
    let near = suggestion(name, known.iter().copied());
    let hint = match elsewhere {
        Some((table, key)) if near.is_empty() => format!("; `{key}` belongs in `[{table}]`"),
        _ => near,
    };
    format!("unknown key `{}` {place}; expected {}{hint}", shown(name), list(known))
}
