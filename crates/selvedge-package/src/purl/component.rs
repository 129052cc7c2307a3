//! From components to package URLs, for SBOMs that are written, and back, for those that are read.

use super::{Purl, PurlParts, distribution};
use crate::{Component, Ecosystem, Origin};

/// Registries that package URLs leave out because the type implies them.
const DEFAULT_REGISTRIES: &[&str] = &[
    "https://bcr.bazel.build",
    "https://crates.io",
    "https://hackage.haskell.org",
    "https://hex.pm",
    "https://hub.docker.com",
    "https://proxy.golang.org",
    "https://pub.dartlang.org",
    "https://pub.dev",
    "https://pypi.org",
    "https://pypi.org/simple",
    "https://pypi.python.org",
    "https://registry.npmjs.org",
    "https://repo.maven.apache.org/maven2",
    "https://repo1.maven.org/maven2",
    "https://rubygems.org",
    "https://www.nuget.org",
    "https://packagist.org",
];

impl Component {
    /// The package URL, with `arch`, `distro`, `epoch` and `upstream` for system packages and `vcs_url`,
    /// `repository_url` or `download_url` for what does not come from the ecosystem's own registry.
    ///
    /// `None` if the name does not fit the type: Julia's needs a UUID that no component carries, Composer's a
    /// vendor, and a component can be without a name.
    pub fn purl(&self) -> Option<Purl> {
        let kind = self.ecosystem.purl_type();
        let (namespace, name, subpath) = self.split_name();
        let (epoch, version) = self.split_epoch();
        let mut qualifiers: Vec<(&str, &str)> = Vec::new();
        if let Some(arch) = &self.architecture {
            qualifiers.push(("arch", arch));
        }
        let distro = self.release.as_deref().and_then(|it| distribution::qualifier(self.ecosystem, it));
        if let Some(distro) = &distro {
            qualifiers.push(("distro", distro));
        }
        if let Some(epoch) = epoch {
            qualifiers.push(("epoch", epoch));
        }
        let upstream = self.upstream();
        if let Some(source) = &upstream {
            qualifiers.push(("upstream", source));
        }
        if let Some(module) = &self.module {
            qualifiers.push(("rpmmod", module));
        }
        let origin = origin_qualifier(&self.origin);
        if let Some((key, value)) = &origin {
            qualifiers.push((key, value));
        }
        let parts = PurlParts {
            kind,
            namespace,
            name,
            version: version.unwrap_or_default(),
            qualifiers: &qualifiers,
            subpath,
        };
        Purl::from_parts(&parts).ok()
    }

    /// Reads the component that a package URL names. Everything the URL does not say has its default.
    pub fn from_purl(purl: &Purl) -> Self {
        let ecosystem = Ecosystem::from_purl(purl);
        let mut component = Self {
            ecosystem,
            name: joined_name(ecosystem, purl),
            version: purl.version().map(str::to_owned),
            architecture: purl.qualifier("arch").map(str::to_owned),
            module: purl.qualifier("rpmmod").map(str::to_owned),
            release: purl.qualifier("distro").and_then(|distro| distribution::release(ecosystem, distro)),
            origin: origin(purl),
            ..Self::default()
        };
        if let (Some(epoch), Some(version)) = (purl.qualifier("epoch"), purl.version()) {
            component.version = Some(format!("{epoch}:{version}"));
        }
        if let Some(source) = purl.qualifier("upstream").filter(|_| ecosystem.names_source_packages()) {
            component.set_source(source);
        }
        component
    }

    /// The source package, with its version where that differs; `None` where the binary package is named and
    /// versioned alike.
    fn upstream(&self) -> Option<String> {
        let source_version = self.version.as_ref().filter(|_| self.binary_version.is_some());
        let is_named_otherwise = self.binary_name.as_ref().is_some_and(|binary| *binary != self.name);
        match source_version {
            Some(version) => Some(format!("{}@{version}", self.name)),
            None => is_named_otherwise.then(|| self.name.clone()),
        }
    }

    /// Makes what was read the binary package of `source`, which is `name`, `name@version` or, as other tools
    /// write it for RPM, the file `name-version-release.src.rpm`.
    fn set_source(&mut self, source: &str) {
        let of_file = source.strip_suffix(".src.rpm").and_then(|stem| stem.rsplitn(3, '-').nth(2));
        let (name, version) =
            of_file.map(|name| (name, "")).or_else(|| source.split_once('@')).unwrap_or((source, ""));
        if name != self.name {
            self.binary_name = Some(std::mem::replace(&mut self.name, name.to_owned()));
        }
        if !version.is_empty() && self.version.as_deref() != Some(version) {
            self.binary_version = self.version.replace(version.to_owned());
        }
    }

    /// Namespace, name and subpath as the type of the ecosystem divides them.
    fn split_name(&self) -> (&str, &str, &str) {
        let name = self.name.as_str();
        let whole = ("", name, "");
        match self.ecosystem {
            Ecosystem::Maven => name.split_once(':').map_or(whole, |(group, artifact)| (group, artifact, "")),
            Ecosystem::CocoaPods => name.split_once('/').map_or(whole, |(pod, subspec)| ("", pod, subspec)),
            Ecosystem::GitHubActions => {
                let mut parts = name.splitn(3, '/');
                let (owner, action) = (parts.next().unwrap_or_default(), parts.next());
                action.map_or(whole, |action| (owner, action, parts.next().unwrap_or_default()))
            }
            ecosystem if ecosystem.is_distribution() => {
                let vendor = distribution::vendor(ecosystem).unwrap_or_default();
                (vendor, self.binary_name.as_deref().unwrap_or(name), "")
            }
            Ecosystem::Npm
            | Ecosystem::Go
            | Ecosystem::Packagist
            | Ecosystem::Hex
            | Ecosystem::SwiftUrl
            | Ecosystem::Docker
            | Ecosystem::Terraform
            | Ecosystem::VsCode
            | Ecosystem::Git => {
                name.rsplit_once('/').map_or(whole, |(namespace, name)| (namespace, name, ""))
            }
            _ => whole,
        }
    }

    /// RPM's epoch is a qualifier of its own; all others keep it in the version.
    fn split_epoch(&self) -> (Option<&str>, Option<&str>) {
        let version = self.binary_version.as_deref().or(self.version.as_deref());
        if self.ecosystem.purl_type() == "rpm"
            && let Some((epoch, rest)) = version.and_then(|version| version.split_once(':'))
            && !epoch.is_empty()
            && epoch.bytes().all(|byte| byte.is_ascii_digit())
        {
            return (Some(epoch).filter(|epoch| *epoch != "0"), Some(rest));
        }
        (None, version)
    }
}

impl Ecosystem {
    /// The ecosystem a package URL belongs to: by its type and, for system packages, by its namespace or the
    /// `distro` qualifier.
    pub fn from_purl(purl: &Purl) -> Self {
        match purl.kind() {
            kind @ ("deb" | "apk" | "rpm" | "alpm") => {
                let vendor = purl.namespace().unwrap_or_default();
                let distro = purl.qualifier("distro").unwrap_or_default();
                let id = distro.split('-').next().unwrap_or_default();
                distribution::of_vendor(kind, vendor)
                    .or_else(|| distribution::of_vendor(kind, &id.to_ascii_lowercase()))
                    .unwrap_or_default()
            }
            "generic" => Self::Other,
            "github" | "bitbucket" | "gitlab" | "git" => Self::Git,
            "oci" => Self::Docker,
            kind => Self::all().find(|ecosystem| ecosystem.purl_type() == kind).unwrap_or_default(),
        }
    }
}

/// The name as components of the ecosystem carry it.
fn joined_name(ecosystem: Ecosystem, purl: &Purl) -> String {
    let join = |parts: &[Option<&str>], separator: &str| {
        parts.iter().flatten().copied().collect::<Vec<_>>().join(separator)
    };
    match (ecosystem, purl.kind()) {
        (Ecosystem::Maven, _) => join(&[purl.namespace(), Some(purl.name())], ":"),
        (Ecosystem::CocoaPods | Ecosystem::GitHubActions, _) => {
            join(&[purl.namespace(), Some(purl.name()), purl.subpath()], "/")
        }
        (Ecosystem::Git, kind @ ("github" | "gitlab")) => {
            join(&[Some(&format!("{kind}.com")), purl.namespace(), Some(purl.name())], "/")
        }
        (Ecosystem::Git, "bitbucket") => {
            join(&[Some("bitbucket.org"), purl.namespace(), Some(purl.name())], "/")
        }
        // The address of an image names more than its last part, which alone is the name of the URL.
        (Ecosystem::Docker, "oci") => purl.qualifier("repository_url").unwrap_or(purl.name()).to_owned(),
        (Ecosystem::Cpan, _) => purl.name().to_owned(),
        (ecosystem, _) if ecosystem.is_distribution() => purl.name().to_owned(),
        _ => join(&[purl.namespace(), Some(purl.name())], "/"),
    }
}

/// The qualifier that says where a package comes from, if not from the registry that its type implies.
fn origin_qualifier(origin: &Origin) -> Option<(&'static str, String)> {
    match origin {
        Origin::Git { url, commit } => Some(("vcs_url", vcs_url(url, commit.as_deref()))),
        Origin::OtherRegistry(url) => Some(("repository_url", url.clone())),
        Origin::Url(url) => Some(("download_url", url.clone())),
        Origin::Registry | Origin::Path(_) | Origin::Installed => None,
    }
}

/// A repository in the notation of SPDX 2.3 section 7.7: `git+https://host/path@commit`.
fn vcs_url(url: &str, commit: Option<&str>) -> String {
    let address = if url.starts_with("git+") || url.starts_with("git://") {
        url.to_owned()
    } else if url.contains("://") {
        format!("git+{url}")
    } else if let Some((host, path)) = url.split_once(':') {
        format!("git+ssh://{host}/{path}")
    } else {
        format!("git+https://{url}")
    };
    match commit {
        Some(commit) => format!("{address}@{commit}"),
        None => address,
    }
}

fn origin(purl: &Purl) -> Origin {
    if let Some(url) = purl.qualifier("vcs_url") {
        let url = url.strip_prefix("git+").unwrap_or(url);
        // The at sign of a user comes before the path, that of a commit after it.
        let at = url.rfind('@').filter(|at| {
            url[..*at].rfind('/').is_some_and(|slash| slash > url.find("//").map_or(0, |start| start + 1))
        });
        let (url, commit) = at.map_or((url, None), |at| (&url[..at], Some(url[at + 1..].to_owned())));
        return Origin::Git { url: url.to_owned(), commit };
    }
    if let Some(url) = purl.qualifier("download_url") {
        return Origin::Url(url.to_owned());
    }
    match purl.qualifier("repository_url") {
        Some(_) if purl.kind() == "oci" => Origin::Registry,
        Some(url) if !DEFAULT_REGISTRIES.contains(&url.trim_end_matches('/')) => {
            Origin::OtherRegistry(url.to_owned())
        }
        _ => Origin::Registry,
    }
}
