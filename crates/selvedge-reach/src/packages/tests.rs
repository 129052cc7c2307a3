//! Which names packages are imported by, table by table.

use super::*;

fn component(ecosystem: Ecosystem, name: &str) -> Component {
    Component { ecosystem, name: name.to_owned(), ..Component::default() }
}

fn names(ecosystem: Ecosystem, name: &str) -> Names {
    names_of(&component(ecosystem, name), &Uses::default(), &ImportNames::default()).expect("a language").1
}

#[test]
fn known_distributions_have_all_their_modules_and_others_guesses() {
    assert_eq!(names(Ecosystem::PyPI, "PyYAML"), Names::all(["_yaml", "yaml"]));
    assert_eq!(names(Ecosystem::PyPI, "Typing.Extensions"), Names::all(["typing_extensions"]));
    let guesses = names(Ecosystem::PyPI, "python-foo-bar");
    assert!(!guesses.are_all);
    assert!(guesses.maybe.iter().any(|name| name == "foo_bar"));
}

#[test]
fn what_the_caller_knows_comes_first() {
    let mut known = ImportNames::default();
    known.insert(Language::Python, "Weird_Name", ["plain".to_owned()]);
    let found = names_of(&component(Ecosystem::PyPI, "weird-name"), &Uses::default(), &known).unwrap();
    assert_eq!(found.1, Names::all(["plain"]));
}

#[test]
fn crates_are_imported_with_underscores_or_by_a_part_of_their_name() {
    let found = names(Ecosystem::CratesIo, "serde-json-rs");
    assert_eq!(found.own, ["serde_json_rs"]);
    assert!(found.maybe.iter().any(|name| name == "serde_json"));
    assert!(names(Ecosystem::CratesIo, "md-5").maybe.iter().any(|name| name == "md5"));
    assert!(names(Ecosystem::CratesIo, "sapling-renderdag").maybe.iter().any(|name| name == "renderdag"));
}

#[test]
fn ecosystems_whose_code_is_not_read_have_no_names() {
    assert_eq!(
        names_of(&component(Ecosystem::RubyGems, "rails"), &Uses::default(), &ImportNames::default()),
        None
    );
}

#[test]
fn tools_types_and_drivers_need_no_import() {
    for (ecosystem, name) in [
        (Ecosystem::Npm, "@types/node"),
        (Ecosystem::Npm, "eslint-plugin-react"),
        (Ecosystem::PyPI, "gunicorn"),
        (Ecosystem::PyPI, "pytest-xdist"),
        (Ecosystem::CratesIo, "openssl-sys"),
        (Ecosystem::Maven, "org.postgresql:postgresql"),
    ] {
        assert!(used_without_import(&component(ecosystem, name)).is_some(), "{name}");
    }
    assert_eq!(used_without_import(&component(Ecosystem::Npm, "left-pad")), None);
    assert_eq!(used_without_import(&component(Ecosystem::CratesIo, "serde")), None);
}

#[test]
fn the_table_of_java_packages_is_sorted() {
    assert_eq!(names(Ecosystem::Maven, "com.google.guava:guava").own[0], "com.google.common");
    assert!(names(Ecosystem::Maven, "xstream:xstream").are_all);
}
