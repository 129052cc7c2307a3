//! Findings about packages that advisories name.

use std::collections::BTreeMap;

use selvedge_advisories::{EventKind, Informational, Match, RangeKind, Verdict, Why};
use selvedge_model::{
    Confidence, Diagnostic, DiagnosticKind, Engine, EpssScore, Finding, Fingerprint, PackageFacts, Reach,
    Reference, Remediation, Rule, RuleId, Severity, Stage,
};
use selvedge_package::{Component, Origin, Scope};
use serde_json::Value;

use super::{Case, SharedIndex, fix, is_foreign, reach, severity, subject};
use crate::project::Conclusion;

/// The rule for versions that no range can be held against.
const NOT_COMPARABLE: &str = "version-not-comparable";
/// Characters of an advisory's text that are told as the reason; the rest is behind the reference.
const WHY_CHARS_MAX: usize = 400;

pub(crate) fn findings(case: &Case<'_>, conclusion: &mut Conclusion) {
    if case.options.databases.is_empty() {
        return;
    }
    let mut told = Told { case, known: BTreeMap::new(), conclusion };
    for (index, component) in case.manifest.components.iter().enumerate() {
        if !is_foreign(component) || component.owned_by.is_some() {
            continue;
        }
        match case.options.databases.matches(component) {
            Ok(matches) if matches.is_empty() => {}
            Ok(matches) => told.component(index as u32, component, &matches),
            Err(error) => {
                let message = format!("cannot be held against the advisory database: {error}");
                let diagnostic =
                    Diagnostic::new(DiagnosticKind::BadAdvisory, message).at(&case.manifest.path);
                told.conclusion.diagnostics.push(diagnostic);
                return;
            }
        }
    }
}

/// What was told about one manifest.
struct Told<'k, 'a, 'c> {
    case: &'k Case<'a>,
    /// The finding of each fingerprint: a package that stands in several places of a file is told once.
    known: BTreeMap<Fingerprint, usize>,
    conclusion: &'c mut Conclusion,
}

impl<'a> Told<'_, 'a, '_> {
    fn component(&mut self, index: u32, component: &'a Component, matches: &[(Match, &SharedIndex)]) {
        let sure: Vec<_> = matches.iter().filter(|(found, _)| found.is_affected()).collect();
        if !sure.is_empty() {
            let clear = self.case.options.databases.lowest_clear(component, matches).ok().flatten();
            for (found, database) in sure {
                let skipped = component.scope == Scope::Development
                    && !self.case.options.development
                    && !found.is_malicious();
                if !skipped {
                    self.problem(index, component, found, database, clear.as_deref());
                }
            }
        }
        let unsure: Vec<&Match> =
            matches.iter().map(|(found, _)| found).filter(|found| !found.is_affected()).collect();
        if !unsure.is_empty() && component.version.is_some() {
            self.undecided(index, component, &unsure);
        }
    }

    /// One problem of one component.
    fn problem(
        &mut self,
        index: u32,
        component: &'a Component,
        found: &Match,
        database: &SharedIndex,
        clear: Option<&str>,
    ) {
        let fingerprint = subject::fingerprint(self.case, &found.id, component);
        if self.told_before(&fingerprint, component) {
            return;
        }
        let rule = rule(found, database, component);
        let mut facts = subject::facts(self.case, index);
        facts.advisories = ids(found);
        facts.matched = matched(found.verdict());
        facts.fixed.clone_from(&found.fixed);
        facts.clear = clear.map(str::to_owned);
        facts.malicious = found.is_malicious();
        exploitation(found, database, &mut facts);
        let judged = severity::judge(found, component, &mut facts, reach::of(self.case, index, found));
        let (confidence, mut reasons) = subject::confidence(self.case);
        let (confidence, doubt) = by_origin(confidence, component);
        reasons.extend(doubt);
        reasons.extend(limits(found));
        reasons.extend(judged.reasons);
        let remediation = if found.is_malicious() {
            against_malice(component)
        } else {
            fix::advise(self.case, index, clear, found.fixed.as_deref())
        };
        let place = subject::place(self.case, component);
        let mut builder = Finding::builder(&rule, place.subject, fingerprint.clone())
            .severity(judged.severity)
            .confidence(if found.is_malicious() { Confidence::High } else { confidence }, reasons)
            .message(message(component, found))
            .remediation(remediation)
            .package(facts);
        if let Some(excerpt) = place.excerpt {
            builder = builder.excerpt(excerpt);
        }
        self.known.insert(fingerprint, self.conclusion.findings.len());
        self.conclusion.findings.push(builder.build());
        self.conclusion.rules.push(rule);
    }

    /// Advisories that may apply and cannot be decided: one finding for the component.
    fn undecided(&mut self, index: u32, component: &'a Component, found: &[&Match]) {
        let Some(rule) = self.case.rules.get(NOT_COMPARABLE) else { return };
        let fingerprint = subject::fingerprint(self.case, NOT_COMPARABLE, component);
        if self.told_before(&fingerprint, component) {
            return;
        }
        let doubts: Vec<&str> = found
            .iter()
            .filter_map(|found| match found.verdict() {
                Verdict::Unknown(doubt) => Some(doubt.as_str()),
                Verdict::Affected(_) => None,
            })
            .collect();
        let mut facts = subject::facts(self.case, index);
        facts.advisories = found.iter().flat_map(|found| ids(found)).collect();
        facts.matched = doubts.first().map(|doubt| (*doubt).to_owned());
        let (confidence, reasons) = subject::confidence(self.case);
        let place = subject::place(self.case, component);
        let message = format!(
            "{}: whether {} apply cannot be told: {}",
            subject::named(component),
            if found.len() == 1 {
                "an advisory does".to_owned()
            } else {
                format!("{} advisories", found.len())
            },
            doubts.first().copied().unwrap_or("the version cannot be compared"),
        )
        .replace("whether an advisory does apply", "whether an advisory applies");
        let mut builder = Finding::builder(rule, place.subject, fingerprint.clone())
            .confidence(confidence, reasons)
            .message(message)
            .package(facts);
        if let Some(excerpt) = place.excerpt {
            builder = builder.excerpt(excerpt);
        }
        self.known.insert(fingerprint, self.conclusion.findings.len());
        self.conclusion.findings.push(builder.build());
    }

    /// Whether the same was told of the same package and version; the further place is added to it.
    fn told_before(&mut self, fingerprint: &Fingerprint, component: &'a Component) -> bool {
        /// Further places that are listed.
        const PLACES_MAX: usize = 20;
        let Some(at) = self.known.get(fingerprint) else { return false };
        let location = self.case.written(component).location(component);
        let finding = &mut self.conclusion.findings[*at];
        if finding.related.len() < PLACES_MAX && component.span.line > 0 {
            let message = "the same version again".to_owned();
            finding.related.push(selvedge_model::Related { location, message });
        }
        true
    }
}

/// The identifiers of a problem, the one that names it first.
fn ids(found: &Match) -> Vec<String> {
    let others = found.ids.iter().filter(|id| **id != found.id);
    std::iter::once(&found.id).chain(others).cloned().collect()
}

fn message(component: &Component, found: &Match) -> String {
    let package = subject::named(component);
    if found.is_malicious() {
        return format!("{package} is malicious");
    }
    match (found.informational(), &found.fixed) {
        (Some(Informational::Unmaintained), _) => format!("{package} is no longer maintained"),
        (Some(_), _) => format!("{package}: {}", found.id),
        (None, Some(fixed)) => format!("{package} is affected; fixed in {fixed}"),
        (None, None) => format!("{package} is affected; no fixed version is known"),
    }
}

/// Why the advisory applies, in words.
fn matched(verdict: &Verdict) -> Option<String> {
    let Verdict::Affected(why) = verdict else { return None };
    Some(match why {
        Why::Listed => "the advisory lists this version".to_owned(),
        Why::Range { since, until, kind, comparer } => {
            // RustSec and Go write the lowest semantic version where others write 0.
            let since = if matches!(since.as_str(), "0" | "0.0.0-0" | "0.0.0") {
                "any version".to_owned()
            } else {
                format!("{since} or later")
            };
            let until = match until {
                Some((EventKind::LastAffected, version)) => format!(" up to {version}"),
                Some((_, version)) => format!(" before {version}"),
                None => String::new(),
            };
            let order = if *kind == RangeKind::Git { "git history" } else { comparer };
            format!("{since}{until}, by the order of {order}")
        }
        Why::Commit(_) => "the commit is one that the advisory names".to_owned(),
    })
}

/// EPSS and KEV, the worst of the problem's CVEs.
fn exploitation(found: &Match, database: &SharedIndex, facts: &mut PackageFacts) {
    let mut worst: Option<selvedge_advisories::EpssScore> = None;
    for cve in found.cves() {
        if let Ok(Some(score)) = database.epss(cve)
            && worst.is_none_or(|known| score.probability > known.probability)
        {
            worst = Some(score);
        }
        if let Ok(Some(entry)) = database.kev(cve) {
            let day = format!("{:08}", entry.added);
            let day = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..8]);
            let earlier = facts.exploited_since.as_ref().is_none_or(|known| day < *known);
            if earlier {
                facts.exploited_since = Some(day);
            }
        }
    }
    facts.epss = worst.map(|score| EpssScore {
        probability: format!("{:.5}", score.probability),
        percentile: format!("{:.5}", score.percentile),
    });
}

/// A package from elsewhere than its registry may hold other code under the same version.
fn by_origin(confidence: Confidence, component: &Component) -> (Confidence, Option<String>) {
    let pinned_by_git = matches!(
        component.ecosystem,
        selvedge_package::Ecosystem::Go
            | selvedge_package::Ecosystem::SwiftUrl
            | selvedge_package::Ecosystem::GitHubActions
    );
    match &component.origin {
        Origin::Git { .. } if !pinned_by_git => (
            Confidence::Low,
            Some(
                "it comes from git: the version it states may hold other code than the released one"
                    .to_owned(),
            ),
        ),
        Origin::Url(_) if !pinned_by_git => (
            Confidence::Low,
            Some("it comes from an address of its own and not from the registry".to_owned()),
        ),
        _ => (confidence, None),
    }
}

/// Systems and architectures to which every record limits the problem.
fn limits(found: &Match) -> Vec<String> {
    let limited = |list: fn(&selvedge_advisories::RecordMatch) -> &Vec<String>| {
        let everywhere = found.records.iter().any(|record| list(record).is_empty());
        let mut names: Vec<&str> = found.records.iter().flat_map(list).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        (!everywhere).then(|| names.join(", "))
    };
    let systems = limited(|record| &record.systems).map(|names| format!("only on {names}"));
    let machines = limited(|record| &record.architectures).map(|names| format!("only on {names} processors"));
    systems.into_iter().chain(machines).collect()
}

fn against_malice(component: &Component) -> Remediation {
    Remediation::steps([
        format!("Remove {} at once, and do not run it again to look at it.", component.name),
        "Take every machine and pipeline that installed it for compromised: rotate the secrets they could read, and rebuild what they built.".to_owned(),
        "Look in lockfiles and caches for the package that brought it in, and report the case to the registry.".to_owned(),
    ])
}

/// The rule that stands for an advisory.
fn rule(found: &Match, database: &SharedIndex, component: &Component) -> Rule {
    let number = found.records.first().map(|record| record.number);
    let text = number.and_then(|number| database.json(number).ok());
    let record: Value = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let source = found.records.first().and_then(selvedge_advisories::RecordMatch::source);
    Rule {
        id: RuleId::new(&found.id),
        engine: Engine::Dependencies,
        stage: Stage::Build,
        title: title(found, &record, component),
        why: why(found, &record),
        remediation: Remediation::default(),
        severity: severity::base(found).severity,
        references: references(found, &record),
        tags: tags(found),
        pack: source.map_or_else(|| "advisories".to_owned(), |source| source.name.to_owned()),
    }
}

fn title(found: &Match, record: &Value, component: &Component) -> String {
    let summary = record["summary"].as_str().map(str::trim).filter(|summary| !summary.is_empty());
    match (summary, found.is_malicious(), found.informational()) {
        (_, true, _) => format!("Malicious package {}", component.name),
        (Some(summary), _, _) => one_line(summary),
        (None, _, Some(kind)) => format!("{} is {}", component.name, kind.as_str()),
        (None, _, None) => format!("Known vulnerability in {}", component.name),
    }
}

/// The beginning of the advisory's own text, without headings and code, or what is true of every such finding.
fn why(found: &Match, record: &Value) -> String {
    let details = record["details"].as_str().unwrap_or_default();
    let paragraph = details.split("\n\n").map(str::trim).find(|part| {
        !part.is_empty() && !part.starts_with(['#', '`', '|', '<', '-', '*']) && part.len() > 20
    });
    match paragraph {
        Some(text) => shortened(&one_line(text)),
        None if found.is_malicious() => {
            "The package itself is an attack: installing or running it gives its author what the machine can reach.".to_owned()
        }
        None => "The advisory gives no details; its identifiers lead to what is known.".to_owned(),
    }
}

/// Runs of white space become one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cut at the end of a sentence if there is one, else at a word.
fn shortened(text: &str) -> String {
    if text.chars().count() <= WHY_CHARS_MAX {
        return text.to_owned();
    }
    let cut: String = text.chars().take(WHY_CHARS_MAX).collect();
    match cut.rfind(". ") {
        Some(at) if at > WHY_CHARS_MAX / 3 => cut[..=at].to_owned(),
        _ => format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head)),
    }
}

fn references(found: &Match, record: &Value) -> Vec<Reference> {
    /// Addresses that are shown; advisories list up to hundreds.
    const ADDRESSES_MAX: usize = 3;
    let weaknesses = record["database_specific"]["cwe_ids"].as_array().into_iter().flatten();
    let weaknesses = weaknesses.filter_map(Value::as_str).filter_map(Reference::parse);
    let ids = found.ids.iter().filter_map(|id| Reference::parse(id));
    let all = record["references"].as_array().into_iter().flatten();
    let first_of = |kind: &str| {
        let of_kind: Vec<&str> = all
            .clone()
            .filter(|reference| reference["type"].as_str() == Some(kind))
            .filter_map(|reference| reference["url"].as_str())
            .collect();
        of_kind
    };
    let addresses = ["ADVISORY", "FIX", "REPORT", "WEB"].into_iter().flat_map(first_of).take(ADDRESSES_MAX);
    let addresses = addresses.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let mut references: Vec<Reference> = ids.chain(weaknesses).collect();
    references.extend(addresses.map(|url| Reference::new(selvedge_model::Taxonomy::Url, url)));
    references.dedup();
    references
}

fn tags(found: &Match) -> Vec<String> {
    let kind = match (found.is_malicious(), found.informational()) {
        (true, _) => "malicious",
        (false, Some(kind)) => kind.as_str(),
        (false, None) => "vulnerability",
    };
    vec!["advisory".to_owned(), kind.to_owned()]
}

/// What is said of the reach of a component.
pub(crate) struct Reached {
    pub(crate) reach: Reach,
    pub(crate) reason: String,
}

/// The severity and the reasons for it.
pub(crate) struct Judged {
    pub(crate) severity: Severity,
    pub(crate) reasons: Vec<String>,
}
