//! Time stamps as events write them, in microseconds since 1970-01-01 UTC.

/// Reads RFC 3339 and its relatives (`T` or a space between, `,` or `.` before the fraction, no zone meaning
/// UTC), and Unix time in seconds, milliseconds, microseconds or nanoseconds by its size.
pub fn parse_time(text: &str) -> Option<i64> {
    let bytes = text.trim_ascii().as_bytes();
    if bytes.get(4) == Some(&b'-') { calendar(bytes) } else { unix(std::str::from_utf8(bytes).ok()?) }
}

/// `2020-06-10T02:50:57.552Z`.
fn calendar(bytes: &[u8]) -> Option<i64> {
    let year = digits(bytes, 0, 4)?;
    let month = digits(bytes, 5, 2)?;
    let day = digits(bytes, 8, 2)?;
    let hour = digits(bytes, 11, 2)?;
    let minute = digits(bytes, 14, 2)?;
    let second = digits(bytes, 17, 2)?;
    let separators = bytes.get(7) == Some(&b'-')
        && matches!(bytes.get(10), Some(b'T' | b't' | b' '))
        && bytes.get(13) == Some(&b':')
        && bytes.get(16) == Some(&b':');
    // 60 is a leap second, which RFC 3339 allows.
    let in_range = (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !separators || !in_range {
        return None;
    }
    let (micros, rest) = fraction(&bytes[19..])?;
    let offset = zone(rest)?;
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some(seconds * 1_000_000 + micros)
}

/// Number of `count` digits at `at`.
fn digits(bytes: &[u8], at: usize, count: usize) -> Option<i64> {
    bytes
        .get(at..at + count)?
        .iter()
        .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

/// Microseconds of a fraction, and what follows it. Digits beyond the sixth are cut.
fn fraction(bytes: &[u8]) -> Option<(i64, &[u8])> {
    if !matches!(bytes.first(), Some(b'.' | b',')) {
        return Some((0, bytes));
    }
    let length = bytes[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let used = length.min(6);
    let value = digits(bytes, 1, used)? * 10_i64.pow(6 - used as u32);
    Some((value, &bytes[1 + length..]))
}

/// Seconds east of UTC.
fn zone(bytes: &[u8]) -> Option<i64> {
    let bytes = bytes.trim_ascii_start();
    let sign = match bytes {
        [] | [b'Z' | b'z'] | b"UTC" => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let hours = digits(bytes, 1, 2)?;
    let minutes = match bytes.len() {
        3 => 0,
        5 => digits(bytes, 3, 2)?,
        6 if bytes[3] == b':' => digits(bytes, 4, 2)?,
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: years begin in March, so that the leap day is
/// the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Unix time; the unit follows from the number of digits, as sources mix them freely.
fn unix(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let value: i64 = whole.parse().ok()?;
    let (value, seconds) = match value.unsigned_abs() {
        // 1e11 seconds are in the year 5138, 1e11 milliseconds in 1973.
        0..100_000_000_000 => (value.checked_mul(1_000_000)?, true),
        100_000_000_000..100_000_000_000_000 => (value * 1000, false),
        100_000_000_000_000..100_000_000_000_000_000 => (value, false),
        _ => (value / 1000, false),
    };
    let digits_only = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !digits_only {
        return None;
    }
    let micros = format!("{fraction:0<6}")[..6].parse::<i64>().ok()?;
    Some(if seconds { value + micros } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(parse_time(text), expected, "{text}");
    }

    #[test]
    fn calendar_forms() {
        check("1970-01-01T00:00:00Z", Some(0));
        check("2020-06-10T02:50:57.552Z", Some(1_591_757_457_552_000));
        check("2020-06-10 02:50:57,552", Some(1_591_757_457_552_000));
        check("2020-06-10T04:50:57.5521239+02:00", Some(1_591_757_457_552_123));
        check("2020-06-10T04:50:57+0200", Some(1_591_757_457_000_000));
        check("2000-02-29T00:00:00Z", Some(951_782_400_000_000));
        check("1969-12-31T23:59:59Z", Some(-1_000_000));
    }

    #[test]
    fn unix_forms() {
        check("1591757457", Some(1_591_757_457_000_000));
        check("1591757457.25", Some(1_591_757_457_250_000));
        check("1591757457552", Some(1_591_757_457_552_000));
        check("1591757457552123", Some(1_591_757_457_552_123));
        check("1591757457552123456", Some(1_591_757_457_552_123));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "yesterday", "2021-02-29T00:00:00Z", "2020-13-01T00:00:00Z", "2020-06-10", "1.x"] {
            check(text, None);
        }
        check("2020-06-10T02:50:57.Z", None);
        check("2020-06-10T02:50:57 CEST", None);
    }
}
