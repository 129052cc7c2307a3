//! Cases beside those that the rules' own examples hold.

use selvedge_package::{Hash, HashAlgorithm};

use super::*;

fn component(name: &str, origin: Origin, resolved: Option<&str>) -> Component {
    Component {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: Some("1.0.0".to_owned()),
        origin,
        resolved: resolved.map(str::to_owned),
        ..Component::default()
    }
}

#[track_caller]
fn check(components: Vec<Component>, options: &IntegrityOptions, expected: &[&str]) {
    let manifest = Manifest { components, is_locked: true, ..Manifest::default() };
    let issues = integrity(&manifest, options);
    let found: Vec<String> =
        issues.iter().map(|issue| format!("{} {}", issue.component, issue.rule)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_host_is_covered_by_its_domain_and_not_by_a_likeness() {
    assert!(hosts::covers("nuget.org", "api.nuget.org"));
    assert!(!hosts::covers("nuget.org", "evilnuget.org"));
    assert_eq!(hosts::of("https://user:word@registry.npmjs.org:443/a"), Some("registry.npmjs.org"));
    assert_eq!(hosts::of("https://registry.npmjs.org@evil.example/a"), Some("evil.example"));
    assert_eq!(hosts::of("file:a"), None);
}

#[test]
fn logins_are_never_repeated() {
    let url = "http://user:hunter2@git.example.org/a?token=hunter2";
    let manifest = vec![component("a", Origin::Git { url: url.to_owned(), commit: None }, None)];
    let manifest = Manifest { components: manifest, is_locked: true, ..Manifest::default() };
    for issue in integrity(&manifest, &IntegrityOptions::default()) {
        assert!(!issue.message.contains("hunter2"), "{}", issue.message);
    }
}

#[test]
fn a_private_name_from_the_private_registry_is_fine() {
    let options = IntegrityOptions {
        registries: vec!["npm.acme.example".to_owned()],
        private_names: vec!["@acme/".to_owned()],
    };
    check(
        vec![
            component("@acme/a", Origin::OtherRegistry("https://npm.acme.example/".to_owned()), None),
            component("@acme/b", Origin::Registry, Some("https://npm.acme.example/b.tgz")),
            component("@acme/c", Origin::Registry, Some("https://registry.npmjs.org/c.tgz")),
        ],
        &options,
        &["2 private-name-from-public-registry"],
    );
}

#[test]
fn local_packages_and_bundled_ones_have_no_digest_of_their_own() {
    let mut hashed = component("a", Origin::Registry, Some("https://registry.npmjs.org/a.tgz"));
    hashed.hashes.push(Hash { algorithm: HashAlgorithm::Sha512, hex: "00".to_owned() });
    check(
        vec![
            hashed,
            component("local", Origin::Path("packages/local".to_owned()), None),
            component("bundled", Origin::Registry, None),
            component("plain", Origin::Registry, Some("https://registry.npmjs.org/plain.tgz")),
        ],
        &IntegrityOptions::default(),
        &["3 lockfile-missing-hash"],
    );
}
