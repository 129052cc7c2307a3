//! `[[logs.input]]`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use selvedge_logformat::{CsvFormat, Format, Grok, Join, KeyValueFormat};
use serde::Deserialize;

use super::{Secret, Size, check_name, typed};
use crate::input::whole::WholeFormat;
use crate::intake::WhenFull;
use crate::tls::TlsConfig;

/// One input.
#[derive(Debug, Clone)]
pub struct InputConfig {
    /// What every input has.
    pub common: CommonInput,
    /// The format of its records, ready to use.
    pub format: Format,
    /// What the kind of input has.
    pub kind: InputKind,
}

/// A kind of input with its keys.
#[derive(Debug, Clone)]
pub enum InputKind {
    /// `file`: files that grow, and finished ones.
    File(FileInput),
    /// `evtx` and `json-records`: files that are read as a whole.
    Whole(WholeInput),
    /// `stdin`.
    Stdin,
    /// `journald`.
    Journald(JournaldInput),
    /// `syslog`.
    Syslog(SyslogInput),
    /// `http`.
    Http(HttpInput),
}

const COMMON_KEYS: &[&str] = &[
    "name",
    "type",
    "when-full",
    "format",
    "patterns",
    "blocks",
    "columns",
    "delimiter",
    "pair-separator",
    "value-separator",
    "timezone",
    "product",
    "category",
    "service",
    "line-bytes",
];
const TYPES: &[&str] = &["file", "evtx", "json-records", "stdin", "journald", "syslog", "http"];
const FORMATS: &[&str] = &[
    "auto",
    "json",
    "syslog",
    "logfmt",
    "key-value",
    "access",
    "apache-error",
    "nginx-error",
    "auditd",
    "cef",
    "leef",
    "csv",
    "windows-event",
    "docker",
    "cri",
    "grok",
    "raw",
];

/// Keys of every input.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommonInput {
    /// Names it in marks, metrics and messages. Renaming it means reading from the beginning.
    pub name: String,
    /// The kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// What to do when the spool is full.
    #[serde(default)]
    pub when_full: WhenFull,
    /// The format of records.
    #[serde(default = "auto")]
    pub format: String,
    /// Grok patterns, tried in order.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Grok building blocks of one's own.
    #[serde(default)]
    pub blocks: BTreeMap<String, String>,
    /// Names of CSV columns.
    #[serde(default)]
    pub columns: Vec<String>,
    /// What separates CSV values.
    pub delimiter: Option<String>,
    /// What separates pairs of `key-value`.
    pub pair_separator: Option<String>,
    /// What separates a key from its value.
    pub value_separator: Option<String>,
    /// The zone of times that name none: `Europe/Berlin`, `UTC`.
    pub timezone: Option<String>,
    /// Sigma's log source.
    pub product: Option<String>,
    /// Sigma's log source.
    pub category: Option<String>,
    /// Sigma's log source.
    pub service: Option<String>,
    /// A longer line is cut into pieces.
    #[serde(default = "default_line")]
    pub line_bytes: Size,
}

fn auto() -> String {
    "auto".to_owned()
}

fn default_line() -> Size {
    Size(256 << 10)
}

/// Lines longer than this cannot be asked for.
const LINE_BYTES_MAX: u64 = 4 << 20;
const LINE_BYTES_MIN: u64 = 256;

/// Where a file is read from when its input runs for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartAt {
    /// From its first line.
    #[default]
    Beginning,
    /// From where it ends.
    End,
}

/// How lines become records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JoinName {
    /// One line, one record.
    Lines,
    /// Stack traces belong to the line before.
    StackTraces,
    /// Pieces of Kubernetes CRI lines.
    Cri,
    /// Pieces of docker lines.
    Docker,
}

/// Keys of `type = "file"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileInput {
    /// Patterns of paths.
    pub include: Vec<String>,
    /// Patterns of paths that are left out.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Where to begin at the first run.
    #[serde(default)]
    pub start: StartAt,
    /// Whether the files no longer grow: what follows the last line end is a record.
    #[serde(default)]
    pub finished: bool,
    /// How lines become records.
    pub join: Option<JoinName>,
    /// A regular expression that matches the first line of each record.
    pub join_start: Option<String>,
    /// How often to look for new lines, in milliseconds.
    #[serde(default = "default_poll")]
    pub poll_ms: u64,
}

fn default_poll() -> u64 {
    50
}

impl FileInput {
    /// How lines become records; container formats are joined by themselves.
    pub(crate) fn join(&self, format: &str) -> Result<Join, String> {
        match (&self.join_start, self.join, format) {
            (Some(_), Some(_), _) => Err("`join` and `join-start` exclude each other".to_owned()),
            (Some(pattern), None, _) => Join::start(pattern),
            (None, Some(JoinName::StackTraces), _) => Ok(Join::StackTraces),
            (None, Some(JoinName::Cri), _) | (None, None, "cri") => Ok(Join::Cri),
            (None, Some(JoinName::Docker), _) | (None, None, "docker") => Ok(Join::Docker),
            (None, Some(JoinName::Lines) | None, _) => Ok(Join::Lines),
        }
    }
}

/// Keys of `type = "evtx"` and `type = "json-records"`.
#[derive(Debug, Clone)]
pub struct WholeInput {
    /// What the files are.
    pub format: WholeFormat,
    /// Patterns of paths.
    pub include: Vec<String>,
    /// Patterns of paths that are left out.
    pub exclude: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WholeKeys {
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
}

/// Keys of `type = "journald"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct JournaldInput {
    /// Units; none means all.
    #[serde(default)]
    pub units: Vec<String>,
    /// A folder of journal files instead of the running system's.
    pub directory: Option<PathBuf>,
    /// Where to begin at the first run.
    #[serde(default)]
    pub start: StartAt,
}

/// Keys of `type = "syslog"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SyslogInput {
    /// Where to take datagrams.
    pub udp: Option<SocketAddr>,
    /// Where to take connections.
    pub tcp: Option<SocketAddr>,
    /// TLS for connections.
    pub tls: Option<TlsConfig>,
    /// Open connections, all together.
    #[serde(default = "default_connections")]
    pub connections_max: usize,
    /// Open connections of one address.
    #[serde(default = "default_connections_per_address")]
    pub connections_per_address_max: usize,
    /// Records per second of one address.
    pub records_per_second_max: Option<u32>,
    /// A connection that is silent for longer is closed, in seconds.
    #[serde(default = "default_syslog_idle")]
    pub idle_seconds_max: u64,
}

/// A sender's token.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TokenConfig {
    /// Names the sender; it is the source of its records.
    pub name: String,
    /// The token.
    pub token: Secret,
}

/// Keys of `type = "http"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HttpInput {
    /// Where to listen.
    pub address: SocketAddr,
    /// TLS.
    pub tls: Option<TlsConfig>,
    /// Tokens; without any, everyone who can connect may send.
    #[serde(default)]
    pub tokens: Vec<TokenConfig>,
    /// Must be set to listen beyond loopback without tokens and client certificates.
    #[serde(default)]
    pub anonymous: bool,
    /// Bytes of a request's body as it comes.
    #[serde(default = "default_body")]
    pub body_bytes: Size,
    /// Bytes of a request's body once decompressed.
    #[serde(default = "default_text")]
    pub text_bytes: Size,
    /// Open connections, all together.
    #[serde(default = "default_connections")]
    pub connections_max: usize,
    /// Open connections of one address.
    #[serde(default = "default_connections_per_address")]
    pub connections_per_address_max: usize,
    /// Records per second of one address.
    pub records_per_second_max: Option<u32>,
    /// A connection that is silent for longer is closed, in seconds.
    #[serde(default = "default_http_idle")]
    pub idle_seconds_max: u64,
}

fn default_connections() -> usize {
    1_024
}

fn default_connections_per_address() -> usize {
    256
}

fn default_syslog_idle() -> u64 {
    3_600
}

fn default_http_idle() -> u64 {
    60
}

fn default_body() -> Size {
    Size(16 << 20)
}

fn default_text() -> Size {
    Size(64 << 20)
}

/// Reads one table.
pub(super) fn read(table: toml::Table) -> Result<InputConfig, String> {
    let (common, own): (toml::Table, toml::Table) =
        table.into_iter().partition(|(key, _)| COMMON_KEYS.contains(&key.as_str()));
    let common: CommonInput = typed(common, &[])?;
    check_name(&common.name)?;
    if !(LINE_BYTES_MIN..=LINE_BYTES_MAX).contains(&common.line_bytes.0) {
        return Err(format!("`line-bytes` must be between {LINE_BYTES_MIN} and {LINE_BYTES_MAX}"));
    }
    let format = format(&common)?;
    let kind = kind(&common, own)?;
    Ok(InputConfig { common, format, kind })
}

fn kind(common: &CommonInput, own: toml::Table) -> Result<InputKind, String> {
    match common.kind.as_str() {
        "file" => {
            let file: FileInput = typed(own, COMMON_KEYS)?;
            file.join(&common.format)?;
            Ok(InputKind::File(file))
        }
        "evtx" | "json-records" => {
            let WholeKeys { include, exclude } = typed(own, COMMON_KEYS)?;
            let format = if common.kind == "evtx" { WholeFormat::Evtx } else { WholeFormat::JsonRecords };
            Ok(InputKind::Whole(WholeInput { format, include, exclude }))
        }
        "stdin" => match own.keys().next() {
            None => Ok(InputKind::Stdin),
            Some(key) => {
                let near = selvedge_gate::suggestion(key, COMMON_KEYS.iter().copied());
                Err(format!("unknown key `{key}`{near}"))
            }
        },
        "journald" => Ok(InputKind::Journald(typed(own, COMMON_KEYS)?)),
        "syslog" => {
            let syslog: SyslogInput = typed(own, COMMON_KEYS)?;
            if syslog.udp.is_none() && syslog.tcp.is_none() {
                return Err("expected `udp` or `tcp` with the address to listen on".to_owned());
            }
            if syslog.tls.is_some() && syslog.tcp.is_none() {
                return Err("`tls` needs `tcp`".to_owned());
            }
            Ok(InputKind::Syslog(syslog))
        }
        "http" => {
            let http: HttpInput = typed(own, COMMON_KEYS)?;
            let is_guarded =
                !http.tokens.is_empty() || http.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some());
            if !is_guarded && !http.anonymous && !http.address.ip().is_loopback() {
                return Err(
                    "an address beyond loopback needs `tokens`, `tls.client-ca`, or `anonymous = true`"
                        .to_owned(),
                );
            }
            Ok(InputKind::Http(http))
        }
        other => {
            let near = selvedge_gate::suggestion(other, TYPES.iter().copied());
            Err(format!("unknown type `{other}`; expected one of {}{near}", TYPES.join(", ")))
        }
    }
}

fn format(common: &CommonInput) -> Result<Format, String> {
    Ok(match common.format.as_str() {
        // Files of Windows events hold nothing else.
        "auto" if common.kind == "evtx" => Format::WindowsEvent,
        "auto" => Format::Auto,
        "json" => Format::Json,
        "syslog" => Format::Syslog,
        "logfmt" => Format::Logfmt,
        "key-value" => Format::KeyValue(match (&common.pair_separator, &common.value_separator) {
            (Some(pair), Some(value)) if !pair.is_empty() && !value.is_empty() => {
                Some(KeyValueFormat { pair_separator: pair.clone(), value_separator: value.clone() })
            }
            (None, None) => None,
            _ => return Err("`pair-separator` and `value-separator` belong together".to_owned()),
        }),
        "access" => Format::Access,
        "apache-error" => Format::ApacheError,
        "nginx-error" => Format::NginxError,
        "auditd" => Format::Auditd,
        "cef" => Format::Cef,
        "leef" => Format::Leef,
        "csv" => {
            let delimiter = common.delimiter.as_deref().unwrap_or(",").as_bytes();
            match (delimiter, common.columns.is_empty()) {
                (_, true) => return Err("`format = \"csv\"` needs `columns`".to_owned()),
                ([delimiter], false) => {
                    Format::Csv(CsvFormat { columns: common.columns.clone(), delimiter: *delimiter })
                }
                _ => return Err("`delimiter` must be one ASCII character".to_owned()),
            }
        }
        "windows-event" => Format::WindowsEvent,
        "docker" => Format::Docker,
        "cri" => Format::Cri,
        "grok" if common.patterns.is_empty() => return Err("`format = \"grok\"` needs `patterns`".to_owned()),
        "grok" => {
            Format::Grok(Grok::new(&common.patterns, &common.blocks).map_err(|error| error.to_string())?)
        }
        "raw" => Format::Raw,
        other => {
            let near = selvedge_gate::suggestion(other, FORMATS.iter().copied());
            return Err(format!("unknown format `{other}`; expected one of {}{near}", FORMATS.join(", ")));
        }
    })
}
