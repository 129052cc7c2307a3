//! Reading TOML tables with line numbers: every mistake becomes a diagnostic, never the end of loading.

use selvedge_model::{Diagnostic, DiagnosticKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Collects diagnostics about one named text.
pub(super) struct Messages<'a> {
    name: &'a str,
    newlines: Vec<usize>,
    pub(super) out: Vec<Diagnostic>,
}

impl<'a> Messages<'a> {
    pub(super) fn new(name: &'a str, text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        Self { name, newlines, out: Vec::new() }
    }

    /// The 1-based line of a byte offset.
    pub(super) fn line(&self, offset: usize) -> u32 {
        self.newlines.partition_point(|newline| *newline < offset) as u32 + 1
    }

    pub(super) fn push(&mut self, kind: DiagnosticKind, offset: usize, message: impl Into<String>) {
        let line = self.line(offset);
        self.out.push(Diagnostic::new(kind, message).at(self.name).line(line));
    }

    pub(super) fn rule(&mut self, offset: usize, message: impl Into<String>) {
        self.push(DiagnosticKind::BadRule, offset, message);
    }

    pub(super) fn config(&mut self, offset: usize, message: impl Into<String>) {
        self.push(DiagnosticKind::BadConfig, offset, message);
    }
}

/// A table whose keys are looked up without regard to case, as Gitleaks does.
#[derive(Clone, Copy)]
pub(super) struct Table<'t, 'i> {
    table: &'t DeTable<'i>,
    /// Where it starts, for messages about what is missing.
    pub(super) offset: usize,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, offset: usize) -> Self {
        Self { table, offset }
    }

    /// The table in `value`, if it is one.
    pub(super) fn of(value: &'t Spanned<DeValue<'i>>) -> Option<Self> {
        value.get_ref().as_table().map(|table| Self::new(table, value.span().start))
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.table.get(key).or_else(|| {
            self.table
                .iter()
                .find(|(name, _)| name.get_ref().eq_ignore_ascii_case(key))
                .map(|(_, value)| value)
        })
    }

    /// Reports keys that nothing reads, with the nearest name that something does.
    pub(super) fn check_keys(&self, known: &[&str], messages: &mut Messages<'_>) {
        for (name, _) in self.table {
            let key = name.get_ref();
            if known.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                continue;
            }
            let nearest = known
                .iter()
                .map(|known| (strsim::damerau_levenshtein(&known.to_lowercase(), &key.to_lowercase()), known))
                .min()
                .filter(|(distance, _)| *distance <= 2);
            let hint = nearest.map_or(String::new(), |(_, known)| format!("; did you mean `{known}`?"));
            messages.config(name.span().start, format!("unknown key `{key}`{hint}"));
        }
    }

    /// A string, or `None` with a message if it is something else.
    pub(super) fn string(&self, key: &str, messages: &mut Messages<'_>) -> Option<(&'t str, usize)> {
        let value = self.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some((text, value.span().start)),
            None => mismatch(key, "a string", value, messages),
        }
    }

    /// A list of strings; a single string is split at commas, as Gitleaks does.
    pub(super) fn strings(&self, key: &str, messages: &mut Messages<'_>) -> Vec<(String, usize)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::String(text) => {
                text.split(',').map(|part| (part.to_owned(), value.span().start)).collect()
            }
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| match item.get_ref().as_str() {
                    Some(text) => Some((text.to_owned(), item.span().start)),
                    None => mismatch(key, "a list of strings", item, messages),
                })
                .collect(),
            _ => mismatch(key, "a list of strings", value, messages).unwrap_or_default(),
        }
    }

    pub(super) fn number(&self, key: &str, messages: &mut Messages<'_>) -> Option<f64> {
        let value = self.get(key)?;
        let parsed = match value.get_ref() {
            DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
            DeValue::Integer(number) => integer(number).map(|number| number as f64),
            DeValue::String(text) => text.parse().ok(),
            _ => None,
        };
        parsed
            .filter(|number: &f64| number.is_finite())
            .or_else(|| mismatch(key, "a number", value, messages))
    }

    pub(super) fn integer(&self, key: &str, messages: &mut Messages<'_>) -> Option<i64> {
        let value = self.get(key)?;
        let parsed = match value.get_ref() {
            DeValue::Integer(number) => integer(number),
            DeValue::String(text) => text.parse().ok(),
            _ => None,
        };
        parsed.or_else(|| mismatch(key, "a whole number", value, messages))
    }

    pub(super) fn boolean(&self, key: &str, messages: &mut Messages<'_>) -> Option<bool> {
        let value = self.get(key)?;
        value.get_ref().as_bool().or_else(|| mismatch(key, "true or false", value, messages))
    }

    pub(super) fn table(&self, key: &str, messages: &mut Messages<'_>) -> Option<Self> {
        let value = self.get(key)?;
        Self::of(value).or_else(|| mismatch(key, "a table", value, messages))
    }

    /// An array of tables; a single table counts as an array of one.
    pub(super) fn tables(&self, key: &str, messages: &mut Messages<'_>) -> Vec<Self> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Table(table) => vec![Self::new(table, value.span().start)],
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| Self::of(item).or_else(|| mismatch(key, "tables", item, messages)))
                .collect(),
            _ => mismatch(key, "tables", value, messages).unwrap_or_default(),
        }
    }
}

fn integer(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

fn mismatch<T>(
    key: &str,
    expected: &str,
    value: &Spanned<DeValue<'_>>,
    messages: &mut Messages<'_>,
) -> Option<T> {
    let found = value.get_ref().type_str();
    messages.config(value.span().start, format!("`{key}` must be {expected}, found {found}"));
    None
}
