//! Answers for the components of a manifest.

use selvedge_package::{Component, Ecosystem, Manifest, Relation, Scope};
use selvedge_reach::{ImportNames, Reach, Reachability, Uses};

use crate::uses;

/// A manifest of direct components with edges; what something depends on is transitive.
pub(crate) fn manifest(path: &str, ecosystem: Ecosystem, components: &[(&str, &[u32])]) -> Manifest {
    let below: Vec<u32> = components.iter().flat_map(|row| row.1.iter().copied()).collect();
    let components = components
        .iter()
        .enumerate()
        .map(|(index, (name, dependencies))| Component {
            ecosystem,
            name: (*name).to_owned(),
            dependencies: dependencies.to_vec(),
            relation: if below.contains(&(index as u32)) { Relation::Transitive } else { Relation::Direct },
            ..Component::default()
        })
        .collect();
    Manifest { path: path.to_owned(), components, has_graph: true, is_locked: true, ..Manifest::default() }
}

pub(crate) fn answer(manifest: &Manifest, files: &[(&str, &str)], index: u32) -> Reachability {
    let all = Uses::collect(files.iter().map(|(path, text)| uses(path, text)));
    Reach::new(&all, manifest, &ImportNames::default()).component(index)
}

pub(crate) fn unknown(answer: &Reachability) -> bool {
    matches!(answer, Reachability::Unknown { .. })
}

#[track_caller]
fn check(manifest: &Manifest, files: &[(&str, &str)], expected: &[&str]) {
    let found: Vec<String> = (0..manifest.components.len() as u32)
        .map(|index| match answer(manifest, files, index) {
            Reachability::Reachable { evidence } => format!("reachable {evidence}"),
            Reachability::Through { parent, evidence } => format!("through {parent} {evidence}"),
            Reachability::TestsOnly { parent, evidence } => format!("tests {parent:?} {evidence}"),
            Reachability::NotImported { .. } => "not imported".to_owned(),
            Reachability::Unknown { .. } => "unknown".to_owned(),
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn own_imports_come_first_and_the_graph_after() {
    let it = manifest(
        "Cargo.lock",
        Ecosystem::CratesIo,
        &[("a", &[2]), ("b", &[2, 3]), ("c", &[]), ("d", &[4]), ("e", &[])],
    );
    let files = [("src/lib.rs", "use a::x;\n"), ("tests/t.rs", "\nuse b::y;\n")];
    check(
        &it,
        &files,
        &[
            "reachable src/lib.rs:1",
            "tests None tests/t.rs:2",
            "through a src/lib.rs:1",
            "tests Some(\"b\") tests/t.rs:2",
            "tests Some(\"b\") tests/t.rs:2",
        ],
    );
}

#[test]
fn what_nothing_leads_to_is_not_imported_and_says_why() {
    let it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("a", &[1]), ("b", &[])]);
    let files = [("src/lib.rs", "use other::x;\n")];
    let Reachability::NotImported { why } = answer(&it, &files, 0) else { panic!("nothing imports it") };
    assert_eq!(why, "no Rust code imports it");
    let Reachability::NotImported { why } = answer(&it, &files, 1) else { panic!("nothing imports it") };
    assert_eq!(why, "no Rust code imports it, nor any package that leads to it (a)");
}

#[test]
fn cycles_and_doubtful_ancestors() {
    let it = manifest(
        "package-lock.json",
        Ecosystem::Npm,
        &[("left-pad", &[2]), ("eslint-plugin-x", &[2]), ("deep", &[2])],
    );
    check(&it, &[("a.js", "import 'zzz'")], &["not imported", "unknown", "unknown"]);
}

#[test]
fn without_a_graph_nothing_is_called_unused() {
    let mut it = manifest("requirements.txt", Ecosystem::PyPI, &[("requests", &[]), ("xmltodict", &[])]);
    it.has_graph = false;
    check(&it, &[("a.py", "import requests")], &["reachable a.py:1", "unknown"]);
}

#[test]
fn a_graph_without_peers_calls_nothing_unused() {
    let mut it = manifest("yarn.lock", Ecosystem::Npm, &[("left-pad", &[])]);
    check(&it, &[("a.js", "import 'b'")], &["not imported"]);
    it.format = "yarn-lock";
    check(&it, &[("a.js", "import 'b'")], &["unknown"]);
}

#[test]
fn a_crate_may_have_another_name_or_be_named_by_a_macro() {
    let it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("sapling-renderdag", &[]), ("quickcheck", &[])]);
    check(&it, &[("a.rs", "use zzz::y;")], &["not imported", "not imported"]);
    check(&it, &[("a.rs", "use renderdag::y;")], &["unknown", "not imported"]);
    check(&it, &[("a.rs", "use quickcheck_macros::quickcheck;")], &["not imported", "unknown"]);
    let it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("tokio-stream", &[]), ("tokio", &[])]);
    check(&it, &[("a.rs", "use tokio::y;")], &["not imported", "reachable a.rs:1"]);
}

#[test]
fn computed_names_make_the_language_unknown() {
    let it = manifest("package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
    check(&it, &[("a.js", "import 'b'")], &["not imported"]);
    check(&it, &[("a.js", "import 'b'"), ("b.js", "require(x)")], &["unknown"]);
    check(&it, &[("a.js", "import 'b'"), ("b.py", "import_module(x)")], &["not imported"]);
}

#[test]
fn files_count_at_and_below_the_folder_of_the_manifest() {
    let it = manifest("web/package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
    check(&it, &[("web/src/a.js", "import 'left-pad'")], &["reachable web/src/a.js:1"]);
    check(&it, &[("web/src/a.js", "import 'b'"), ("other/a.js", "import 'left-pad'")], &["unknown"]);
    check(&it, &[("web/src/a.js", "import 'b'"), ("other/a.js", "require(x)")], &["not imported"]);
    check(
        &it,
        &[("web/node_modules/x/a.js", "import 'left-pad'"), ("web/a.js", "import 'b'")],
        &["not imported"],
    );
}

#[test]
fn a_manifest_in_a_folder_without_code_is_for_the_code_above() {
    let it = manifest("deploy/requirements/base.lock", Ecosystem::PyPI, &[("xmltodict", &[])]);
    check(&it, &[("src/a.py", "import xmltodict")], &["reachable src/a.py:1"]);
}

#[test]
fn types_alone_are_no_import() {
    let it = manifest("package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
    let files = [("a.ts", "import type { A } from 'left-pad'")];
    let Reachability::NotImported { why } = answer(&it, &files, 0) else { panic!("types do not run") };
    assert_eq!(why, "only its types are imported (a.ts:1)");
}

#[test]
fn the_longest_module_path_owns_an_import() {
    let it = manifest("go.mod", Ecosystem::Go, &[("a.b/c", &[]), ("a.b/c/d", &[])]);
    check(&it, &[("a.go", "package a\nimport \"a.b/c/d/e\"")], &["not imported", "reachable a.go:2"]);
}

#[test]
fn development_tools_and_unknown_names_stay_unknown() {
    let mut it = manifest("package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
    it.components[0].scope = Scope::Development;
    check(&it, &[("a.js", "import 'b'")], &["unknown"]);
    let it = manifest("uv.lock", Ecosystem::PyPI, &[("some-unheard-of-thing", &[])]);
    check(&it, &[("a.py", "import os")], &["unknown"]);
    let it = manifest("Gemfile.lock", Ecosystem::RubyGems, &[("rails", &[])]);
    check(&it, &[("a.rb", "require 'x'")], &["unknown"]);
}

#[test]
fn code_of_a_missing_submodule_may_use_anything() {
    let it = manifest("package-lock.json", Ecosystem::Npm, &[("left-pad", &[])]);
    let modules = "[submodule \"x\"]\n\tpath = vendor/x\n\turl = y\n";
    check(&it, &[("a.js", "import 'b'"), (".gitmodules", modules)], &["unknown"]);
    check(
        &it,
        &[("a.js", "import 'b'"), (".gitmodules", modules), ("vendor/x/a.js", "1")],
        &["not imported"],
    );
}

#[test]
fn the_packages_of_go_itself_are_one_component() {
    let it = manifest("go.mod", Ecosystem::Go, &[("stdlib", &[])]);
    check(&it, &[("a.go", "package a\nimport \"net/http\"\n")], &["reachable a.go:2"]);
    check(&it, &[("a.go", "package a\nimport \"a.b/c\"\n")], &["not imported"]);
}

#[test]
fn no_code_of_the_language_is_no_proof() {
    let it = manifest("Cargo.lock", Ecosystem::CratesIo, &[("a", &[])]);
    check(&it, &[("a.js", "import 'b'")], &["unknown"]);
}
