//! The command line: every flag declared once, with its help. Completions and man pages come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use selvedge_model::{Confidence, Engine};

use crate::cli_dependencies::{DbCommand, DepsCommand, FixArgs, SbomArgs};
use crate::cli_logs::{CoverageFormat, LogsCommand};

/// Weave security into delivery: find what puts a repository at risk, in one pass, and say how to fix it
#[derive(Debug, Parser)]
#[command(
    name = "selvedge",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 the gate passed, 1 the gate failed, 2 the job could not be done, 3 advisory data that the gate asks for is missing, 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour; `auto` looks at the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check files, staged changes or the whole history in one pass
    Check(Box<CheckArgs>),
    /// Make, describe or serve the advisory database
    #[command(subcommand)]
    Db(DbCommand),
    /// List the packages of a project, and tell why each is there
    #[command(subcommand)]
    Deps(DepsCommand),
    /// Write a software bill of materials, or hold stored ones against the advisories
    Sbom(Box<SbomArgs>),
    /// Raise vulnerable packages where the project names them
    Fix(FixArgs),
    /// Explain a rule, an advisory, or a finding of this tree by its fingerprint
    Explain(ExplainArgs),
    /// List the rules, or run their examples
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Collect logs, and find in them what is alarming
    #[command(subcommand)]
    Logs(LogsCommand),
    /// Draft selvedge.toml from what is there; optionally install a pre-commit hook
    Init(InitArgs),
    /// Show the configuration in force, each value with its origin
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the JSON Schema of the JSON output
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write the pages of all commands to a folder
    Man {
        /// Folder for one page per command; without it the main page goes to standard output
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// If the output is a terminal that wants it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Arguments of `selvedge check`.
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
#[command(after_help = "Examples:
  selvedge check                       this folder
  selvedge check --staged              what the next commit would add
  selvedge check --since origin/main   what changed since a revision
  selvedge check --history             every version of every file
  git diff | selvedge check -          standard input
  selvedge check --format terminal --format sarif=selvedge.sarif")]
pub(crate) struct CheckArgs {
    /// Files, folders or archives; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Check only what is staged for the next commit
    #[arg(long, group = "mode", help_heading = "What to look at")]
    pub(crate) staged: bool,
    /// Check only what changed since a revision, the working tree included
    #[arg(long, group = "mode", value_name = "REV", help_heading = "What to look at")]
    pub(crate) since: Option<String>,
    /// Check every version of every file on all branches and tags
    #[arg(long, group = "mode", help_heading = "What to look at")]
    pub(crate) history: bool,
    /// Run only this engine; may be repeated [default: all]
    #[arg(long, value_name = "ENGINE", value_parser = engine, help_heading = "What to look at")]
    pub(crate) engine: Vec<Engine>,
    /// Leave out paths that match this glob; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "What to look at")]
    pub(crate) exclude: Vec<String>,
    /// Leave out files and folders whose name begins with a dot
    #[arg(long, help_heading = "What to look at")]
    pub(crate) no_hidden: bool,
    /// Look at files that .gitignore leaves out, too
    #[arg(long, help_heading = "What to look at")]
    pub(crate) no_ignore: bool,
    /// Follow symbolic links, as long as they stay inside the tree
    #[arg(long, help_heading = "What to look at")]
    pub(crate) follow: bool,
    /// Do not look into archives and compressed files
    #[arg(long, help_heading = "What to look at")]
    pub(crate) no_archives: bool,
    /// Skip files larger than this, and say so: `10MiB`, `500k` [default: 32MiB]
    #[arg(long, value_name = "SIZE", help_heading = "What to look at")]
    pub(crate) max_file_size: Option<String>,

    /// Hold packages against this advisory database [default: where `selvedge db update` puts it]
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) database: Option<PathBuf>,
    /// Honour the statements of a VEX document; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) vex: Vec<PathBuf>,
    /// Load a rule pack in Gitleaks or Betterleaks TOML; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) rules: Vec<PathBuf>,
    /// Use only the packs given by --rules, not the built-in one
    #[arg(long, help_heading = "Rules")]
    pub(crate) no_builtin: bool,
    /// Switch a rule off; may be repeated
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub(crate) disable: Vec<String>,

    /// Read this file instead of selvedge.toml
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) config: Option<PathBuf>,
    /// Take policy, exceptions and baseline from this revision or file instead of the tree
    #[arg(long, value_name = "REV|FILE", help_heading = "Policy")]
    pub(crate) policy_from: Option<String>,
    /// Fail if a finding is at least this severe; `never` leaves it to the budgets
    #[arg(long, value_name = "SEVERITY", value_parser = ["info", "low", "medium", "high", "critical", "never"], help_heading = "Policy")]
    pub(crate) fail_on: Option<String>,
    /// Report only findings of at least this confidence
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence, help_heading = "Policy")]
    pub(crate) min_confidence: Option<Confidence>,
    /// Compare with this baseline [default: .selvedge/baseline.json]
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) baseline: Option<PathBuf>,
    /// Record today's findings as known, so that only new ones fail the gate
    #[arg(long, help_heading = "Policy")]
    pub(crate) write_baseline: bool,

    /// Output format, or FORMAT=FILE; may be repeated [default: terminal]
    #[arg(long, short = 'f', value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) format: Vec<String>,
    /// Show every step of every fix, suppressed findings and skipped files
    #[arg(long, short = 'v', help_heading = "Output")]
    pub(crate) verbose: bool,
    /// Do not read or write the cache of earlier runs
    #[arg(long, help_heading = "Output")]
    pub(crate) no_cache: bool,
    /// Number of threads [default: one per core]
    #[arg(long, short = 'j', value_name = "N", help_heading = "Output")]
    pub(crate) threads: Option<usize>,
}

/// Arguments of `selvedge explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  selvedge explain github-pat
  selvedge explain lockfile-missing-hash
  selvedge explain CVE-2021-44228          from the advisory database
  selvedge explain 3f9a2c1b")]
pub(crate) struct ExplainArgs {
    /// Identifier of a rule or an advisory, or the first digits of a finding's fingerprint
    #[arg(value_name = "RULE|ADVISORY|FINGERPRINT")]
    pub(crate) subject: String,
    /// Look advisories up in this database [default: where `selvedge db update` puts it]
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// Load a rule pack as `check --rules` does; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules in force
    List {
        /// Load a rule pack as `check --rules` does; may be repeated
        #[arg(long, value_name = "FILE")]
        rules: Vec<PathBuf>,
        /// How to print them
        #[arg(long, value_enum, default_value_t = ListFormat::Terminal)]
        format: ListFormat,
    },
    /// Run the positive and negative examples of the built-in rules of every engine, or of packs
    #[command(after_help = "Example:
  selvedge rules test my-rules.toml
  selvedge rules test .selvedge/code     rules in Semgrep's format, on the annotated files beside them
  selvedge rules test detections/        Sigma rules, on the events they carry under `selvedge.examples`")]
    Test {
        /// Rule packs, or folders of rules in Semgrep's format or of Sigma rules; without any, what is built in
        #[arg(value_name = "PATH")]
        packs: Vec<PathBuf>,
    },
    /// Check Sigma rules: against the specification, for unknown fields, duplicate ids, rules that never match
    Lint {
        /// Files or folders of Sigma rules
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
    },
    /// Show which ATT&CK techniques detection rules look for
    Coverage {
        /// Files or folders of Sigma rules; without any, the built-in ones
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How to print it
        #[arg(long, value_enum, default_value_t = CoverageFormat::Table)]
        format: CoverageFormat,
    },
}

/// How to print a list of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table
    Terminal,
    /// JSON
    Json,
    /// A page for the documentation
    Markdown,
}

/// Arguments of `selvedge init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Folder of the project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Install a git pre-commit hook that checks what is staged
    #[arg(long)]
    pub(crate) hook: bool,
    /// Print how to run Selvedge in this CI system
    #[arg(long, value_enum, value_name = "SYSTEM")]
    pub(crate) ci: Option<CiSystem>,
    /// Replace files that exist
    #[arg(long)]
    pub(crate) force: bool,
}

/// A CI system that `selvedge init --ci` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiSystem {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
    /// pre-commit.com
    PreCommit,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print each value in force and where it comes from
    Show {
        /// Folder of the project
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
    },
    /// Print the reference of all keys as a page for the documentation
    Reference,
}

fn engine(text: &str) -> Result<Engine, String> {
    let names = Engine::ALL.map(Engine::as_str);
    Engine::ALL.into_iter().find(|engine| engine.as_str() == text).ok_or_else(|| {
        let near = selvedge_gate::suggestion(text, names);
        format!("expected {}{near}", names.join(" or "))
    })
}

fn confidence(text: &str) -> Result<Confidence, String> {
    text.parse().map_err(|error: selvedge_model::UnknownLevel| error.to_string())
}
