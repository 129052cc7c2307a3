//! TOML with positions: parsing within limits, and placed messages about what is found there.

use std::ops::Range;

use selvedge_model::LineIndex;
use toml::de::{DeTable, DeValue};

use crate::ConfigError;

/// A file of at most this many mistakes is worth listing; after that the rest is counted.
const ERRORS_MAX: usize = 50;

/// A text with its name and line starts, and the mistakes found in it so far.
pub(crate) struct Text<'a> {
    name: &'a str,
    source: &'a str,
    lines: LineIndex,
    errors: Vec<ConfigError>,
    dropped: usize,
}

impl<'a> Text<'a> {
    pub(crate) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, source: text, lines: LineIndex::new(text.as_bytes()), errors: Vec::new(), dropped: 0 }
    }

    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.lines.position(self.source.as_bytes(), offset).line
    }

    /// Notes a mistake at the start of `span`.
    pub(crate) fn error(&mut self, span: &Range<usize>, message: impl Into<String>) {
        if self.errors.len() == ERRORS_MAX {
            self.dropped += 1;
            return;
        }
        let at = self.lines.position(self.source.as_bytes(), span.start);
        self.errors.push(ConfigError {
            origin: self.name.to_owned(),
            line: at.line,
            column: at.column,
            message: message.into(),
        });
    }

    /// The document, or `None` after noting why there is none. What is not TOML is noted, the rest is kept.
    pub(crate) fn parse(&mut self, bytes_max: usize) -> Option<Document<'a>> {
        if self.source.len() > bytes_max {
            let size = self.source.len();
            self.error(&(0..0), format!("the file has {size} bytes; at most {bytes_max} are read"));
            return None;
        }
        let (table, errors) = DeTable::parse_recoverable(self.source);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.error(&span, format!("not TOML: {}", error.message().trim_end().replace('\n', ", ")));
        }
        Some(Document(table.into_inner()))
    }

    /// `Ok` if nothing was noted, else everything that was, in order of place.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, Vec<ConfigError>> {
        if self.errors.is_empty() {
            return Ok(value);
        }
        self.errors.sort_by_key(|error| (error.line, error.column));
        if self.dropped > 0 {
            let message = format!("{} more mistakes in this file are not listed", self.dropped);
            self.errors.push(ConfigError { message, ..ConfigError::unplaced(self.name, "") });
        }
        Err(self.errors)
    }
}

/// A parsed document. Taken apart level by level when dropped: a key with thousands of dots makes tables
/// nested as deep, and dropping those by recursion would overflow the stack.
pub(crate) struct Document<'a>(pub(crate) DeTable<'a>);

impl Drop for Document<'_> {
    fn drop(&mut self) {
        let mut tables = vec![std::mem::take(&mut self.0)];
        while let Some(table) = tables.pop() {
            for (_, value) in table {
                dismantle(value.into_inner(), &mut tables);
            }
        }
    }
}

fn dismantle<'a>(value: DeValue<'a>, tables: &mut Vec<DeTable<'a>>) {
    match value {
        DeValue::Table(table) => tables.push(table),
        // Arrays nest only as deep as the parser's recursion limit lets brackets nest.
        DeValue::Array(array) => array.into_iter().for_each(|item| dismantle(item.into_inner(), tables)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => {}
    }
}

/// What a value is, for "…, found …".
pub(crate) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the string \"{}\"", shown(text)),
        DeValue::Integer(number) => format!("the number {}", shown(&number.to_string())),
        DeValue::Float(number) => format!("the number {}", shown(number.as_str())),
        DeValue::Boolean(switch) => format!("{switch}"),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// `text` fit for a message: no control characters, at most 40 characters.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(40).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

/// `a`, `b` and `c`, each in backquotes.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
