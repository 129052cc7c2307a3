//! Language packages that a system package holds are marked and not counted twice.

use std::fs;

use selvedge_installed::{Folder, inventory};

fn check(files: &[(&str, &str)], expected: &[(&str, Option<&str>)]) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let out = inventory(&Folder::open(folder.path()).unwrap());
    let found: Vec<_> = out
        .manifests
        .iter()
        .flat_map(|manifest| &manifest.components)
        .filter(|it| !it.ecosystem.is_distribution())
        .map(|it| (it.name.as_str(), it.owned_by.as_deref()))
        .collect();
    assert_eq!(found, expected);
}

const INFO: &str = "Name: requests\nVersion: 2.28.1\n";

#[test]
fn by_the_lists_of_dpkg() {
    let path = "usr/lib/python3/dist-packages/requests.egg-info/PKG-INFO";
    check(
        &[
            (
                "var/lib/dpkg/info/python3-requests:all.list",
                "/.\n/lib/python3/dist-packages/requests.egg-info/PKG-INFO\n",
            ),
            (path, INFO),
            ("usr/local/lib/python3/dist-packages/b-1.dist-info/METADATA", "Name: b\nVersion: 1\n"),
        ],
        &[("requests", Some("python3-requests")), ("b", None)],
    );
}

#[test]
fn by_the_checksums_of_distroless_images() {
    check(
        &[
            ("var/lib/dpkg/status.d/py", "Package: py\nVersion: 1\n"),
            (
                "var/lib/dpkg/status.d/py.md5sums",
                "0123  usr/lib/python3/dist-packages/requests.egg-info/PKG-INFO\n",
            ),
            ("usr/lib/python3/dist-packages/requests.egg-info/PKG-INFO", INFO),
        ],
        &[("requests", Some("py"))],
    );
}

#[test]
fn by_the_database_of_apk() {
    check(
        &[
            (
                "lib/apk/db/installed",
                "P:py3-requests\nV:2.28.1-r0\nF:usr/lib/python3.11/site-packages/requests-2.28.1.dist-info\nR:METADATA\n\n",
            ),
            ("usr/lib/python3.11/site-packages/requests-2.28.1.dist-info/METADATA", INFO),
        ],
        &[("requests", Some("py3-requests"))],
    );
}
