//! What one value of a field is compared with, and the obvious way to do it.

use std::net::IpAddr;

use regex::{Regex, RegexBuilder};
use selvedge_event::parse_time;

use crate::fold::fold;
use crate::pattern::Pattern;

/// Compiled size of one regular expression, in bytes: rules come from strangers.
const REGEX_SIZE_MAX: usize = 4 << 20;

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

impl Comparison {
    pub(crate) fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Equal => (left - right).abs() < f64::EPSILON,
        }
    }
}

/// Where the text of another field must stand in this one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Position {
    Whole,
    Start,
    End,
    Anywhere,
}

/// A part of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TimePart {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// A number that equals itself, so that matchers can be compared. Not a number is never made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

/// An address range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A regular expression.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    pub(crate) source: String,
    pub(crate) regex: Regex,
}

/// What is asked of a value.
#[derive(Debug, Clone)]
pub(crate) enum Matcher {
    /// The whole value is like the pattern. A pattern that is not `cased` is folded, as the value must be.
    Like { pattern: Pattern, cased: bool },
    /// The expression is found in the value.
    Regex(Expression),
    /// The value is an address in the range.
    Network(Network),
    /// The value is a number that compares so.
    Number(Comparison, Number),
    /// A part of the time that the value is.
    Time(TimePart, Comparison, Number),
    /// The field is there, or is not.
    Exists(bool),
    /// There is no value.
    Null,
    /// The value of another field stands here.
    Field { other: String, position: Position, cased: bool },
}

impl Expression {
    /// Compiles `source` with the flags `i`, `m`, `s` that are in `flags`.
    pub(crate) fn new(source: &str, flags: &str) -> Result<Self, String> {
        let regex = RegexBuilder::new(source)
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(flags.contains('s'))
            .size_limit(REGEX_SIZE_MAX)
            .build()
            .map_err(|error| reason(&error))?;
        let prefix = if flags.is_empty() { String::new() } else { format!("(?{flags})") };
        Ok(Self { source: format!("{prefix}{source}"), regex })
    }
}

/// The last line of a regex error, which says what is wrong.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

impl Network {
    /// Reads `10.0.0.0/8` or `fe80::/10`; an address alone is a range of one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.parse().ok()?, Some(prefix.parse::<u8>().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let width = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let prefix = prefix.unwrap_or(width);
        (prefix <= width).then_some(Self { address, prefix })
    }

    /// Whether `address` lies in the range.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl TimePart {
    /// The part of the time that `text` is, in UTC.
    pub(crate) fn of(self, text: &str) -> Option<f64> {
        let micros = parse_time(text)?;
        let seconds = micros.div_euclid(1_000_000);
        let days = seconds.div_euclid(86_400);
        let (year, month, day) = civil(days);
        let number = match self {
            Self::Minute => seconds.rem_euclid(3600) / 60,
            Self::Hour => seconds.rem_euclid(86_400) / 3600,
            Self::Day => day,
            Self::Month => month,
            Self::Year => year,
            Self::Week => iso_week(days),
        };
        Some(number as f64)
    }
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// ISO 8601 week: that of the Thursday of the same week.
fn iso_week(days: i64) -> i64 {
    let weekday = (days + 3).rem_euclid(7);
    let thursday = days - weekday + 3;
    let (year, _, _) = civil(thursday);
    let mut first = thursday;
    while civil(first - 7).0 == year {
        first -= 7;
    }
    (thursday - first) / 7 + 1
}

impl Matcher {
    /// Whether a value that is there fits. `folded` is the value without letter case.
    ///
    /// [`Matcher::Exists`], [`Matcher::Null`] and [`Matcher::Field`] look beyond one value; see the oracle.
    pub(crate) fn fits(&self, value: &str, folded: &str) -> bool {
        match self {
            Self::Like { pattern, cased } => pattern.matches(if *cased { value } else { folded }),
            Self::Regex(expression) => expression.regex.is_match(value),
            Self::Network(network) => value.trim().parse().is_ok_and(|address| network.contains(address)),
            Self::Number(comparison, number) => {
                value.trim().parse::<f64>().is_ok_and(|value| comparison.holds(value, number.0))
            }
            Self::Time(part, comparison, number) => {
                part.of(value).is_some_and(|value| comparison.holds(value, number.0))
            }
            Self::Exists(wanted) => *wanted,
            Self::Null | Self::Field { .. } => false,
        }
    }

    /// Whether the absence of the field fits.
    pub(crate) fn fits_absence(&self) -> bool {
        matches!(self, Self::Null | Self::Exists(false))
    }
}

/// Whether the text `other` stands at the given place in `value`.
pub(crate) fn stands_in(value: &str, other: &str, position: Position, cased: bool) -> bool {
    let (value, other) = if cased { (value.into(), other.into()) } else { (fold(value), fold(other)) };
    match position {
        Position::Whole => value == other,
        Position::Start => value.starts_with(&*other),
        Position::End => value.ends_with(&*other),
        Position::Anywhere => value.contains(&*other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        let inside = |network: &str, address: &str| {
            Network::parse(network).unwrap().contains(address.parse().unwrap())
        };
        assert!(inside("10.0.0.0/8", "10.255.0.1"));
        assert!(!inside("10.0.0.0/8", "11.0.0.1"));
        assert!(inside("0.0.0.0/0", "1.2.3.4"));
        assert!(inside("fe80::/10", "fe80::1"));
        assert!(!inside("::/0", "1.2.3.4"));
        assert!(inside("127.0.0.1", "127.0.0.1"));
        assert_eq!(Network::parse("10.0.0.0/33"), None);
        assert_eq!(Network::parse("10.0.0/8"), None);
    }

    #[test]
    fn parts_of_times() {
        let part = |part: TimePart, text: &str| part.of(text).unwrap();
        let text = "2021-01-03T23:59:00Z";
        assert!((part(TimePart::Week, text) - 53.0).abs() < 0.1);
        assert!((part(TimePart::Week, "2021-01-04T00:00:00Z") - 1.0).abs() < 0.1);
        assert!((part(TimePart::Hour, text) - 23.0).abs() < 0.1);
        assert!((part(TimePart::Minute, text) - 59.0).abs() < 0.1);
        assert!((part(TimePart::Day, text) - 3.0).abs() < 0.1);
        assert!((part(TimePart::Month, text) - 1.0).abs() < 0.1);
        assert!((part(TimePart::Year, text) - 2021.0).abs() < 0.1);
    }
}
