//! Which distribution a tree is, from `os-release(5)`, in the words of the OSV schema.

use selvedge_model::Diagnostic;
use selvedge_package::Ecosystem;

use crate::limit::Limit;
use crate::root::{Root, read_or_report, text};

/// Places of the file, in the order in which they count.
const PATHS: &[&str] = &["etc/os-release", "usr/lib/os-release"];

/// Size of the file; real ones have under 1 kB.
const OS_RELEASE_BYTES_MAX: Limit = Limit::new("OS_RELEASE_BYTES_MAX", 64 << 10);

/// A distribution and its release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// The ecosystem that its packages belong to; [`Ecosystem::Other`] if OSV knows none.
    pub ecosystem: Ecosystem,
    /// The release as OSV writes it after the colon: `12`, `v3.20`, `22.04:LTS`, a part of a CPE for Red Hat.
    /// `None` for rolling distributions.
    pub release: Option<String>,
    /// `ID` of the file: `debian`.
    pub id: String,
    /// `PRETTY_NAME` of the file.
    pub name: String,
    /// `CPE_NAME` of the file.
    pub cpe: Option<String>,
}

/// Whether the file at `path` is read here.
pub(crate) fn wants(path: &str) -> bool {
    PATHS.contains(&path)
}

/// The distribution of `root`; `None` if it does not say.
pub(crate) fn read(root: &dyn Root, diagnostics: &mut Vec<Diagnostic>) -> Option<Distribution> {
    PATHS.iter().find_map(|path| {
        let bytes = read_or_report(root, path, OS_RELEASE_BYTES_MAX, diagnostics)?;
        Some(parse(&text(&bytes)))
    })
}

/// The fields of the file that matter.
struct Fields<'a> {
    pairs: Vec<(&'a str, String)>,
}

impl Fields<'_> {
    fn get(&self, key: &str) -> &str {
        // The last assignment wins, as in a shell.
        self.pairs.iter().rev().find(|(name, _)| *name == key).map_or("", |(_, value)| value)
    }
}

/// Reads the text of an `os-release` file.
pub(crate) fn parse(text: &str) -> Distribution {
    let pairs = text.lines().filter_map(|line| {
        let (key, value) = line.trim().split_once('=')?;
        (!key.starts_with('#')).then(|| (key.trim(), unquote(value.trim())))
    });
    let fields = Fields { pairs: pairs.collect() };
    let id = fields.get("ID").to_ascii_lowercase();
    let like = fields.get("ID_LIKE").to_ascii_lowercase();
    let (ecosystem, release) = classify(&id, &fields).unwrap_or_else(|| {
        // A derivative that says what it is built from.
        like.split_whitespace().find_map(|base| derived(base, &fields)).unwrap_or_default()
    });
    let cpe = fields.get("CPE_NAME");
    Distribution {
        ecosystem,
        release: release.filter(|release| !release.is_empty()),
        name: fields.get("PRETTY_NAME").to_owned(),
        cpe: (!cpe.is_empty()).then(|| cpe.to_owned()),
        id,
    }
}

/// Undoes the quoting of a shell assignment: one pair of quotes, backslash escapes.
fn unquote(value: &str) -> String {
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut out = String::with_capacity(value.len());
    let mut chars = inner.unwrap_or(value).chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

fn classify(id: &str, fields: &Fields<'_>) -> Option<(Ecosystem, Option<String>)> {
    let version = fields.get("VERSION_ID");
    let pretty = fields.get("PRETTY_NAME");
    let major = || version.split('.').next().unwrap_or_default().to_owned();
    Some(match id {
        "debian" | "raspbian" => (Ecosystem::Debian, debian_release(fields)),
        "ubuntu" => (Ecosystem::Ubuntu, Some(ubuntu_release(version, fields.get("VERSION")))),
        "alpine" => (Ecosystem::Alpine, Some(alpine_release(version))),
        "wolfi" => (Ecosystem::Wolfi, None),
        "chainguard" => (Ecosystem::Chainguard, None),
        "minimos" => (Ecosystem::MinimOs, None),
        "alpaquita" => (Ecosystem::Alpaquita, Some(version.to_owned())),
        "rhel" => (Ecosystem::RedHat, red_hat_release(fields.get("CPE_NAME"), &major())),
        // Rebuilt from the sources of Red Hat, whose advisories hold.
        "centos" => (Ecosystem::RedHat, red_hat_release("", &major())),
        "almalinux" => (Ecosystem::AlmaLinux, Some(major())),
        "rocky" => (Ecosystem::RockyLinux, Some(major())),
        "fedora" => (Ecosystem::Fedora, Some(version.to_owned())),
        "amzn" => (Ecosystem::AmazonLinux, Some(version.to_owned())),
        "ol" => (Ecosystem::OracleLinux, Some(major())),
        "azurelinux" | "mariner" => (Ecosystem::AzureLinux, Some(major())),
        "photon" => (Ecosystem::PhotonOs, Some(version.to_owned())),
        "openeuler" => (Ecosystem::OpenEuler, Some(open_euler_release(fields.get("VERSION"), version))),
        "mageia" => (Ecosystem::Mageia, Some(version.to_owned())),
        "arch" => (Ecosystem::ArchLinux, None),
        _ if id.starts_with("opensuse") => {
            (Ecosystem::OpenSuse, Some(pretty.strip_prefix("openSUSE ").unwrap_or(version).to_owned()))
        }
        "sles" | "sled" | "sles_sap" | "sle_hpc" | "sle-micro" | "sl-micro" | "suse-microos" => {
            (Ecosystem::Suse, Some(pretty.strip_prefix("SUSE ").unwrap_or(version).to_owned()))
        }
        _ => return None,
    })
}

/// A distribution of another name that is built from packages of a known one.
fn derived(base: &str, fields: &Fields<'_>) -> Option<(Ecosystem, Option<String>)> {
    match base {
        "ubuntu" => {
            let release = ubuntu_of_codename(fields.get("UBUNTU_CODENAME"))?;
            Some((Ecosystem::Ubuntu, Some(release.to_owned())))
        }
        "debian" => Some((Ecosystem::Debian, debian_of_codename(fields.get("DEBIAN_CODENAME")))),
        // Their version numbers need not be those of the base, so no release is claimed.
        "alpine" => Some((Ecosystem::Alpine, None)),
        "arch" => Some((Ecosystem::ArchLinux, None)),
        _ => None,
    }
}

/// `VERSION_ID`, which testing lacks: it has only the code name of the release to come.
fn debian_release(fields: &Fields<'_>) -> Option<String> {
    match fields.get("VERSION_ID") {
        "" => debian_of_codename(fields.get("VERSION_CODENAME")),
        version => Some(version.split('.').next().unwrap_or(version).to_owned()),
    }
}

fn debian_of_codename(codename: &str) -> Option<String> {
    let number = match codename {
        "stretch" => "9",
        "buster" => "10",
        "bullseye" => "11",
        "bookworm" => "12",
        "trixie" => "13",
        "forky" => "14",
        "duke" => "15",
        _ => return None,
    };
    Some(number.to_owned())
}

fn ubuntu_of_codename(codename: &str) -> Option<&'static str> {
    Some(match codename {
        "trusty" => "14.04:LTS",
        "xenial" => "16.04:LTS",
        "bionic" => "18.04:LTS",
        "focal" => "20.04:LTS",
        "jammy" => "22.04:LTS",
        "noble" => "24.04:LTS",
        _ => return None,
    })
}

/// OSV marks the releases with long support: `22.04:LTS`.
fn ubuntu_release(version: &str, long: &str) -> String {
    if long.contains("LTS") { format!("{version}:LTS") } else { version.to_owned() }
}

/// `3.20.3` is of `v3.20`; the development branch writes `3.21_alpha20240807`.
fn alpine_release(version: &str) -> String {
    if version.contains('_') {
        return "edge".to_owned();
    }
    let mut parts = version.split('.');
    match (parts.next(), parts.next()) {
        (Some(major), Some(minor)) => format!("v{major}.{minor}"),
        _ if version.is_empty() => String::new(),
        _ => format!("v{version}"),
    }
}

/// OSV names a product of Red Hat by its CPE without the beginning: `enterprise_linux:9::baseos`.
fn red_hat_release(cpe: &str, major: &str) -> Option<String> {
    let product = ["cpe:/o:redhat:", "cpe:/a:redhat:"].iter().find_map(|start| cpe.strip_prefix(start));
    product.map(str::to_owned).or_else(|| (!major.is_empty()).then(|| format!("enterprise_linux:{major}")))
}

/// `VERSION="24.03 (LTS-SP1)"` is `24.03-LTS-SP1`.
fn open_euler_release(long: &str, version: &str) -> String {
    match long.split_once(" (") {
        Some((number, rest)) => format!("{number}-{}", rest.trim_end_matches(')')),
        None => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let it = parse(text);
        let release = it.release.map(|release| format!(":{release}")).unwrap_or_default();
        assert_eq!(format!("{}{release}", it.ecosystem), expected);
    }

    #[test]
    fn releases_are_written_as_osv_writes_them() {
        check("ID=debian\nVERSION_ID=\"12\"\n", "Debian:12");
        check("ID=debian\nVERSION_CODENAME=trixie\n", "Debian:13");
        check("ID=debian\nVERSION_CODENAME=sid\n", "Debian");
        check(
            "ID=ubuntu\nVERSION_ID=\"22.04\"\nVERSION=\"22.04.4 LTS (Jammy Jellyfish)\"",
            "Ubuntu:22.04:LTS",
        );
        check("ID=ubuntu\nVERSION_ID='23.10'\nVERSION='23.10 (Mantic Minotaur)'", "Ubuntu:23.10");
        check("ID=alpine\nVERSION_ID=3.20.3", "Alpine:v3.20");
        check("ID=alpine\nVERSION_ID=3.21_alpha20240807", "Alpine:edge");
        check("ID=wolfi\nVERSION_ID=20230201", "Wolfi");
        check("ID=\"almalinux\"\nVERSION_ID=\"9.4\"", "AlmaLinux:9");
        check("ID=\"rocky\"\nVERSION_ID=\"9.3\"", "Rocky Linux:9");
        check(
            "ID=\"rhel\"\nVERSION_ID=\"9.4\"\nCPE_NAME=\"cpe:/o:redhat:enterprise_linux:9::baseos\"",
            "Red Hat:enterprise_linux:9::baseos",
        );
        check("ID=\"centos\"\nVERSION_ID=\"7\"", "Red Hat:enterprise_linux:7");
        check(
            "ID=\"opensuse-leap\"\nVERSION_ID=\"15.5\"\nPRETTY_NAME=\"openSUSE Leap 15.5\"",
            "openSUSE:Leap 15.5",
        );
        check(
            "ID=\"sles\"\nVERSION_ID=\"15.5\"\nPRETTY_NAME=\"SUSE Linux Enterprise Server 15 SP5\"",
            "SUSE:Linux Enterprise Server 15 SP5",
        );
        check(
            "ID=\"openEuler\"\nVERSION_ID=\"24.03\"\nVERSION=\"24.03 (LTS-SP1)\"",
            "openEuler:24.03-LTS-SP1",
        );
        check("ID=azurelinux\nVERSION_ID=\"3.0\"", "Azure Linux:3");
        check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nUBUNTU_CODENAME=jammy", "Ubuntu:22.04:LTS");
        check("ID=amzn\nVERSION_ID=\"2023\"", "Amazon Linux:2023");
        check("ID=plan9\nnonsense", "other");
    }
}
