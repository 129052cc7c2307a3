//! CVE ids as numbers: what EPSS, KEV and aliases meet in.

use std::fmt;
use std::str::FromStr;

/// First year for which a CVE is stored.
const YEAR_FIRST: u32 = 1990;

/// Bits for the number within a year; the largest assigned have seven digits.
const NUMBER_BITS: u32 = 25;

/// A CVE id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cve(u32);

/// The text is no CVE id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a CVE id, expected CVE-YYYY-NNNN")]
pub struct NotACve;

impl Cve {
    /// The number that sorts and stores it.
    pub(crate) fn to_u32(self) -> u32 {
        self.0
    }

    /// The inverse of [`Cve::to_u32`].
    pub(crate) fn from_u32(number: u32) -> Self {
        Self(number)
    }
}

impl FromStr for Cve {
    type Err = NotACve;

    fn from_str(text: &str) -> Result<Self, NotACve> {
        let prefix = text.get(..4).ok_or(NotACve)?;
        let (year, number) = text.get(4..).and_then(|rest| rest.split_once('-')).ok_or(NotACve)?;
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !prefix.eq_ignore_ascii_case("CVE-") || year.len() != 4 || !is_digits(year) || number.len() < 4 {
            return Err(NotACve);
        }
        let year = year.parse::<u32>().map_err(|_| NotACve)?.checked_sub(YEAR_FIRST).ok_or(NotACve)?;
        let number = if is_digits(number) {
            number.parse::<u32>().map_err(|_| NotACve)?
        } else {
            return Err(NotACve);
        };
        if year >= 1 << (32 - NUMBER_BITS) || number >= 1 << NUMBER_BITS {
            return Err(NotACve);
        }
        Ok(Self(year << NUMBER_BITS | number))
    }
}

impl fmt::Display for Cve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0 & ((1 << NUMBER_BITS) - 1);
        write!(f, "CVE-{}-{number:04}", (self.0 >> NUMBER_BITS) + YEAR_FIRST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_and_other_text_does_not() {
        for id in ["CVE-1999-0001", "CVE-2024-3094", "CVE-2025-1234567"] {
            assert_eq!(id.parse::<Cve>().map(|cve| cve.to_string()), Ok(id.to_owned()));
        }
        for text in
            ["CVE-2024", "CVE-2024-", "CVE-24-1234", "CVE-2024-12a4", "GHSA-1", "CVE-2024-99999999999", ""]
        {
            assert_eq!(text.parse::<Cve>(), Err(NotACve), "{text}");
        }
    }
}
