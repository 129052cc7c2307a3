//! Texts generated from the program itself: JSON Schema, completions, manual pages.

use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::Cli;
use crate::{Exit, output};

/// Prints the JSON Schema of the JSON output.
pub(crate) fn schema() -> anyhow::Result<Exit> {
    let schema = serde_json::to_string_pretty(&selvedge_model::report_schema())?;
    output::print(&(schema + "\n"))?;
    Ok(Exit::Pass)
}

/// Prints the completion script for `shell`.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "selvedge", &mut text);
    output::print(&String::from_utf8(text)?)?;
    Ok(Exit::Pass)
}

/// Prints the main manual page, or writes the pages of all commands to `dir`.
pub(crate) fn man(dir: Option<&Path>) -> anyhow::Result<Exit> {
    let command = Cli::command();
    if let Some(dir) = dir {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        clap_mangen::generate_to(command, dir)
            .with_context(|| format!("cannot write to {}", dir.display()))?;
    } else {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text)?;
        output::print(&String::from_utf8(text)?)?;
    }
    Ok(Exit::Pass)
}
