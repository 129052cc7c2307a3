//! The formats, and finding the one a record is in.

use std::borrow::Cow;

use crate::{
    CsvFormat, Grok, KeyValueFormat, Outcome, Parsed, TimeContext, auditd, cef, container, journal, json,
    logfmt, programs, syslog, time, web, windows,
};

/// A format of records.
#[derive(Debug, Clone, Default)]
pub enum Format {
    /// Found anew for each record.
    #[default]
    Auto,
    /// JSON objects.
    Json,
    /// RFC 5424 and RFC 3164, and a format that is known inside.
    Syslog,
    /// Nothing but `key=value`.
    Logfmt,
    /// Pairs among other text, or with own separators.
    KeyValue(Option<KeyValueFormat>),
    /// Access logs of Apache and nginx, common and combined.
    Access,
    /// Apache's error log.
    ApacheError,
    /// nginx's error log.
    NginxError,
    /// Linux audit.
    Auditd,
    /// `ArcSight` CEF.
    Cef,
    /// IBM LEEF.
    Leef,
    /// Values in known columns.
    Csv(CsvFormat),
    /// Windows events: XML, or the JSON of [`crate::evtx`].
    WindowsEvent,
    /// docker's `json-file`.
    Docker,
    /// Kubernetes CRI.
    Cri,
    /// Own patterns.
    Grok(Grok),
    /// Not to be read: the record is its message.
    Raw,
}

impl Format {
    /// Reads a record. One that does not fit comes back as [`Outcome::Raw`].
    pub fn parse<'a>(&self, text: &'a str, context: &TimeContext) -> Outcome<'a> {
        let text = text.trim_end_matches(['\r', '\n']);
        let found = match self {
            Self::Auto => return auto(text, context),
            Self::Json => return if is_object(text) { Outcome::Json(text) } else { raw(text, context) },
            Self::Raw => None,
            Self::Syslog => {
                syslog::parse(text, context).map(|parsed| ("syslog", with_inner(parsed, context)))
            }
            Self::Logfmt => logfmt::parse(text, context).map(|parsed| ("logfmt", parsed)),
            Self::KeyValue(None) => logfmt::key_value(text, context).map(|parsed| ("key-value", parsed)),
            Self::KeyValue(Some(own)) => own.parse(text, context).map(|parsed| ("key-value", parsed)),
            Self::Access => web::access(text, context).map(|parsed| ("access", parsed)),
            Self::ApacheError => web::apache_error(text, context).map(|parsed| ("apache-error", parsed)),
            Self::NginxError => web::nginx_error(text, context).map(|parsed| ("nginx-error", parsed)),
            Self::Auditd => auditd::parse(text, context).map(|parsed| ("auditd", parsed)),
            Self::Cef => cef::cef(text, context).map(|parsed| ("cef", parsed)),
            Self::Leef => cef::leef(text, context).map(|parsed| ("leef", parsed)),
            Self::Csv(csv) => csv.parse(text, context).map(|parsed| ("csv", parsed)),
            Self::WindowsEvent => windows_event(text, context).map(|parsed| ("windows", parsed)),
            Self::Docker => container::docker(text, context).map(|parsed| ("docker", parsed)),
            Self::Cri => container::cri(text, context).map(|parsed| ("cri", parsed)),
            Self::Grok(grok) => grok.parse(text, context).map(|parsed| ("grok", parsed)),
        };
        found.map_or_else(|| raw(text, context), |(format, parsed)| Outcome::Fields(format, parsed))
    }
}

fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('{') && text.ends_with('}')
}

/// The record as its own message, with the time it begins with.
fn raw<'a>(text: &'a str, context: &TimeContext) -> Outcome<'a> {
    Outcome::Raw(Parsed {
        time: time::leading(text, context),
        message: Some(text.into()),
        ..Parsed::default()
    })
}

/// Decides by the first bytes which formats are worth trying; the first that fits wins.
fn auto<'a>(text: &'a str, context: &TimeContext) -> Outcome<'a> {
    let is_docker = text.starts_with("{\"log\":\"");
    if is_docker && let Some(parsed) = container::docker(text, context) {
        return Outcome::Fields("docker", parsed);
    }
    if journal::is_likely(text)
        && let Some(parsed) = journal::parse(text, context)
    {
        return Outcome::Fields("journal", parsed);
    }
    if is_object(text) && !text.starts_with("{\"Event\":{") {
        return Outcome::Json(text);
    }
    match plain(text, context) {
        Some((format, parsed)) => Outcome::Fields(format, parsed),
        None => raw(text, context),
    }
}

/// Everything but JSON.
fn plain<'a>(text: &'a str, context: &TimeContext) -> Option<(&'static str, Parsed<'a>)> {
    let first = *text.trim_start().as_bytes().first()?;
    let named = |format| move |parsed| (format, parsed);
    match first {
        b'{' => windows_event(text, context).map(named("windows")),
        b'<' => syslog::parse(text, context)
            .map(|parsed| ("syslog", with_inner(parsed, context)))
            .or_else(|| windows_event(text, context).map(named("windows"))),
        b'[' => web::apache_error(text, context).map(named("apache-error")),
        b'0'..=b'9' => container::cri(text, context)
            .map(named("cri"))
            .or_else(|| web::nginx_error(text, context).map(named("nginx-error")))
            .or_else(|| syslog::parse(text, context).map(|parsed| ("syslog", with_inner(parsed, context))))
            .or_else(|| web::access(text, context).map(named("access"))),
        _ => tagged(text, context)
            .or_else(|| syslog::parse(text, context).map(|parsed| ("syslog", with_inner(parsed, context))))
            .or_else(|| web::access(text, context).map(named("access"))),
    }
    .or_else(|| logfmt::parse(text, context).map(named("logfmt")))
    .or_else(|| logfmt::key_value(text, context).map(named("key-value")))
}

/// Formats that begin with their name.
fn tagged<'a>(text: &'a str, context: &TimeContext) -> Option<(&'static str, Parsed<'a>)> {
    if text.starts_with("CEF:") {
        return cef::cef(text, context).map(|parsed| ("cef", parsed));
    }
    if text.starts_with("LEEF:") {
        return cef::leef(text, context).map(|parsed| ("leef", parsed));
    }
    let is_audit = text.starts_with("type=") || text.starts_with("node=");
    if is_audit { auditd::parse(text, context).map(|parsed| ("auditd", parsed)) } else { None }
}

fn windows_event(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    if text.trim_start().starts_with('<') {
        return windows::xml(text, context);
    }
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    value.get("Event")?;
    Some(windows::from_json(&value, context))
}

/// Reads the text of a syslog message if that is in a format that says so itself, or by a program that is known.
fn with_inner<'a>(mut parsed: Parsed<'a>, context: &TimeContext) -> Parsed<'a> {
    let inner = match parsed.message {
        Some(Cow::Borrowed(whole)) => {
            if let Some(program) = parsed.get("appname").map(str::to_owned) {
                programs::add(&program, whole, &mut parsed);
            }
            let message = whole.trim_start_matches("@cee:").trim_start();
            tagged(message, context).map(|(_, inner)| inner).or_else(|| json::fields(message, context))
        }
        _ => None,
    };
    if let Some(inner) = inner {
        parsed.merge(inner);
    }
    parsed
}

/// The fields of a text that stands inside a line of a container runtime.
pub(crate) fn embedded(text: &str, context: &TimeContext) -> Option<Parsed<'static>> {
    let found =
        json::fields(text, context).or_else(|| plain(text, context).map(|(_, parsed)| owned(parsed)))?;
    Some(found)
}

fn owned(parsed: Parsed<'_>) -> Parsed<'static> {
    let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    Parsed {
        time: parsed.time,
        host: parsed.host.map(own),
        severity: parsed.severity.map(own),
        message: parsed.message.map(own),
        fields: parsed.fields.into_iter().map(|(name, value)| (own(name), own(value))).collect(),
        is_cut: parsed.is_cut,
    }
}
