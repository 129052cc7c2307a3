//! Repository chores, run as `cargo xtask <chore>`: `test` runs every check that CI runs.
//!
//! Std only, so that the first thing CI builds takes a second.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program of the repository")]

mod tools;

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("test") => test(),
        Some("generate") => generate(),
        _ => {
            eprintln!("usage: cargo xtask test | generate");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Format, lints and tests in one build, licences and advisories, docs. Stops at the first failure.
fn test() -> Result<(), String> {
    tools::ensure_cargo_deny()?;
    tools::ensure_browser();
    step("format", cargo(&["fmt", "--all", "--check"]))?;
    // One pass with clippy as the compiler: `cargo clippy` and `cargo test` share no artefacts, so
    // running both would compile every crate of ours twice.
    step("lint and build", linted(&["test", "--workspace", "--no-run", "--locked"]))?;
    step("test", linted(&["test", "--workspace", "--locked"]))?;
    step("fuzz targets", cargo(&["check", "--locked", "--manifest-path", "fuzz/Cargo.toml"]))?;
    step("licences and sources", cargo(&["deny", "check", "licenses", "bans", "sources"]))?;
    advisories()?;
    let mut docs = cargo(&["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    step("docs", docs)?;
    println!("xtask: all checks passed");
    Ok(())
}

/// Checks the dependencies against RustSec, where its database can be fetched.
fn advisories() -> Result<(), String> {
    let fetched = cargo(&["deny", "fetch", "db"]).output().is_ok_and(|output| output.status.success());
    if !fetched {
        println!("xtask: advisories: SKIPPED, the RustSec database cannot be fetched from here");
        return Ok(());
    }
    step("advisories", cargo(&["deny", "check", "--disable-fetch", "advisories"]))
}

/// Writes the files that are generated from the program: JSON Schema, rule pages, configuration reference.
fn generate() -> Result<(), String> {
    let program = |arguments: &[&str]| {
        let mut command = cargo(&["run", "--quiet", "--package", "selvedge", "--"]);
        command.args(arguments);
        command
    };
    for (path, arguments) in GENERATED {
        let output = program(arguments).output().map_err(|error| format!("{path}: {error}"))?;
        if !output.status.success() {
            return Err(format!("{path}: {}", String::from_utf8_lossy(&output.stderr)));
        }
        std::fs::write(path, output.stdout).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    Ok(())
}

/// Generated files and the `selvedge` arguments that print them.
const GENERATED: &[(&str, &[&str])] = &[
    ("docs/src/report.schema.json", &["schema"]),
    ("docs/src/rules.md", &["rules", "list", "--format", "markdown"]),
    ("docs/src/configuration.md", &["config", "reference"]),
];

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

fn linted(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    command.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    command.env("INSTA_UPDATE", "no");
    command
}

fn step(name: &str, mut command: Command) -> Result<(), String> {
    println!("xtask: {name}: {command:?}");
    let status = command.status().map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}
