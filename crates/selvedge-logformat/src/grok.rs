//! Grok: regular expressions with named building blocks, `%{IP:client} %{WORD:method}`.
//!
//! Patterns are expanded and compiled once. The engine has no look-around and no back references, and takes time
//! linear in the line.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use regex::Regex;

use crate::{Parsed, TimeContext, logfmt};

/// An expanded pattern that is longer is refused.
const EXPANDED_BYTES_MAX: usize = 64 << 10;
/// Blocks within blocks; deeper ones are taken for a circle.
const DEPTH_MAX: usize = 16;
/// Memory of a compiled pattern.
const COMPILED_BYTES_MAX: usize = 8 << 20;

/// The built-in blocks.
const BLOCKS: &[(&str, &str)] = &[
    ("WORD", r"\b\w+\b"),
    ("NOTSPACE", r"\S+"),
    ("SPACE", r"\s*"),
    ("DATA", r".*?"),
    ("GREEDYDATA", r".*"),
    ("INT", r"[+-]?[0-9]+"),
    ("POSINT", r"[1-9][0-9]*"),
    ("NONNEGINT", r"[0-9]+"),
    ("BASE10NUM", r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    ("NUMBER", r"%{BASE10NUM}"),
    ("BASE16NUM", r"[+-]?(?:0x)?[0-9A-Fa-f]+"),
    ("QUOTEDSTRING", r#"(?:"(?:\\.|[^\\"])*"|'(?:\\.|[^\\'])*')"#),
    ("QS", r"%{QUOTEDSTRING}"),
    ("UUID", r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"),
    ("MAC", r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}"),
    ("IPV4", r"(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"),
    ("IPV6", r"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:%{IPV4}|[0-9A-Fa-f]{0,4})(?:%[0-9A-Za-z]+)?"),
    ("IP", r"(?:%{IPV6}|%{IPV4})"),
    ("HOSTNAME", r"[0-9A-Za-z][0-9A-Za-z_-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z_-]{0,62})*\.?"),
    ("IPORHOST", r"(?:%{IP}|%{HOSTNAME})"),
    ("HOSTPORT", r"%{IPORHOST}:%{POSINT}"),
    ("USERNAME", r"[a-zA-Z0-9._-]+"),
    ("USER", r"%{USERNAME}"),
    ("EMAILADDRESS", r"[a-zA-Z0-9!#$%&'*+/=?^_{|}~.-]+@%{HOSTNAME}"),
    ("UNIXPATH", r"/(?:[^\s/]+/?)*"),
    ("WINPATH", r"(?:[A-Za-z]:|\\)(?:\\[^\\?*\s]*)+"),
    ("PATH", r"(?:%{UNIXPATH}|%{WINPATH})"),
    ("URIPROTO", r"[A-Za-z][A-Za-z0-9+.-]+"),
    ("URIHOST", r"%{IPORHOST}(?::%{POSINT})?"),
    ("URIPATH", r"/[^\s?#]*"),
    ("URIPARAM", r"\?\S*"),
    ("URIPATHPARAM", r"%{URIPATH}(?:%{URIPARAM})?"),
    ("URI", r"%{URIPROTO}://(?:%{USER}(?::[^@\s]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?"),
    ("MONTH", r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"),
    ("MONTHNUM", r"(?:0?[1-9]|1[0-2])"),
    ("MONTHDAY", r"(?:0[1-9]|[12][0-9]|3[01]|[1-9])"),
    ("DAY", r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b"),
    ("YEAR", r"[0-9]{4}|[0-9]{2}"),
    ("HOUR", r"(?:2[0-3]|[01]?[0-9])"),
    ("MINUTE", r"[0-5][0-9]"),
    ("SECOND", r"(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?"),
    ("TIME", r"%{HOUR}:%{MINUTE}(?::%{SECOND})?"),
    ("ISO8601_TIMEZONE", r"(?:Z|[+-]%{HOUR}:?%{MINUTE})"),
    (
        "TIMESTAMP_ISO8601",
        r"[0-9]{4}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?",
    ),
    ("SYSLOGTIMESTAMP", r"%{MONTH} +%{MONTHDAY} %{TIME}"),
    ("HTTPDATE", r"%{MONTHDAY}/%{MONTH}/[0-9]{4}:%{TIME} %{INT}"),
    (
        "LOGLEVEL",
        r"(?i:trace|debug|info(?:rmation)?|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|alert|emerg(?:ency)?)",
    ),
    ("PROG", r"[^\s\[\]:]+"),
    ("SYSLOGPROG", r"%{PROG:program}(?:\[%{POSINT:pid}\])?"),
    ("SYSLOGHOST", r"%{IPORHOST}"),
    ("SYSLOGBASE", r"%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGHOST:host} )?%{SYSLOGPROG}:"),
    (
        "COMMONAPACHELOG",
        r#"%{IPORHOST:clientip} %{NOTSPACE:ident} %{NOTSPACE:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} (?:%{NUMBER:bytes}|-)"#,
    ),
    ("COMBINEDAPACHELOG", r"%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}"),
];

/// Why a pattern is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrokError {
    /// A block that nobody defined.
    #[error("there is no pattern called `{0}`")]
    Unknown(String),
    /// Blocks within blocks without end.
    #[error("pattern `{0}` contains itself, or nests deeper than {DEPTH_MAX} levels")]
    Deep(String),
    /// The expanded pattern is too long.
    #[error("the pattern expands to more than {EXPANDED_BYTES_MAX} bytes")]
    Long,
    /// A `%{` without `}`.
    #[error("`%{{` without `}}`")]
    Open,
    /// The expanded pattern is no regular expression.
    #[error("the expanded pattern is no regular expression: {0}")]
    Regex(String),
}

/// Compiled patterns, tried in order.
#[derive(Debug, Clone)]
pub struct Grok {
    patterns: Vec<Compiled>,
}

#[derive(Debug, Clone)]
struct Compiled {
    regex: Regex,
    /// For each capture group the field it gives.
    fields: Vec<Option<String>>,
}

impl Grok {
    /// Compiles patterns with blocks of one's own beside the built-in ones. Own blocks win.
    pub fn new(patterns: &[String], own_blocks: &BTreeMap<String, String>) -> Result<Self, GrokError> {
        let compile = |pattern: &String| {
            let mut expansion = Expansion { own_blocks, out: String::new(), names: BTreeMap::new() };
            expansion.expand(pattern, 0, "the pattern")?;
            let regex = regex::RegexBuilder::new(&expansion.out).size_limit(COMPILED_BYTES_MAX).build();
            let regex = regex.map_err(|error| GrokError::Regex(error.to_string()))?;
            let fields = regex
                .capture_names()
                .map(|name| {
                    name.map(|name| expansion.names.get(name).cloned().unwrap_or_else(|| name.to_owned()))
                })
                .collect();
            Ok(Compiled { regex, fields })
        };
        Ok(Self { patterns: patterns.iter().map(compile).collect::<Result<_, _>>()? })
    }

    /// The fields of the first pattern that fits.
    pub(crate) fn parse<'a>(&self, text: &'a str, context: &TimeContext) -> Option<Parsed<'a>> {
        self.patterns.iter().find_map(|pattern| {
            let captures = pattern.regex.captures(text)?;
            let mut parsed = Parsed::default();
            for (field, capture) in pattern.fields.iter().zip(captures.iter()) {
                if let (Some(field), Some(capture)) = (field, capture) {
                    parsed.put(field.clone(), Cow::Borrowed(capture.as_str()));
                }
            }
            logfmt::envelope(&mut parsed, context);
            parsed.message.get_or_insert(text.into());
            Some(parsed)
        })
    }
}

struct Expansion<'a> {
    own_blocks: &'a BTreeMap<String, String>,
    out: String,
    /// Field of each named group, since fields may have names that groups cannot.
    names: BTreeMap<String, String>,
}

impl Expansion<'_> {
    fn expand(&mut self, pattern: &str, depth: usize, name: &str) -> Result<(), GrokError> {
        if depth > DEPTH_MAX {
            return Err(GrokError::Deep(name.to_owned()));
        }
        let mut rest = pattern;
        while let Some(at) = rest.find("%{") {
            self.push(&rest[..at])?;
            let (reference, after) = rest[at + 2..].split_once('}').ok_or(GrokError::Open)?;
            let mut parts = reference.splitn(3, ':');
            let block = parts.next().unwrap_or_default();
            // The third part is a type; columns hold text, so it changes nothing.
            match parts.next().filter(|field| !field.is_empty()) {
                Some(field) => {
                    let group = format!("g{}", self.names.len());
                    let _ = write!(self.out, "(?P<{group}>");
                    self.names.insert(group, field_name(field));
                }
                None => self.push("(?:")?,
            }
            let body = self.block(block).ok_or_else(|| GrokError::Unknown(block.to_owned()))?.to_owned();
            self.expand(&body, depth + 1, block)?;
            self.push(")")?;
            rest = after;
        }
        self.push(rest)
    }

    fn push(&mut self, text: &str) -> Result<(), GrokError> {
        self.out.push_str(text);
        if self.out.len() > EXPANDED_BYTES_MAX { Err(GrokError::Long) } else { Ok(()) }
    }

    fn block(&self, name: &str) -> Option<&str> {
        let built_in = || BLOCKS.iter().find(|(known, _)| *known == name).map(|(_, body)| *body);
        self.own_blocks.get(name).map(String::as_str).or_else(built_in)
    }
}

/// `[http][status]`, as newer Logstash writes it, is `http.status`.
fn field_name(name: &str) -> String {
    match name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => inner.replace("][", "."),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grok(pattern: &str) -> Result<Grok, GrokError> {
        Grok::new(&[pattern.to_owned()], &BTreeMap::from([("CIRCLE".to_owned(), "%{CIRCLE}".to_owned())]))
    }

    #[test]
    fn fields_are_captured_by_their_names() {
        let grok = grok("%{IP:client} %{WORD:[http][method]} %{NUMBER:took:float}ms (?<rest>.*)").unwrap();
        let parsed = grok.parse("10.0.0.1 GET 3.5ms and more", &TimeContext::utc(0)).unwrap();
        for (name, value) in
            [("client", "10.0.0.1"), ("http.method", "GET"), ("took", "3.5"), ("rest", "and more")]
        {
            assert_eq!(parsed.get(name), Some(value), "{name}");
        }
        assert_eq!(grok.parse("nothing of it", &TimeContext::utc(0)), None);
    }

    #[test]
    fn bad_patterns_are_refused() {
        assert_eq!(grok("%{NOPE}").unwrap_err(), GrokError::Unknown("NOPE".to_owned()));
        assert_eq!(grok("%{CIRCLE}").unwrap_err(), GrokError::Deep("CIRCLE".to_owned()));
        assert_eq!(grok("%{WORD").unwrap_err(), GrokError::Open);
        assert!(matches!(grok("("), Err(GrokError::Regex(_))));
    }

    #[test]
    fn every_built_in_block_compiles() {
        for (name, _) in BLOCKS {
            assert!(grok(&format!("%{{{name}:x}}")).is_ok(), "{name}");
        }
        let line = r#"10.0.0.1 - bob [10/Oct/2025:13:55:36 -0700] "GET /a HTTP/1.1" 200 5 "-" "curl""#;
        let parsed = grok("^%{COMBINEDAPACHELOG}$").unwrap();
        let parsed = parsed.parse(line, &TimeContext::utc(1_772_323_200_000_000)).unwrap();
        assert_eq!(
            (parsed.get("verb"), parsed.get("response"), parsed.get("agent")),
            (Some("GET"), Some("200"), Some("\"curl\""))
        );
        assert!(parsed.time.is_some());
    }
}
