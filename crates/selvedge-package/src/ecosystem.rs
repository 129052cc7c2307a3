//! Ecosystems: who publishes packages, and by whose rules names and versions are read.

use std::fmt;

/// A family of packages with one way of spelling names and ordering versions.
///
/// Names are those of the OSV schema (appendix "Defined ecosystems") where it has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Rust crates.
    CratesIo,
    /// Npm packages.
    Npm,
    /// Python packages.
    PyPI,
    /// Go modules.
    Go,
    /// Maven artefacts (Java, Kotlin, Scala).
    Maven,
    /// Ruby gems.
    RubyGems,
    /// .NET packages.
    NuGet,
    /// PHP packages.
    Packagist,
    /// Dart packages.
    Pub,
    /// Elixir, Erlang and Gleam packages.
    Hex,
    /// Swift packages, named by their repository.
    SwiftUrl,
    /// CocoaPods.
    CocoaPods,
    /// Conan (C and C++) packages.
    ConanCenter,
    /// Haskell packages.
    Hackage,
    /// The Haskell compiler and its parts.
    Ghc,
    /// R packages.
    Cran,
    /// R packages of Bioconductor.
    Bioconductor,
    /// Julia packages.
    Julia,
    /// OCaml packages.
    Opam,
    /// Perl distributions.
    Cpan,
    /// Conda packages.
    Conda,
    /// Actions used by GitHub workflows.
    GitHubActions,
    /// Container images.
    Docker,
    /// Terraform providers and modules.
    Terraform,
    /// Visual Studio Code extensions.
    VsCode,
    /// Debian source packages.
    Debian,
    /// Ubuntu source packages.
    Ubuntu,
    /// Alpine origin packages.
    Alpine,
    /// Wolfi packages.
    Wolfi,
    /// Chainguard packages.
    Chainguard,
    /// MinimOS packages.
    MinimOs,
    /// Alpaquita packages.
    Alpaquita,
    /// Red Hat packages.
    RedHat,
    /// AlmaLinux packages.
    AlmaLinux,
    /// Rocky Linux packages.
    RockyLinux,
    /// Fedora packages.
    Fedora,
    /// Amazon Linux packages.
    AmazonLinux,
    /// Oracle Linux packages.
    OracleLinux,
    /// Azure Linux packages.
    AzureLinux,
    /// OpenSUSE packages.
    OpenSuse,
    /// SUSE packages.
    Suse,
    /// OpenEuler packages.
    OpenEuler,
    /// Mageia packages.
    Mageia,
    /// Photon OS packages.
    PhotonOs,
    /// Arch Linux packages.
    ArchLinux,
    /// Bitnami components.
    Bitnami,
    /// Projects fuzzed by OSS-Fuzz.
    OssFuzz,
    /// Android platform components.
    Android,
    /// The Linux kernel.
    Linux,
    /// What is known by its git repository only.
    Git,
    /// None of those above; nothing is known about its versions.
    #[default]
    Other,
}

/// Ecosystem, name in the OSV schema, type in package URLs, what its packages are called.
const TABLE: &[(Ecosystem, &str, &str, &str)] = &[
    (Ecosystem::CratesIo, "crates.io", "cargo", "Rust crates"),
    (Ecosystem::Npm, "npm", "npm", "npm packages"),
    (Ecosystem::PyPI, "PyPI", "pypi", "Python packages"),
    (Ecosystem::Go, "Go", "golang", "Go modules"),
    (Ecosystem::Maven, "Maven", "maven", "Maven artefacts (Java, Kotlin, Scala)"),
    (Ecosystem::RubyGems, "RubyGems", "gem", "Ruby gems"),
    (Ecosystem::NuGet, "NuGet", "nuget", ".NET packages"),
    (Ecosystem::Packagist, "Packagist", "composer", "PHP packages"),
    (Ecosystem::Pub, "Pub", "pub", "Dart packages"),
    (Ecosystem::Hex, "Hex", "hex", "Elixir, Erlang and Gleam packages"),
    (Ecosystem::SwiftUrl, "SwiftURL", "swift", "Swift packages, named by their repository"),
    (Ecosystem::CocoaPods, "CocoaPods", "cocoapods", "CocoaPods"),
    (Ecosystem::ConanCenter, "ConanCenter", "conan", "Conan (C and C++) packages"),
    (Ecosystem::Hackage, "Hackage", "hackage", "Haskell packages"),
    (Ecosystem::Ghc, "GHC", "generic", "the Haskell compiler and its parts"),
    (Ecosystem::Cran, "CRAN", "cran", "R packages"),
    (Ecosystem::Bioconductor, "Bioconductor", "bioconductor", "R packages of Bioconductor"),
    (Ecosystem::Julia, "Julia", "julia", "Julia packages"),
    (Ecosystem::Opam, "opam", "opam", "OCaml packages"),
    (Ecosystem::Cpan, "CPAN", "cpan", "Perl distributions"),
    (Ecosystem::Conda, "Conda", "conda", "Conda packages"),
    (Ecosystem::GitHubActions, "GitHub Actions", "githubactions", "actions used by GitHub workflows"),
    (Ecosystem::Docker, "Docker", "docker", "container images"),
    (Ecosystem::Terraform, "Terraform", "terraform", "Terraform providers and modules"),
    (Ecosystem::VsCode, "VSCode", "vscode-extension", "Visual Studio Code extensions"),
    (Ecosystem::Debian, "Debian", "deb", "Debian source packages"),
    (Ecosystem::Ubuntu, "Ubuntu", "deb", "Ubuntu source packages"),
    (Ecosystem::Alpine, "Alpine", "apk", "Alpine origin packages"),
    (Ecosystem::Wolfi, "Wolfi", "apk", "Wolfi packages"),
    (Ecosystem::Chainguard, "Chainguard", "apk", "Chainguard packages"),
    (Ecosystem::MinimOs, "MinimOS", "apk", "MinimOS packages"),
    (Ecosystem::Alpaquita, "Alpaquita", "apk", "Alpaquita packages"),
    (Ecosystem::RedHat, "Red Hat", "rpm", "Red Hat packages"),
    (Ecosystem::AlmaLinux, "AlmaLinux", "rpm", "AlmaLinux packages"),
    (Ecosystem::RockyLinux, "Rocky Linux", "rpm", "Rocky Linux packages"),
    (Ecosystem::Fedora, "Fedora", "rpm", "Fedora packages"),
    (Ecosystem::AmazonLinux, "Amazon Linux", "rpm", "Amazon Linux packages"),
    (Ecosystem::OracleLinux, "Oracle Linux", "rpm", "Oracle Linux packages"),
    (Ecosystem::AzureLinux, "Azure Linux", "rpm", "Azure Linux packages"),
    (Ecosystem::OpenSuse, "openSUSE", "rpm", "openSUSE packages"),
    (Ecosystem::Suse, "SUSE", "rpm", "SUSE packages"),
    (Ecosystem::OpenEuler, "openEuler", "rpm", "openEuler packages"),
    (Ecosystem::Mageia, "Mageia", "rpm", "Mageia packages"),
    (Ecosystem::PhotonOs, "Photon OS", "rpm", "Photon OS packages"),
    (Ecosystem::ArchLinux, "Arch Linux", "alpm", "Arch Linux packages"),
    (Ecosystem::Bitnami, "Bitnami", "bitnami", "Bitnami components"),
    (Ecosystem::OssFuzz, "OSS-Fuzz", "generic", "projects fuzzed by OSS-Fuzz"),
    (Ecosystem::Android, "Android", "generic", "Android platform components"),
    (Ecosystem::Linux, "Linux", "generic", "the Linux kernel"),
    (Ecosystem::Git, "GIT", "generic", "what is known by its git repository only"),
];

impl Ecosystem {
    /// Every ecosystem except [`Ecosystem::Other`], in the order of this page.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> Option<&'static (Self, &'static str, &'static str, &'static str)> {
        TABLE.iter().find(|row| row.0 == self)
    }

    /// The name without release, as the OSV schema writes it; `other` for [`Ecosystem::Other`].
    pub fn as_str(self) -> &'static str {
        self.row().map_or("other", |row| row.1)
    }

    /// What its packages are called on screen: "Rust crates".
    pub fn label(self) -> &'static str {
        self.row().map_or("other packages", |row| row.3)
    }

    /// The type that package URLs of it carry.
    pub fn purl_type(self) -> &'static str {
        self.row().map_or("generic", |row| row.2)
    }

    /// Splits an OSV ecosystem string into family and release: `Debian:12`, `Ubuntu:22.04:LTS`. Unknown
    /// names give [`Ecosystem::Other`]; letter case is ignored.
    pub fn from_osv(text: &str) -> (Self, Option<&str>) {
        let (name, release) = match text.split_once(':') {
            Some((name, release)) => (name, Some(release)),
            None => (text, None),
        };
        let row = TABLE.iter().find(|row| row.1.eq_ignore_ascii_case(name));
        (row.map_or(Self::Other, |row| row.0), release.filter(|release| !release.is_empty()))
    }

    /// Whether it is a system distribution, whose advisories belong to one release.
    pub fn is_distribution(self) -> bool {
        self.row().is_some_and(|row| matches!(row.2, "deb" | "apk" | "rpm" | "alpm"))
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn osv_names_split_into_family_and_release() {
        assert_eq!(Ecosystem::from_osv("Debian:12"), (Ecosystem::Debian, Some("12")));
        assert_eq!(Ecosystem::from_osv("Ubuntu:22.04:LTS"), (Ecosystem::Ubuntu, Some("22.04:LTS")));
        assert_eq!(Ecosystem::from_osv("crates.io"), (Ecosystem::CratesIo, None));
        assert_eq!(Ecosystem::from_osv("Nowhere:1"), (Ecosystem::Other, Some("1")));
        for ecosystem in Ecosystem::all() {
            assert_eq!(Ecosystem::from_osv(ecosystem.as_str()).0, ecosystem);
        }
    }
}
