//! Checks on texts that the schemas of SBOM formats express as patterns and formats.

use super::cpe;
use crate::cyclonedx;

/// A check by its name in the shape files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Serial,
    MediaType,
    Digest,
    BomLink,
    ElementLink,
    Locale,
    Cre,
    PatentNumber,
    Country,
    Line,
    DateTime,
    Date,
    IriReference,
    Uri,
    Email,
    SpdxId,
    SerialOrGuid,
    Cpe,
    XsBoolean,
    XsDateTime,
    XsDate,
}

/// Check, name in the shape files, what it wants in words.
const TABLE: &[(Check, &str, &str)] = &[
    (Check::Serial, "serial", "`urn:uuid:` and a UUID in lower case"),
    (Check::MediaType, "media-type", "a media type"),
    (Check::Digest, "digest", "a digest of 32, 40, 64, 96 or 128 hexadecimal digits"),
    (Check::BomLink, "bom-link", "a BOM-Link to a document"),
    (Check::ElementLink, "element-link", "a BOM-Link to an element"),
    (Check::Locale, "locale", "a locale such as `en` or `en-GB`"),
    (Check::Cre, "cre", "an identifier such as `CRE:764-507`"),
    (Check::PatentNumber, "patent-number", "a patent number"),
    (Check::Country, "country", "two capital letters"),
    (Check::Line, "line", "a text of one line"),
    (Check::DateTime, "date-time", "a date and time as RFC 3339 has it"),
    (Check::Date, "date", "a date as RFC 3339 has it"),
    (Check::IriReference, "iri-reference", "an address"),
    (Check::Uri, "uri", "an absolute address"),
    (Check::Email, "idn-email", "an e-mail address"),
    (Check::SpdxId, "spdx-id", "an identifier of the SPDX licence list"),
    (Check::SerialOrGuid, "serial-or-guid", "`urn:uuid:` and a UUID in lower case"),
    (Check::Cpe, "cpe", "a CPE 2.2 or 2.3 name"),
    (Check::XsBoolean, "xs-boolean", "true or false"),
    (Check::XsDateTime, "xs-date-time", "a date and time"),
    (Check::XsDate, "xs-date", "a date"),
];

impl Check {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// What it wants, for messages.
    pub(super) fn expects(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// Whether XML ignores white space around it.
    pub(super) fn is_token(self) -> bool {
        matches!(self, Self::Digest | Self::MediaType | Self::BomLink | Self::ElementLink)
    }

    /// Whether a text passes.
    pub(super) fn passes(self, text: &str) -> bool {
        match self {
            Self::Serial => cyclonedx::is_serial(text) && !text.bytes().any(|it| it.is_ascii_uppercase()),
            Self::MediaType => {
                text.split_once('/').is_some_and(|(kind, rest)| is_media(kind) && is_media(rest))
            }
            Self::Digest => {
                matches!(text.len(), 32 | 40 | 64 | 96 | 128) && text.bytes().all(|it| it.is_ascii_hexdigit())
            }
            Self::BomLink => is_document_link(text),
            Self::ElementLink => text
                .split_once('#')
                .is_some_and(|(link, element)| is_document_link(link) && !element.is_empty()),
            Self::Locale => is_locale(text),
            Self::Cre => text.strip_prefix("CRE:").and_then(|it| it.split_once('-')).is_some_and(|(a, b)| {
                [a, b].iter().all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
            }),
            Self::PatentNumber => is_patent_number(text),
            Self::Country => text.len() == 2 && text.bytes().all(|it| it.is_ascii_uppercase()),
            Self::Line => !text.contains(['\n', '\r', '\u{2028}', '\u{2029}']),
            Self::DateTime => is_date_time(text),
            Self::Date => is_date(text),
            Self::IriReference => {
                !text.chars().any(|it| it.is_control() || it.is_whitespace() || "<>\"{}|\\^`".contains(it))
            }
            Self::Uri => {
                let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
                Self::IriReference.passes(text) && scheme.starts_with(|it: char| it.is_ascii_alphabetic())
            }
            Self::Email => {
                text.rsplit_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
            }
            Self::SpdxId => crate::license::is_listed(text),
            Self::SerialOrGuid => {
                let guid = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
                Self::Serial.passes(text)
                    || guid.is_some_and(|it| Self::Serial.passes(&format!("urn:uuid:{it}")))
            }
            Self::Cpe => cpe::is_name(text),
            Self::XsBoolean => matches!(text.trim(), "true" | "false" | "1" | "0"),
            Self::XsDateTime => {
                let text = text.trim();
                is_date_time(text) || is_date_time(&format!("{text}Z"))
            }
            Self::XsDate => {
                let text = text.trim();
                let without_zone = text.get(..10).filter(|_| text.len() == 10 || is_zone(&text[10..]));
                without_zone.is_some_and(is_date)
            }
        }
    }
}

fn is_media(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-+.".contains(&it))
}

/// `urn:cdx:UUID/VERSION`.
fn is_document_link(text: &str) -> bool {
    let parts = text.strip_prefix("urn:cdx:").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(uuid, version)| {
        Check::Serial.passes(&format!("urn:uuid:{uuid}"))
            && version.bytes().all(|it| it.is_ascii_digit())
            && version.starts_with(|it: char| ('1'..='9').contains(&it))
    })
}

fn is_locale(text: &str) -> bool {
    let (language, region) =
        text.split_once('-').map_or((text, None), |(language, region)| (language, Some(region)));
    language.len() == 2
        && language.bytes().all(|it| it.is_ascii_lowercase())
        && region.is_none_or(|region| region.len() == 2 && region.bytes().all(|it| it.is_ascii_uppercase()))
}

fn is_patent_number(text: &str) -> bool {
    let is_inner = |it: u8| it.is_ascii_alphanumeric() || it.is_ascii_whitespace() || b"-/.()".contains(&it);
    (2..=30).contains(&text.len())
        && text.bytes().all(is_inner)
        && text.starts_with(|it: char| it.is_ascii_alphanumeric())
        && text.ends_with(|it: char| it.is_ascii_alphanumeric())
}

/// RFC 3339, 5.6.
pub(crate) fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let Some(time_end) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (time, zone) = time.split_at(time_end);
    is_date(date) && is_time(time) && is_zone(zone)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let (text, fraction) = text.split_once('.').map_or((text, "0"), |parts| parts);
    let parts: Vec<&str> = text.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    digits(hour, 2).is_some_and(|it| it < 24)
        && digits(minute, 2).is_some_and(|it| it < 60)
        && digits(second, 2).is_some_and(|it| it <= 60)
        && !fraction.is_empty()
        && fraction.bytes().all(|it| it.is_ascii_digit())
}

fn is_zone(text: &str) -> bool {
    if matches!(text, "Z" | "z") {
        return true;
    }
    let Some((hour, minute)) = text.strip_prefix(['+', '-']).and_then(|it| it.split_once(':')) else {
        return false;
    };
    digits(hour, 2).is_some_and(|it| it < 24) && digits(minute, 2).is_some_and(|it| it < 60)
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(check: Check, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(check.passes(text), "{check:?} refuses {text}");
        }
        for text in wrong {
            assert!(!check.passes(text), "{check:?} takes {text}");
        }
    }

    #[test]
    fn times_are_those_of_rfc_3339() {
        let right = ["2026-11-25T10:00:00Z", "2024-02-29T23:59:60.123+02:00", "2020-04-13t20:20:39z"];
        let wrong =
            ["2026-11-25", "2026-11-25T10:00Z", "2026-02-29T10:00:00Z", "2026-13-01T10:00:00Z", "x", "T"];
        check(Check::DateTime, &right, &wrong);
    }

    #[test]
    fn the_others_take_what_the_patterns_take() {
        let uuid = "3e671687-395b-41f5-a30f-a58921a69b79";
        check(
            Check::Serial,
            &[&format!("urn:uuid:{uuid}")],
            &[uuid, "urn:uuid:3E671687-395b-41f5-a30f-a58921a69b79"],
        );
        check(
            Check::BomLink,
            &[&format!("urn:cdx:{uuid}/1")],
            &[&format!("urn:cdx:{uuid}/0"), &format!("urn:cdx:{uuid}/1#a")],
        );
        check(Check::ElementLink, &[&format!("urn:cdx:{uuid}/12#a")], &[&format!("urn:cdx:{uuid}/1#"), "a"]);
        check(Check::Locale, &["en", "en-GB"], &["EN", "en-gb", "en-"]);
        check(Check::Cre, &["CRE:764-507"], &["CRE:764", "CRE:a-1"]);
        check(Check::MediaType, &["image/jpeg", "application/vnd.a+json"], &["image", "Image/x", "/"]);
        check(Check::PatentNumber, &["US-1234/5"], &["-1", "1"]);
        check(Check::SpdxId, &["MIT", "Apache-2.0", "GPL-2.0"], &["mit", "MIT OR ISC", "Nowhere"]);
        check(Check::IriReference, &["https://example.org/ä?x=%20", "../a", ""], &["a b", "<a>"]);
    }
}
