//! The database of dpkg, in both forms.

use std::fs;

use super::*;
use crate::{Folder, inventory};

fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// One line for each component: `source version [binary version] -> dependencies`.
fn check(files: &[(&str, &str)], expected: &[&str]) -> Vec<String> {
    let folder = tree(files);
    let out = inventory(&Folder::open(folder.path()).unwrap());
    let mut lines = Vec::new();
    for manifest in &out.manifests {
        for component in &manifest.components {
            let binary = component.binary_name.as_deref().unwrap_or("=");
            let version = component.binary_version.as_deref().unwrap_or("=");
            lines.push(format!(
                "{} {} [{binary} {version}] {:?}",
                component.name,
                component.version.as_deref().unwrap_or_default(),
                component.dependencies
            ));
        }
    }
    assert_eq!(lines, expected);
    out.diagnostics.iter().map(ToString::to_string).collect()
}

const STATUS_TEXT: &str = "\
Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.36-9
Provides: libc-any (= 2)

Package: tool
Status: install ok installed
Architecture: amd64
Source: suite (1.0-3)
Version: 1.0-3+b2
Pre-Depends: libc6 (>= 2.3)
Depends: absent | other:any, libc-any

Package: other
Status: install ok unpacked
Architecture: all
Version: 2

Package: gone
Status: deinstall ok config-files
Version: 1
";

#[test]
fn sources_versions_states_and_edges() {
    let diagnostics = check(
        &[(STATUS, STATUS_TEXT)],
        &["glibc 2.36-9 [libc6 =] []", "suite 1.0-3 [tool 1.0-3+b2] [0, 2]", "other 2 [= =] []"],
    );
    assert_eq!(diagnostics, [] as [&str; 0]);
}

#[test]
fn distroless_images_have_a_file_for_each_package() {
    let diagnostics = check(
        &[
            ("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\n"),
            ("var/lib/dpkg/status.d/tz", "Package: tzdata\nVersion: 2024a\n"),
            (
                "var/lib/dpkg/status.d/tz.md5sums",
                "d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n",
            ),
        ],
        &["base-files 12.4 [= =] []", "tzdata 2024a [= =] []"],
    );
    assert_eq!(diagnostics, [] as [&str; 0]);
}

#[test]
fn what_is_malformed_is_said_with_its_line_and_the_rest_counts() {
    let status = "Package: a\nStatus: install ok installed\n\nthis is no field\n\n\
                  Package: b\nStatus: install ok installed\nVersion: 1\n";
    let diagnostics = check(&[(STATUS, status)], &["b 1 [= =] []"]);
    assert_eq!(
        diagnostics,
        [
            "var/lib/dpkg/status:1: expected a package with a `Version` field",
            "var/lib/dpkg/status:4: expected `Field: value` or a continuation that starts with a space",
        ]
    );
}

#[test]
fn distribution_and_licences_are_found() {
    let folder = tree(&[
        ("usr/lib/os-release", "ID=ubuntu\nVERSION_ID=22.04\nVERSION=\"22.04 LTS\"\n"),
        (STATUS, STATUS_TEXT),
        (
            "usr/share/doc/tool/copyright",
            "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n\
             Files: *\nLicense: GPL-2+\n",
        ),
    ]);
    let out = inventory(&Folder::open(folder.path()).unwrap());
    let tool = &out.manifests[0].components[1];
    assert_eq!((tool.ecosystem, tool.release.as_deref()), (Ecosystem::Ubuntu, Some("22.04:LTS")));
    assert_eq!(tool.licenses, ["GPL-2.0-or-later"]);
    assert_eq!(tool.span.line, 8);
}

#[cfg(unix)]
#[test]
fn a_database_that_is_a_link_out_of_the_root_is_refused() {
    let outside = tree(&[("status", STATUS_TEXT)]);
    let folder = tree(&[("etc/os-release", "ID=debian\n")]);
    fs::create_dir_all(folder.path().join("var/lib/dpkg")).unwrap();
    let target = format!("../../../../../../..{}/status", outside.path().display());
    std::os::unix::fs::symlink(target, folder.path().join(STATUS)).unwrap();
    let out = inventory(&Folder::open(folder.path()).unwrap());
    assert!(out.manifests.is_empty());
    assert_eq!(out.diagnostics[0].to_string(), "var/lib/dpkg/status: a symbolic link leads out of the root");
}

#[cfg(unix)]
#[test]
fn absolute_links_start_at_the_root() {
    let folder = tree(&[("srv/status", STATUS_TEXT)]);
    fs::create_dir_all(folder.path().join("var/lib/dpkg")).unwrap();
    std::os::unix::fs::symlink("/srv/status", folder.path().join(STATUS)).unwrap();
    let out = inventory(&Folder::open(folder.path()).unwrap());
    assert_eq!(out.manifests[0].components.len(), 3, "{:?}", out.diagnostics);
}

#[test]
fn a_thousand_problems_are_counted_and_not_all_told() {
    let diagnostics = check(&[(STATUS, &"nonsense\n".repeat(900))], &[]);
    assert_eq!(diagnostics.len(), 21);
    assert_eq!(
        diagnostics[0],
        "var/lib/dpkg/status: 880 more problems in this file; the limit DIAGNOSTICS_PER_FILE_MAX of 20 cuts the list"
    );
}
