//! Distributions in package URLs: the namespace that names the vendor, and the `distro` qualifier, which is
//! written `id-release` with the words of `os-release(5)` by the tools that fill it.

use crate::Ecosystem;

/// Ecosystem, the vendor that is written, `ID` of `os-release`, and other names for it that occur.
const VENDORS: &[(Ecosystem, &str, &str, &[&str])] = &[
    (Ecosystem::Debian, "debian", "debian", &[]),
    (Ecosystem::Ubuntu, "ubuntu", "ubuntu", &[]),
    (Ecosystem::Alpine, "alpine", "alpine", &[]),
    (Ecosystem::Wolfi, "wolfi", "wolfi", &[]),
    (Ecosystem::Chainguard, "chainguard", "chainguard", &[]),
    (Ecosystem::MinimOs, "minimos", "minimos", &[]),
    (Ecosystem::Alpaquita, "alpaquita", "alpaquita", &[]),
    (Ecosystem::RedHat, "redhat", "rhel", &["rhel", "centos"]),
    (Ecosystem::AlmaLinux, "almalinux", "almalinux", &[]),
    (Ecosystem::RockyLinux, "rocky-linux", "rocky", &["rocky", "rockylinux"]),
    (Ecosystem::Fedora, "fedora", "fedora", &[]),
    (Ecosystem::AmazonLinux, "amzn", "amzn", &["amazon", "amazonlinux", "amazon-linux"]),
    (Ecosystem::OracleLinux, "oracle", "ol", &["ol", "oraclelinux"]),
    (Ecosystem::AzureLinux, "azurelinux", "azurelinux", &["azure-linux", "mariner", "cbl-mariner"]),
    (Ecosystem::OpenSuse, "opensuse", "opensuse", &["opensuse-leap", "opensuse-tumbleweed"]),
    (Ecosystem::Suse, "suse", "sles", &["sles", "sled", "sle"]),
    (Ecosystem::OpenEuler, "openeuler", "openeuler", &[]),
    (Ecosystem::Mageia, "mageia", "mageia", &[]),
    (Ecosystem::PhotonOs, "photon", "photon", &["photon-os"]),
    (Ecosystem::ArchLinux, "arch", "arch", &["archlinux"]),
];

/// Code names that are written instead of a number, by distribution and release as OSV has it.
const CODENAMES: &[(&str, Ecosystem, &str)] = &[
    ("jessie", Ecosystem::Debian, "8"),
    ("stretch", Ecosystem::Debian, "9"),
    ("buster", Ecosystem::Debian, "10"),
    ("bullseye", Ecosystem::Debian, "11"),
    ("bookworm", Ecosystem::Debian, "12"),
    ("trixie", Ecosystem::Debian, "13"),
    ("forky", Ecosystem::Debian, "14"),
    ("trusty", Ecosystem::Ubuntu, "14.04:LTS"),
    ("xenial", Ecosystem::Ubuntu, "16.04:LTS"),
    ("bionic", Ecosystem::Ubuntu, "18.04:LTS"),
    ("focal", Ecosystem::Ubuntu, "20.04:LTS"),
    ("jammy", Ecosystem::Ubuntu, "22.04:LTS"),
    ("noble", Ecosystem::Ubuntu, "24.04:LTS"),
];

/// The namespace that stands for the distribution.
pub(super) fn vendor(ecosystem: Ecosystem) -> Option<&'static str> {
    VENDORS.iter().find(|row| row.0 == ecosystem).map(|row| row.1)
}

/// The distribution a namespace stands for, among those with packages of type `kind`.
pub(super) fn of_vendor(kind: &str, vendor: &str) -> Option<Ecosystem> {
    VENDORS
        .iter()
        .find(|(ecosystem, name, id, others)| {
            ecosystem.purl_type() == kind && (*name == vendor || *id == vendor || others.contains(&vendor))
        })
        .map(|row| row.0)
}

/// The `distro` qualifier for a release as OSV writes it: `debian-12`, `alpine-3.20`, `sles-15.5`.
pub(super) fn qualifier(ecosystem: Ecosystem, release: &str) -> Option<String> {
    let id = VENDORS.iter().find(|row| row.0 == ecosystem)?.2;
    Some(match ecosystem {
        Ecosystem::Ubuntu => format!("{id}-{}", release.split(':').next().unwrap_or(release)),
        Ecosystem::Alpine => format!("{id}-{}", release.strip_prefix('v').unwrap_or(release)),
        Ecosystem::RedHat => format!("{id}-{}", release.split(':').nth(1).unwrap_or(release)),
        Ecosystem::OpenSuse => format!("{id}-{}", release.to_lowercase().replace(' ', "-")),
        Ecosystem::Suse => match release.strip_prefix(ENTERPRISE_SERVER) {
            Some(version) => format!("{id}-{}", version.replace(" SP", ".")),
            None => format!("{id}-{}", release.replace(' ', "-")),
        },
        _ => format!("{id}-{release}"),
    })
}

const ENTERPRISE_SERVER: &str = "Linux Enterprise Server ";

/// The release that a `distro` qualifier means, as OSV writes it; `None` if it names another distribution.
pub(super) fn release(ecosystem: Ecosystem, distro: &str) -> Option<String> {
    let distro = distro.to_ascii_lowercase();
    let (_, vendor, id, others) = VENDORS.iter().find(|row| row.0 == ecosystem)?;
    let names = [*vendor, *id].into_iter().chain(others.iter().copied());
    let version =
        names.filter_map(|name| distro.strip_prefix(name)?.strip_prefix('-')).min_by_key(|it| it.len());
    let version = version.unwrap_or(&distro);
    if let Some(row) = CODENAMES.iter().find(|row| row.0 == version) {
        return (row.1 == ecosystem).then(|| row.2.to_owned());
    }
    let starts_with_digit = version.starts_with(|c: char| c.is_ascii_digit());
    let mut numbers = version.split('.');
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next());
    match ecosystem {
        Ecosystem::Alpine if version == "edge" => Some("edge".to_owned()),
        Ecosystem::OpenSuse if distro.ends_with("tumbleweed") => Some("Tumbleweed".to_owned()),
        Ecosystem::OpenSuse => {
            let number = version.strip_prefix("leap-").unwrap_or(version);
            number.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("Leap {number}"))
        }
        _ if !starts_with_digit => None,
        Ecosystem::Ubuntu => Some(match (major.parse::<u32>(), minor) {
            // Long support is given to the April releases of even years.
            (Ok(year), Some("04")) if year % 2 == 0 => format!("{major}.04:LTS"),
            _ => version.to_owned(),
        }),
        Ecosystem::Alpine => Some(format!("v{major}.{}", minor.unwrap_or("0"))),
        Ecosystem::RedHat => Some(format!("enterprise_linux:{major}")),
        Ecosystem::Suse => Some(match minor {
            Some(pack) if pack != "0" => format!("{ENTERPRISE_SERVER}{major} SP{pack}"),
            _ => format!("{ENTERPRISE_SERVER}{major}"),
        }),
        Ecosystem::Debian
        | Ecosystem::AlmaLinux
        | Ecosystem::RockyLinux
        | Ecosystem::OracleLinux
        | Ecosystem::AzureLinux => Some(major.to_owned()),
        // The case of `24.03-LTS` matters to OSV.
        Ecosystem::OpenEuler => Some(version.to_ascii_uppercase()),
        _ => Some(version.to_owned()),
    }
}
