//! Environments of Python.

use std::fs;

use super::*;
use crate::{Folder, inventory};

fn read_tree(files: &[(&str, &str)]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    inventory(&Folder::open(folder.path()).unwrap())
}

#[test]
fn one_environment_is_one_manifest_with_edges() {
    let out = read_tree(&[
        (
            "venv/site-packages/Flask-2.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: Flask\nVersion: 2.0\nLicense: BSD\nRequires-Dist: click.core>=8\n\
             Requires-Dist: pytest ; extra == 'test'\n\nName: not a header\n",
        ),
        (
            "venv/site-packages/click_core.egg-info",
            "Name: click-core\nVersion: 8.1\nLicense-Expression: MIT\n",
        ),
        ("venv/site-packages/pytest-7.egg-info/PKG-INFO", "Name: pytest\nVersion: 7\n"),
        ("venv/site-packages/z.egg/EGG-INFO/PKG-INFO", "name: z\nversion: 1\n"),
        (
            "venv/site-packages/z-1.dist-info/direct_url.json",
            "{\"url\":\"https://example.org/z.git\",\"vcs_info\":{\"vcs\":\"git\",\"commit_id\":\"abc\"}}",
        ),
        ("venv/site-packages/z-1.dist-info/METADATA", "Name: z\nVersion: 1\n"),
    ]);
    assert_eq!(out.manifests.len(), 1);
    let manifest = &out.manifests[0];
    assert_eq!(manifest.path, "venv/site-packages");
    let found: Vec<_> = manifest
        .components
        .iter()
        .map(|it| (it.name.as_str(), it.span.line, it.dependencies.clone(), it.licenses.join(",")))
        .collect();
    assert_eq!(
        found,
        [
            ("Flask", 2, vec![1], "BSD".to_owned()),
            ("click-core", 1, vec![], "MIT".to_owned()),
            ("pytest", 1, vec![], String::new()),
            ("z", 1, vec![], String::new()),
            ("z", 1, vec![], String::new()),
        ]
    );
    let commit = Some("abc".to_owned());
    assert_eq!(
        manifest.components[3].origin,
        Origin::Git { url: "https://example.org/z.git".to_owned(), commit }
    );
    assert!(out.diagnostics.is_empty(), "{:?}", out.diagnostics);
}

#[test]
fn what_has_no_name_or_version_is_said() {
    let out = read_tree(&[("s/a-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: a\n")]);
    assert!(out.manifests.is_empty());
    assert_eq!(
        out.diagnostics[0].to_string(),
        "s/a-1.dist-info/METADATA: expected `Name:` and `Version:` of a Python package"
    );
}
