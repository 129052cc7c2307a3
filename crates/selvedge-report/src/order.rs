//! The order in which people read findings, and which of them tell of the same secret.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_model::{Finding, Reach, Report, Subject};

/// Findings that tell of one secret (or one finding that tells of none), the worst first.
pub(crate) struct Group<'a> {
    /// The finding that is shown in full.
    pub(crate) lead: &'a Finding,
    /// The other places in which the same rule met the same secret.
    pub(crate) others: Vec<&'a Finding>,
}

/// What makes one of two equally severe packages the more urgent: it is known to be exploited, it ships, the
/// code reaches it, it is likely to be exploited (EPSS, in thousandths).
fn urgency(finding: &Finding) -> (bool, bool, bool, u32) {
    let Some(package) = &finding.package else { return (false, true, true, 0) };
    let epss = package.epss.as_ref().and_then(|epss| epss.probability.parse::<f64>().ok());
    let ships = !matches!(package.scope.as_str(), "development" | "build");
    let reached = !matches!(package.reach, Some(Reach::NotReachable | Reach::TestsOnly));
    // A score that is no number counts as none; the clamp keeps the cast within range.
    #[expect(clippy::cast_sign_loss, reason = "clamped to 0 and above")]
    let thousandths = epss.map_or(0, |probability| (probability.clamp(0.0, 1.0) * 1000.0).round() as u32);
    (package.malicious || package.exploited_since.is_some(), ships, reached, thousandths)
}

/// All findings, worst first: severity, confidence, urgency, then place.
pub(crate) fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by(|a, b| {
        (b.severity, b.confidence)
            .cmp(&(a.severity, a.confidence))
            .then_with(|| urgency(b).cmp(&urgency(a)))
            .then_with(|| a.sort_key().cmp(&b.sort_key()))
    });
    sorted
}

/// The findings, worst first, with equal secrets of one rule gathered under the worst of them.
pub(crate) fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in worst_first(findings) {
        let Some(secret) = &finding.secret else {
            groups.push(Group { lead: finding, others: Vec::new() });
            continue;
        };
        match known.entry((finding.rule.as_str(), secret.fingerprint.as_str())) {
            std::collections::btree_map::Entry::Occupied(at) => groups[*at.get()].others.push(finding),
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(groups.len());
                groups.push(Group { lead: finding, others: Vec::new() });
            }
        }
    }
    groups
}

/// The fingerprints that failed the gate.
pub(crate) fn failing(report: &Report) -> BTreeSet<&str> {
    report.verdict.failing.iter().map(selvedge_model::Fingerprint::as_str).collect()
}

/// The path, or a name for what is in no file.
pub(crate) fn path_or_name(finding: &Finding) -> String {
    match finding.path() {
        "" => subject_name(&finding.subject),
        path => path.to_owned(),
    }
}

/// A name for what is not in a file; the path for what is.
pub(crate) fn subject_name(subject: &Subject) -> String {
    match subject {
        Subject::Source { location } => location.path.clone(),
        Subject::Package { purl, .. } => purl.clone(),
        Subject::Resource { address, .. } => address.clone(),
        Subject::Threat { id, .. } => id.clone(),
        Subject::Host { host, item } => format!("{host}: {item}"),
        Subject::Endpoint { url } => url.clone(),
        Subject::Event { source, group } => format!("{source}: {}", group.join(", ")),
    }
}
