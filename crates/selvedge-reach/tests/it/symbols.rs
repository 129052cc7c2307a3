//! Answers about the functions that advisories name.

use selvedge_package::{Ecosystem, Manifest};
use selvedge_reach::{ImportNames, Reach, Symbol, SymbolReach, Uses};

use crate::answers::manifest;
use crate::uses;

fn answer(manifest: &Manifest, files: &[(&str, &str)], path: &str, name: &str) -> String {
    let all = Uses::collect(files.iter().map(|(path, text)| uses(path, text)));
    let known = ImportNames::default();
    let symbol = Symbol { path: path.to_owned(), name: name.to_owned() };
    match Reach::new(&all, manifest, &known).symbols(0, &[symbol]) {
        SymbolReach::Used { evidence, is_certain: true, .. } => format!("used {evidence}"),
        SymbolReach::Used { evidence, .. } => format!("possibly {evidence}"),
        SymbolReach::NotUsed { .. } => "not used".to_owned(),
        SymbolReach::NotUsedHere { .. } => "not used here".to_owned(),
        SymbolReach::Unknown { .. } => "unknown".to_owned(),
    }
}

#[test]
fn go_functions_belong_to_their_package_and_methods_to_any() {
    let it = manifest("go.mod", Ecosystem::Go, &[("a.b/html", &[])]);
    let go = "package a\nimport \"a.b/html\"\nimport \"net/url\"\nfunc f() { html.Render(x)\n url.Parse(y)\n n.Walk() }\n";
    let files = [("a.go", go)];
    assert_eq!(answer(&it, &files, "a.b/html", "Render"), "used a.go:4");
    assert_eq!(answer(&it, &files, "a.b/html", "Parse"), "not used");
    assert_eq!(answer(&it, &files, "a.b/html", "Node.Walk"), "possibly a.go:6");
    assert_eq!(answer(&it, &files, "a.b/html", "Node.Other"), "not used");
    assert_eq!(answer(&it, &files, "a.b/html/atom", "Render"), "not used");
    assert_eq!(answer(&it, &files, "a.b/html", "Node.String"), "unknown");
    assert_eq!(answer(&it, &files, "a.b/html", "internal"), "unknown");
}

#[test]
fn a_go_package_whose_name_differs_from_its_path_is_met_carefully() {
    let it = manifest("go.mod", Ecosystem::Go, &[("a.b/strange", &[])]);
    let files = [("a.go", "package a\nimport \"a.b/strange\"\nfunc f() { other.Render(x) }\n")];
    assert_eq!(answer(&it, &files, "a.b/strange", "Render"), "possibly a.go:3");
    let files = [("a.go", "package a\nimport . \"a.b/strange\"\nfunc f() { Render(x) }\n")];
    assert_eq!(answer(&it, &files, "a.b/strange", "Render"), "possibly a.go:3");
}

#[test]
fn python_names_through_aliases_and_from_imports() {
    let it = manifest("uv.lock", Ecosystem::PyPI, &[("PyYAML", &[])]);
    for (text, expected) in [
        ("import yaml\nyaml.load(x)\n", "used a.py:2"),
        ("import yaml as y\n\ny.load(x)\n", "used a.py:3"),
        ("from yaml import load\n", "used a.py:1"),
        ("import yaml\njson.load(x)\n", "possibly a.py:2"),
        ("import yaml\nyaml.safe_load(x)\n", "not used here"),
        ("import yaml\ngetattr(yaml, 'load')\n", "possibly a.py:2"),
        ("import yaml\nx = f'{yaml.load(y)}'\n", "used a.py:2"),
        ("from yaml import *\nh = load\n", "possibly a.py:2"),
    ] {
        assert_eq!(answer(&it, &[("a.py", text)], "", "load"), expected, "{text}");
    }
}

#[test]
fn rust_functions_methods_and_aliases() {
    let it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("tar", &[])]);
    for (text, expected) in [
        ("use tar::Archive;\nfn f() { a.unpack(x) }\n", "possibly a.rs:2"),
        ("use tar::x;\nfn f() { x::unpack(y) }\n", "used a.rs:2"),
        ("use tar::{y, x::unpack as u};\n", "used a.rs:1"),
        ("use tar as t;\n\nfn f() { t::x::unpack(y) }\n", "used a.rs:3"),
        ("use tar::Archive;\nfn f() { a.entries(x) }\n", "not used"),
    ] {
        assert_eq!(answer(&it, &[("a.rs", text)], "", "tar::Archive::unpack"), expected, "{text}");
    }
}

#[test]
fn javascript_names() {
    let it = manifest("package-lock.json", Ecosystem::Npm, &[("lodash", &[])]);
    for (text, expected) in [
        ("import _ from 'lodash';\n_.template(x)\n", "used a.js:2"),
        ("import { template as t } from 'lodash';\n", "used a.js:1"),
        ("const _ = require('lodash');\n\n_.template(x)\n", "used a.js:3"),
        ("const { template } = require('lodash');\n", "used a.js:1"),
        ("const t = require('lodash').template;\n", "used a.js:1"),
        ("import _ from 'lodash';\nconst { template } = _;\n", "possibly a.js:2"),
        ("import _ from 'lodash';\n_.merge(x)\n", "not used"),
    ] {
        assert_eq!(answer(&it, &[("a.js", text)], "", "template"), expected, "{text}");
    }
}

#[test]
fn what_others_use_too_cannot_be_told_from_own_code() {
    let mut it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("tar", &[]), ("user", &[0])]);
    let files = [("a.rs", "use tar::Archive;\nuse user::x;\n")];
    assert_eq!(answer(&it, &files, "", "tar::unpack"), "unknown");
    assert_eq!(answer(&it, &[("a.rs", "use tar::Archive;\n")], "", "tar::unpack"), "not used");
    assert_eq!(answer(&it, &[("a.rs", "use user::x;\n")], "", "tar::unpack"), "unknown");
    assert_eq!(answer(&it, &[("a.rs", "use z::x;\n")], "", "tar::unpack"), "not used");
    it.has_graph = false;
    assert_eq!(answer(&it, &[("a.rs", "use tar::Archive;\n")], "", "tar::unpack"), "not used here");
}
