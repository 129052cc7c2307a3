//! The command line of everything about logs: `logs`, and what `rules` can do with Sigma.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use selvedge_logformat::{Format, Join};

/// What to do with logs.
#[derive(Debug, Subcommand)]
pub(crate) enum LogsCommand {
    /// Run detection rules over log files that are there
    #[command(after_help = "Examples:
  selvedge logs detect /var/log/auth.log
  selvedge logs detect Security.evtx --rules sigma/rules/windows
  zcat trail.json.gz | selvedge logs detect - --product aws --service cloudtrail
  selvedge logs detect logs/ --format ndjson=findings.ndjson --summary")]
    Detect(Box<DetectArgs>),
    /// Collect what selvedge.toml names, run detection rules over it, and send alerts, until stopped
    #[command(after_help = "Example:
  selvedge logs collect --config /etc/selvedge/selvedge.toml")]
    Collect(CollectArgs),
    /// Follow log files and print what comes, or the alerts only
    #[command(after_help = "Example:
  selvedge logs tail '/var/log/*.log' --alerts")]
    Tail(TailArgs),
}

/// Which detection rules.
#[derive(Debug, Default, Clone, Args)]
pub(crate) struct DetectionRuleArgs {
    /// Load Sigma rules from a file or a folder; may be repeated
    #[arg(long, value_name = "PATH", help_heading = "Rules")]
    pub(crate) rules: Vec<PathBuf>,
    /// Use only the rules given by --rules, not the built-in ones
    #[arg(long, help_heading = "Rules")]
    pub(crate) no_builtin: bool,
    /// Apply a processing pipeline in pySigma's YAML form to all rules; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) pipeline: Vec<PathBuf>,
}

/// What logs are.
#[derive(Debug, Default, Clone, Args)]
pub(crate) struct LogKindArgs {
    /// Format of the records
    #[arg(long, value_enum, default_value_t = InputFormat::Auto, value_name = "FORMAT", help_heading = "Logs")]
    pub(crate) input_format: InputFormat,
    /// Sigma's product of all events, where the events do not show it
    #[arg(long, value_name = "NAME", help_heading = "Logs")]
    pub(crate) product: Option<String>,
    /// Sigma's category of all events
    #[arg(long, value_name = "NAME", help_heading = "Logs")]
    pub(crate) category: Option<String>,
    /// Sigma's service of all events
    #[arg(long, value_name = "NAME", help_heading = "Logs")]
    pub(crate) service: Option<String>,
}

/// Arguments of `selvedge logs detect`.
#[derive(Debug, Args)]
pub(crate) struct DetectArgs {
    /// Files or folders of logs, plain, gzip or zstd, Windows event logs too; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) kind: LogKindArgs,
    #[command(flatten)]
    pub(crate) rules: DetectionRuleArgs,
    /// Read this file instead of selvedge.toml
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) config: Option<PathBuf>,
    /// Fail if a finding is at least this severe; `never` leaves it to the budgets
    #[arg(long, value_name = "SEVERITY", value_parser = ["info", "low", "medium", "high", "critical", "never"], help_heading = "Policy")]
    pub(crate) fail_on: Option<String>,
    /// Output format, or FORMAT=FILE; may be repeated [default: terminal]
    #[arg(long, short = 'f', value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) format: Vec<String>,
    /// Print how often each rule matched
    #[arg(long, help_heading = "Output")]
    pub(crate) summary: bool,
    /// Show every step of every fix, suppressed findings and skipped files
    #[arg(long, short = 'v', help_heading = "Output")]
    pub(crate) verbose: bool,
}

/// Arguments of `selvedge logs collect`.
#[derive(Debug, Args)]
pub(crate) struct CollectArgs {
    /// The file with the `[logs]` table; paths in it are relative to its folder
    #[arg(long, value_name = "FILE", default_value = "selvedge.toml")]
    pub(crate) config: PathBuf,
    #[command(flatten)]
    pub(crate) rules: DetectionRuleArgs,
}

/// Arguments of `selvedge logs tail`.
#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    /// Files or patterns of files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Print alerts instead of lines
    #[arg(long)]
    pub(crate) alerts: bool,
    /// Begin at the first line of each file, not at its end
    #[arg(long)]
    pub(crate) from_beginning: bool,
    /// Keep position and state of correlations in this folder, and go on from there next time
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) kind: LogKindArgs,
    #[command(flatten)]
    pub(crate) rules: DetectionRuleArgs,
}

/// How to print coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageFormat {
    /// A table
    Table,
    /// A layer of ATT&CK Navigator
    Navigator,
}

/// A format of records that needs no further options.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Found for each record
    #[default]
    Auto,
    /// JSON objects
    Json,
    /// RFC 5424 and RFC 3164
    Syslog,
    /// Nothing but key=value
    Logfmt,
    /// key=value among other text
    KeyValue,
    /// Access logs of web servers
    Access,
    /// Apache's error log
    ApacheError,
    /// nginx's error log
    NginxError,
    /// Linux audit
    Auditd,
    /// CEF, as `ArcSight` has it
    Cef,
    /// LEEF, as `QRadar` has it
    Leef,
    /// Windows events as XML or JSON
    WindowsEvent,
    /// docker's json-file
    Docker,
    /// Kubernetes CRI
    Cri,
    /// Text that is its own message
    Raw,
}

impl InputFormat {
    /// The parser.
    pub(crate) fn format(self) -> Format {
        match self {
            Self::Auto => Format::Auto,
            Self::Json => Format::Json,
            Self::Syslog => Format::Syslog,
            Self::Logfmt => Format::Logfmt,
            Self::KeyValue => Format::KeyValue(None),
            Self::Access => Format::Access,
            Self::ApacheError => Format::ApacheError,
            Self::NginxError => Format::NginxError,
            Self::Auditd => Format::Auditd,
            Self::Cef => Format::Cef,
            Self::Leef => Format::Leef,
            Self::WindowsEvent => Format::WindowsEvent,
            Self::Docker => Format::Docker,
            Self::Cri => Format::Cri,
            Self::Raw => Format::Raw,
        }
    }

    /// How lines become records.
    pub(crate) fn join(self) -> Join {
        match self {
            Self::Docker => Join::Docker,
            Self::Cri => Join::Cri,
            _ => Join::Lines,
        }
    }
}
