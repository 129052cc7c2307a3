//! What may be said about the package that a finding is about, and about the data it was held against.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the project's own code can reach a package, as far as its imports tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The code names the vulnerable function itself.
    Function,
    /// The code imports the package, or the parent that brings it in.
    Imported,
    /// Only tests import it.
    TestsOnly,
    /// Nothing imports it, or the code names none of the vulnerable functions.
    NotReachable,
    /// It cannot be told; counts as reachable.
    Unknown,
}

impl Reach {
    /// The kebab-case name used in JSON and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Imported => "imported",
            Self::TestsOnly => "tests-only",
            Self::NotReachable => "not-reachable",
            Self::Unknown => "unknown",
        }
    }
}

/// A score of the Common Vulnerability Scoring System.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct CvssScore {
    /// The score with one decimal, `9.8`.
    pub score: String,
    /// The vector it was computed from.
    pub vector: String,
}

/// The chance of exploitation in the next 30 days by the Exploit Prediction Scoring System.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct EpssScore {
    /// Probability from 0 to 1, as published.
    pub probability: String,
    /// Share of all scored vulnerabilities that are no more likely, from 0 to 1, as published.
    pub percentile: String,
}

/// The package that a finding is about, and what was learned about the problem.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct PackageFacts {
    /// Ecosystem in the spelling of the OSV schema, with the release of a distribution: `npm`, `Debian:12`.
    pub ecosystem: String,
    /// Name as the ecosystem spells it.
    pub name: String,
    /// Version that is used; absent where only a requirement is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Every identifier of the advisory, the one that names the finding first. Empty for findings that no
    /// advisory is behind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisories: Vec<String>,
    /// Why the advisory applies: the range and the version order, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<String>,
    /// Lowest version that this advisory calls fixed and that is not lower than the one used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
    /// Lowest version that no known advisory of the package affects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear: Option<String>,
    /// `runtime`, `optional`, `build` or `development`.
    pub scope: String,
    /// `direct`, `transitive`, `root` or `unknown`.
    pub relation: String,
    /// A shortest way from the project to the package, `name version` each, the package last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    /// Whether the code can reach it; absent where that was not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// What that is concluded from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach_reason: Option<String>,
    /// The highest of the advisory's CVSS scores of the newest version that it states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss: Option<CvssScore>,
    /// Where the database has EPSS data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epss: Option<EpssScore>,
    /// Day on which CISA listed it as exploited (Known Exploited Vulnerabilities), `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploited_since: Option<String>,
    /// True if the package itself is malicious.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub malicious: bool,
    /// Layer of the image that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Licence expression, for findings about licences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

/// Counts of the packages that were looked at, and the advisories they were held against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DependencyInfo {
    /// Lockfiles, manifests, bills of materials and package databases read.
    pub manifests: u64,
    /// Packages in them, projects of the tree left out.
    pub packages: u64,
    /// Of these, packages without an exact version: nothing can be said about them.
    pub unpinned: u64,
    /// Of these, packages of ecosystems that the database has no advisories for, by ecosystem.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub without_data: std::collections::BTreeMap<String, u64>,
    /// The advisories; absent if there is no database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<AdvisoryDatabase>,
}

/// The advisory database of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdvisoryDatabase {
    /// Identifies the content.
    pub digest: String,
    /// Number of advisories.
    pub advisories: u64,
    /// Day on which it was made, `YYYY-MM-DD`.
    pub created: String,
    /// Its age on the day of the run.
    pub age_days: u64,
}
