//! Times as logs write them, in microseconds since 1970-01-01 UTC.
//!
//! A time without a zone is in the zone of the [`TimeContext`]. A time without a year is in the year that makes
//! it the latest that is not more than a day after receipt. A time that is more than [`SKEW_MAX_US`] after receipt
//! is not believed: the event then has the time of receipt, and what the source claimed stays in its raw line.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// How far a source's clock may be ahead before its time is not believed: a day, so that a wrong zone is kept
/// and a wrong century is not.
pub const SKEW_MAX_US: i64 = 24 * 3600 * 1_000_000;

/// What is known about the times of a source.
#[derive(Debug, Clone)]
pub struct TimeContext {
    /// When the record was received, in microseconds since 1970.
    pub received: i64,
    /// The zone of times that name none.
    pub zone: TimeZone,
}

impl TimeContext {
    /// A context for UTC.
    pub fn utc(received: i64) -> Self {
        Self { received, zone: TimeZone::UTC }
    }

    /// The time unless it is too far ahead of receipt.
    pub fn believed(&self, time: i64) -> Option<i64> {
        (time <= self.received.saturating_add(SKEW_MAX_US)).then_some(time)
    }

    fn instant(&self, time: DateTime, micros: i64, offset: Option<i32>) -> Option<i64> {
        let zone = match offset {
            Some(seconds) => Offset::from_seconds(seconds).ok()?.to_time_zone(),
            None => self.zone.clone(),
        };
        let seconds = zone.to_timestamp(time).ok()?.as_second();
        Some(seconds * 1_000_000 + micros)
    }

    /// A time of month, day and time of day, in the latest year that fits.
    fn without_year(&self, month: i8, day: i8, clock: Clock) -> Option<i64> {
        let received = jiff::Timestamp::from_microsecond(self.received).ok()?;
        let year = self.zone.to_datetime(received).year();
        let limit = self.received.saturating_add(SKEW_MAX_US);
        // Eight years back reach the 29th of February over a century that skips it.
        (0..=9).find_map(|back| {
            let time = clock.on(year + 1 - back, month, day)?;
            self.instant(time, clock.micros, None).filter(|time| *time <= limit)
        })
    }
}

/// A time of day.
#[derive(Debug, Clone, Copy)]
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    micros: i64,
}

impl Clock {
    fn on(self, year: i16, month: i8, day: i8) -> Option<DateTime> {
        // A leap second is the second before it.
        DateTime::new(year, month, day, self.hour, self.minute, self.second.min(59), 0).ok()
    }
}

/// Reads from the front of a text.
struct Scan<'a>(&'a str);

impl Scan<'_> {
    fn digits(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits.parse().ok()
    }

    fn small(&mut self, least: usize) -> Option<i8> {
        self.digits(least, 2)?.try_into().ok()
    }

    fn one_of(&mut self, accepted: &[char]) -> Option<()> {
        self.0 = self.0.strip_prefix(accepted)?;
        Some(())
    }

    fn spaces(&mut self) -> Option<()> {
        let rest = self.0.trim_start_matches(' ');
        let had = rest.len() < self.0.len();
        self.0 = rest;
        had.then_some(())
    }

    fn month(&mut self) -> Option<i8> {
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let name = self.0.get(..3)?;
        let index = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
        self.0 = &self.0[3..];
        i8::try_from(index + 1).ok()
    }

    /// `03:04:05`, with a fraction after `.` or `,`.
    fn clock(&mut self) -> Option<Clock> {
        let hour = self.small(2)?;
        self.one_of(&[':'])?;
        let minute = self.small(2)?;
        self.one_of(&[':'])?;
        let second = self.small(2)?;
        let mut micros = 0;
        let fraction = self.0.strip_prefix(['.', ',']).unwrap_or_default();
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let used = digits.min(6);
            micros = fraction[..used].parse::<i64>().ok()? * 10_i64.pow(6 - used as u32);
            self.0 = &fraction[digits..];
        }
        (hour < 24 && minute < 60 && second <= 60).then_some(Clock { hour, minute, second, micros })
    }

    /// `Z`, `+02:00`, `-0700`; none where there is no zone.
    fn zone(&mut self) -> Option<i32> {
        if let Some(rest) = self.0.strip_prefix(['Z', 'z']) {
            self.0 = rest;
            return Some(0);
        }
        let sign = match self.0.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let mut ahead = Scan(&self.0[1..]);
        let hours = i32::try_from(ahead.digits(2, 2)?).ok()?;
        ahead.0 = ahead.0.strip_prefix(':').unwrap_or(ahead.0);
        let minutes = i32::try_from(ahead.digits(2, 2)?).ok()?;
        self.0 = ahead.0;
        Some(sign * (hours * 3600 + minutes * 60))
    }
}

/// A time at the beginning of a text, and what follows it.
pub(crate) type Found<'a> = (i64, &'a str);

/// RFC 3339 and its relatives: `2026-01-02T03:04:05.678+01:00`, `2026-01-02 03:04:05,678`, `2026/01/02 03:04:05`.
pub(crate) fn iso<'a>(text: &'a str, context: &TimeContext) -> Option<Found<'a>> {
    let mut scan = Scan(text);
    let year = i16::try_from(scan.digits(4, 4)?).ok()?;
    scan.one_of(&['-', '/'])?;
    let month = scan.small(2)?;
    scan.one_of(&['-', '/'])?;
    let day = scan.small(2)?;
    scan.one_of(&['T', 't', ' '])?;
    let clock = scan.clock()?;
    let spaced = scan.0.strip_prefix(' ').filter(|rest| rest.starts_with(['+', '-']));
    let mut zoned = Scan(spaced.unwrap_or(scan.0));
    let offset = zoned.zone();
    if offset.is_some() {
        scan = zoned;
    }
    Some((context.instant(clock.on(year, month, day)?, clock.micros, offset)?, scan.0))
}

/// RFC 3164: `Jan  2 03:04:05`, also with the year that some devices add: `Jan 02 2026 03:04:05`.
pub(crate) fn bsd<'a>(text: &'a str, context: &TimeContext) -> Option<Found<'a>> {
    let mut scan = Scan(text);
    let month = scan.month()?;
    scan.spaces()?;
    let day = scan.small(1)?;
    scan.spaces()?;
    let mut with_year = Scan(scan.0);
    if let Some(year) = with_year.digits(4, 4)
        && with_year.spaces().is_some()
    {
        let clock = with_year.clock()?;
        let time = clock.on(i16::try_from(year).ok()?, month, day)?;
        return Some((context.instant(time, clock.micros, None)?, with_year.0));
    }
    let clock = scan.clock()?;
    Some((context.without_year(month, day, clock)?, scan.0))
}

/// The common log format: `10/Oct/2026:13:55:36 -0700`.
pub(crate) fn clf<'a>(text: &'a str, context: &TimeContext) -> Option<Found<'a>> {
    let mut scan = Scan(text);
    let day = scan.small(2)?;
    scan.one_of(&['/'])?;
    let month = scan.month()?;
    scan.one_of(&['/'])?;
    let year = i16::try_from(scan.digits(4, 4)?).ok()?;
    scan.one_of(&[':'])?;
    let clock = scan.clock()?;
    scan.0 = scan.0.strip_prefix(' ').unwrap_or(scan.0);
    let offset = scan.zone();
    Some((context.instant(clock.on(year, month, day)?, clock.micros, offset)?, scan.0))
}

/// C's `ctime` as Apache's error log has it: `Fri Sep 09 10:42:29.902022 2026`.
pub(crate) fn ctime<'a>(text: &'a str, context: &TimeContext) -> Option<Found<'a>> {
    let mut scan = Scan(text.get(3..)?);
    scan.spaces()?;
    let month = scan.month()?;
    scan.spaces()?;
    let day = scan.small(1)?;
    scan.spaces()?;
    let clock = scan.clock()?;
    scan.spaces()?;
    let year = i16::try_from(scan.digits(4, 4)?).ok()?;
    Some((context.instant(clock.on(year, month, day)?, clock.micros, None)?, scan.0))
}

/// Unix time in seconds with a fraction, or in milliseconds, microseconds or nanoseconds by its size.
pub(crate) fn unix(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(9..=19).contains(&whole.len()) || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        9..=11 => {
            let used = fraction.len().min(6);
            let micros: i64 = if used == 0 { 0 } else { fraction[..used].parse().ok()? };
            Some(number * 1_000_000 + micros * 10_i64.pow(6 - used as u32))
        }
        12..=14 => number.checked_mul(1_000),
        15..=17 => Some(number),
        _ => Some(number / 1_000),
    }
}

/// Any of the above that is the whole text.
pub(crate) fn any(text: &str, context: &TimeContext) -> Option<i64> {
    let text = text.trim();
    let whole = |found: Found<'_>| found.1.trim().is_empty().then_some(found.0);
    let readers = [iso, bsd, clf, ctime];
    unix(text).or_else(|| readers.iter().find_map(|read| read(text, context).and_then(whole)))
}

/// A time that the text begins with, in brackets or not.
pub(crate) fn leading(text: &str, context: &TimeContext) -> Option<i64> {
    let text = text.trim_start_matches(['[', '(', ' ']);
    let found = iso(text, context).or_else(|| bsd(text, context)).or_else(|| clf(text, context));
    found.and_then(|(time, _)| context.believed(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-01T00:00:00Z.
    const RECEIVED: i64 = 1_772_323_200_000_000;

    fn context() -> TimeContext {
        TimeContext::utc(RECEIVED)
    }

    fn shown(time: Option<i64>) -> String {
        time.map_or_else(
            || "none".to_owned(),
            |time| jiff::Timestamp::from_microsecond(time).unwrap().to_string(),
        )
    }

    #[test]
    fn times_are_read_as_logs_write_them() {
        for (text, expected) in [
            ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02 03:04:05,678", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
            ("2026/01/02 03:04:05", "2026-01-02T03:04:05Z"),
            ("10/Oct/2025:13:55:36 -0700", "2025-10-10T20:55:36Z"),
            ("Fri Sep 09 10:42:29.902022 2025", "2025-09-09T10:42:29.902022Z"),
            ("1767322800", "2026-01-02T03:00:00Z"),
            ("1767322800.25", "2026-01-02T03:00:00.25Z"),
            ("1767322800123", "2026-01-02T03:00:00.123Z"),
            ("2026-13-02T03:04:05Z", "none"),
            ("2026-01-02", "none"),
            ("", "none"),
        ] {
            assert_eq!(shown(any(text, &context())), expected, "{text}");
        }
    }

    #[test]
    fn a_missing_year_is_the_latest_that_fits() {
        for (text, expected) in [
            ("Feb 28 23:59:59", "2026-02-28T23:59:59Z"),
            ("Mar  1 12:00:00", "2026-03-01T12:00:00Z"),
            ("Mar  3 12:00:00", "2025-03-03T12:00:00Z"),
            ("Dec 31 23:59:59", "2025-12-31T23:59:59Z"),
            ("Feb 29 01:00:00", "2024-02-29T01:00:00Z"),
            ("Jan 02 2024 03:04:05", "2024-01-02T03:04:05Z"),
        ] {
            assert_eq!(shown(any(text, &context())), expected, "{text}");
        }
    }

    #[test]
    fn a_zone_that_is_not_said_is_that_of_the_context() {
        let zone = Offset::constant(2).to_time_zone();
        let context = TimeContext { received: RECEIVED, zone };
        assert_eq!(shown(any("2026-01-02 03:04:05", &context)), "2026-01-02T01:04:05Z");
    }

    #[test]
    fn a_clock_far_ahead_is_not_believed() {
        assert_eq!(leading("2026-03-01T20:00:00Z x", &context()), Some(RECEIVED + 72_000_000_000));
        assert_eq!(leading("2036-03-01T20:00:00Z x", &context()), None);
    }
}
