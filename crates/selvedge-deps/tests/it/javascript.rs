//! Lockfiles of JavaScript's package managers.

use selvedge_package::{HashAlgorithm, Scope};

use crate::support::{lines, named, needs, one, read};

const LOCK_V3: &str = r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3,
  "packages": {
    "": {
      "name": "app", "version": "1.0.0", "license": "MIT",
      "workspaces": ["packages/*"],
      "dependencies": { "a": "^1.0.0", "other": "npm:b@^2.0.0" },
      "devDependencies": { "d": "^4.0.0" }
    },
    "node_modules/a": {
      "version": "1.0.1",
      "resolved": "https://registry.npmjs.org/a/-/a-1.0.1.tgz",
      "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
      "license": "ISC",
      "dependencies": { "b": "^1.0.0" }
    },
    "node_modules/a/node_modules/b": { "version": "1.5.0", "resolved": "https://registry.npmjs.org/b/-/b-1.5.0.tgz" },
    "node_modules/other": {
      "name": "b", "version": "2.1.0", "resolved": "https://registry.npmjs.org/b/-/b-2.1.0.tgz",
      "optionalDependencies": { "e": "*" }
    },
    "node_modules/d": { "version": "4.0.0", "dev": true, "dependencies": { "a": "*", "f": "*" } },
    "node_modules/e": { "version": "5.0.0", "optional": true },
    "node_modules/f": { "version": "6.0.0", "dev": true, "resolved": "git+ssh://git@github.com/o/f.git#0123456789abcdef0123456789abcdef01234567" },
    "node_modules/member": { "resolved": "packages/member", "link": true },
    "packages/member": { "version": "0.1.0", "dependencies": { "g": "1.0.0" } },
    "packages/member/node_modules/g": { "version": "1.0.0" }
  }
}
"#;

#[test]
fn package_lock_3_alone() {
    let manifest = one(&[("package-lock.json", LOCK_V3)]);
    assert_eq!(
        lines(&manifest),
        [
            "2 app 1.0.0 root runtime path ",
            "10 a 1.0.1 direct runtime",
            "17 b 1.5.0 transitive runtime",
            "18 b 2.1.0 direct runtime",
            "22 d 4.0.0 direct development",
            "23 e 5.0.0 transitive optional",
            "24 f 6.0.0 transitive development git ssh://git@github.com/o/f.git#0123456789abcdef0123456789abcdef01234567",
            "26 member 0.1.0 root runtime path packages/member",
            "27 g 1.0.0 direct runtime",
        ]
    );
    assert_eq!(needs(&manifest, "app"), ["a", "b", "d"]);
    assert_eq!(needs(&manifest, "d"), ["a", "f"]);
    let a = named(&manifest, "a");
    assert_eq!((a.hashes[0].algorithm, a.licenses.clone()), (HashAlgorithm::Sha1, vec!["ISC".to_owned()]));
    assert_eq!(a.requirement.as_deref(), Some("^1.0.0"));
    assert_eq!(a.declared, None);
}

#[test]
fn package_json_beside_tells_where_a_requirement_stands() {
    let text = "{\n \"name\": \"app\",\n \"dependencies\": {\n  \"a\": \"^1.0.0\"\n }\n}";
    let manifest = one(&[("x/package-lock.json", LOCK_V3), ("x/package.json", text)]);
    let declared = named(&manifest, "a").declared.clone().unwrap();
    assert_eq!((declared.path.as_str(), declared.span.line), ("x/package.json", 4));
    assert_eq!(manifest.absorbed, ["x/package.json"]);
}

#[test]
fn package_lock_1_needs_package_json_for_what_is_direct() {
    let lock = r#"{ "name": "app", "version": "1.0.0", "lockfileVersion": 1, "dependencies": {
      "a": { "version": "1.0.0", "requires": { "b": "^1" }, "dependencies": { "b": { "version": "1.2.0" } } },
      "b": { "version": "2.0.0", "dev": true },
      "c": { "version": "npm:@s/c@3.0.0" },
      "d": { "version": "github:o/d#0123456789abcdef0123456789abcdef01234567", "from": "github:o/d" },
      "broken": { "resolved": "x" } } }"#;
    let (manifests, diagnostics) = read(&[("package-lock.json", lock)]);
    assert_eq!(
        lines(&manifests[0])[1..],
        [
            "2 a 1.0.0 unknown runtime",
            "2 b 1.2.0 unknown runtime",
            "3 b 2.0.0 unknown development",
            "4 @s/c 3.0.0 unknown runtime",
            "5 d - unknown runtime git https://github.com/o/d#0123456789abcdef0123456789abcdef01234567",
        ]
    );
    assert_eq!(diagnostics[0].line, Some(6));
    let json = r#"{"dependencies": {"a": "1"}, "devDependencies": {"b": "2", "c": "npm:@s/c@3"}}"#;
    let (manifests, _) = read(&[("package-lock.json", lock), ("package.json", json)]);
    let scopes: Vec<Scope> = manifests[0].components.iter().map(|component| component.scope).collect();
    use Scope::{Development, Runtime};
    assert_eq!(scopes, [Runtime, Runtime, Runtime, Development, Development, Runtime]);
}

#[test]
fn the_same_package_in_two_folders_is_one_component() {
    let lock = r#"{ "lockfileVersion": 3, "packages": {
      "": { "dependencies": { "a": "1", "b": "1" } },
      "node_modules/a": { "version": "1.0.0", "dependencies": { "c": "1" } },
      "node_modules/a/node_modules/c": { "version": "1.0.0" },
      "node_modules/b": { "version": "1.0.0", "dependencies": { "c": "1" } },
      "node_modules/b/node_modules/c": { "version": "1.0.0" } } }"#;
    let manifest = one(&[("package-lock.json", lock)]);
    assert_eq!(manifest.components.iter().filter(|component| component.name == "c").count(), 1);
    assert_eq!((needs(&manifest, "a"), needs(&manifest, "b")), (vec!["c".to_owned()], vec!["c".to_owned()]));
}

#[test]
fn a_shrinkwrap_takes_the_place_of_the_package_lock() {
    let lock = r#"{ "lockfileVersion": 1, "dependencies": { "a": { "version": "1.0.0" } } }"#;
    let (manifests, _) = read(&[("npm-shrinkwrap.json", lock), ("package-lock.json", lock)]);
    let formats: Vec<_> = manifests.iter().map(|manifest| manifest.format).collect();
    assert_eq!(formats, ["npm-shrinkwrap"]);
}

#[test]
fn package_json_alone_gives_requirements() {
    let text = r#"{ "name": "app", "version": "1.0.0",
      "dependencies": { "a": "^1.0.0", "b": "2.0.0", "c": "npm:@s/c@~3", "d": "o/d#main", "e": true },
      "peerDependencies": { "f": "*", "g": "*" }, "peerDependenciesMeta": { "g": { "optional": true } },
      "devDependencies": { "h": "https://example.org/h.tgz" } }"#;
    let (manifests, diagnostics) = read(&[("package.json", text)]);
    assert_eq!(
        lines(&manifests[0]),
        [
            "1 app 1.0.0 root runtime path ",
            "2 a - direct runtime",
            "2 b 2.0.0 direct runtime",
            "2 @s/c - direct runtime",
            "2 d - direct runtime git https://github.com/o/d#-",
            "3 f - direct runtime",
            "4 h - direct development url https://example.org/h.tgz",
        ]
    );
    assert_eq!(diagnostics.len(), 1);
    assert!(!manifests[0].is_locked);
}

#[test]
fn what_is_installed_is_not_read() {
    assert!(!selvedge_deps::wants("node_modules/a/package.json"));
    assert!(!selvedge_deps::wants("x/node_modules/a/package-lock.json"));
    assert!(selvedge_deps::wants("x/package-lock.json"));
}
