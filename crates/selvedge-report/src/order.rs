//! The order in which people read findings, and which of them tell of the same secret.

use std::collections::{BTreeMap, BTreeSet};

use selvedge_model::{Finding, Report, Subject};

/// Findings that tell of one secret (or one finding that tells of none), the worst first.
pub(crate) struct Group<'a> {
    /// The finding that is shown in full.
    pub(crate) lead: &'a Finding,
    /// The other places in which the same rule met the same secret.
    pub(crate) others: Vec<&'a Finding>,
}

/// All findings, worst first: severity, confidence, then place.
pub(crate) fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by(|a, b| {
        (b.severity, b.confidence)
            .cmp(&(a.severity, a.confidence))
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
