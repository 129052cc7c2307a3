//! `selvedge config`: what holds and where it comes from.

use anyhow::Context;
use selvedge_gate::config::{documentation, show_table};

use crate::cli::ConfigCommand;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;
use crate::{Exit, output};

/// Runs the command.
pub(crate) fn run(command: &ConfigCommand, _terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        ConfigCommand::Show { path } => {
            let path = path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
            let project = Project::load(&path, &PolicyArguments::default(), &settings::environment())?;
            output::print(&show_table(&project.policy.resolved))?;
        }
        ConfigCommand::Reference => {
            let page = format!(
                "# Configuration\n\n`selvedge.toml` at the root of the project. A flag wins over a `SELVEDGE_…` variable, \
                 which wins over the file; `selvedge config show` prints what holds and why. An unknown key is an error \
                 that names the nearest one.\n\n{}",
                documentation()
            );
            output::print(&page)?;
        }
    }
    Ok(Exit::Pass)
}
