//! What an input and a format parser know about a line besides its fields.

/// Sigma's log source (specification 2.1, "Log Source"), as far as the input knows it.
///
/// Absent parts mean that the input does not say; detection then judges by the fields alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Logsource<'a> {
    /// `windows`, `linux`, `aws` …
    pub product: Option<&'a str>,
    /// `process_creation`, `webserver` …
    pub category: Option<&'a str>,
    /// `sysmon`, `auditd`, `cloudtrail` …
    pub service: Option<&'a str>,
}

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// Name of the input, stable across restarts: a path, a listener, a unit.
    pub source: &'a str,
    /// Position in the input. With `source` it identifies the line, so that nothing is stored twice.
    pub position: u64,
    /// When it was received, in microseconds since 1970-01-01 UTC.
    pub received: i64,
    /// What the input knows of its log source.
    pub logsource: Logsource<'a>,
    /// The sender, where the input knows it. The event's own word comes first.
    pub host: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// An origin with neither log source nor host.
    pub fn new(source: &'a str, position: u64, received: i64) -> Self {
        Self { source, position, received, logsource: Logsource::default(), host: None }
    }
}

/// What a format parser found beside the fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// Event time in microseconds since 1970-01-01 UTC. If absent it is looked for among the fields.
    pub time: Option<i64>,
    /// The host that the event names. If absent it is looked for among the fields, then in the origin.
    pub host: Option<&'a str>,
    /// Severity as the source spells it.
    pub severity: Option<&'a str>,
    /// The text for people, where the format has one: the MSG part of syslog, the whole of a plain line.
    pub message: Option<&'a str>,
}

/// One value of a field. Columns hold text; numbers are written as decimal text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A whole number beyond `i64`.
    Unsigned(u64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// Present without a value; the same as absent.
    Null,
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
