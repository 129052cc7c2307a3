//! `selvedge rules`: what is looked for, and whether each rule does what its examples say.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use selvedge_code::{BUILTIN_PACKS, PackOutcome};
use selvedge_model::{Confidence, Engine, Reference, Rule};
use selvedge_scan::{builtin_rules, test_dependency_rules};
use selvedge_secrets::{SecretRule, test_rules};

use crate::cli::{ListFormat, RulesCommand};
use crate::commands::rules_detection;
use crate::detection_rules::is_sigma;
use crate::rules::Rules;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;
use crate::{Exit, code_rules, output};

/// Runs the command.
pub(crate) fn run(command: &RulesCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        RulesCommand::List { rules, format } => list(rules, *format),
        RulesCommand::Test { packs } => test(packs, terminal),
        RulesCommand::Lint { paths } => rules_detection::lint(paths, terminal),
        RulesCommand::Coverage { paths, format } => rules_detection::coverage(paths, *format),
    }
}

fn list(packs: &[PathBuf], format: ListFormat) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let here = here.context("the current folder cannot be found")?;
    let project = Project::load(&here, &PolicyArguments::default(), &settings::environment())?;
    let rules = Rules::load(&project, packs)?;
    let secrets = rules.set.secret_rules().iter().map(|rule| Listed::of_secret(rule));
    let packages = project.settings().check.engines.contains(&Engine::Dependencies);
    let packages = builtin_rules().iter().filter(|_| packages).map(|rule| Listed::of_package(&rule.meta));
    let code = rules.code.as_ref().map(|code| code.engine.rules(None)).unwrap_or_default();
    let code = code.iter().map(|(meta, confidence)| Listed { meta, confidence: *confidence, proof: None });
    let mut listed: Vec<Listed<'_>> = secrets.chain(packages).chain(code).collect();
    listed.sort_by_key(|rule| (rule.meta.engine, rule.meta.id.as_str()));
    output::print(&match format {
        ListFormat::Terminal => table(&listed),
        ListFormat::Json => {
            let rules: Vec<&Rule> = listed.iter().map(|rule| rule.meta).collect();
            serde_json::to_string_pretty(&rules)? + "\n"
        }
        ListFormat::Markdown => page(&listed),
    })?;
    Ok(Exit::Pass)
}

/// A rule of whichever engine, as far as lists tell.
struct Listed<'a> {
    meta: &'a Rule,
    /// How sure a finding is to begin with; what is read from a package file leaves no doubt.
    confidence: Confidence,
    proof: Option<&'a str>,
}

impl<'a> Listed<'a> {
    fn of_secret(rule: &'a SecretRule) -> Self {
        Self { meta: &rule.meta, confidence: rule.confidence, proof: rule.proof.as_deref() }
    }

    fn of_package(meta: &'a Rule) -> Self {
        Self { meta, confidence: Confidence::High, proof: None }
    }
}

fn table(rules: &[Listed<'_>]) -> String {
    let width = rules.iter().map(|rule| rule.meta.id.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let Rule { id, severity, title, pack, .. } = rule.meta;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{id:width$}  {severity:8}  {:6}  {title} ({pack})", rule.confidence);
    }
    let _ = writeln!(text, "{}", by_engine(rules));
    text
}

/// The page of the documentation: one section per rule.
fn page(rules: &[Listed<'_>]) -> String {
    let mut text = format!(
        "# Rules\n\n{}. A finding of an advisory is named after the advisory; \
         `selvedge explain` tells about it from the database.\n",
        by_engine(rules)
    );
    for rule in rules {
        let meta = rule.meta;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n## {}\n\n{} · {} · {} · confidence {}\n\n{}\n",
            meta.id, meta.title, meta.engine, meta.severity, rule.confidence, meta.why
        );
        for (number, step) in meta.remediation.steps.iter().enumerate() {
            let _ = write!(text, "\n{}. {step}", number + 1);
        }
        let references: Vec<String> = meta.references.iter().map(link).collect();
        let _ = writeln!(text, "\n\nReferences: {}", references.join(", "));
        if let Some(proof) = rule.proof {
            let _ = writeln!(text, "\nProved offline: `{proof}`");
        }
    }
    text
}

/// `536 rules of the secrets engine, 15 rules of the dependencies engine`.
fn by_engine(rules: &[Listed<'_>]) -> String {
    let of = |engine: Engine| rules.iter().filter(|rule| rule.meta.engine == engine).count();
    let counts = Engine::ALL.into_iter().map(|engine| (engine, of(engine))).filter(|(_, count)| *count > 0);
    let parts: Vec<String> =
        counts.map(|(engine, count)| format!("{} of the {engine} engine", counted(count))).collect();
    parts.join(", ")
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

/// Runs the examples of the packs, or of everything built in. A failing example of a secret is shown as its template,
/// which holds no value.
fn test(packs: &[PathBuf], terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut tally = Tally::default();
    let (sigma, packs): (Vec<PathBuf>, Vec<PathBuf>) = packs.iter().cloned().partition(|path| is_sigma(path));
    if !sigma.is_empty() || packs.is_empty() {
        tally.detection(&sigma)?;
    }
    let packs = packs.as_slice();
    if packs.is_empty() && !sigma.is_empty() {
        return tally.end(terminal);
    }
    if packs.is_empty() || packs.iter().any(|path| !code_rules::is_pack(path)) {
        tally.secrets(packs)?;
    }
    if packs.is_empty() {
        let (run, problems) = test_dependency_rules();
        tally.add(builtin_rules().len(), run, problems.iter().map(ToString::to_string).collect());
        for pack in BUILTIN_PACKS {
            tally.code(&pack.test(), pack.ids().len());
        }
    } else if packs.iter().any(|path| code_rules::is_pack(path)) {
        let outcome = code_rules::test(packs)?;
        let rules: BTreeSet<&str> = outcome
            .checks
            .iter()
            .map(|check| check.rule.as_str())
            .chain(outcome.untested.iter().map(String::as_str))
            .collect();
        tally.code(&outcome, rules.len());
    }
    tally.end(terminal)
}

/// What the examples of all packs gave.
#[derive(Default)]
struct Tally {
    rules: usize,
    passed: usize,
    untested: usize,
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, rules: usize, run: usize, problems: Vec<String>) {
        self.rules += rules;
        self.passed += run - problems.len();
        self.failures.extend(problems);
    }

    fn secrets(&mut self, packs: &[PathBuf]) -> anyhow::Result<()> {
        let rules = Rules::of_packs(packs)?;
        let set = Arc::new(rules.set);
        let (run, problems) = test_rules(&set);
        self.failures.extend(rules.diagnostics.iter().map(ToString::to_string));
        self.add(set.len(), run, problems.iter().map(ToString::to_string).collect());
        let bare = |rule: &&Arc<SecretRule>| rule.positives.is_empty() && rule.negatives.is_empty();
        self.untested += set.secret_rules().iter().filter(bare).count();
        Ok(())
    }

    fn code(&mut self, outcome: &PackOutcome, rules: usize) {
        self.rules += rules;
        self.untested += outcome.untested.len();
        self.failures.extend(outcome.rejected.iter().map(|rejected| rejected.diagnostic().to_string()));
        for check in &outcome.checks {
            if check.passed() {
                self.passed += usize::from(!check.expected.is_empty());
                continue;
            }
            for line in check.missed() {
                self.failures
                    .push(format!("{}:{line}: {} is expected and was not found", check.path, check.rule));
            }
            for line in check.unexpected() {
                self.failures
                    .push(format!("{}:{line}: {} was found and is not expected", check.path, check.rule));
            }
            if check.fix_passed == Some(false) {
                let fixed = "the fix does not give what the `.fixed` file holds";
                self.failures.push(format!("{}: {}: {fixed}", check.path, check.rule));
            }
        }
    }

    /// Sigma rules of files and folders; without any, the built-in ones.
    fn detection(&mut self, paths: &[PathBuf]) -> anyhow::Result<()> {
        let (rules, diagnostics) = rules_detection::load(paths)?;
        let report = selvedge_detect::run_examples(&rules);
        self.rules += rules.len();
        self.untested += report.unproven.len();
        self.failures.extend(diagnostics.iter().map(ToString::to_string));
        for result in &report.results {
            if result.passed() {
                self.passed += 1;
                continue;
            }
            let what = match &result.matched {
                Err(why) => format!("cannot be run: {why}"),
                Ok(true) => "matches and must not".to_owned(),
                Ok(false) => "does not match and must".to_owned(),
            };
            self.failures
                .push(format!("{}:{}: {}: the example {what}", result.path, result.line, result.title));
        }
        Ok(())
    }

    fn end(&self, terminal: &Terminal) -> anyhow::Result<Exit> {
        output::print(&self.text())?;
        if self.untested > 0 {
            terminal.note(&format!("without examples: {}", counted(self.untested)));
        }
        Ok(if self.failures.is_empty() { Exit::Pass } else { Exit::GateFailed })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for failure in &self.failures {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{failure}");
        }
        let (passed, failed) = (self.passed, self.failures.len());
        let _ = writeln!(text, "{}: {passed} examples passed, {failed} failed", counted(self.rules));
        text
    }
}
