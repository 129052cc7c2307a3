//! `selvedge rules`: what is looked for, and whether each rule does what its examples say.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use selvedge_model::{Reference, Rule};
use selvedge_secrets::{SecretRule, test_rules};

use crate::cli::{ListFormat, RulesCommand};
use crate::rules::Rules;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;
use crate::{Exit, output};

/// Runs the command.
pub(crate) fn run(command: &RulesCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        RulesCommand::List { rules, format } => list(rules, *format),
        RulesCommand::Test { packs } => test(packs, terminal),
    }
}

fn list(packs: &[PathBuf], format: ListFormat) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let here = here.context("the current folder cannot be found")?;
    let project = Project::load(&here, &PolicyArguments::default(), &settings::environment())?;
    let rules = Rules::load(&project, packs)?;
    let mut sorted: Vec<&SecretRule> = rules.set.secret_rules().iter().map(AsRef::as_ref).collect();
    sorted.sort_by(|a, b| a.id().cmp(b.id()));
    output::print(&match format {
        ListFormat::Terminal => table(&sorted),
        ListFormat::Json => {
            let rules: Vec<&Rule> = sorted.iter().map(|rule| &rule.meta).collect();
            serde_json::to_string_pretty(&rules)? + "\n"
        }
        ListFormat::Markdown => page(&sorted),
    })?;
    Ok(Exit::Pass)
}

fn table(rules: &[&SecretRule]) -> String {
    let width = rules.iter().map(|rule| rule.id().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let Rule { severity, title, pack, .. } = &rule.meta;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {severity:8}  {:6}  {title} ({pack})", rule.id(), rule.confidence);
    }
    let _ = writeln!(text, "{}", counted(rules.len()));
    text
}

/// The page of the documentation: one section per rule.
fn page(rules: &[&SecretRule]) -> String {
    let mut text = format!("# Rules\n\n{} rules of the secrets engine.\n", rules.len());
    for rule in rules {
        let meta = &rule.meta;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n## {}\n\n{} · {} · confidence {}\n\n{}\n",
            rule.id(),
            meta.title,
            meta.severity,
            rule.confidence,
            meta.why
        );
        for (number, step) in meta.remediation.steps.iter().enumerate() {
            let _ = write!(text, "\n{}. {step}", number + 1);
        }
        let references: Vec<String> = meta.references.iter().map(link).collect();
        let _ = writeln!(text, "\n\nReferences: {}", references.join(", "));
        if let Some(proof) = &rule.proof {
            let _ = writeln!(text, "\nProved offline: `{proof}`");
        }
    }
    text
}

fn counted(rules: usize) -> String {
    format!("{rules} {}", if rules == 1 { "rule" } else { "rules" })
}

fn link(reference: &Reference) -> String {
    match reference.url() {
        Some(url) if url == reference.id => format!("<{url}>"),
        Some(url) => format!("[{}]({url})", reference.id),
        None => reference.id.clone(),
    }
}

/// Runs the examples of the packs. A failing one is shown as its template, which holds no value.
fn test(packs: &[PathBuf], terminal: &Terminal) -> anyhow::Result<Exit> {
    let rules = Rules::of_packs(packs)?;
    let set = Arc::new(rules.set);
    let (run, problems) = test_rules(&set);
    let mut failures: Vec<String> = rules.diagnostics.iter().map(ToString::to_string).collect();
    failures.extend(problems.iter().map(ToString::to_string));
    let mut text = String::new();
    for failure in &failures {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{failure}");
    }
    let passed = run - problems.len();
    let _ = writeln!(text, "{}: {passed} examples passed, {} failed", counted(set.len()), failures.len());
    output::print(&text)?;
    let bare = |rule: &&Arc<SecretRule>| rule.positives.is_empty() && rule.negatives.is_empty();
    let without = set.secret_rules().iter().filter(bare).count();
    if without > 0 {
        terminal.note(&format!("without examples: {}", counted(without)));
    }
    Ok(if failures.is_empty() { Exit::Pass } else { Exit::GateFailed })
}
