//! References into public taxonomies: CWE, CVE, ATT&CK and their kind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A published catalogue that a rule or finding refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Taxonomy {
    /// Common Weakness Enumeration, `CWE-798`.
    Cwe,
    /// Common Vulnerabilities and Exposures, `CVE-2021-44228`.
    Cve,
    /// GitHub Security Advisory, `GHSA-…`.
    Ghsa,
    /// MITRE ATT&CK technique or tactic, `T1552.001`.
    Attack,
    /// CIS Benchmark or Control.
    Cis,
    /// OWASP Application Security Verification Standard requirement.
    Asvs,
    /// OWASP Top Ten category, `A07:2021`.
    OwaspTop10,
    /// PCI DSS requirement.
    PciDss,
    /// NIST SP 800-53 control.
    Nist80053,
    /// ISO/IEC 27001 Annex A control.
    Iso27001,
    /// A web page.
    Url,
}

/// One reference: the catalogue and the identifier in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// The catalogue.
    pub taxonomy: Taxonomy,
    /// The identifier as that catalogue writes it; for [`Taxonomy::Url`] the address.
    pub id: String,
}

impl Reference {
    /// A reference to `id` in `taxonomy`.
    pub fn new(taxonomy: Taxonomy, id: impl Into<String>) -> Self {
        Self { taxonomy, id: id.into() }
    }

    /// Recognises the catalogue from the way the identifier is written; `None` if it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase();
        let technique = upper
            .strip_prefix('T')
            .is_some_and(|rest| rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
        let taxonomy = match upper.as_str() {
            u if u.starts_with("CWE-") => Taxonomy::Cwe,
            u if u.starts_with("CVE-") => Taxonomy::Cve,
            u if u.starts_with("GHSA-") => Taxonomy::Ghsa,
            u if u.starts_with("CIS-") || u.starts_with("CIS ") => Taxonomy::Cis,
            u if u.starts_with("ASVS") => Taxonomy::Asvs,
            u if u.starts_with("PCI") => Taxonomy::PciDss,
            u if u.starts_with("NIST") => Taxonomy::Nist80053,
            u if u.starts_with("ISO") => Taxonomy::Iso27001,
            u if u.starts_with("HTTPS://") || u.starts_with("HTTP://") => Taxonomy::Url,
            u if u.starts_with('A') && u.contains(":20") => Taxonomy::OwaspTop10,
            _ if technique => Taxonomy::Attack,
            _ => return None,
        };
        Some(Self::new(taxonomy, text))
    }

    /// The page that explains this reference, where the catalogue has one with a stable address.
    pub fn url(&self) -> Option<String> {
        match self.taxonomy {
            Taxonomy::Cwe => {
                let number = self.id.get(4..)?;
                Some(format!("https://cwe.mitre.org/data/definitions/{number}.html"))
            }
            Taxonomy::Cve => Some(format!("https://www.cve.org/CVERecord?id={}", self.id)),
            Taxonomy::Ghsa => Some(format!("https://github.com/advisories/{}", self.id)),
            Taxonomy::Attack => {
                Some(format!("https://attack.mitre.org/techniques/{}/", self.id.replace('.', "/")))
            }
            Taxonomy::Url => Some(self.id.clone()),
            Taxonomy::Cis
            | Taxonomy::Asvs
            | Taxonomy::OwaspTop10
            | Taxonomy::PciDss
            | Taxonomy::Nist80053
            | Taxonomy::Iso27001 => None,
        }
    }
}
