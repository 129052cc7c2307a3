//! Package URLs against the test suite of the specification (package-url/purl-spec, folder `tests`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use selvedge_package::{Component, Ecosystem, Purl, PurlError, PurlParts};
use serde_json::Value;

use crate::support::vectors;

/// Vectors that no reader can satisfy along with the rest of the suite, by type, kind of test and input. Keys
/// in upper case are refused by these two and accepted in `pkg:Maven/…?type=pom&repositorY_url=…` of the same
/// suite, which also recommends to accept the very texts that are refused here.
const CONTRADICTIONS: &[(&str, &str)] = &[
    ("parse", "pkg:gem/jruby-launcher@1.1.2?Platform=java"),
    ("parse", "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25"),
];

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            files.extend(json_files(&path));
        } else if path.extension().is_some_and(|it| it == "json") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn text<'a>(parts: &'a Value, key: &str) -> &'a str {
    parts[key].as_str().unwrap_or_default()
}

fn built(parts: &Value) -> Result<Purl, PurlError> {
    let qualifiers: Vec<(&str, &str)> = parts["qualifiers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    Purl::from_parts(&PurlParts {
        kind: text(parts, "type"),
        namespace: text(parts, "namespace"),
        name: text(parts, "name"),
        version: text(parts, "version"),
        qualifiers: &qualifiers,
        subpath: text(parts, "subpath"),
    })
}

fn has_parts(purl: &Purl, parts: &Value) -> bool {
    let qualifiers: serde_json::Map<String, Value> =
        purl.qualifiers().iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect();
    purl.kind() == text(parts, "type")
        && purl.namespace().unwrap_or_default() == text(parts, "namespace")
        && purl.name() == text(parts, "name")
        && purl.version().unwrap_or_default() == text(parts, "version")
        && purl.subpath().unwrap_or_default() == text(parts, "subpath")
        && qualifiers == parts["qualifiers"].as_object().cloned().unwrap_or_default()
}

/// Whether the vector holds.
fn holds(vector: &Value) -> bool {
    let (input, expected) = (&vector["input"], &vector["expected_output"]);
    let answer = match text(vector, "test_type") {
        "build" => built(input),
        _ => Purl::parse(input.as_str().unwrap_or_default()),
    };
    match (answer, vector["expected_failure"] == true) {
        (Err(_), is_expected) => is_expected,
        (Ok(_), true) => false,
        (Ok(purl), false) if text(vector, "test_type") == "parse" => has_parts(&purl, expected),
        (Ok(purl), false) => expected == &purl.to_string(),
    }
}

#[test]
fn the_suite_of_the_specification_holds() {
    let Some(folder) = vectors("purl-spec/tests") else { return };
    let (mut total, mut wrong) = (0, String::new());
    for file in json_files(&folder) {
        let suite: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for vector in suite["tests"].as_array().unwrap() {
            total += 1;
            let is_contradiction = CONTRADICTIONS
                .iter()
                .any(|(kind, input)| text(vector, "test_type") == *kind && vector["input"] == *input);
            if holds(vector) == is_contradiction {
                writeln!(wrong, "{vector}").unwrap();
            }
        }
    }
    println!("{total} vectors, {} contradictions", CONTRADICTIONS.len());
    assert!(wrong.is_empty(), "{wrong}");
    assert!(total >= 586, "{total} is fewer than the suite had");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_or_refused_and_canonical_is_stable(text in "(pkg:)?\\PC{0,60}", kind in "[a-z]{2,7}", rest in "[ -~]{0,40}") {
        for text in [text, format!("pkg:{kind}/{rest}")] {
            if let Ok(purl) = Purl::parse(&text) {
                let written = purl.to_string();
                prop_assert_eq!(Purl::parse(&written).unwrap(), purl, "{}", written);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn names_of_every_ecosystem_survive_the_way_to_a_url_and_back(name in "[a-z][a-z0-9]{0,8}", version in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}") {
        for ecosystem in Ecosystem::all() {
            let component = Component { ecosystem, name: name.clone(), version: Some(version.clone()), ..Component::default() };
            let Some(purl) = component.purl() else { continue };
            let read = Component::from_purl(&purl);
            prop_assert_eq!((&read.name, &read.version), (&component.name, &component.version));
            let is_generic = purl.kind() == "generic";
            prop_assert!(read.ecosystem == ecosystem || is_generic, "{:?} is read as {:?}", ecosystem, read.ecosystem);
        }
    }

    #[test]
    fn the_key_of_a_name_is_its_own_key(name in "\\PC{0,30}", address in "(https?://)?(git@)?[A-Za-z.]{1,8}[:/][A-Za-z/.@:_\\[-]{0,12}") {
        for ecosystem in Ecosystem::all() {
            for name in [&name, &address] {
                let key = ecosystem.normalize(name);
                prop_assert_eq!(&ecosystem.normalize(&key), &key, "{:?}: {}", ecosystem, name);
            }
        }
    }
}
