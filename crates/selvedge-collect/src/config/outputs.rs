//! `[[logs.output]]`.

use std::path::PathBuf;

use serde::Deserialize;

use super::{Secret, check_name, typed};
use crate::deliver::BodyFormat;

/// One output for alerts.
#[derive(Debug, Clone)]
pub enum OutputConfig {
    /// `file`: one JSON object per line.
    File(FileOutput),
    /// `webhook`.
    Webhook(WebhookOutput),
    /// `syslog`.
    Syslog(SyslogOutput),
    /// `smtp`.
    Smtp(SmtpOutput),
}

const TYPES: &[&str] = &["file", "webhook", "syslog", "smtp"];

impl OutputConfig {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::File(output) => &output.name,
            Self::Webhook(output) => &output.name,
            Self::Syslog(output) => &output.name,
            Self::Smtp(output) => &output.name,
        }
    }
}

/// Keys of `type = "file"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileOutput {
    /// Its name.
    pub name: String,
    /// The file, appended to.
    pub path: PathBuf,
    /// The shape of a line: `selvedge` or `ocsf`.
    #[serde(default)]
    pub format: BodyFormat,
}

/// Keys of `type = "webhook"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WebhookOutput {
    /// Its name.
    pub name: String,
    /// Where to post.
    pub url: String,
    /// Sent as bearer token.
    pub token: Option<Secret>,
    /// The shape of the body: `selvedge`, `ocsf`, `slack` or `teams`.
    #[serde(default)]
    pub format: BodyFormat,
}

/// Keys of `type = "syslog"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SyslogOutput {
    /// Its name.
    pub name: String,
    /// `host:port`.
    pub address: String,
    /// How to send.
    #[serde(default)]
    pub transport: SyslogTransport,
    /// The HOSTNAME of messages.
    pub host: Option<String>,
}

/// How syslog messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyslogTransport {
    /// RFC 5426: nobody knows whether it arrived.
    Udp,
    /// RFC 6587 with octet counting.
    #[default]
    Tcp,
}

/// Keys of `type = "smtp"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SmtpOutput {
    /// Its name.
    pub name: String,
    /// The mail server.
    pub server: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
    /// TLS from the start, by STARTTLS, or none (a relay on loopback).
    #[serde(default)]
    pub security: SmtpSecurity,
    /// Who logs in.
    pub user: Option<String>,
    /// With what.
    pub password: Option<Secret>,
    /// The sender.
    pub from: String,
    /// The recipients.
    pub to: Vec<String>,
}

/// How mail is protected on its way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmtpSecurity {
    /// TLS from the start (port 465).
    #[default]
    Tls,
    /// STARTTLS, required (port 587).
    Starttls,
    /// None (port 25).
    None,
}

/// Reads one table.
pub(super) fn read(mut table: toml::Table) -> Result<OutputConfig, String> {
    let Some(toml::Value::String(kind)) = table.remove("type") else {
        return Err(format!("expected `type`, one of {}", TYPES.join(", ")));
    };
    let output = match kind.as_str() {
        "file" => OutputConfig::File(typed(table, &["type"])?),
        "webhook" => OutputConfig::Webhook(typed(table, &["type"])?),
        "syslog" => OutputConfig::Syslog(typed(table, &["type"])?),
        "smtp" => OutputConfig::Smtp(typed(table, &["type"])?),
        other => {
            let near = selvedge_gate::suggestion(other, TYPES.iter().copied());
            return Err(format!("unknown type `{other}`; expected one of {}{near}", TYPES.join(", ")));
        }
    };
    check_name(output.name())?;
    Ok(output)
}
