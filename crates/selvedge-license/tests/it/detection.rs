//! Licence texts.

use selvedge_license::detect::{detect, is_license_file, is_package_license};

/// A text made for this test, with the wording that the MIT licence requires of those who use it.
const PERMISSIVE: &str = include_str!("../../../../LICENSE");

#[test]
fn the_licence_of_this_project_is_recognised() {
    let found = detect(PERMISSIVE);
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), ["Apache-2.0"]);
    assert!(found[0].score > 0.98 && found[0].lines.0 < found[0].lines.1);
}

#[test]
fn identifiers_in_texts_are_believed() {
    let found = detect("// SPDX-License-Identifier: BSD-2-Clause\n");
    assert_eq!((found[0].id, found[0].lines), ("BSD-2-Clause", (1, 1)));
}

#[test]
fn other_texts_are_no_licences() {
    assert_eq!(detect(""), []);
    assert_eq!(
        detect("This is a readme. It says how to build and install the program, and whom to ask."),
        []
    );
    assert_eq!(detect(&"word ".repeat(50_000)), []);
}

#[test]
fn names_of_licence_files() {
    for right in
        ["LICENSE", "LICENCE.txt", "src/COPYING.LESSER", "LICENSE-MIT", "NOTICE.md", "a\\license_apache"]
    {
        assert!(is_license_file(right), "{right}");
    }
    for own in ["LICENSE", "a/LICENCE.txt", "COPYING.LESSER", "LICENSE-MIT"] {
        assert!(is_package_license(own), "{own}");
    }
    for other in ["NOTICE.md", "LICENSE-third-party.txt", "licenses.txt", "license.rs", "COPYRIGHT"] {
        assert!(!is_package_license(other), "{other}");
    }
    for wrong in ["license.rs", "README", "src/licenser/mod", "unlicensed.txt"] {
        assert!(!is_license_file(wrong), "{wrong}");
    }
}
