//! The gate: a policy turns findings into pass or fail, and says why in sentences.
//!
//! A finding counts if its confidence reaches the minimum for its engine. A severity with a budget fails
//! when more findings of it count than the budget allows; any other severity fails on the first finding that
//! reaches the threshold of its engine. Findings that the baseline knows count only where `new-only` is off;
//! other suppressed findings never count.
//!
//! Three things about packages fail whatever the severities say: a malicious package always, a vulnerability
//! that is known to be exploited or likely to be if the policy asks for it. A policy may also ask for advisory
//! data; where that is missing or too old the run is *undecided*, which is neither pass nor fail.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_model::{
    Confidence, DependencyInfo, Diagnostic, DiagnosticKind, Finding, Fingerprint, Severity, Suppressed,
    SuppressionKind, Verdict,
};

use crate::config::{GateSettings, Settings, Threshold};

#[cfg(test)]
mod tests;

/// What makes a run fail, and where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The effective `[gate]`.
    pub gate: GateSettings,
    /// `default`, `selvedge.toml`, `selvedge.toml at main`.
    pub origin: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self { gate: Settings::defaults().gate, origin: "default".to_owned() }
    }
}

/// How much of what was asked for could be looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Coverage<'a> {
    /// True if something was asked for and not seen.
    pub partial: bool,
    /// What could not be looked at, and why.
    pub diagnostics: &'a [Diagnostic],
    /// Packages and the advisories they were held against; `None` if the engine had nothing to do.
    pub dependencies: Option<&'a DependencyInfo>,
}

/// Decides whether the run passes. The order of the findings does not matter.
pub fn evaluate(
    findings: &[Finding],
    suppressed: &[Suppressed],
    coverage: Coverage<'_>,
    policy: &Policy,
) -> Verdict {
    let tally = Tally::new(findings, suppressed, &policy.gate);
    let notes = tally.notes();
    let mut failed = Vec::new();
    let mut passed = Vec::new();
    let mut failing: BTreeSet<&Fingerprint> = BTreeSet::new();
    for (severity, group) in tally.budgets.iter().rev() {
        let (verb, list) = if group.fingerprints.len() as u64 > group.limit {
            failing.extend(&group.fingerprints);
            ("failed", &mut failed)
        } else {
            ("passed", &mut passed)
        };
        let count = counted(group.fingerprints.len(), severity.as_str(), group.known);
        list.push(format!("{verb}: {count} (budget {})", group.limit));
    }
    for (threshold, group) in tally.thresholds.iter().rev() {
        let severities = severities_from(*threshold, &policy.gate);
        if severities.is_empty() {
            continue;
        }
        if group.fingerprints.is_empty() {
            passed.push(format!("passed: no finding of severity {severities} counts"));
        } else {
            failing.extend(&group.fingerprints);
            let count = counted(group.fingerprints.len(), &severities, group.known);
            failed.push(format!("failed: {count} (limit 0)"));
        }
    }
    for (why, group) in tally.special {
        let count = counted_plain(group.fingerprints.len(), group.known);
        failing.extend(&group.fingerprints);
        failed.push(format!("failed: {count} {why}"));
    }
    if let Some(reason) = partial_reason(coverage, &policy.gate) {
        failed.push(reason);
    }
    let missing = undecided_reasons(coverage, &policy.gate);
    let undecided = !missing.is_empty();
    failed.extend(missing);
    let pass = failed.is_empty();
    let mut reasons = if pass { passed } else { failed };
    if pass && reasons.is_empty() {
        reasons.push("passed: the policy sets neither a threshold nor a budget".to_owned());
    }
    reasons.extend(notes);
    reasons.extend(unchecked(coverage).filter(|_| !undecided));
    let failing = failing.into_iter().cloned().collect();
    Verdict { pass, undecided, reasons, failing, policy: policy.origin.clone() }
}

/// Findings that are measured against one limit.
#[derive(Default)]
struct Group<'a> {
    fingerprints: Vec<&'a Fingerprint>,
    limit: u64,
    /// How many of them the baseline knows.
    known: usize,
}

/// The findings sorted into the limits that they are measured against.
struct Tally<'a> {
    budgets: BTreeMap<Severity, Group<'a>>,
    thresholds: BTreeMap<Severity, Group<'a>>,
    /// Findings that fail whatever their severity, by the reason.
    special: BTreeMap<String, Group<'a>>,
    /// Findings left out for low confidence, by the minimum they miss.
    unsure: BTreeMap<Confidence, usize>,
    /// Findings left out because the baseline knows them.
    known: usize,
}

impl<'a> Tally<'a> {
    fn new(findings: &'a [Finding], suppressed: &'a [Suppressed], gate: &GateSettings) -> Self {
        let budget =
            |severity| Some((severity, Group { limit: gate.budget.get(severity)?, ..Group::default() }));
        let gates = gate.engines.iter().map(|(_, engine)| engine);
        let thresholds = gates.filter_map(|engine| match engine.fail_on {
            Threshold::From(severity) => Some((severity, Group::default())),
            Threshold::Never => None,
        });
        let mut tally = Self {
            budgets: Severity::ALL.into_iter().filter_map(budget).collect(),
            thresholds: thresholds.collect(),
            special: BTreeMap::new(),
            unsure: BTreeMap::new(),
            known: 0,
        };
        for finding in findings {
            tally.add(finding, false, gate);
        }
        for suppressed in suppressed {
            if suppressed.suppression.kind != SuppressionKind::Baseline {
                continue;
            }
            if gate.of(suppressed.finding.engine).new_only {
                tally.known += 1;
            } else {
                tally.add(&suppressed.finding, true, gate);
            }
        }
        tally
    }

    fn add(&mut self, finding: &'a Finding, known: bool, gate: &GateSettings) {
        let engine = gate.of(finding.engine);
        if let Some(reason) = special_reason(finding, gate) {
            let group = self.special.entry(reason).or_default();
            group.fingerprints.push(&finding.fingerprint);
            group.known += usize::from(known);
            return;
        }
        if finding.confidence < engine.min_confidence {
            *self.unsure.entry(engine.min_confidence).or_default() += 1;
            return;
        }
        let group = match (self.budgets.get_mut(&finding.severity), engine.fail_on) {
            (Some(budget), _) => budget,
            (None, Threshold::From(from)) if finding.severity >= from => {
                self.thresholds.entry(from).or_default()
            }
            (None, Threshold::From(_) | Threshold::Never) => return,
        };
        group.fingerprints.push(&finding.fingerprint);
        group.known += usize::from(known);
    }

    fn notes(&self) -> Vec<String> {
        let unsure = self.unsure.iter().map(|(minimum, count)| {
            format!("{} of confidence below {minimum} {} not count", findings_noun(*count), do_verb(*count))
        });
        let known = (self.known > 0).then(|| {
            format!("{} known to the baseline {} not count", findings_noun(self.known), do_verb(self.known))
        });
        unsure.chain(known).collect()
    }
}

/// Why a finding fails whatever its severity, if it does.
fn special_reason(finding: &Finding, gate: &GateSettings) -> Option<String> {
    let package = finding.package.as_ref()?;
    let epss = package.epss.as_ref().and_then(|epss| epss.probability.parse::<f64>().ok());
    if package.malicious {
        return Some("about a malicious package".to_owned());
    }
    if gate.dependencies.fail_on_exploited && package.exploited_since.is_some() {
        return Some("known to be exploited (gate.dependencies.fail-on-exploited)".to_owned());
    }
    let limit = gate.dependencies.fail_on_epss_percent?;
    (epss? * 100.0 >= limit as f64).then(|| {
        format!(
            "exploited within 30 days with a chance of {limit} % or more (gate.dependencies.fail-on-epss)"
        )
    })
}

/// What the policy asks for and the run could not say.
fn undecided_reasons(coverage: Coverage<'_>, gate: &GateSettings) -> Vec<String> {
    let Some(info) = coverage.dependencies.filter(|info| info.packages > 0) else { return Vec::new() };
    let mut reasons = Vec::new();
    if gate.dependencies.require_advisories {
        let missing = unchecked(coverage);
        reasons
            .extend(missing.map(|what| format!("undecided: {what} (gate.dependencies.require-advisories)")));
    }
    if let (Some(max), Some(database)) = (gate.dependencies.max_age_days, &info.database)
        && database.age_days > max
    {
        reasons.push(format!(
            "undecided: the advisory database is {} days old, at most {max} are accepted \
             (gate.dependencies.max-age); `selvedge db update` renews it",
            database.age_days
        ));
    }
    reasons
}

/// Packages that no advisory could be held against: never a clean bill.
fn unchecked(coverage: Coverage<'_>) -> impl Iterator<Item = String> {
    let info = coverage.dependencies.filter(|info| info.packages > 0);
    let absent = info.filter(|info| info.database.is_none()).map(|info| {
        format!(
            "{} not held against any advisory: there is no database (`selvedge db update --from …` makes one)",
            packages_were(info.packages)
        )
    });
    let partly = info.filter(|info| info.database.is_some() && !info.without_data.is_empty()).map(|info| {
        let total = info.without_data.values().sum();
        let names: Vec<&str> = info.without_data.keys().map(String::as_str).collect();
        format!(
            "{} not held against any advisory: the database has none for {}",
            packages_were(total),
            names.join(", ")
        )
    });
    absent.into_iter().chain(partly)
}

fn packages_were(count: u64) -> String {
    if count == 1 { "1 package was".to_owned() } else { format!("{count} packages were") }
}

/// `high or above`, or a list of severities if some above have a budget of their own.
fn severities_from(threshold: Severity, gate: &GateSettings) -> String {
    let reached: Vec<_> = Severity::ALL.into_iter().filter(|severity| *severity >= threshold).collect();
    let free: Vec<_> =
        reached.iter().filter(|s| gate.budget.get(**s).is_none()).map(|s| s.as_str()).collect();
    if free.len() == reached.len() && threshold < Severity::Critical {
        return format!("{threshold} or above");
    }
    match free.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn partial_reason(coverage: Coverage<'_>, gate: &GateSettings) -> Option<String> {
    if !(coverage.partial && gate.fail_on_partial) {
        return None;
    }
    let mut kinds: BTreeMap<DiagnosticKind, usize> = BTreeMap::new();
    for diagnostic in coverage.diagnostics {
        *kinds.entry(diagnostic.kind).or_default() += 1;
    }
    let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{count} {}", kind.label())).collect();
    let what = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
    Some(format!("failed: part of what was asked for could not be looked at (gate.fail-on-partial){what}"))
}

fn counted(count: usize, severities: &str, known: usize) -> String {
    let known = if known == 0 { String::new() } else { format!(", {known} of them known to the baseline") };
    format!("{} of severity {severities}{known}", findings_noun(count))
}

fn counted_plain(count: usize, known: usize) -> String {
    let known = if known == 0 { String::new() } else { format!(" ({known} of them known to the baseline)") };
    format!("{}{known}", findings_noun(count))
}

fn findings_noun(count: usize) -> String {
    format!("{count} {}", if count == 1 { "finding" } else { "findings" })
}

fn do_verb(count: usize) -> &'static str {
    if count == 1 { "does" } else { "do" }
}
