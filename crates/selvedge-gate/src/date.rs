//! A calendar day, as exceptions name it: `2027-01-31`.

use std::fmt;

/// A day of the Gregorian calendar. Ordered as days follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if there is one: 31 February is none, nor is a year outside 1–9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let in_calendar = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=month_days(year, month)).contains(&day);
        in_calendar.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`, digits and hyphens exactly so.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        Self::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// Days from `self` to `later`; negative if it is earlier.
    pub fn days_until(self, later: Self) -> i64 {
        later.day_number() - self.day_number()
    }

    /// Days since 0000-03-01: years begin in March, so that the leap day is the last of its year.
    fn day_number(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let month_from_march = (month + 9) % 12;
        let days_before_month = (153 * month_from_march + 2) / 5;
        year * 365 + year / 4 - year / 100 + year / 400 + days_before_month + i64::from(self.day) - 1
    }
}

fn month_days(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_that_exist_and_no_others() {
        for text in ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).expect("a day").to_string(), text);
        }
        for text in
            ["2023-02-29", "1900-02-29", "2024-13-01", "2024-04-31", "24-1-1", "2024-1-01x", "0000-01-01"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn counts_days_over_leap_years() {
        let day = |text| Date::parse(text).expect("a day");
        assert_eq!(day("2024-02-28").days_until(day("2024-03-01")), 2);
        assert_eq!(day("2023-02-28").days_until(day("2023-03-01")), 1);
        assert_eq!(day("2024-01-01").days_until(day("2025-01-01")), 366);
        assert_eq!(day("2025-01-01").days_until(day("2024-12-31")), -1);
        assert!(day("2024-12-31") < day("2025-01-01"));
    }
}
