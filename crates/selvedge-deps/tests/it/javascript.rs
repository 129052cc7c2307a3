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
    let (development, runtime) = (Scope::Development, Scope::Runtime);
    assert_eq!(scopes, [runtime, runtime, runtime, development, development, runtime]);
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

const YARN_CLASSIC: &str = r#"# yarn lockfile v1


"@s/a@^1.0.0", "@s/a@^1.1.0":
  version "1.2.0"
  resolved "https://registry.yarnpkg.com/@s/a/-/a-1.2.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"
  dependencies:
    b "^2.0.0"
    "@s/c" "~3.0"

"@s/c@~3.0":
  version "3.0.1"
  resolved "https://npm.example.org/@s/c/-/c-3.0.1.tgz"
  integrity sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

b@^2.0.0, other@npm:b@^2.0.0:
  version "2.0.0"
  resolved "https://registry.yarnpkg.com/b/-/b-2.0.0.tgz"

d@o/d:
  version "4.0.0"
  resolved "https://codeload.github.com/o/d/tar.gz/0123456789abcdef0123456789abcdef01234567"

"e@file:./e":
  version "5.0.0"

f@1:
  resolved "https://registry.yarnpkg.com/f/-/f-1.0.0.tgz"
"#;

#[test]
fn yarn_classic_with_a_workspace() {
    let (manifests, diagnostics) = read(&[
        ("yarn.lock", YARN_CLASSIC),
        (
            "package.json",
            r#"{ "name": "app", "workspaces": { "packages": ["packages/*"] }, "devDependencies": { "d": "o/d" } }"#,
        ),
        (
            "packages/m/package.json",
            r#"{ "name": "m", "version": "1.0.0", "dependencies": { "@s/a": "^1.1.0" }, "optionalDependencies": { "e": "file:./e" } }"#,
        ),
    ]);
    assert_eq!(
        lines(&manifests[0]),
        [
            "4 @s/a 1.2.0 direct runtime",
            "11 @s/c 3.0.1 transitive runtime registry https://npm.example.org",
            "16 b 2.0.0 transitive runtime",
            "20 d 4.0.0 direct development git https://github.com/o/d#0123456789abcdef0123456789abcdef01234567",
            "24 e 5.0.0 direct optional path ./e",
            "0 app - root runtime path ",
            "0 m 1.0.0 root runtime path packages/m",
        ]
    );
    assert_eq!(needs(&manifests[0], "@s/a"), ["@s/c", "b"]);
    assert_eq!(named(&manifests[0], "@s/a").hashes[0].algorithm, HashAlgorithm::Sha1);
    assert_eq!(named(&manifests[0], "@s/c").hashes.len(), 2);
    assert_eq!(diagnostics.iter().map(|it| it.line).collect::<Vec<_>>(), [Some(27)]);
    assert_eq!(manifests.len(), 1);
}

#[test]
fn yarn_berry_with_a_workspace() {
    let lock = r#"__metadata:
  version: 8

"a@npm:^1.0.0, a@npm:^1.1.0":
  version: 1.2.0
  resolution: "a@npm:1.2.0"
  dependencies:
    b: "npm:^2.0.0"
  checksum: 10c0/cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    a: "npm:^1.1.0"
    m: "workspace:*"
    old: "npm:b@^1.0.0"

"b@npm:^2.0.0":
  version: 2.0.0
  resolution: "b@npm:2.0.0"

"b@patch:b@npm%3A^2.0.0#./x.patch":
  version: 2.0.0
  resolution: "b@patch:b@npm%3A2.0.0#./x.patch::version=2.0.0&hash=1"

"g@https://github.com/o/g.git#main":
  version: 0.1.0
  resolution: "g@https://github.com/o/g.git#commit=0123456789abcdef0123456789abcdef01234567"

"m@workspace:*, m@workspace:packages/m":
  version: 0.0.0-use.local
  resolution: "m@workspace:packages/m"
  dependencies:
    g: "https://github.com/o/g.git#main"

"old@npm:b@^1.0.0":
  version: 1.0.0
  resolution: "b@npm:1.0.0"
"#;
    let manifest = one(&[
        ("x/yarn.lock", lock),
        (
            "x/packages/m/package.json",
            r#"{ "name": "m", "devDependencies": { "g": "https://github.com/o/g.git#main" } }"#,
        ),
    ]);
    assert_eq!(
        lines(&manifest),
        [
            "4 a 1.2.0 direct runtime",
            "11 app - root runtime path x",
            "19 b 2.0.0 transitive runtime",
            "27 g 0.1.0 direct development git https://github.com/o/g.git#0123456789abcdef0123456789abcdef01234567",
            "31 m - root runtime path x/packages/m",
            "37 b 1.0.0 direct runtime",
        ]
    );
    assert_eq!(needs(&manifest, "app"), ["a", "m", "b"]);
    assert_eq!(named(&manifest, "a").hashes[0].algorithm, HashAlgorithm::Sha512);
}

#[test]
fn pnpm_9_with_peers_catalogs_and_links() {
    let lock = r"lockfileVersion: '9.0'

catalogs:
  default:
    a: { specifier: ^1.0.0, version: 1.0.0 }

importers:
  .:
    dependencies:
      a: { specifier: 'catalog:', version: 1.0.0(p@2.0.0) }
      m: { specifier: 'workspace:*', version: link:packages/m }
  packages/m:
    devDependencies:
      d: { specifier: ^4, version: 4.0.0 }
      other: { specifier: 'npm:b@^3', version: b@3.0.0 }

packages:
  a@1.0.0:
    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}
    peerDependencies: { p: '*' }
  b@3.0.0:
    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}
  d@4.0.0:
    resolution: {tarball: https://codeload.github.com/o/d/tar.gz/0123456789abcdef0123456789abcdef01234567}
  o@5.0.0: {}
  p@2.0.0: {}

snapshots:
  a@1.0.0(p@2.0.0):
    dependencies: { p: 2.0.0 }
    optionalDependencies: { o: 5.0.0 }
  b@3.0.0: {}
  d@4.0.0:
    dependencies: { p: 2.0.0 }
  o@5.0.0: { optional: true }
  p@2.0.0: {}
";
    let manifest = one(&[
        ("pnpm-lock.yaml", lock),
        ("package.json", "{\"name\":\"app\",\n\"dependencies\":{\"a\":\"catalog:\"}}"),
    ]);
    assert_eq!(
        lines(&manifest),
        [
            "18 a 1.0.0 direct runtime",
            "21 b 3.0.0 direct development",
            "23 d 4.0.0 direct development git https://github.com/o/d#0123456789abcdef0123456789abcdef01234567",
            "25 o 5.0.0 transitive optional",
            "26 p 2.0.0 transitive runtime",
            "8 app - root runtime path ",
            "12 m - root runtime path packages/m",
        ]
    );
    let a = named(&manifest, "a");
    assert_eq!((a.requirement.as_deref(), a.declared.as_ref().unwrap().span.line), (Some("^1.0.0"), 2));
    assert_eq!(needs(&manifest, "app"), ["a", "m"]);
}

#[test]
fn older_pnpm_keys_lead_to_the_same_packages() {
    let five = "lockfileVersion: 5.4\nspecifiers:\n  '@s/a': ^1.0.0\ndependencies:\n  '@s/a': 1.0.0_p@2.0.0\npackages:\n  /@s/a/1.0.0_p@2.0.0:\n    dependencies:\n      p: 2.0.0\n    dev: false\n  /p/2.0.0:\n    dev: false\n";
    let six = "lockfileVersion: '6.0'\ndependencies:\n  '@s/a':\n    specifier: ^1.0.0\n    version: 1.0.0(p@2.0.0)\npackages:\n  /@s/a@1.0.0(p@2.0.0):\n    dependencies:\n      p: 2.0.0\n    dev: false\n  /p@2.0.0:\n    dev: false\n";
    for text in [five, six] {
        let manifest = one(&[("pnpm-lock.yaml", text)]);
        assert_eq!(
            lines(&manifest),
            ["7 @s/a 1.0.0 direct runtime", "11 p 2.0.0 transitive runtime", "0 . - root runtime path "]
        );
        assert_eq!(named(&manifest, "@s/a").requirement.as_deref(), Some("^1.0.0"));
    }
}

#[test]
fn bun_lock_in_text_and_not_in_binary() {
    let lock = r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "app", "dependencies": { "a": "^1", "g": "o/g" }, "devDependencies": { "b": "^2" } },
    "packages/m": { "name": "m", "version": "0.1.0", "dependencies": { "b": "^1" } },
  },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^1" } }, "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="],
    "a/b": ["b@1.0.0", "https://npm.example.org/b/-/b-1.0.0.tgz", {}, ""],
    "b": ["b@2.0.0", "", {}, ""],
    "g": ["g@github:o/g#0123456", {}, "o-g-0123456"],
    "m": ["m@workspace:packages/m"],
    "m/b": ["b@1.0.0", "https://npm.example.org/b/-/b-1.0.0.tgz", {}, ""],
    "bad": [1],
  },
}
"#;
    let (manifests, diagnostics) = read(&[("bun.lock", lock), ("bun.lockb", "\u{0}")]);
    assert_eq!(
        lines(&manifests[0]),
        [
            "4 app - root runtime path ",
            "5 m 0.1.0 root runtime path packages/m",
            "8 a 1.0.0 direct runtime",
            "9 b 1.0.0 direct runtime registry https://npm.example.org",
            "10 b 2.0.0 direct development",
            "11 g - direct runtime git https://github.com/o/g#0123456",
        ]
    );
    assert_eq!(diagnostics.iter().map(|it| it.line).collect::<Vec<_>>(), [Some(14)]);
    let (manifests, diagnostics) = read(&[("bun.lockb", "\u{0}")]);
    assert!(manifests.is_empty() && diagnostics[0].message.contains("--save-text-lockfile"));
}
