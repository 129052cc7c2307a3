//! How bad a problem is here: the advisory's scores, then what is known of the use of the package.

use selvedge_advisories::{Informational, Match, SeverityScore};
use selvedge_model::{CvssScore, PackageFacts, Reach, Severity};
use selvedge_package::{Component, Cvss, CvssVersion, Scope, Score};

use super::advisory::{Judged, Reached};
use super::locks::lowered;

/// Severity by the advisory alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisorySeverity {
    /// How bad it is.
    pub severity: Severity,
    /// The score that says so, if one does.
    pub cvss: Option<CvssScore>,
    /// What it rests on, if not on a score.
    pub reason: Option<String>,
}

/// Severity of a problem by what its records say.
pub(crate) fn base(found: &Match) -> AdvisorySeverity {
    let scores = found.records.iter().flat_map(|record| &record.severity);
    let words = found.records.iter().filter_map(|record| record.severity_word.as_deref());
    advisory_severity(found.is_malicious(), found.informational(), scores, words)
}

/// Severity by what an advisory says: whether the package is an attack, whether it is a mere notice, its scores and
/// the publisher's own words. Of several CVSS versions the newest counts, of several vectors of it the highest
/// score. Without any score the publisher's own word counts, and without that a vulnerability is taken for high
/// until somebody says otherwise: unknown is not low.
pub fn advisory_severity<'a>(
    malicious: bool,
    informational: Option<&Informational>,
    scores: impl Iterator<Item = &'a SeverityScore>,
    words: impl Iterator<Item = &'a str>,
) -> AdvisorySeverity {
    let plain = |severity, reason: Option<&str>| AdvisorySeverity {
        severity,
        cvss: None,
        reason: reason.map(str::to_owned),
    };
    if malicious {
        return plain(Severity::Critical, None);
    }
    match informational {
        Some(Informational::Unmaintained) => return plain(Severity::Low, None),
        Some(Informational::Unsound) => return plain(Severity::Medium, None),
        Some(Informational::Notice | Informational::Other(_)) => return plain(Severity::Info, None),
        None => {}
    }
    if let Some(((_, score), cvss, vector)) = scores.filter_map(scored).max_by_key(|it| it.0) {
        let stated = CvssScore { score: score.to_string(), vector };
        return AdvisorySeverity { severity: cvss.rating().severity(), cvss: Some(stated), reason: None };
    }
    match words.filter_map(|word| Some((of_word(word)?, word))).max() {
        Some((severity, word)) => {
            plain(severity, Some(&format!("the advisory calls it {}", word.to_ascii_lowercase())))
        }
        None => plain(Severity::High, Some("the advisory states no severity: taken for high until it does")),
    }
}

/// A score with what it is compared by: the version of the system first, then the value.
fn scored(given: &SeverityScore) -> Option<((CvssVersion, Score), Cvss, String)> {
    let cvss = Cvss::parse(&given.score).ok()?;
    Some(((cvss.version(), cvss.score()), cvss, given.score.clone()))
}

/// The words that publishers use: GitHub, Debian, Ubuntu, Red Hat, Alpine.
fn of_word(word: &str) -> Option<Severity> {
    Some(match word.to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "moderate" | "medium" => Severity::Medium,
        "low" => Severity::Low,
        "unimportant" | "negligible" | "none" | "minor" => Severity::Info,
        _ => return None,
    })
}

/// Severity in this project, with the reasons for every step. Fills in the score and the reach.
pub(crate) fn judge(
    found: &Match,
    component: &Component,
    facts: &mut PackageFacts,
    reached: Option<Reached>,
) -> Judged {
    let base = base(found);
    let mut severity = base.severity;
    let mut reasons: Vec<String> = base.reason.into_iter().collect();
    facts.cvss = base.cvss;
    if let Some(reached) = &reached {
        facts.reach = Some(reached.reach);
        facts.reach_reason = Some(reached.reason.clone());
    }
    if found.is_malicious() {
        return Judged { severity, reasons };
    }
    if facts.exploited_since.is_some() {
        if severity < Severity::High {
            severity = Severity::High;
            reasons.push("raised to high: it is known to be exploited".to_owned());
        }
        return Judged { severity, reasons };
    }
    let unreached = reached.filter(|it| matches!(it.reach, Reach::NotReachable | Reach::TestsOnly));
    let why = match (component.scope, unreached) {
        (Scope::Development, _) => Some("only development needs it".to_owned()),
        (_, Some(reached)) => Some(reached.reason),
        (Scope::Runtime | Scope::Optional | Scope::Build, None) => None,
    };
    if let Some(why) = why {
        let before = severity;
        severity = lowered(severity);
        if severity < before {
            reasons.push(format!("one level below {before}: {why}"));
        }
    }
    Judged { severity, reasons }
}
