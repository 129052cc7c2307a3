//! One assertion of a VEX document, whatever the format.

use std::sync::Arc;

use selvedge_package::Purl;

/// What is said of some products and one vulnerability.
///
/// Texts and products are shared between the statements of a document, so that a small document cannot become
/// a large one in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Names of the vulnerability, the document's main one first, aliases after it.
    pub vulnerabilities: Arc<[String]>,
    /// What it is about.
    pub products: Vec<Arc<Product>>,
    /// What is said.
    pub status: Status,
    /// Why a product is not affected.
    pub justification: Option<Justification>,
    /// The same in words.
    pub impact: Option<Arc<str>>,
    /// What users of an affected product should do.
    pub action: Option<Arc<str>>,
    /// Whatever else the author notes.
    pub notes: Option<Arc<str>>,
    /// Who says it.
    pub author: Option<Arc<str>>,
    /// When, in RFC 3339; that of the document where the statement has none.
    pub timestamp: Option<Arc<str>>,
    /// File in which it stands.
    pub path: Arc<str>,
    /// 1-based line in that file.
    pub line: u32,
}

/// The four states of VEX (CISA, "Minimum Requirements for VEX", 2023).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Nothing needs to be done.
    NotAffected,
    /// Something should be done.
    Affected,
    /// The product holds a fix.
    Fixed,
    /// It is not known yet. Also the value where a document says nothing that is understood.
    #[default]
    UnderInvestigation,
}

/// Status, name in OpenVEX and on screen.
const STATUSES: &[(Status, &str)] = &[
    (Status::NotAffected, "not_affected"),
    (Status::Affected, "affected"),
    (Status::Fixed, "fixed"),
    (Status::UnderInvestigation, "under_investigation"),
];

impl Status {
    /// The name in OpenVEX.
    pub fn as_str(self) -> &'static str {
        STATUSES.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The status of that name in OpenVEX.
    pub fn from_name(name: &str) -> Option<Self> {
        STATUSES.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// Why a product is not affected: the five reasons of OpenVEX and CSAF, and the nine of CycloneDX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Justification {
    /// The product does not hold the component.
    ComponentNotPresent,
    /// The component is there without the vulnerable code.
    VulnerableCodeNotPresent,
    /// The vulnerable code is there and never runs.
    VulnerableCodeNotInExecutePath,
    /// It runs, and no attacker has a say in it.
    VulnerableCodeCannotBeControlled,
    /// Something in the product keeps it from being exploited.
    InlineMitigationsExist,
    /// Only CycloneDX: needs an option that is not set.
    RequiresConfiguration,
    /// Only CycloneDX: needs a dependency that is not there.
    RequiresDependency,
    /// Only CycloneDX: needs an environment that is not given.
    RequiresEnvironment,
    /// Only CycloneDX: a compiler flag prevents it.
    ProtectedByCompiler,
    /// Only CycloneDX: the run-time environment prevents it.
    ProtectedAtRuntime,
    /// Only CycloneDX: something before the product prevents it.
    ProtectedAtPerimeter,
    /// Only CycloneDX: another measure makes it less likely or less harmful.
    ProtectedByMitigatingControl,
}

/// Justification, its name in OpenVEX and CSAF, its name in CycloneDX. Where a format lacks one, the nearest name
/// stands; the first row with a name is what that name means.
const JUSTIFICATIONS: &[(Justification, &str, &str)] = &[
    (Justification::VulnerableCodeNotPresent, "vulnerable_code_not_present", "code_not_present"),
    (Justification::ComponentNotPresent, "component_not_present", "code_not_present"),
    (
        Justification::VulnerableCodeNotInExecutePath,
        "vulnerable_code_not_in_execute_path",
        "code_not_reachable",
    ),
    (
        Justification::VulnerableCodeCannotBeControlled,
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "code_not_reachable",
    ),
    (
        Justification::InlineMitigationsExist,
        "inline_mitigations_already_exist",
        "protected_by_mitigating_control",
    ),
    (
        Justification::RequiresConfiguration,
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "requires_configuration",
    ),
    (Justification::RequiresDependency, "vulnerable_code_not_in_execute_path", "requires_dependency"),
    (Justification::RequiresEnvironment, "vulnerable_code_not_in_execute_path", "requires_environment"),
    (Justification::ProtectedByCompiler, "inline_mitigations_already_exist", "protected_by_compiler"),
    (Justification::ProtectedAtRuntime, "inline_mitigations_already_exist", "protected_at_runtime"),
    (Justification::ProtectedAtPerimeter, "inline_mitigations_already_exist", "protected_at_perimeter"),
    (
        Justification::ProtectedByMitigatingControl,
        "inline_mitigations_already_exist",
        "protected_by_mitigating_control",
    ),
];

impl Justification {
    fn row(self) -> &'static (Self, &'static str, &'static str) {
        JUSTIFICATIONS.iter().find(|row| row.0 == self).expect("the table has a row for each")
    }

    /// The name in OpenVEX and CSAF, the nearest one for those that only CycloneDX has.
    pub fn as_openvex(self) -> &'static str {
        self.row().1
    }

    /// The name in CycloneDX, the nearest one for those that it lacks.
    pub fn as_cyclonedx(self) -> &'static str {
        self.row().2
    }

    /// What a name means in OpenVEX and CSAF.
    pub fn from_openvex(name: &str) -> Option<Self> {
        JUSTIFICATIONS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// What a name means in CycloneDX.
    pub fn from_cyclonedx(name: &str) -> Option<Self> {
        if name == "protected_by_mitigating_control" {
            return Some(Self::ProtectedByMitigatingControl);
        }
        JUSTIFICATIONS.iter().find(|row| row.2 == name).map(|row| row.0)
    }
}

/// A product: what it is called, and what of it is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Product {
    /// Its identifier in the document: a package URL, an IRI, a name.
    pub id: String,
    /// Its package URL, where it has one.
    pub purl: Option<Arc<Purl>>,
    /// Versions that are meant beside that of the package URL; empty means what the package URL says.
    pub versions: Vec<Affected>,
    /// Parts of the product that the statement is about; empty means the product itself.
    pub subcomponents: Arc<[Product]>,
}

/// Some versions of a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Affected {
    /// One version.
    Exact(String),
    /// A range in the `vers` notation: `vers:npm/>=1.0.0|<2.0.0`.
    Range(String),
}

impl Statement {
    /// Whether findings that it applies to do not count: what is fixed, and what is not affected for a reason
    /// that is given. A bare `not_affected` says nothing that could be checked (OpenVEX 0.2.0, "Status
    /// Justifications"; CSAF 2.0, 4.5) and suppresses nothing.
    pub fn suppresses(&self) -> bool {
        match self.status {
            Status::Fixed => true,
            Status::NotAffected => self.justification.is_some() || self.impact.is_some(),
            Status::Affected | Status::UnderInvestigation => false,
        }
    }

    /// The reason that is given, for a suppression: justification, then words. Empty if there is none.
    pub fn reason(&self) -> String {
        let justification = self.justification.map(|it| it.as_openvex().replace('_', " "));
        let words = self.impact.as_deref().or(self.notes.as_deref()).map(str::to_owned);
        let parts: Vec<String> = justification.into_iter().chain(words).collect();
        parts.join(": ")
    }
}

impl Product {
    /// A product by a text that may be a package URL.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), purl: Purl::parse(id).ok().map(Arc::new), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_what_they_are_written_as() {
        for (justification, openvex, cyclonedx) in JUSTIFICATIONS {
            let back = Justification::from_openvex(openvex).unwrap();
            assert_eq!(back.as_openvex(), *openvex, "{justification:?}");
            let back = Justification::from_cyclonedx(cyclonedx).unwrap();
            assert_eq!(back.as_cyclonedx(), *cyclonedx, "{justification:?}");
        }
        for (status, name) in STATUSES {
            assert_eq!(Status::from_name(name), Some(*status));
        }
    }

    #[test]
    fn a_bare_not_affected_suppresses_nothing() {
        let mut statement = Statement { status: Status::NotAffected, ..Statement::default() };
        assert!(!statement.suppresses());
        statement.impact = Some("the parser is never fed".into());
        assert!(statement.suppresses());
        statement.impact = None;
        statement.justification = Some(Justification::VulnerableCodeNotPresent);
        assert!(statement.suppresses());
        assert_eq!(statement.reason(), "vulnerable code not present");
        statement.status = Status::Affected;
        assert!(!statement.suppresses());
    }
}
