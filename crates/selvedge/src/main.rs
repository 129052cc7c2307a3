//! The `selvedge` program: arguments in, exit code out. Everything it does lives in the library crates.

mod alert_sink;
mod cli;
mod cli_dependencies;
mod cli_logs;
mod code_rules;
mod commands;
mod dependencies;
mod detection;
mod detection_rules;
mod files;
mod interrupt;
mod output;
mod own_advisories;
mod packages;
mod progress;
mod rules;
mod settings;
mod terminal;
mod vex;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::terminal::Terminal;

// The system allocator returns freed memory late when many threads allocate; mimalloc keeps the peak of a
// parallel scan low and is faster for its many small allocations. Transparent huge pages are off: with them
// two thirds of the start-up was the kernel clearing memory nobody used, and the peak doubled (93 to 47 MB of
// private memory on a tree of 4,982 files, `bench/memory.py`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended; the numbers are an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// The job was done and the gate, if there was one, passed.
    Pass = 0,
    /// The gate failed.
    GateFailed = 1,
    /// The job could not be done.
    Unable = 2,
    /// Data that the policy asks for is not there: neither pass nor fail.
    Undecided = 3,
    /// Ctrl-C: 128 + SIGINT, as shells expect.
    Interrupted = 130,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::detect(cli.color);
    let result = match cli.command {
        Command::Check(arguments) => commands::check::run(&arguments, &terminal),
        Command::Db(command) => commands::db::run(&command, &terminal),
        Command::Deps(command) => commands::deps::run(&command, &terminal),
        Command::Sbom(arguments) => commands::sbom::run(&arguments, &terminal),
        Command::Fix(arguments) => commands::fix::run(&arguments, &terminal),
        Command::Explain(arguments) => commands::explain::run(&arguments, &terminal),
        Command::Rules(command) => commands::rules::run(&command, &terminal),
        Command::Logs(command) => commands::logs::run(&command, &terminal),
        Command::Init(arguments) => commands::init::run(&arguments, &terminal),
        Command::Config(command) => commands::config::run(&command, &terminal),
        Command::Schema => commands::generated::schema(),
        Command::Completions { shell } => commands::generated::completions(shell),
        Command::Man { dir } => commands::generated::man(dir.as_deref()),
    };
    let exit = result.unwrap_or_else(|error| {
        if output::is_broken_pipe(&error) {
            return Exit::Pass;
        }
        terminal.error(&error);
        Exit::Unable
    });
    ExitCode::from(exit as u8)
}
