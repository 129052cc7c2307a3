//! `selvedge explain`: everything known about a rule, or about one finding of this tree.

use std::io::Write;

use anyhow::Context;
use selvedge_gate::suggestion;
use selvedge_model::Finding;
use selvedge_report::{RuleExamples, write_evidence, write_finding_detail, write_rule};
use selvedge_scan::Target;

use crate::cli::{CheckArgs, ExplainArgs};
use crate::commands::check::look_at;
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
    let project = Project::load(&here, &PolicyArguments::default(), &settings::environment())?;
    let rules = Rules::load(&project, &arguments.rules)?;
    let subject = arguments.subject.as_str();
    let style = terminal.style(true, None);
    let mut text = Vec::new();
    if let Some(rule) = rules.set.secret_rules().iter().find(|rule| rule.id() == subject) {
        let examples = RuleExamples { positives: &rule.positives, negatives: &rule.negatives };
        write_rule(&rule.meta, examples, &style, &mut text)?;
        write_evidence(rule.confidence, rule.proof.as_deref(), &style, &mut text)?;
    } else if subject.len() >= FINGERPRINT_DIGITS_MIN && subject.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
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
    } else {
        let ids: Vec<&str> = rules.set.secret_rules().iter().map(|rule| rule.id()).collect();
        anyhow::bail!("there is no rule `{subject}`{}", suggestion(subject, ids));
    }
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Pass)
}

/// All findings of the tree, whatever the policy says about them.
fn findings(project: &Project, rules: &Rules, terminal: &Terminal) -> anyhow::Result<Option<Vec<Finding>>> {
    let target = Target::Paths(vec![project.root.clone()]);
    let looked = look_at(&target, &CheckArgs::default(), project, rules, terminal)?;
    Ok(looked.map(|(looked, _)| looked.findings))
}
