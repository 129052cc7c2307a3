//! Turns what was seen into a report: triage, gate, and the rules behind the findings.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_gate::baseline::{Baseline, Debt};
use selvedge_gate::codeowners::CodeOwners;
use selvedge_gate::{Coverage, Date, GitleaksIgnore, PolicyBundle, TriageInput, evaluate, triage};
use selvedge_model::{
    ConfigNotice, Diagnostic, Engine, Fingerprint, REPORT_SCHEMA_VERSION, Report, Rule, RunInfo, Suppression,
    ToolInfo,
};
use selvedge_secrets::RuleSet;

use crate::look::Looked;

/// Project page, named in reports.
const PROJECT_URL: &str = "https://github.com/selvedge/selvedge";

/// Everything that decides about what was seen.
#[derive(Debug)]
pub struct JudgeInput<'a> {
    /// What was seen.
    pub looked: &'a Looked,
    /// The policy.
    pub policy: &'a PolicyBundle,
    /// The baseline to compare with: that of the policy, or one that was just written.
    pub baseline: &'a Baseline,
    /// `.gitleaksignore` of the checked tree, if the policy comes from elsewhere.
    pub tree_ignore: Option<&'a GitleaksIgnore>,
    /// Who owns what.
    pub codeowners: &'a CodeOwners,
    /// The secret rules that were used.
    pub rules: &'a RuleSet,
    /// Identifiers of rules that other engines have built in.
    pub other_rules: &'a [&'a str],
    /// What VEX documents say about findings.
    pub vex: &'a BTreeMap<Fingerprint, Suppression>,
    /// Whether everything was looked at that exceptions and baseline are about.
    pub whole: bool,
    /// The day, for expiry.
    pub today: Date,
    /// Target, mode, engines, rule sources and influences; counts are filled in here.
    pub run: RunInfo,
    /// Remarks on the configuration found while it was read.
    pub notices: Vec<ConfigNotice>,
    /// Rules that did not load, and the like.
    pub diagnostics: Vec<Diagnostic>,
}

/// Judges what was seen. Returns the report and how much of the baseline is left.
pub fn judge(input: JudgeInput<'_>) -> (Report, Debt) {
    let mut known_rules: BTreeSet<String> = input.rules.rules().map(|rule| rule.id.to_string()).collect();
    known_rules.extend(input.other_rules.iter().map(|id| (*id).to_owned()));
    known_rules.extend(input.looked.rules.iter().map(|rule| rule.id.to_string()));
    let mut ignores = vec![&input.policy.gitleaks_ignore];
    ignores.extend(input.tree_ignore.filter(|_| input.policy.allow_inline));
    let mut triaged = triage(
        input.looked.findings.clone(),
        &TriageInput {
            inline: &input.looked.ignores,
            allow_inline: input.policy.allow_inline,
            exceptions: &input.policy.exceptions,
            baseline: input.baseline,
            gitleaks_ignore: &ignores,
            vex: input.vex,
            codeowners: input.codeowners,
            known_rules: &known_rules,
            whole: input.whole,
            today: input.today,
        },
    );
    let wanted = input.policy.resolved.settings.secrets.min_confidence;
    triaged.findings.retain(|finding| finding.engine != Engine::Secrets || finding.confidence >= wanted);

    let mut diagnostics = input.looked.diagnostics.clone();
    diagnostics.extend(input.diagnostics);
    diagnostics.sort();
    diagnostics.dedup();
    let coverage = Coverage {
        partial: input.looked.partial,
        diagnostics: &diagnostics,
        dependencies: input.looked.dependencies.as_ref(),
    };
    let verdict = evaluate(&triaged.findings, &triaged.suppressed, coverage, &input.policy.policy);

    let mut notices = triaged.notices;
    notices.extend(input.policy.notices.iter().cloned());
    notices.extend(input.notices);
    notices.sort();
    notices.dedup();

    let used: BTreeSet<&str> = triaged
        .findings
        .iter()
        .chain(triaged.suppressed.iter().map(|suppressed| &suppressed.finding))
        .map(|finding| finding.rule.as_str())
        .collect();
    let rules: BTreeMap<String, Rule> = input
        .rules
        .rules()
        .chain(&input.looked.rules)
        .filter(|rule| used.contains(rule.id.as_str()))
        .map(|rule| (rule.id.to_string(), rule.clone()))
        .collect();
    let run = RunInfo {
        partial: input.looked.partial,
        stats: input.looked.stats,
        dependencies: input.looked.dependencies.clone(),
        ..input.run
    };
    let report = Report {
        schema_version: REPORT_SCHEMA_VERSION,
        tool: ToolInfo {
            name: "selvedge".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            url: PROJECT_URL.to_owned(),
        },
        run,
        verdict,
        findings: triaged.findings,
        suppressed: triaged.suppressed,
        diagnostics,
        notices,
        rules,
    };
    (report, triaged.debt)
}
