//! Triage: which findings count, which somebody decided not to count, and which of those decisions need a look.
//!
//! Every finding is asked for in this order, and the first answer suppresses it:
//! 1. an ignore in the file, the decision nearest to the code;
//! 2. an exception, which has an owner, a reason and an end;
//! 3. `.gitleaksignore`;
//! 4. a VEX statement, by which somebody answers for the product and not for this run;
//! 5. the baseline, the weakest: it says only that the finding was there before.
//!
//! All of them are asked even then, so that a decision which does match is never reported as unused. Time is
//! linear in findings and decisions; exceptions are looked up by fingerprint, by path (once per file) or by
//! rule.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_model::{ConfigNotice, Finding, Fingerprint, Suppressed, Suppression};

use crate::baseline::{Baseline, Debt};
use crate::codeowners::CodeOwners;
use crate::exceptions::{Exception, HORIZON_DAYS};
use crate::inline::{Dialect, InlineIgnore};
use crate::toml_text::shown;
use crate::{Date, GitleaksIgnore, PathGlobs, suggestion};

#[cfg(test)]
mod tests;

/// Everything that decides about findings.
#[derive(Debug, Clone, Copy)]
pub struct TriageInput<'a> {
    /// Ignores found in the files that were looked at.
    pub inline: &'a [InlineIgnore],
    /// Whether those count; see [`crate::PolicyBundle::allow_inline`].
    pub allow_inline: bool,
    /// Exceptions of all files.
    pub exceptions: &'a [Exception],
    /// The baseline; an empty one knows nothing.
    pub baseline: &'a Baseline,
    /// Each `.gitleaksignore` that counts. That of the checked tree counts if `allow_inline` does.
    pub gitleaks_ignore: &'a [&'a GitleaksIgnore],
    /// What VEX documents say about findings.
    pub vex: &'a BTreeMap<Fingerprint, Suppression>,
    /// Who owns what.
    pub codeowners: &'a CodeOwners,
    /// Identifiers of all loaded rules, to tell mistyped ones; empty if they are not known.
    pub known_rules: &'a BTreeSet<String>,
    /// Whether everything was looked at that the decisions are about. In a run over part of it, such as the
    /// staged files, an exception without a finding is no news and is not reported.
    pub whole: bool,
    /// The day.
    pub today: Date,
}

/// The findings divided, and what to tell about the decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triaged {
    /// Findings that count, sorted by [`Finding::sort_key`], with their owners.
    pub findings: Vec<Finding>,
    /// Findings that do not, each with the decision; sorted like the findings.
    pub suppressed: Vec<Suppressed>,
    /// Expired, unused and mistyped decisions, sorted.
    pub notices: Vec<ConfigNotice>,
    /// How much of the baseline is left.
    pub debt: Debt,
}

/// Divides the findings.
pub fn triage(mut findings: Vec<Finding>, input: &TriageInput<'_>) -> Triaged {
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let mut inline = Inline::new(input);
    let mut exceptions = Exceptions::new(input);
    let mut gitleaks_used: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); input.gitleaks_ignore.len()];
    let mut known = BTreeSet::new();
    let mut owners = OwnersOfFile::default();
    let mut triaged = Triaged::default();
    for mut finding in findings {
        finding.owners = owners.of(finding.path(), input.codeowners);
        let mut gitleaks = None;
        for (ignore, used) in input.gitleaks_ignore.iter().zip(&mut gitleaks_used) {
            if let Some((entry, suppression)) = ignore.find(&finding) {
                used.insert(entry);
                gitleaks.get_or_insert(suppression);
            }
        }
        let suppression = [
            inline.find(&finding),
            exceptions.find(&finding),
            gitleaks,
            input.vex.get(&finding.fingerprint).cloned(),
        ]
        .into_iter()
        .flatten()
        .next();
        let baseline = input.baseline.find(&finding);
        known.extend(baseline.as_ref().map(|(entry, _)| *entry));
        let suppression = suppression.or(baseline.map(|(_, suppression)| suppression));
        match suppression {
            Some(suppression) => triaged.suppressed.push(Suppressed { finding, suppression }),
            None => triaged.findings.push(finding),
        }
    }
    triaged.debt = Debt { known: input.baseline.len(), remaining: known.len() };
    triaged.notices.extend(inline.notices(input));
    triaged.notices.extend(exceptions.notices(input));
    if input.whole {
        for (ignore, used) in input.gitleaks_ignore.iter().zip(&gitleaks_used) {
            triaged.notices.extend(ignore.unused(used));
        }
        triaged.notices.extend(input.baseline.notice(triaged.debt));
    }
    triaged.notices.sort();
    triaged.notices.dedup();
    triaged
}

/// Owners of the file that was asked for last: findings come sorted by file.
#[derive(Default)]
struct OwnersOfFile {
    path: Option<String>,
    owners: Vec<String>,
}

impl OwnersOfFile {
    fn of(&mut self, path: &str, codeowners: &CodeOwners) -> Vec<String> {
        if path.is_empty() {
            return Vec::new();
        }
        if self.path.as_deref() != Some(path) {
            self.owners = codeowners.owners(path);
            self.path = Some(path.to_owned());
        }
        self.owners.clone()
    }
}

/// The ignores of one file with their numbers, by the line they are about.
type IgnoresOfFile<'a> = BTreeMap<u32, Vec<(usize, &'a InlineIgnore)>>;

/// Inline ignores by file, and whether each was used.
struct Inline<'a> {
    files: BTreeMap<&'a str, IgnoresOfFile<'a>>,
    used: Vec<bool>,
    allowed: bool,
}

impl<'a> Inline<'a> {
    fn new(input: &TriageInput<'a>) -> Self {
        let mut files: BTreeMap<&str, IgnoresOfFile<'_>> = BTreeMap::new();
        for (index, ignore) in input.inline.iter().enumerate() {
            let lines = files.entry(&ignore.path).or_default();
            lines.entry(ignore.target_line).or_default().push((index, ignore));
        }
        Self { files, used: vec![false; input.inline.len()], allowed: input.allow_inline }
    }

    fn find(&mut self, finding: &Finding) -> Option<Suppression> {
        let location = finding.subject.location()?;
        let lines = self.files.get(location.path.as_str())?;
        let mut first = None;
        let range = location.start.line..=location.end.line.max(location.start.line);
        for (index, ignore) in lines.range(range).flat_map(|(_, ignores)| ignores) {
            if ignore.covers(finding) {
                self.used[*index] = true;
                if ignore.is_sound() && first.is_none() {
                    first = Some(ignore.suppression());
                }
            }
        }
        first.filter(|_| self.allowed)
    }

    fn notices(&self, input: &TriageInput<'_>) -> Vec<ConfigNotice> {
        if !input.allow_inline {
            let used = self.used.iter().filter(|used| **used).count();
            let message = format!(
                "{used} inline {} of the checked tree would suppress findings and {} not honoured \
                 (gate.allow-inline)",
                if used == 1 { "ignore" } else { "ignores" },
                if used == 1 { "is" } else { "are" }
            );
            return (used > 0)
                .then(|| ConfigNotice { origin: "policy".to_owned(), message })
                .into_iter()
                .collect();
        }
        let ours =
            input.inline.iter().zip(&self.used).filter(|(ignore, _)| ignore.dialect == Dialect::Selvedge);
        ours.filter_map(|(ignore, used)| {
            let message = inline_problem(ignore, *used, input.known_rules)?;
            Some(ConfigNotice { origin: ignore.origin(), message })
        })
        .collect()
    }
}

/// Whether no loaded rule has this identifier. Advisories are not loaded ahead: what is written like the
/// identifier of one (`CVE-2021-44228`, `GHSA-…`) may be one.
fn is_unknown(rule: &str, known: &BTreeSet<String>) -> bool {
    let prefix = rule.split('-').next().unwrap_or_default();
    let is_advisory =
        prefix.len() > 1 && prefix.len() < rule.len() && prefix.bytes().all(|b| b.is_ascii_uppercase());
    !known.is_empty() && !is_advisory && !known.contains(rule)
}

fn inline_problem(ignore: &InlineIgnore, used: bool, known: &BTreeSet<String>) -> Option<String> {
    let unknown = ignore.rules.iter().find(|rule| *rule != "*" && is_unknown(rule, known));
    if ignore.rules.is_empty() {
        return Some("`selvedge:ignore` names no rule; expected `selvedge:ignore RULE reason`".to_owned());
    }
    if let Some(rule) = unknown {
        let near = suggestion(rule, known.iter().map(String::as_str));
        return Some(format!("`selvedge:ignore` names the unknown rule `{}`{near}", shown(rule)));
    }
    let rules = ignore.rules.join(",");
    if !ignore.is_sound() {
        return Some("`selvedge:ignore *` needs a reason and does not suppress without one".to_owned());
    }
    if !used {
        return Some(format!("`selvedge:ignore {}` matches no finding", shown(&rules)));
    }
    ignore.reason.is_empty().then(|| format!("`selvedge:ignore {}` gives no reason", shown(&rules)))
}

/// Exceptions by what selects them, and what each did.
struct Exceptions<'a> {
    all: &'a [Exception],
    today: Date,
    by_fingerprint: BTreeMap<&'a Fingerprint, Vec<usize>>,
    /// Rule identifiers in lower case: those of advisories are spelled both ways.
    by_rule: BTreeMap<String, Vec<usize>>,
    /// Exceptions with a package and neither fingerprint, path nor rule.
    by_package: Vec<usize>,
    /// Patterns of the exceptions with a path and no fingerprint, and the exceptions behind them.
    paths: PathGlobs,
    by_path: Vec<usize>,
    /// Exceptions by path for the file asked for last.
    file: Option<(String, Vec<usize>)>,
    matched: Vec<usize>,
}

impl<'a> Exceptions<'a> {
    fn new(input: &TriageInput<'a>) -> Self {
        let all = input.exceptions;
        let mut exceptions = Self {
            all,
            today: input.today,
            by_fingerprint: BTreeMap::new(),
            by_rule: BTreeMap::new(),
            by_package: Vec::new(),
            paths: PathGlobs::default(),
            by_path: Vec::new(),
            file: None,
            matched: vec![0; all.len()],
        };
        let mut patterns = Vec::new();
        for (index, exception) in all.iter().enumerate() {
            if let Some(fingerprint) = &exception.fingerprint {
                exceptions.by_fingerprint.entry(fingerprint).or_default().push(index);
            } else if let Some(path) = &exception.path {
                patterns.push(path.as_str());
                exceptions.by_path.push(index);
            } else if let Some(rule) = &exception.rule {
                exceptions.by_rule.entry(rule.to_ascii_lowercase()).or_default().push(index);
            } else {
                exceptions.by_package.push(index);
            }
        }
        match PathGlobs::parse(patterns) {
            Ok(paths) => exceptions.paths = paths,
            // Each compiled when it was read. Should they not fit together, none by path is honoured: the
            // findings count, which is the safe side.
            Err(_) => exceptions.by_path.clear(),
        }
        exceptions
    }

    /// The first exception in the order of the files that holds; all that match are counted.
    fn find(&mut self, finding: &Finding) -> Option<Suppression> {
        let secret = finding.secret.as_ref().map(|facts| &facts.fingerprint);
        let mut candidates: Vec<usize> = [Some(&finding.fingerprint), secret]
            .into_iter()
            .flatten()
            .filter_map(|fingerprint| self.by_fingerprint.get(fingerprint))
            .chain(names_of(finding).filter_map(|name| self.by_rule.get(&name.to_ascii_lowercase())))
            .flatten()
            .copied()
            .collect();
        if finding.package.is_some() {
            candidates.extend(&self.by_package);
        }
        if !self.by_path.is_empty() {
            let path = finding.path();
            if self.file.as_ref().is_none_or(|(file, _)| file != path) {
                let matching = self.paths.matches(path).into_iter().map(|entry| self.by_path[entry]);
                self.file = Some((path.to_owned(), matching.collect()));
            }
            candidates.extend(self.file.iter().flat_map(|(_, matching)| matching));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut first = None;
        for index in candidates {
            let exception = &self.all[index];
            if exception.matches(finding) {
                self.matched[index] += 1;
                if first.is_none() && exception.holds_on(self.today) {
                    first = Some(exception.suppression());
                }
            }
        }
        first
    }

    fn notices(&self, input: &TriageInput<'_>) -> Vec<ConfigNotice> {
        let problems = self.all.iter().zip(&self.matched).filter_map(|(exception, matched)| {
            let message = exception_problem(exception, *matched, input)?;
            Some(ConfigNotice { origin: exception.origin.clone(), message })
        });
        problems.collect()
    }
}

/// The identifiers by which a finding can be asked for.
fn names_of(finding: &Finding) -> impl Iterator<Item = &str> {
    let advisories = finding.package.iter().flat_map(|package| &package.advisories);
    std::iter::once(finding.rule.as_str()).chain(advisories.map(String::as_str))
}

fn exception_problem(exception: &Exception, matched: usize, input: &TriageInput<'_>) -> Option<String> {
    let known = input.known_rules;
    if let Some(rule) = &exception.rule
        && is_unknown(rule, known)
    {
        let near = suggestion(rule, known.iter().map(String::as_str));
        return Some(format!("the exception names the unknown rule `{}`{near}", shown(rule)));
    }
    let (owner, expires) = (shown(&exception.owner), exception.expires);
    if !exception.holds_on(input.today) {
        return match matched {
            0 if input.whole => Some(format!(
                "the exception of {owner} expired on {expires} and matches no finding; remove it"
            )),
            0 => None,
            1 => Some(format!(
                "the exception of {owner} expired on {expires} and no longer suppresses 1 finding"
            )),
            _ => Some(format!(
                "the exception of {owner} expired on {expires} and no longer suppresses {matched} findings"
            )),
        };
    }
    if matched == 0 {
        return input.whole.then(|| format!("the exception of {owner} matches no finding; remove it"));
    }
    let days = input.today.days_until(expires);
    (days > HORIZON_DAYS).then(|| {
        format!(
            "the exception of {owner} holds for {days} more days; one that ends after more than {HORIZON_DAYS} \
             days will hardly be looked at again"
        )
    })
}
