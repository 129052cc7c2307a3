//! Versions and their order, one module for each order that ecosystems publish.
//!
//! A version is compared as it is written, without being taken apart first: a comparison allocates nothing
//! and takes well under a microsecond. What an order does not admit is an [`UnknownVersion`], never a guess.
//! Every order is total; where a published algorithm goes in circles, its module says what is done about it.
//! Start reading at [`VersionOrder`].

use std::cmp::Ordering;
use std::fmt;

use crate::Ecosystem;

mod alpine;
mod alpm;
mod conan;
mod conda;
mod cpan;
mod debian;
mod maven;
mod nuget;
mod number;
mod numeric;
mod packagist;
pub(crate) mod pep440;
mod rpm;
mod rubygems;
mod semver;

use semver::Flavour;

/// Longest text that is read as a version. The longest in public advisories are below 200 bytes.
pub const VERSION_BYTES_MAX: usize = 1024;

/// A published way of ordering versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VersionOrder {
    /// Semantic Versioning 2.0.0, read leniently; also npm, Cargo and Hex.
    SemVer,
    /// Go modules and toolchains: Semantic Versioning with pseudo-versions, `+incompatible` and `go1.21rc2`.
    Go,
    /// Semantic Versioning with build metadata as the last key: Pub and Julia.
    SemVerWithBuild,
    /// PEP 440 for Python.
    Pep440,
    /// The version order of the Maven POM reference.
    Maven,
    /// `Gem::Version`, also of CocoaPods.
    RubyGems,
    /// NuGet: four numbers and a pre-release without regard to case.
    NuGet,
    /// PHP's `version_compare` as Composer feeds it.
    Packagist,
    /// R's `numeric_version`.
    Cran,
    /// Haskell's `Data.Version`.
    Hackage,
    /// Conan 2.
    Conan,
    /// Conda's `VersionOrder`.
    Conda,
    /// Perl's `version.pm`.
    Cpan,
    /// opam, which is Debian's algorithm without epoch and revision.
    Opam,
    /// Debian policy 5.6.12.
    Debian,
    /// `apk version` of Alpine and its relatives.
    Alpine,
    /// rpm-version(7).
    Rpm,
    /// `vercmp(8)` of Arch Linux.
    Alpm,
}

/// Why a version has no place in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVersion {
    /// The order asked for; `None` for an ecosystem that publishes none.
    pub order: Option<VersionOrder>,
    /// What was to be compared, as written; cut if it is longer than any version.
    pub version: String,
}

impl UnknownVersion {
    fn new(order: Option<VersionOrder>, version: &str) -> Self {
        Self { order, version: version.chars().take(VERSION_BYTES_MAX).collect() }
    }
}

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.order {
            Some(order) => write!(f, "'{}' is no version in the order of {}", self.version, order.as_str()),
            None => write!(f, "'{}' belongs to no published version order", self.version),
        }
    }
}

impl std::error::Error for UnknownVersion {}

impl VersionOrder {
    /// Every order.
    pub const ALL: [Self; 18] = [
        Self::SemVer,
        Self::Go,
        Self::SemVerWithBuild,
        Self::Pep440,
        Self::Maven,
        Self::RubyGems,
        Self::NuGet,
        Self::Packagist,
        Self::Cran,
        Self::Hackage,
        Self::Conan,
        Self::Conda,
        Self::Cpan,
        Self::Opam,
        Self::Debian,
        Self::Alpine,
        Self::Rpm,
        Self::Alpm,
    ];

    /// The lower-case name used in explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SemVer => "semver",
            Self::Go => "go",
            Self::SemVerWithBuild => "semver with build",
            Self::Pep440 => "pep440",
            Self::Maven => "maven",
            Self::RubyGems => "rubygems",
            Self::NuGet => "nuget",
            Self::Packagist => "packagist",
            Self::Cran => "cran",
            Self::Hackage => "hackage",
            Self::Conan => "conan",
            Self::Conda => "conda",
            Self::Cpan => "cpan",
            Self::Opam => "opam",
            Self::Debian => "debian",
            Self::Alpine => "alpine",
            Self::Rpm => "rpm",
            Self::Alpm => "alpm",
        }
    }

    /// Whether `text` has a place in this order.
    pub fn admits(self, text: &str) -> bool {
        if text.is_empty() || text.len() > VERSION_BYTES_MAX {
            return false;
        }
        match self {
            Self::SemVer => semver::is_valid(text, Flavour::Plain),
            Self::Go => semver::is_valid(text, Flavour::Go),
            Self::SemVerWithBuild => semver::is_valid(text, Flavour::OrderedBuild),
            Self::Pep440 => pep440::is_valid(text),
            Self::Maven => maven::is_valid(text),
            Self::RubyGems => rubygems::is_valid(text),
            Self::NuGet => nuget::is_valid(text),
            Self::Packagist => packagist::is_valid(text),
            Self::Cran => numeric::is_valid(text, b".-"),
            Self::Hackage => numeric::is_valid(text, b"."),
            Self::Conan => conan::is_valid(text),
            Self::Conda => conda::is_valid(text),
            Self::Cpan => cpan::is_valid(text),
            Self::Opam => debian::is_valid_opam(text),
            Self::Debian => debian::is_valid(text),
            Self::Alpine => alpine::is_valid(text),
            Self::Rpm => rpm::is_valid(text),
            Self::Alpm => alpm::is_valid(text),
        }
    }

    /// Reads `text` as a version of this order. Surrounding white space does not count.
    pub fn parse(self, text: &str) -> Result<Version<'_>, UnknownVersion> {
        let trimmed = text.trim_ascii();
        if self.admits(trimmed) {
            return Ok(Version { order: self, text: trimmed });
        }
        Err(UnknownVersion::new(Some(self), text))
    }

    /// Reads the version of a range event, where `0` means the beginning of all versions (OSV schema,
    /// "affected[].ranges[].events fields").
    pub fn parse_event(self, text: &str) -> Result<EventVersion<'_>, UnknownVersion> {
        if text.trim_ascii() == "0" {
            return Ok(EventVersion::Beginning);
        }
        self.parse(text).map(EventVersion::At)
    }

    /// Compares two versions as written.
    pub fn compare(self, a: &str, b: &str) -> Result<Ordering, UnknownVersion> {
        let a = self.parse(a)?;
        let b = self.parse(b)?;
        Ok(a.cmp(&b))
    }

    /// `None` if one of the two is not admitted.
    fn compare_texts(self, a: &str, b: &str) -> Option<Ordering> {
        match self {
            Self::SemVer => semver::compare(a, b, Flavour::Plain),
            Self::Go => semver::compare(a, b, Flavour::Go),
            Self::SemVerWithBuild => semver::compare(a, b, Flavour::OrderedBuild),
            Self::Pep440 => pep440::compare(a, b),
            Self::Maven => Some(maven::compare(a, b)),
            Self::RubyGems => Some(rubygems::compare(a, b)),
            Self::NuGet => nuget::compare(a, b),
            Self::Packagist => Some(packagist::compare(a, b)),
            Self::Cran => Some(numeric::compare(a, b, b".-")),
            Self::Hackage => Some(numeric::compare(a, b, b".")),
            Self::Conan => conan::compare(a, b),
            Self::Conda => conda::compare(a, b),
            Self::Cpan => cpan::compare(a, b),
            Self::Opam => Some(debian::compare_opam(a, b)),
            Self::Debian => debian::compare(a, b),
            Self::Alpine => alpine::compare(a, b),
            Self::Rpm => Some(rpm::compare(a, b)),
            Self::Alpm => alpm::compare(a, b),
        }
    }
}

/// A text that has a place in an order. Equal means that neither comes first: `1.0` and `1.0.0` of PyPI.
///
/// Versions of different orders are ordered by their orders, so that mixed lists sort; that has no meaning.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    order: VersionOrder,
    text: &'a str,
}

impl<'a> Version<'a> {
    /// The version as it is written.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The order it belongs to.
    pub fn order(&self) -> VersionOrder {
        self.order
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.order != other.order {
            return self.order.cmp(&other.order);
        }
        if self.text == other.text {
            return Ordering::Equal;
        }
        self.order.compare_texts(self.text, other.text).expect("both were admitted when they were parsed")
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version<'_> {}

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text)
    }
}

/// Where an event of a range stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventVersion<'a> {
    /// Before every version, written `0`.
    Beginning,
    /// At this version.
    At(Version<'a>),
}

impl Ecosystem {
    /// How its versions are ordered; `None` where nothing is published (container tags, git commits, projects
    /// of OSS-Fuzz).
    pub fn version_order(self) -> Option<VersionOrder> {
        Some(match self {
            Self::CratesIo
            | Self::Npm
            | Self::Hex
            | Self::SwiftUrl
            | Self::GitHubActions
            | Self::Terraform
            | Self::VsCode
            | Self::Bitnami
            | Self::Linux => VersionOrder::SemVer,
            Self::Go => VersionOrder::Go,
            Self::Pub | Self::Julia => VersionOrder::SemVerWithBuild,
            Self::PyPI => VersionOrder::Pep440,
            Self::Maven => VersionOrder::Maven,
            Self::RubyGems | Self::CocoaPods => VersionOrder::RubyGems,
            Self::NuGet => VersionOrder::NuGet,
            Self::Packagist => VersionOrder::Packagist,
            Self::ConanCenter => VersionOrder::Conan,
            Self::Hackage | Self::Ghc => VersionOrder::Hackage,
            Self::Cran | Self::Bioconductor => VersionOrder::Cran,
            Self::Opam => VersionOrder::Opam,
            Self::Cpan => VersionOrder::Cpan,
            Self::Conda => VersionOrder::Conda,
            Self::Debian | Self::Ubuntu => VersionOrder::Debian,
            Self::Alpine | Self::Wolfi | Self::Chainguard | Self::MinimOs | Self::Alpaquita => {
                VersionOrder::Alpine
            }
            Self::RedHat
            | Self::AlmaLinux
            | Self::RockyLinux
            | Self::Fedora
            | Self::AmazonLinux
            | Self::OracleLinux
            | Self::AzureLinux
            | Self::OpenSuse
            | Self::Suse
            | Self::OpenEuler
            | Self::Mageia
            | Self::PhotonOs => VersionOrder::Rpm,
            Self::ArchLinux => VersionOrder::Alpm,
            Self::Docker | Self::OssFuzz | Self::Android | Self::Git | Self::Other => return None,
        })
    }

    /// Compares two versions of this ecosystem.
    pub fn compare(self, a: &str, b: &str) -> Result<Ordering, UnknownVersion> {
        self.order_of(a)?.compare(a, b)
    }

    /// Reads a version of this ecosystem; the result can be compared and sorted.
    pub fn parse_version(self, text: &str) -> Result<Version<'_>, UnknownVersion> {
        self.order_of(text)?.parse(text)
    }

    /// Reads the version of a range event, where `0` means the beginning of all versions.
    pub fn parse_event(self, text: &str) -> Result<EventVersion<'_>, UnknownVersion> {
        self.order_of(text)?.parse_event(text)
    }

    fn order_of(self, version: &str) -> Result<VersionOrder, UnknownVersion> {
        self.version_order().ok_or_else(|| UnknownVersion::new(None, version))
    }
}

#[cfg(test)]
mod tests;
