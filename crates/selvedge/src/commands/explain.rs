//! `selvedge explain`: everything known about a rule, an advisory, or one finding of this tree.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::Context;
use selvedge_deps::Example;
use selvedge_gate::suggestion;
use selvedge_model::{Confidence, Finding, Rule};
use selvedge_report::{RuleExamples, write_evidence, write_finding_detail, write_rule};
use selvedge_scan::{Target, builtin_rules};

use crate::cli::{CheckArgs, ExplainArgs};
use crate::commands::check::look_at;
use crate::commands::explain_advisory;
use crate::rules::Rules;
use crate::settings::{self, PolicyArguments, Project};
use crate::terminal::Terminal;
use crate::{Exit, output};

/// Fewer digits than this are taken for a rule name.
const FINGERPRINT_DIGITS_MIN: usize = 6;

/// Runs the command.
pub(crate) fn run(arguments: &ExplainArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let here = here.context("the current folder cannot be found")?;
    let mut overlay = settings::environment();
    let database = arguments.database.as_ref().and_then(|path| std::path::absolute(path).ok());
    let database = database.map(|path| path.to_string_lossy().into_owned());
    settings::text(&mut overlay, database.as_deref(), "--database", "dependencies.database");
    let project = Project::load(&here, &PolicyArguments::default(), &overlay)?;
    let rules = Rules::load(&project, &arguments.rules)?;
    let subject = arguments.subject.as_str();
    let style = terminal.style(true, None);
    let mut text = Vec::new();
    if let Some(rule) = rules.set.secret_rules().iter().find(|rule| rule.id() == subject) {
        let examples = RuleExamples { positives: &rule.positives, negatives: &rule.negatives };
        write_rule(&rule.meta, examples, &style, &mut text)?;
        write_evidence(rule.confidence, rule.proof.as_deref(), &style, &mut text)?;
    } else if let Some(rule) = builtin_rules().iter().find(|rule| rule.meta.id.as_str() == subject) {
        let shown = |examples: &[Example]| examples.iter().map(of_package_file).collect::<Vec<_>>();
        let (positives, negatives) = (shown(&rule.positives), shown(&rule.negatives));
        let examples = RuleExamples { positives: &positives, negatives: &negatives };
        write_rule(&rule.meta, examples, &style, &mut text)?;
    } else if let Some((rule, confidence)) = code_rule(&rules, subject) {
        write_rule(&rule, RuleExamples { positives: &[], negatives: &[] }, &style, &mut text)?;
        write_evidence(confidence, None, &style, &mut text)?;
    } else if let Some((rule, examples)) = detection_rule(subject) {
        let of = |must_match: bool| -> Vec<String> {
            let wanted = examples.iter().filter(|example| example.must_match == must_match);
            wanted.map(|example| example.events.join("\n")).collect()
        };
        let (positives, negatives) = (of(true), of(false));
        let examples = RuleExamples { positives: &positives, negatives: &negatives };
        write_rule(&rule, examples, &style, &mut text)?;
    } else if is_fingerprint(subject) {
        let Some(findings) = findings(&project, &rules, terminal)? else { return Ok(Exit::Interrupted) };
        let wanted = subject.to_ascii_lowercase();
        let matching: Vec<&Finding> =
            findings.iter().filter(|finding| finding.fingerprint.as_str().starts_with(&wanted)).collect();
        if matching.is_empty() {
            anyhow::bail!(
                "no finding of {} has a fingerprint that begins with {wanted}; findings of the history are not searched",
                project.root.display()
            );
        }
        for finding in matching {
            write_finding_detail(finding, &style, &mut text)?;
            writeln!(text)?;
        }
    } else if explain_advisory::is_advisory(subject) {
        explain_advisory::write(subject, &project, &style, terminal, &mut text)?;
    } else {
        let secrets = rules.set.secret_rules().iter().map(|rule| rule.id());
        let packages = builtin_rules().iter().map(|rule| rule.meta.id.as_str());
        let code = rules.code.as_ref().map(|code| code.engine.rule_ids()).unwrap_or_default();
        let ids: Vec<&str> = secrets.chain(packages).chain(code.iter().map(String::as_str)).collect();
        anyhow::bail!("there is no rule `{subject}`{}", suggestion(subject, ids));
    }
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Pass)
}

/// The rule for source code of that name, and how sure its findings are.
fn code_rule(rules: &Rules, id: &str) -> Option<(Rule, Confidence)> {
    let wanted = [id].into();
    rules.code.as_ref()?.engine.rules(Some(&wanted)).into_iter().next()
}

/// The built-in detection rule of that id, title or name, and its examples.
fn detection_rule(subject: &str) -> Option<(Rule, Vec<selvedge_detect::Example>)> {
    let mut loader = selvedge_detect::Loader::new();
    selvedge_detect::add_builtin(&mut loader);
    let (rules, _) = loader.finish();
    let is_it = |meta: &selvedge_detect::RuleMeta| {
        meta.id.eq_ignore_ascii_case(subject)
            || meta.title.eq_ignore_ascii_case(subject)
            || meta.name.as_deref() == Some(subject)
    };
    let detections = rules.detections.iter().map(|rule| (&rule.meta, &rule.examples));
    let correlations = rules.correlations.iter().map(|rule| (&rule.meta, &rule.examples));
    let (meta, examples) = detections.chain(correlations).find(|(meta, _)| is_it(meta))?;
    Some((selvedge_detect::model_rule(meta), examples.clone()))
}

/// Whether the text is taken for the beginning of a fingerprint.
fn is_fingerprint(text: &str) -> bool {
    text.len() >= FINGERPRINT_DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// An example with the name of its file, and with what it is looked at.
fn of_package_file(example: &Example) -> String {
    let mut text = format!("{}:\n", example.path);
    for (key, values) in [
        ("registries", &example.registries),
        ("private-names", &example.private_names),
        ("licenses.allow", &example.allow),
        ("licenses.deny", &example.deny),
    ] {
        if !values.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "(with dependencies.{key} = {values:?})");
        }
    }
    text + example.text.trim()
}

/// All findings of the tree, whatever the policy says about them.
fn findings(project: &Project, rules: &Rules, terminal: &Terminal) -> anyhow::Result<Option<Vec<Finding>>> {
    let target = Target::Paths(vec![project.root.clone()]);
    let looked = look_at(&target, &CheckArgs::default(), project, rules, terminal)?;
    Ok(looked.map(|(looked, _)| looked.findings))
}
