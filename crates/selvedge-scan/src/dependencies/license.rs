//! Findings about licences, by the policy of the project.

use selvedge_gate::config::UnknownLicense;
use selvedge_license::{Handling, Pattern, PatternError, Policy, Verdict};
use selvedge_model::{Finding, Severity};
use selvedge_package::{Component, Ecosystem};

use super::{Case, is_foreign, subject};
use crate::project::Conclusion;

/// Which licences packages may have.
#[derive(Debug)]
pub struct LicensePolicy(Policy);

impl LicensePolicy {
    /// A policy of these lists of SPDX identifiers and patterns; `None` if they ask for nothing.
    pub fn new(
        allow: &[String],
        deny: &[String],
        unknown: UnknownLicense,
    ) -> Result<Option<Self>, PatternError> {
        if allow.is_empty() && deny.is_empty() && unknown == UnknownLicense::Allow {
            return Ok(None);
        }
        let patterns =
            |texts: &[String]| texts.iter().map(|text| Pattern::parse(text)).collect::<Result<_, _>>();
        let unknown = match unknown {
            UnknownLicense::Allow => Handling::Allow,
            UnknownLicense::Warn => Handling::Warn,
            UnknownLicense::Deny => Handling::Deny,
        };
        let policy =
            Policy { allow: patterns(allow)?, deny: patterns(deny)?, unknown, exceptions: Vec::new() };
        Ok(Some(Self(policy)))
    }
}

pub(crate) fn findings(case: &Case<'_>, conclusion: &mut Conclusion) {
    let Some(LicensePolicy(policy)) = &case.options.licenses else { return };
    // Most lockfiles state no licence at all: that a format says nothing is no fault of its packages.
    let mut foreign = case.manifest.components.iter().filter(|component| is_judged(component));
    if foreign.all(|component| licenses(component).is_empty()) {
        return;
    }
    for (index, component) in case.manifest.components.iter().enumerate() {
        if !is_judged(component) {
            continue;
        }
        let version = component.version.as_deref();
        let licenses = licenses(component);
        let judged = policy.judge(component.ecosystem, &component.name, version, licenses);
        let named = subject::named(component);
        let stated = licenses.join(" AND ");
        // Whoever reads the finding looks for the licence where it was read.
        let by_text = if component.licenses.is_empty() { ", by the text beside it" } else { "" };
        let (id, message) = match (judged.handling, judged.decision.verdict) {
            (Handling::Allow, _) | (_, Verdict::Allowed) => continue,
            (_, Verdict::Denied) => {
                ("license-denied", format!("{named} is under {}{by_text}", judged.decision.denied.join(", ")))
            }
            (_, Verdict::Unknown) if stated.is_empty() => {
                ("license-unknown", format!("{named} states no licence"))
            }
            (_, Verdict::Unknown) => {
                ("license-unknown", format!("{named} states `{stated}`, which is no known licence"))
            }
        };
        let Some(rule) = case.rules.get(id) else { continue };
        let (confidence, reasons) = subject::confidence(case);
        let place = subject::place(case, component);
        let mut facts = subject::facts(case, index as u32);
        facts.license = Some(judged.expression.map_or(stated, |expression| expression.to_spdx()));
        let is_refused = id == "license-unknown" && judged.handling == Handling::Deny;
        let mut builder = Finding::builder(rule, place.subject, subject::fingerprint(case, id, component))
            .severity(if is_refused { Severity::High } else { rule.severity })
            .confidence(confidence, reasons)
            .message(message)
            .package(facts);
        if let Some(excerpt) = place.excerpt {
            builder = builder.excerpt(excerpt);
        }
        conclusion.findings.push(builder.build());
    }
}

/// Whether the policy is about the component: a package of somebody else, and no part of the language itself.
fn is_judged(component: &Component) -> bool {
    is_foreign(component) && !(component.ecosystem == Ecosystem::Go && component.name == "stdlib")
}

/// The licences that a component states; without any, those of the texts beside it.
fn licenses(component: &Component) -> &[String] {
    if component.licenses.is_empty() { &component.licenses_found } else { &component.licenses }
}
