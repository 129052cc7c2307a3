//! Trees of `node_modules`.

use std::fs;

use super::*;
use crate::{Folder, inventory};

#[test]
fn only_entries_of_node_modules_are_packages() {
    for (path, expected) in [
        ("app/node_modules/a/package.json", true),
        ("node_modules/@s/a/package.json", true),
        ("node_modules/a/node_modules/b/package.json", true),
        ("app/package.json", false),
        ("node_modules/package.json", false),
        ("node_modules/@s/package.json", false),
        ("node_modules/.package-lock/package.json", false),
        ("node_modules/a/test/fixtures/package.json", false),
        ("node_modules/@s/a/dist/package.json", false),
    ] {
        assert_eq!(wants(path), expected, "{path}");
    }
}

#[test]
fn edges_follow_the_resolution_of_node() {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in [
        (
            "app/node_modules/a/package.json",
            r#"{"name":"a","version":"1.0.0","dependencies":{"@s/b":"^1","c":"*"}}"#,
        ),
        (
            "app/node_modules/a/node_modules/c/package.json",
            r#"{"name":"c","version":"2.0.0","license":"MIT"}"#,
        ),
        ("app/node_modules/c/package.json", r#"{"name":"c","version":"1.0.0","licenses":[{"type":"ISC"}]}"#),
        (
            "app/node_modules/@s/b/package.json",
            r#"{"name":"@s/b","version":"1.1.0","dependencies":{"c":"1"}}"#,
        ),
        ("app/node_modules/bad/package.json", r#"{"name":"bad"}"#),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let out = inventory(&Folder::open(folder.path()).unwrap());
    assert_eq!(out.manifests[0].path, "app/node_modules");
    let found: Vec<_> = out.manifests[0]
        .components
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.version.as_deref().unwrap_or("-"),
                it.dependencies.clone(),
                it.licenses.join(","),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("@s/b", "1.1.0", vec![3], String::new()),
            ("c", "2.0.0", vec![], "MIT".to_owned()),
            ("a", "1.0.0", vec![0, 1], String::new()),
            ("c", "1.0.0", vec![], "ISC".to_owned()),
        ]
    );
    assert_eq!(
        out.diagnostics[0].to_string(),
        "app/node_modules/bad/package.json: expected a package with a `version`"
    );
}
