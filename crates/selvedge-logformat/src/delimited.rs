//! Lines of values: CSV with known columns, and pairs with separators of one's own.

use crate::{Parsed, TimeContext, logfmt, time};

/// Comma-separated values whose columns are known.
///
/// A line that repeats the column names is the header and gives no event of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvFormat {
    /// Names of the columns in order.
    pub columns: Vec<String>,
    /// What stands between values.
    pub delimiter: u8,
}

/// Pairs with separators of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyValueFormat {
    /// What stands between pairs.
    pub pair_separator: String,
    /// What stands between a name and its value.
    pub value_separator: String,
}

impl CsvFormat {
    /// Reads one record (RFC 4180). Values beyond the columns are named by their number.
    pub(crate) fn parse(&self, text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        if !reader.read_record(&mut record).ok()? || record.len() < self.columns.len().min(2) {
            return None;
        }
        let mut parsed = Parsed::default();
        for (index, value) in record.iter().enumerate() {
            let name = self.columns.get(index).cloned().unwrap_or_else(|| format!("column{}", index + 1));
            if !value.is_empty() {
                parsed.put(name, value.to_owned());
            }
        }
        logfmt::envelope(&mut parsed, context);
        Some(parsed)
    }

    /// Whether the line is the header.
    pub fn is_header(&self, text: &str) -> bool {
        let mut names = text.trim_end().split(char::from(self.delimiter)).map(|name| name.trim_matches('"'));
        self.columns.iter().all(|column| names.next() == Some(column)) && names.next().is_none()
    }
}

impl KeyValueFormat {
    /// Reads one line.
    pub(crate) fn parse<'a>(&self, text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
        if self.pair_separator.is_empty() || self.value_separator.is_empty() {
            return None;
        }
        let mut parsed = Parsed::default();
        for pair in text.split(self.pair_separator.as_str()) {
            if let Some((name, value)) = pair.split_once(self.value_separator.as_str()) {
                let value = value.trim();
                let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                parsed.put(name.trim(), bare.unwrap_or(value));
            }
        }
        if parsed.fields.is_empty() {
            return None;
        }
        logfmt::envelope(&mut parsed, context);
        parsed.time = parsed.time.or_else(|| time::leading(text, context));
        Some(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_with_quotes_and_too_many_values() {
        let format = CsvFormat { columns: vec!["time".into(), "user".into()], delimiter: b',' };
        let parsed = format
            .parse("2026-01-02T03:04:05Z,\"a, \"\"b\"\"\",c", &TimeContext::utc(1_772_323_200_000_000))
            .unwrap();
        assert_eq!((parsed.get("user"), parsed.get("column3")), (Some("a, \"b\""), Some("c")));
        assert!(parsed.time.is_some());
        assert!(format.is_header("time,\"user\"\n") && !format.is_header("time,user,x"));
    }

    #[test]
    fn own_separators() {
        let format = KeyValueFormat { pair_separator: "|".into(), value_separator: ":".into() };
        let parsed = format.parse("a:1 | b: \"x y\"", &TimeContext::utc(0)).unwrap();
        assert_eq!((parsed.get("a"), parsed.get("b")), (Some("1"), Some("x y")));
        assert_eq!(format.parse("nothing", &TimeContext::utc(0)), None);
    }
}
