//! Configuration files that use packages without importing them, seen through the answers.

use selvedge_package::Ecosystem;
use selvedge_reach::Reachability;

use crate::answers::{answer, manifest, unknown};

#[test]
fn a_package_named_by_a_script_or_setting_is_not_called_unused() {
    for (path, text) in [
        ("package.json", "{\"scripts\": {\"build\": \"left-pad --all\"}}"),
        ("package.json", "{\"mytool\": {\"plugins\": [\"left-pad\"]}}"),
        (".toolrc", "plugins:\n  - left-pad\n"),
        ("Dockerfile", "RUN npx left-pad\n"),
        ("main.scss", "@import '~left-pad/x';\n"),
        ("index.html", "<link href=\"node_modules/left-pad/x.css\">\n"),
        ("tool.config.js", "module.exports = { plugins: ['left-pad'] }\n"),
    ] {
        let it = manifest("package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
        assert!(unknown(&answer(&it, &[("a.js", "import 'b'"), (path, text)], 0)), "{path}");
    }
}

#[test]
fn lists_of_dependencies_are_no_use() {
    for (path, text) in [
        ("package.json", "{\"dependencies\": {\"left-pad\": \"^1\"}, \"name\": \"x\"}"),
        ("yarn.lock", "left-pad@^1:\n  version \"1\"\n"),
    ] {
        let it = manifest("package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
        let found = answer(&it, &[("a.js", "import 'b'"), (path, text)], 0);
        assert_eq!(found.as_str(), "not-imported", "{path}");
    }
    let text = "[project]\nname = \"x\"\ndependencies = [\n  \"xmltodict>=1\",\n]\n[dependency-groups]\ndev = [\"xmltodict\"]\n";
    let it = manifest("uv.lock", Ecosystem::PyPI, &[("xmltodict", &[])]);
    let why = |text: &str| match answer(&it, &[("a.py", "import os"), ("pyproject.toml", text)], 0) {
        Reachability::Unknown { why } => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        why(text),
        "no code imports it, but other Python packages may load it because it is installed"
    );
    let tool = "[tool.x]\nplugins = [\"xmltodict\"]\n";
    assert_eq!(
        why(tool),
        "no code imports it, but its name is in a string or configuration (pyproject.toml:2)"
    );
}

#[test]
fn other_names_are_followed() {
    let cargo = "[dependencies]\nshort = { package = \"long-name\", version = \"1\" }\n[dependencies.other]\npackage = \"third\"\n";
    let it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("long-name", &[]), ("third", &[])]);
    let files = [("Cargo.toml", cargo), ("src/main.rs", "use short::x;\nother::f();\n")];
    assert_eq!(answer(&it, &files, 0).as_str(), "reachable");
    assert_eq!(answer(&it, &files, 1).as_str(), "reachable");
    let it = manifest("package-lock.json", Ecosystem::Npm, &[("real", &[])]);
    let files =
        [("package.json", "{\"dependencies\": {\"alias\": \"npm:real@1\"}}"), ("a.js", "import 'alias'")];
    assert_eq!(answer(&it, &files, 0).as_str(), "reachable");
    let it = manifest("go.mod", Ecosystem::Go, &[("b.c/fork", &[]), ("d.e/tool", &[])]);
    let files = [
        ("go.mod", "replace a.b/orig => b.c/fork v1\ntool d.e/tool/cmd/x\n"),
        ("a.go", "package a\nimport \"a.b/orig/x\"\n"),
    ];
    assert_eq!(answer(&it, &files, 0).as_str(), "reachable");
    assert_eq!(answer(&it, &files, 1).as_str(), "reachable");
}
