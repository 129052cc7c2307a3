//! Findings about how packages are locked.

use selvedge_model::{Finding, Severity};

use super::{Case, subject};
use crate::project::Conclusion;

pub(crate) fn findings(case: &Case<'_>, conclusion: &mut Conclusion) {
    let Some(options) = &case.options.integrity else { return };
    let issues = selvedge_deps::integrity(case.manifest, options);
    for issue in issues {
        let Some(rule) = case.rules.get(issue.rule) else { continue };
        let component = &case.manifest.components[issue.component as usize];
        let place = subject::place(case, component);
        let (confidence, mut reasons) = subject::confidence(case);
        let severity = match issue.mitigated {
            Some(why) => {
                reasons.push(why.to_owned());
                lowered(rule.severity)
            }
            None => rule.severity,
        };
        let mut builder =
            Finding::builder(rule, place.subject, subject::fingerprint(case, issue.rule, component))
                .severity(severity)
                .confidence(confidence, reasons)
                .message(issue.message)
                .package(subject::facts(case, issue.component));
        if let Some(excerpt) = place.excerpt {
            builder = builder.excerpt(excerpt);
        }
        conclusion.findings.push(builder.build());
    }
}

/// One level down; the lowest stays.
pub(crate) fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        Severity::Low | Severity::Info => Severity::Info,
    }
}
