//! The `[logs]` table of `selvedge.toml`.
//!
//! [`LogsConfig::parse`] reads it out of the whole file's text. Everything wrong is told at once, each with its
//! line; an unknown key is an error that names the nearest known one. Keys of a kind of input stand beside the
//! keys that every input has.

mod inputs;
mod outputs;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use inputs::{
    CommonInput, FileInput, HttpInput, InputConfig, InputKind, JoinName, JournaldInput, StartAt, SyslogInput,
    TokenConfig, WholeInput,
};
pub use outputs::{
    FileOutput, OutputConfig, SmtpOutput, SmtpSecurity, SyslogOutput, SyslogTransport, WebhookOutput,
};

/// A larger file is not read.
pub const CONFIG_BYTES_MAX: usize = 1 << 20;
/// A smaller spool could not take the largest frame of an input in one of its segments.
const SPOOL_BYTES_MIN: u64 = 128 << 20;
/// Less memory could not hold such a frame.
const MEMORY_BYTES_MIN: u64 = 16 << 20;
/// Inputs or outputs of one configuration.
const TABLES_MAX: usize = 1_000;

/// A mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct LogsConfigError {
    /// The file as the user named it.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// What is wrong and what was expected.
    pub message: String,
}

/// What to collect and where alerts go.
#[derive(Debug, Clone)]
pub struct LogsConfig {
    /// Where spool and queues lie, relative to the directory of the file.
    pub directory: PathBuf,
    /// Bytes the spool may take on disk.
    pub spool_bytes: u64,
    /// Bytes of records that wait in memory for the disk.
    pub memory_bytes: u64,
    /// Where health and metrics are served; loopback only.
    pub status: Option<SocketAddr>,
    /// The inputs, in the order of the file.
    pub inputs: Vec<InputConfig>,
    /// The outputs for alerts.
    pub outputs: Vec<OutputConfig>,
}

/// The table's own keys; tables of inputs and outputs are read one by one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Own {
    #[serde(default = "default_directory")]
    directory: PathBuf,
    #[serde(default = "default_spool")]
    spool_bytes: Size,
    #[serde(default = "default_memory")]
    memory_bytes: Size,
    status: Option<SocketAddr>,
    #[serde(default)]
    input: Vec<toml::Spanned<toml::Table>>,
    #[serde(default)]
    output: Vec<toml::Spanned<toml::Table>>,
}

#[derive(Deserialize)]
struct Document {
    logs: Option<toml::Spanned<toml::Value>>,
}

fn default_directory() -> PathBuf {
    PathBuf::from(".selvedge/logs")
}

fn default_spool() -> Size {
    Size(2 << 30)
}

fn default_memory() -> Size {
    Size(64 << 20)
}

/// A number of bytes: `1048576`, `"64 MiB"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        let size = match Written::deserialize(deserializer) {
            Ok(Written::Number(number)) => Some(number),
            Ok(Written::Text(text)) => selvedge_gate::config::parse_size(&text),
            Err(_) => None,
        };
        size.map(Self).ok_or_else(|| serde::de::Error::custom("expected a size such as `64 MiB`"))
    }
}

/// A secret: in a file, or (for tests and loopback) in place.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Secret {
    /// `{ file = "/run/secrets/token" }`: the first line of it.
    File {
        /// The file.
        file: PathBuf,
    },
    /// The secret itself.
    Value(String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { file } => write!(f, "Secret({})", file.display()),
            Self::Value(_) => f.write_str("Secret([redacted])"),
        }
    }
}

impl Secret {
    /// The value.
    pub(crate) fn read(&self) -> Result<String, String> {
        let value = match self {
            Self::Value(value) => value.clone(),
            Self::File { file } => {
                let text = std::fs::read_to_string(file);
                let text =
                    text.map_err(|error| format!("cannot read the secret in {}: {error}", file.display()))?;
                text.lines().next().unwrap_or_default().trim().to_owned()
            }
        };
        if value.is_empty() { Err("a secret is empty".to_owned()) } else { Ok(value) }
    }
}

impl LogsConfig {
    /// Reads the `[logs]` table of the text of the file called `file`; none if it has none.
    pub fn parse(text: &str, file: &str) -> Result<Option<Self>, Vec<LogsConfigError>> {
        let mut reader = Reader { text, file, errors: Vec::new() };
        if text.len() > CONFIG_BYTES_MAX {
            reader.error(0, format!("the file is larger than {CONFIG_BYTES_MAX} bytes"));
            return Err(reader.errors);
        }
        let document: Document = match toml::from_str(text) {
            Ok(document) => document,
            Err(error) => {
                reader.error(error.span().map_or(0, |span| span.start), error.message().to_owned());
                return Err(reader.errors);
            }
        };
        if document.logs.is_none() {
            return Ok(None);
        }
        let config = reader.logs();
        match config {
            Some(config) if reader.errors.is_empty() => Ok(Some(config)),
            _ => Err(reader.errors),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    errors: Vec<LogsConfigError>,
}

impl Reader<'_> {
    fn error(&mut self, at: usize, message: String) {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = memchr::memchr_iter(b'\n', before).count() as u32 + 1;
        self.errors.push(LogsConfigError { file: self.file.to_owned(), line, message });
    }

    fn logs(&mut self) -> Option<LogsConfig> {
        /// Reads the file once more with the table's own type, so that errors carry their place.
        #[derive(Deserialize)]
        struct Typed {
            logs: Own,
        }
        let own = match toml::from_str::<Typed>(self.text) {
            Ok(typed) => typed.logs,
            Err(error) => {
                let message = with_suggestion(error.message(), &[]);
                self.error(error.span().map_or(0, |span| span.start), message);
                return None;
            }
        };
        if own.status.is_some_and(|address| !address.ip().is_loopback()) {
            self.error(
                0,
                "`logs.status` must be a loopback address: what it serves asks for no password".to_owned(),
            );
        }
        for (key, size, least) in [
            ("spool-bytes", own.spool_bytes, SPOOL_BYTES_MIN),
            ("memory-bytes", own.memory_bytes, MEMORY_BYTES_MIN),
        ] {
            if size.0 < least {
                self.error(0, format!("`logs.{key}` must be at least {} MiB", least >> 20));
            }
        }
        let mut config = LogsConfig {
            directory: own.directory,
            spool_bytes: own.spool_bytes.0,
            memory_bytes: own.memory_bytes.0,
            status: own.status,
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        if own.input.len().max(own.output.len()) > TABLES_MAX {
            self.error(0, format!("more than {TABLES_MAX} inputs or outputs"));
            return None;
        }
        let mut names = std::collections::BTreeSet::new();
        for table in own.input {
            let at = table.span().start;
            match inputs::read(table.into_inner()) {
                Ok(input) if names.insert(format!("input {}", input.common.name)) => {
                    config.inputs.push(input);
                }
                Ok(input) => self.error(at, format!("another input is called `{}` too", input.common.name)),
                Err(message) => self.error(at, message),
            }
        }
        for table in own.output {
            let at = table.span().start;
            match outputs::read(table.into_inner()) {
                Ok(output) if names.insert(format!("output {}", output.name())) => {
                    config.outputs.push(output);
                }
                Ok(output) => self.error(at, format!("another output is called `{}` too", output.name())),
                Err(message) => self.error(at, message),
            }
        }
        Some(config)
    }
}

/// Reads a table whose keys are all known, or says which is not. `beside` are keys that are read elsewhere.
fn typed<T: DeserializeOwned>(table: toml::Table, beside: &[&str]) -> Result<T, String> {
    T::deserialize(table).map_err(|error: toml::de::Error| with_suggestion(error.message(), beside))
}

/// serde's message about an unknown field, with the nearest of the known ones.
fn with_suggestion(message: &str, beside: &[&str]) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return message.trim().to_owned();
    }
    let Some(name) = quoted.next() else { return message.trim().to_owned() };
    let known: Vec<&str> = quoted.chain(beside.iter().copied()).collect();
    let what = if message.starts_with("unknown field") { "key" } else { "value" };
    let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let near = selvedge_gate::suggestion(name, known.iter().copied());
    format!("unknown {what} `{}`; expected one of {list}{near}", name.chars().take(64).collect::<String>())
}

/// A name that can be part of a path, a label and a thread.
fn check_name(name: &str) -> Result<(), String> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_fine) || name.starts_with('.') {
        return Err("`name` must be 1 to 64 letters, digits, `-`, `_` or `.`".to_owned());
    }
    Ok(())
}
