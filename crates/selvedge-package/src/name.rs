//! Names: the spelling under which advisories and components meet.

use std::borrow::Cow;

use crate::Ecosystem;

impl Ecosystem {
    /// Whether advisories of the distribution name source packages, as those of Debian do, and not the binary
    /// ones that are installed.
    pub fn names_source_packages(self) -> bool {
        matches!(
            self,
            Self::RockyLinux
                | Self::OpenSuse
                | Self::Suse
                | Self::OpenEuler
                | Self::Mageia
                | Self::PhotonOs
                | Self::AzureLinux
        ) || matches!(self.purl_type(), "deb" | "apk")
    }

    /// The key of a package name: two names with equal keys are the same package for this ecosystem.
    ///
    /// | ecosystem | rule | source |
    /// | --- | --- | --- |
    /// | PyPI | lower case, runs of `-`, `_` and `.` are one `-`; extras (`celery[redis]`) name the same package | PEP 503, "Normalized Names"; PEP 508, "Extras" |
    /// | NuGet | case does not matter | NuGet reference, "Package ids are case-insensitive" |
    /// | Packagist, Hex, Pub, Conda, Conan, Terraform, Visual Studio Code, Bitnami, Docker | lower case | their registries admit or compare lower case only |
    /// | GitHub Actions | owner and repository in lower case; the path of the action inside it is dropped | advisories name the repository |
    /// | `SwiftURL`, `GIT` | host and path in lower case, without scheme, user, `.git` and final slash | Swift Package Manager, "package identity"; the great hosts ignore case |
    /// | CocoaPods | the pod without its subspecs: `A/B` is `A` | CocoaPods guides, "subspec" |
    /// | npm, crates.io, Go, Maven, RubyGems, CRAN, Bioconductor, Hackage, Julia, opam, CPAN and all system packages | as it is | case tells packages apart (`JSONStream` and `jsonstream` of npm), or the registry hands out one spelling |
    ///
    /// Surrounding white space never counts.
    pub fn normalize(self, name: &str) -> Cow<'_, str> {
        let name = name.trim();
        match self {
            Self::PyPI => normalize_python(name),
            Self::NuGet
            | Self::Packagist
            | Self::Hex
            | Self::Pub
            | Self::Conda
            | Self::ConanCenter
            | Self::Terraform
            | Self::VsCode
            | Self::Bitnami
            | Self::Docker => lower(name),
            Self::GitHubActions => lower(repository_of_action(name)),
            Self::SwiftUrl | Self::Git => normalize_repository(name),
            Self::CocoaPods => Cow::Borrowed(name.split('/').next().unwrap_or(name).trim_end()),
            Self::CratesIo
            | Self::Npm
            | Self::Go
            | Self::Maven
            | Self::RubyGems
            | Self::Hackage
            | Self::Ghc
            | Self::Cran
            | Self::Bioconductor
            | Self::Julia
            | Self::Opam
            | Self::Cpan
            | Self::Debian
            | Self::Ubuntu
            | Self::Alpine
            | Self::Wolfi
            | Self::Chainguard
            | Self::MinimOs
            | Self::Alpaquita
            | Self::RedHat
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
            | Self::PhotonOs
            | Self::ArchLinux
            | Self::OssFuzz
            | Self::Android
            | Self::Linux
            | Self::Other => Cow::Borrowed(name),
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.to_lowercase())
}

fn normalize_python(name: &str) -> Cow<'_, str> {
    let name = name.split('[').next().unwrap_or(name).trim_end();
    let is_normal = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b'_' && byte != b'.';
    if name.bytes().all(is_normal) && !name.contains("--") {
        return Cow::Borrowed(name);
    }
    let mut normal = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        let c = if matches!(c, '_' | '.') { '-' } else { c };
        if c != '-' || !normal.ends_with('-') {
            normal.push(c);
        }
    }
    Cow::Owned(normal)
}

/// `owner/repository` of `owner/repository/path@ref`.
fn repository_of_action(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or(name).trim_end();
    let end = name.match_indices('/').nth(1).map_or(name.len(), |(at, _)| at);
    name[..end].trim_end()
}

/// `host/path` of an address in any of the notations of git, `git@host:path` among them.
fn normalize_repository(name: &str) -> Cow<'_, str> {
    let mut address = name.rsplit_once("://").map_or(name, |(_, rest)| rest);
    let host_end = address.find('/').unwrap_or(address.len());
    if let Some(at) = address[..host_end].rfind('@') {
        address = &address[at + 1..];
    }
    while let Some(shorter) = address.strip_suffix('/').or_else(|| address.strip_suffix(".git")) {
        address = shorter.trim_end();
    }
    match address.trim().split_once(':') {
        Some((host, path)) if !host.contains('/') && path.starts_with(|c: char| c.is_alphabetic()) => {
            Cow::Owned(format!("{host}/{path}").to_lowercase())
        }
        _ => lower(address.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ecosystem: Ecosystem, name: &str, expected: &str) {
        let key = ecosystem.normalize(name);
        assert_eq!(key, expected);
        assert_eq!(ecosystem.normalize(&key), expected, "a key is its own key");
    }

    #[test]
    fn python_names_meet_in_one_spelling() {
        for name in [
            "Zope.Interface",
            "zope-interface",
            "zope__interface",
            "ZOPE-_.interface",
            " zope.interface[test] ",
        ] {
            check(Ecosystem::PyPI, name, "zope-interface");
        }
    }

    #[test]
    fn case_matters_only_where_it_tells_packages_apart() {
        check(Ecosystem::Npm, "JSONStream", "JSONStream");
        check(Ecosystem::Go, "github.com/BurntSushi/toml/v2", "github.com/BurntSushi/toml/v2");
        check(Ecosystem::Maven, "org.Example:Name", "org.Example:Name");
        check(Ecosystem::NuGet, "Newtonsoft.Json", "newtonsoft.json");
        check(Ecosystem::Packagist, "Symfony/Yaml", "symfony/yaml");
    }

    #[test]
    fn repositories_meet_whatever_way_they_are_written() {
        for name in [
            "https://github.com/Vapor/vapor.git",
            "github.com/vapor/vapor",
            "ssh://git@github.com/vapor/vapor/",
            "git+https://github.com/vapor/vapor",
            "git@github.com:vapor/vapor.git",
        ] {
            check(Ecosystem::SwiftUrl, name, "github.com/vapor/vapor");
        }
        check(Ecosystem::Git, "https://example.org:8443/a@b/c", "example.org:8443/a@b/c");
    }

    #[test]
    fn parts_of_a_package_are_the_package() {
        check(Ecosystem::CocoaPods, "Firebase/Core", "Firebase");
        check(Ecosystem::GitHubActions, "Actions/Cache/save", "actions/cache");
        check(Ecosystem::GitHubActions, "tj-actions/changed-files@v4", "tj-actions/changed-files");
    }
}
