//! The metrics of each version with their values, in the order of the specifications.

use super::CvssVersion;

/// What a metric belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Mandatory.
    Base,
    /// Temporal metrics, called threat metrics in 4.0.
    Threat,
    /// What one user's environment changes.
    Environment,
    /// Says more but does not count (4.0).
    Supplemental,
}

/// One metric.
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) group: Group,
    pub(super) values: &'static [&'static str],
}

const fn base(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Base, values }
}

const fn threat(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Threat, values }
}

const fn environment(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Environment, values }
}

const fn supplemental(name: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { name, group: Group::Supplemental, values }
}

/// "A Complete Guide to the CVSS Version 2.0", section 2.
pub(super) const V2: &[Metric] = &[
    base("AV", &["L", "A", "N"]),
    base("AC", &["H", "M", "L"]),
    base("Au", &["M", "S", "N"]),
    base("C", &["N", "P", "C"]),
    base("I", &["N", "P", "C"]),
    base("A", &["N", "P", "C"]),
    threat("E", &["U", "POC", "F", "H", "ND"]),
    threat("RL", &["OF", "TF", "W", "U", "ND"]),
    threat("RC", &["UC", "UR", "C", "ND"]),
    environment("CDP", &["N", "L", "LM", "MH", "H", "ND"]),
    environment("TD", &["N", "L", "M", "H", "ND"]),
    environment("CR", &["L", "M", "H", "ND"]),
    environment("IR", &["L", "M", "H", "ND"]),
    environment("AR", &["L", "M", "H", "ND"]),
];

/// CVSS 3.0 and 3.1, section 6 "Vector String".
pub(super) const V3: &[Metric] = &[
    base("AV", &["N", "A", "L", "P"]),
    base("AC", &["L", "H"]),
    base("PR", &["N", "L", "H"]),
    base("UI", &["N", "R"]),
    base("S", &["U", "C"]),
    base("C", &["N", "L", "H"]),
    base("I", &["N", "L", "H"]),
    base("A", &["N", "L", "H"]),
    threat("E", &["X", "U", "P", "F", "H"]),
    threat("RL", &["X", "O", "T", "W", "U"]),
    threat("RC", &["X", "U", "R", "C"]),
    environment("CR", &["X", "L", "M", "H"]),
    environment("IR", &["X", "L", "M", "H"]),
    environment("AR", &["X", "L", "M", "H"]),
    environment("MAV", &["X", "N", "A", "L", "P"]),
    environment("MAC", &["X", "L", "H"]),
    environment("MPR", &["X", "N", "L", "H"]),
    environment("MUI", &["X", "N", "R"]),
    environment("MS", &["X", "U", "C"]),
    environment("MC", &["X", "N", "L", "H"]),
    environment("MI", &["X", "N", "L", "H"]),
    environment("MA", &["X", "N", "L", "H"]),
];

/// CVSS 4.0, section 7 "Vector String", table 23.
pub(super) const V4: &[Metric] = &[
    base("AV", &["N", "A", "L", "P"]),
    base("AC", &["L", "H"]),
    base("AT", &["N", "P"]),
    base("PR", &["N", "L", "H"]),
    base("UI", &["N", "P", "A"]),
    base("VC", &["H", "L", "N"]),
    base("VI", &["H", "L", "N"]),
    base("VA", &["H", "L", "N"]),
    base("SC", &["H", "L", "N"]),
    base("SI", &["H", "L", "N"]),
    base("SA", &["H", "L", "N"]),
    threat("E", &["X", "A", "P", "U"]),
    environment("CR", &["X", "H", "M", "L"]),
    environment("IR", &["X", "H", "M", "L"]),
    environment("AR", &["X", "H", "M", "L"]),
    environment("MAV", &["X", "N", "A", "L", "P"]),
    environment("MAC", &["X", "L", "H"]),
    environment("MAT", &["X", "N", "P"]),
    environment("MPR", &["X", "N", "L", "H"]),
    environment("MUI", &["X", "N", "P", "A"]),
    environment("MVC", &["X", "H", "L", "N"]),
    environment("MVI", &["X", "H", "L", "N"]),
    environment("MVA", &["X", "H", "L", "N"]),
    environment("MSC", &["X", "H", "L", "N"]),
    environment("MSI", &["X", "S", "H", "L", "N"]),
    environment("MSA", &["X", "S", "H", "L", "N"]),
    supplemental("S", &["X", "N", "P"]),
    supplemental("AU", &["X", "N", "Y"]),
    supplemental("R", &["X", "A", "U", "I"]),
    supplemental("V", &["X", "D", "C"]),
    supplemental("RE", &["X", "L", "M", "H"]),
    supplemental("U", &["X", "Clear", "Green", "Amber", "Red"]),
];

/// The value that says nothing.
pub(super) fn not_defined(version: CvssVersion) -> &'static str {
    match version {
        CvssVersion::V2 => "ND",
        CvssVersion::V3_0 | CvssVersion::V3_1 | CvssVersion::V4 => "X",
    }
}
