//! Who publishes a record, by the prefix of its id: the OSV schema's table of home databases.

use selvedge_package::Ecosystem;

/// A public database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Prefix of its ids, with the hyphen.
    pub prefix: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Licence of its data (SPDX); empty where none is stated.
    pub license: &'static str,
    /// The ecosystem that it is the home of.
    pub home: Option<Ecosystem>,
}

const fn source(
    prefix: &'static str,
    name: &'static str,
    license: &'static str,
    home: Option<Ecosystem>,
) -> Source {
    Source { prefix, name, license, home }
}

/// The databases that are known. A longer prefix stands before a shorter one that it begins with.
const SOURCES: &[Source] = &[
    source("RUSTSEC-", "RustSec", "CC0-1.0", Some(Ecosystem::CratesIo)),
    source("GHSA-", "GitHub Advisory Database", "CC-BY-4.0", None),
    source("PYSEC-", "PyPA Advisory Database", "CC-BY-4.0", Some(Ecosystem::PyPI)),
    source("GO-", "Go Vulnerability Database", "CC-BY-4.0", Some(Ecosystem::Go)),
    source("MAL-", "OpenSSF Malicious Packages", "Apache-2.0", None),
    source("OSV-", "OSS-Fuzz", "CC-BY-4.0", Some(Ecosystem::OssFuzz)),
    source("BIT-", "Bitnami Vulnerability Database", "Apache-2.0", Some(Ecosystem::Bitnami)),
    source("HSEC-", "Haskell Security Advisories", "CC-BY-4.0", Some(Ecosystem::Hackage)),
    source("RSEC-", "RConsortium Advisory Database", "Apache-2.0", Some(Ecosystem::Cran)),
    source("EEF-", "Erlang Ecosystem Foundation", "CC-BY-4.0", Some(Ecosystem::Hex)),
    source("JLSEC-", "Julia Security Advisories", "CC-BY-4.0", Some(Ecosystem::Julia)),
    source("OSEC-", "OCaml Security Advisories", "CC-BY-4.0", Some(Ecosystem::Opam)),
    source("CPANSA-", "CPAN Security Advisories", "CC-BY-4.0", Some(Ecosystem::Cpan)),
    source("PSF-", "Python Software Foundation", "CC-BY-4.0", None),
    source("RUBYSEC-", "Ruby Advisory Database", "", Some(Ecosystem::RubyGems)),
    source("FRIENDSOFPHP-", "PHP Security Advisories Database", "Unlicense", Some(Ecosystem::Packagist)),
    source("DRUPAL-", "Drupal Security Advisories", "", Some(Ecosystem::Packagist)),
    source("DEBIAN-CVE-", "Debian Security Tracker", "MIT", Some(Ecosystem::Debian)),
    source("DSA-", "Debian Security Advisories", "MIT", Some(Ecosystem::Debian)),
    source("DLA-", "Debian LTS Advisories", "MIT", Some(Ecosystem::Debian)),
    source("DTSA-", "Debian Testing Advisories", "MIT", Some(Ecosystem::Debian)),
    source("UBUNTU-CVE-", "Ubuntu CVE Reports", "CC-BY-SA-4.0", Some(Ecosystem::Ubuntu)),
    source("USN-", "Ubuntu Security Notices", "CC-BY-SA-4.0", Some(Ecosystem::Ubuntu)),
    source("LSN-", "Ubuntu Livepatch Notices", "CC-BY-SA-4.0", Some(Ecosystem::Ubuntu)),
    source("ALPINE-CVE-", "Alpine Security Database", "MIT", Some(Ecosystem::Alpine)),
    source("ALSA-", "AlmaLinux", "MIT", Some(Ecosystem::AlmaLinux)),
    source("ALBA-", "AlmaLinux", "MIT", Some(Ecosystem::AlmaLinux)),
    source("ALEA-", "AlmaLinux", "MIT", Some(Ecosystem::AlmaLinux)),
    source("RHSA-", "Red Hat", "CC-BY-4.0", Some(Ecosystem::RedHat)),
    source("RHBA-", "Red Hat", "CC-BY-4.0", Some(Ecosystem::RedHat)),
    source("RHEA-", "Red Hat", "CC-BY-4.0", Some(Ecosystem::RedHat)),
    source("RLSA-", "Rocky Linux", "BSD-3-Clause", Some(Ecosystem::RockyLinux)),
    source("RXSA-", "Rocky Linux", "BSD-3-Clause", Some(Ecosystem::RockyLinux)),
    source("SUSE-", "SUSE", "CC-BY-4.0", Some(Ecosystem::Suse)),
    source("openSUSE-", "openSUSE", "CC-BY-4.0", Some(Ecosystem::OpenSuse)),
    source("OESA-", "openEuler", "", Some(Ecosystem::OpenEuler)),
    source("MGASA-", "Mageia", "CC-BY-SA-4.0", Some(Ecosystem::Mageia)),
    source("PHSA-", "Photon OS", "", Some(Ecosystem::PhotonOs)),
    source("AZL-", "Azure Linux", "MIT", Some(Ecosystem::AzureLinux)),
    source("CGA-", "Chainguard", "Apache-2.0", Some(Ecosystem::Chainguard)),
    source("MINI-", "MinimOS", "", Some(Ecosystem::MinimOs)),
    source("BELL-", "BellSoft", "", Some(Ecosystem::Alpaquita)),
    source("CURL-", "curl", "curl", None),
    source("ASB-", "Android Security Bulletin", "Apache-2.0", Some(Ecosystem::Android)),
    source("PUB-", "Android Security Bulletin", "Apache-2.0", Some(Ecosystem::Android)),
    source("GSD-", "Global Security Database", "CC0-1.0", None),
    source("CVE-", "CVE", "CC0-1.0", None),
];

/// The database that an id belongs to; `None` for a prefix that is not known (a local advisory).
pub fn source_of(id: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| id.starts_with(source.prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_database() {
        assert_eq!(source_of("RUSTSEC-2020-0001").map(|it| it.license), Some("CC0-1.0"));
        assert_eq!(source_of("DEBIAN-CVE-2020-1").map(|it| it.home), Some(Some(Ecosystem::Debian)));
        assert_eq!(source_of("ACME-1"), None);
    }

    #[test]
    fn no_prefix_hides_another() {
        for (index, row) in SOURCES.iter().enumerate() {
            let hidden = SOURCES[..index].iter().find(|earlier| row.prefix.starts_with(earlier.prefix));
            assert_eq!(hidden, None, "{}", row.prefix);
        }
    }
}
