//! `selvedge fix`: raises vulnerable packages where the project itself writes their version.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use selvedge_model::{Edit, Engine, Finding};
use selvedge_scan::Target;

use crate::cli::CheckArgs;
use crate::cli_dependencies::FixArgs;
use crate::commands::check::look_at;
use crate::rules::Rules;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;
use crate::{Exit, output};

/// Runs the command.
pub(crate) fn run(arguments: &FixArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let path =
        arguments.path.canonicalize().with_context(|| format!("cannot read {}", arguments.path.display()))?;
    let mut overlay = settings::environment();
    settings::text(&mut overlay, Some("dependencies"), "--engine", "check.engines");
    let project = Project::load(&path, &PolicyArguments::default(), &overlay)?;
    let target = Target::Paths(vec![project.root.clone()]);
    let looked = look_at(&target, &CheckArgs::default(), &project, &Rules::default(), terminal)?;
    let Some((looked, diagnostics)) = looked else { return Ok(Exit::Interrupted) };
    for diagnostic in diagnostics.iter().chain(&looked.diagnostics) {
        terminal.warn(&diagnostic.to_string());
    }
    if looked.dependencies.as_ref().is_some_and(|info| info.database.is_none()) {
        anyhow::bail!(
            "there is no advisory database to tell what is to be fixed; `selvedge db update --from …` makes one"
        );
    }
    let wanted: Vec<&Finding> = looked
        .findings
        .iter()
        .filter(|finding| finding.engine == Engine::Dependencies && is_wanted(finding, &arguments.findings))
        .collect();
    let plan = Plan::of(&wanted);
    output::print(&plan.shown(&project.root, arguments.write)?)?;
    if arguments.write {
        plan.write(&project.root)?;
    }
    Ok(Exit::Pass)
}

fn is_wanted(finding: &Finding, named: &[String]) -> bool {
    let is_named = |digits: &String| finding.fingerprint.as_str().starts_with(&digits.to_ascii_lowercase());
    named.is_empty() || named.iter().any(is_named)
}

/// Number of a line, what it was, what it becomes.
type ChangedLine = (usize, String, String);

/// What is to be changed, and what only a package manager can do.
#[derive(Default)]
struct Plan {
    /// Edits by file and place; of two for one place the higher replacement of the later finding counts.
    edits: BTreeMap<String, BTreeMap<u64, Edit>>,
    /// First steps of findings without an edit.
    steps: Vec<String>,
}

impl Plan {
    fn of(findings: &[&Finding]) -> Self {
        let mut plan = Self::default();
        for finding in findings
            .iter()
            .filter(|finding| finding.package.as_ref().is_some_and(|it| !it.advisories.is_empty()))
        {
            let edits = &finding.remediation.edits;
            for edit in edits {
                plan.edits.entry(edit.path.clone()).or_default().insert(edit.range.start, edit.clone());
            }
            if edits.is_empty()
                && let Some(step) = finding.remediation.steps.first()
                && !plan.steps.contains(step)
            {
                plan.steps.push(step.clone());
            }
        }
        plan
    }

    /// The edited text of a file, and the lines that change.
    fn edited(&self, root: &Path, path: &str) -> anyhow::Result<(String, Vec<ChangedLine>)> {
        let file = root.join(path);
        let before =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut after = before.clone();
        for edit in self.edits[path].values().rev() {
            let range = edit.range.as_range();
            anyhow::ensure!(
                after.is_char_boundary(range.start)
                    && after.is_char_boundary(range.end)
                    && range.end <= after.len(),
                "{path} changed while it was looked at"
            );
            after.replace_range(range, &edit.replacement);
        }
        let lines = before.lines().zip(after.lines()).enumerate();
        let changed = lines
            .filter(|(_, (old, new))| old != new)
            .map(|(at, (old, new))| (at + 1, old.to_owned(), new.to_owned()))
            .collect();
        Ok((after, changed))
    }

    fn shown(&self, root: &Path, written: bool) -> anyhow::Result<String> {
        let mut text = String::new();
        for path in self.edits.keys() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{path}");
            for (line, old, new) in self.edited(root, path)?.1 {
                let _ = writeln!(text, "  {line:>5} - {}\n        + {}", old.trim_end(), new.trim_end());
            }
        }
        if !self.steps.is_empty() {
            let _ = writeln!(
                text,
                "{}To be done with the package manager:",
                if self.edits.is_empty() { "" } else { "\n" }
            );
            for step in &self.steps {
                let _ = writeln!(text, "  - {step}");
            }
        }
        if self.edits.is_empty() && self.steps.is_empty() {
            let _ = writeln!(text, "Nothing to fix.");
        } else if !self.edits.is_empty() && written {
            let _ = writeln!(
                text,
                "\nWritten. Let the package manager lock and install again, then run the tests."
            );
        } else if !self.edits.is_empty() {
            let _ = writeln!(text, "\nNothing was written; --write changes the files.");
        }
        Ok(text)
    }

    fn write(&self, root: &Path) -> anyhow::Result<()> {
        for path in self.edits.keys() {
            let (after, _) = self.edited(root, path)?;
            let file = root.join(path);
            output::replace(&file, after.as_bytes())
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
}
