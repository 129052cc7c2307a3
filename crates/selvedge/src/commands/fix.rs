//! `selvedge fix`: carries out what findings propose: raised versions where the project itself writes them, and
//! the fixes of rules for source code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};
use selvedge_model::{ByteRange, Edit, Engine, Finding, Redaction};
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
    let project = Project::load(&path, &PolicyArguments::default(), &settings::environment())?;
    let target = Target::Paths(vec![project.root.clone()]);
    let rules = Rules::load(&project, &[])?;
    let looked = look_at(&target, &CheckArgs::default(), &project, &rules, terminal)?;
    let Some((looked, diagnostics)) = looked else { return Ok(Exit::Interrupted) };
    for diagnostic in diagnostics.iter().chain(&looked.diagnostics) {
        terminal.warn(&diagnostic.to_string());
    }
    if looked.dependencies.as_ref().is_some_and(|info| info.database.is_none()) {
        terminal.warn(
            "there is no advisory database to tell which packages are to be fixed; `selvedge db update --from …` makes one",
        );
    }
    let wanted: Vec<&Finding> =
        looked.findings.iter().filter(|finding| is_wanted(finding, &arguments.findings)).collect();
    let plan = Plan::of(&wanted, &looked.findings);
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

/// What is to be changed, and what only a package manager can do.
#[derive(Default)]
struct Plan {
    /// Edits by file and place; of two for one place the higher replacement of the later finding counts.
    edits: BTreeMap<String, BTreeMap<u64, Edit>>,
    /// First steps of findings about packages without an edit.
    steps: Vec<String>,
    /// Places that must not be shown.
    secrets: BTreeMap<String, Vec<ByteRange>>,
    /// Edits that overlap another one, and wait for the next run.
    left: usize,
}

impl Plan {
    fn of(findings: &[&Finding], all: &[Finding]) -> Self {
        let mut plan = Self::default();
        for finding in findings {
            match finding.engine {
                Engine::Dependencies => plan.package(finding),
                Engine::Code => plan.code(&finding.remediation.edits),
                Engine::Secrets | Engine::Detect => {}
            }
        }
        for finding in all.iter().filter(|finding| finding.engine == Engine::Secrets) {
            if let Some(location) = finding.subject.location() {
                plan.secrets.entry(location.path.clone()).or_default().push(location.range);
            }
        }
        plan
    }

    fn package(&mut self, finding: &Finding) {
        if finding.package.as_ref().is_none_or(|it| it.advisories.is_empty()) {
            return;
        }
        let edits = &finding.remediation.edits;
        for edit in edits {
            self.edits.entry(edit.path.clone()).or_default().insert(edit.range.start, edit.clone());
        }
        if edits.is_empty()
            && let Some(step) = finding.remediation.steps.first()
            && !self.steps.contains(step)
        {
            self.steps.push(step.clone());
        }
    }

    /// Takes edits of code that overlap no other.
    fn code(&mut self, edits: &[Edit]) {
        for edit in edits {
            let file = self.edits.entry(edit.path.clone()).or_default();
            let overlaps =
                |known: &Edit| known.range.overlaps(edit.range) || known.range.start == edit.range.start;
            if file.values().any(overlaps) {
                self.left += 1;
            } else {
                file.insert(edit.range.start, edit.clone());
            }
        }
    }

    /// A file before and after its edits.
    fn edited(&self, root: &Path, path: &str) -> anyhow::Result<(String, String)> {
        let file = root.join(path);
        let before =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut after = before.clone();
        for edit in self.edits[path].values().rev() {
            let range = edit.range.as_range();
            anyhow::ensure!(
                range.end <= after.len()
                    && after.is_char_boundary(range.start)
                    && after.is_char_boundary(range.end),
                "{path} changed while it was looked at"
            );
            after.replace_range(range, &edit.replacement);
        }
        Ok((before, after))
    }

    /// The changes of a file as a unified diff, its secrets left out.
    fn difference(&self, root: &Path, path: &str) -> anyhow::Result<String> {
        let (before, after) = self.edited(root, path)?;
        let input = InternedInput::new(before.as_str(), after.as_str());
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        let printer = BasicLineDiffPrinter(&input.interner);
        let changes = diff.unified_diff(&printer, UnifiedDiffConfig::default(), &input).to_string();
        let mut text = format!("--- a/{path}\n+++ b/{path}\n{changes}");
        for range in self.secrets.get(path).into_iter().flatten() {
            if let Some(secret) = before.get(range.as_range()).filter(|secret| !secret.is_empty()) {
                text = text.replace(secret, &Redaction::of(secret.as_bytes()).to_string());
            }
        }
        Ok(text)
    }

    fn shown(&self, root: &Path, written: bool) -> anyhow::Result<String> {
        let mut text = String::new();
        for path in self.edits.keys() {
            text.push_str(&self.difference(root, path)?);
        }
        if !self.steps.is_empty() {
            text.push_str(if self.edits.is_empty() { "" } else { "\n" });
            text.push_str("To be done with the package manager:\n");
            for step in &self.steps {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "  - {step}");
            }
        }
        if self.left > 0 {
            let _ = writeln!(text, "\nLeft for another run, since they overlap: {}", self.left);
        }
        text.push_str(match (self.edits.is_empty(), written) {
            (true, _) if self.steps.is_empty() => "Nothing to fix.\n",
            (true, _) => "",
            (false, true) => "\nWritten. Install again what the manifests name, then run the tests.\n",
            (false, false) => "\nNothing was written; --write changes the files.\n",
        });
        Ok(text)
    }

    fn write(&self, root: &Path) -> anyhow::Result<()> {
        for path in self.edits.keys() {
            let (_, after) = self.edited(root, path)?;
            let file = root.join(path);
            output::replace(&file, after.as_bytes())
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
}
