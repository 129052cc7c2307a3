//! An advisory as this crate understands it: the OSV schema, plus what single databases say beyond it.
//!
//! Records of every source, OSV or native, become a [`Record`]; [`Record::from_osv`] is the one place that
//! interprets OSV JSON.

mod osv;
mod source;

use selvedge_package::Ecosystem;

pub use source::{Source, source_of};

/// One advisory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// Identifier: `GHSA-…`, `RUSTSEC-…`.
    pub id: String,
    /// When the record was last changed, as it says (RFC 3339).
    pub modified: String,
    /// The same in seconds since 1970; where it says nothing usable, when it was published; else 0.
    pub modified_seconds: i64,
    /// Whether the publisher took it back.
    pub withdrawn: bool,
    /// Other names of the same problem.
    pub aliases: Vec<String>,
    /// Problems that have to do with this one.
    pub related: Vec<String>,
    /// Records that this one was made from, such as the CVE behind a distribution's record.
    pub upstream: Vec<String>,
    /// CVSS vectors and other scores, as given.
    pub severity: Vec<SeverityScore>,
    /// The publisher's own word: `HIGH`, `Critical`, `unimportant`.
    pub severity_word: Option<String>,
    /// What is affected.
    pub affected: Vec<Affected>,
    /// Licence of this record where it differs from its source's.
    pub license: Option<String>,
    /// Whether it says that the package itself is an attack.
    pub malicious: bool,
    /// Whether it was made from a database's own form. A copy in the OSV schema then is preferred.
    pub is_native: bool,
    /// The record in the OSV schema, compact, whole.
    pub json: Vec<u8>,
}

/// A score in a system.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeverityScore {
    /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, `Ubuntu` …
    pub kind: String,
    /// The vector or word.
    pub score: String,
}

/// One package that is affected, and how.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Affected {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// Its name as written, without release. Keeps what [`Ecosystem::Other`] does not know.
    pub ecosystem_name: String,
    /// Release of a distribution, as written after the colon.
    pub release: Option<String>,
    /// Name of the package as written; empty if only a repository is named.
    pub name: String,
    /// Ranges of versions.
    pub ranges: Vec<Range>,
    /// Versions listed one by one.
    pub versions: Vec<String>,
    /// Scores that hold for this package.
    pub severity: Vec<SeverityScore>,
    /// The publisher's own word for this package.
    pub severity_word: Option<String>,
    /// What in the package is affected, where the source says so.
    pub symbols: Vec<Symbols>,
    /// Operating systems to which it is limited; none named means all.
    pub systems: Vec<String>,
    /// Processor architectures to which it is limited; none named means all.
    pub architectures: Vec<String>,
    /// A notice about the package that is no vulnerability.
    pub informational: Option<Informational>,
}

/// Affected functions of one module, package or crate.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbols {
    /// Import path of a Go package, or empty where the names are whole paths (Rust).
    pub path: String,
    /// Names: `Header.Set`, `http::Response::split`. None named means everything in `path`.
    pub names: Vec<String>,
}

/// What a notice is about, in RustSec's words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Informational {
    /// Nobody maintains it any more.
    Unmaintained,
    /// Its safe interface can break memory safety.
    Unsound,
    /// Something that users should know.
    Notice,
    /// Another kind, as written.
    Other(String),
}

impl Informational {
    /// The word that stands for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unmaintained => "unmaintained",
            Self::Unsound => "unsound",
            Self::Notice => "notice",
            Self::Other(word) => word,
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Self {
        match word {
            "unmaintained" => Self::Unmaintained,
            "unsound" => Self::Unsound,
            "notice" => Self::Notice,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// How the versions in a range are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RangeKind {
    /// By Semantic Versioning 2.0.
    Semver,
    /// By the rules of the ecosystem.
    #[default]
    Ecosystem,
    /// By the history of a git repository.
    Git,
}

impl RangeKind {
    /// The name in the OSV schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Semver => "SEMVER",
            Self::Ecosystem => "ECOSYSTEM",
            Self::Git => "GIT",
        }
    }
}

/// A range of versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Range {
    /// How it is ordered.
    pub kind: RangeKind,
    /// The repository of a git range.
    pub repository: Option<String>,
    /// Where it begins and ends.
    pub events: Vec<Event>,
}

/// Where a range begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// From here on affected.
    Introduced,
    /// From here on no more.
    Fixed,
    /// The last one affected.
    LastAffected,
    /// Nothing from here on is spoken about.
    Limit,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happens.
    pub kind: EventKind,
    /// At which version or commit; `0` is before everything.
    pub version: String,
}
