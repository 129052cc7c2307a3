//! What the Swift Package Manager, CocoaPods and Carthage resolved.

use crate::listing::check;

#[test]
fn pins_of_every_version_are_named_by_their_repository() {
    let v1 = r#"{"object": {"pins": [
      {"package": "NIO", "repositoryURL": "git@github.com:apple/swift-nio.git", "state": {"branch": null, "revision": "0123abc", "version": "2.65.0"}}
    ]}, "version": 1}"#;
    let v3 = r#"{"originHash": "x", "pins": [
      {"identity": "swift-nio", "kind": "remoteSourceControl", "location": "https://github.com/apple/swift-nio.git", "state": {"revision": "0123abc", "version": "2.65.0"}},
      {"identity": "main", "kind": "remoteSourceControl", "location": "https://example.com/a/main", "state": {"branch": "main", "revision": "beef"}},
      {"identity": "mona.linked", "kind": "registry", "location": "", "state": {"version": "1.0.0"}},
      {"identity": "own", "kind": "localSourceControl", "location": "/src/own", "state": {}},
      {"kind": "remoteSourceControl"}
    ], "version": 3}"#;
    check(
        &[("a/Package.resolved", v1), ("b/Package.resolved", v3)],
        "
        a/Package.resolved swift-package-resolved
          2 github.com/apple/swift-nio@2.65.0 unknown git:git@github.com:apple/swift-nio.git#0123abc
        b/Package.resolved swift-package-resolved
          2 github.com/apple/swift-nio@2.65.0 unknown git:https://github.com/apple/swift-nio.git#0123abc
          3 example.com/a/main unknown git:https://example.com/a/main#beef (branch main)
          4 mona.linked@1.0.0 unknown
          5 own unknown path:/src/own
        b/Package.resolved:5: pin `own` has neither version nor revision
        b/Package.resolved:6: expected `location` or `identity` in a pin; it is left out
        ",
    );
    check(&[("Package.resolved", "[]")], "Package.resolved:1: expected an object with `pins`");
}

#[test]
fn subspecs_are_one_pod_and_sources_are_kept() {
    let lock = "\
PODS:
  - AFNetworking (4.0.1):
    - AFNetworking/Security (= 4.0.1)
    - Reach
  - AFNetworking/Security (4.0.1)
  - Local (1.0)
  - Own (0.1)
  - Private (2.0)
  - Reach (3.2)

DEPENDENCIES:
  - AFNetworking (~> 4.0)
  - Local (from `../Local`)
  - Own (from `https://example.com/own.git`)
  - Private

SPEC REPOS:
  https://example.com/specs.git:
    - Private
  trunk:
    - AFNetworking
    - Reach

EXTERNAL SOURCES:
  Local:
    :path: \"../Local\"
  Own:
    :git: https://example.com/own.git

CHECKOUT OPTIONS:
  Own:
    :commit: 0123abc
    :git: https://example.com/own.git

SPEC CHECKSUMS:
  AFNetworking: 7864c38297c79aaca1500c33288e429c3451fdce
";
    check(
        &[("Podfile.lock", lock)],
        "
        Podfile.lock podfile-lock graph
          2 AFNetworking@4.0.1 direct (~> 4.0) -> Reach@3.2
          6 Local@1.0 direct path:../Local
          7 Own@0.1 direct git:https://example.com/own.git#0123abc
          8 Private@2.0 direct registry:https://example.com/specs.git
          9 Reach@3.2 transitive
        ",
    );
    check(&[("Podfile.lock", "invalid\nfile\n")], "Podfile.lock:1: text; expected a map with `PODS`");
}

#[test]
fn carthage_has_one_statement_a_line() {
    check(
        &[(
            "Cartfile.resolved",
            "github \"Alamofire/Alamofire\" \"5.8.0\"\ngit \"https://example.com/a.git\" \"0123456789012345678901234567890123456789\"\nbinary \"https://example.com/b.json\" \"1.0\"\nwhat\n",
        )],
        "
        Cartfile.resolved cartfile-resolved
          1 github.com/Alamofire/Alamofire@5.8.0 unknown git:https://github.com/Alamofire/Alamofire#?
          2 example.com/a unknown git:https://example.com/a.git#0123456789012345678901234567890123456789
          3 https://example.com/b.json@1.0 unknown url:https://example.com/b.json
        Cartfile.resolved:4: expected `github|git|binary \"<source>\" \"<version>\"`
        ",
    );
}
