//! pub's lockfile and manifest.

use crate::listing::check;

const LOCK: &str = "\
packages:
  http:
    dependency: \"direct main\"
    description:
      name: http
      sha256: \"1111111111111111111111111111111111111111111111111111111111111111\"
      url: \"https://pub.dev\"
    source: hosted
    version: \"1.2.0\"
  lints:
    dependency: \"direct dev\"
    description: {name: lints, url: \"https://example.com/pub\"}
    source: hosted
    version: 2.0.0
  tray:
    dependency: transitive
    description:
      path: \".\"
      ref: main
      resolved-ref: \"3aa37c8\"
      url: \"https://github.com/x/tray\"
    source: git
    version: \"0.1.8\"
  core:
    dependency: \"direct main\"
    description: {path: \"..\", relative: true}
    source: path
    version: \"0.0.1\"
  flutter:
    dependency: \"direct main\"
    description: flutter
    source: sdk
    version: \"0.0.0\"
  odd:
    dependency: transitive
sdks:
  dart: \">=3.0.0\"
";

const MANIFEST: &str = "\
name: app
version: 1.0.0+1
dependencies:
  http: ^1.0.0
  flutter: {sdk: flutter}
  any:
dev_dependencies:
  lints: 2.0.0
  tool:
    git: https://github.com/x/tool
";

#[test]
fn sources_relations_and_digests() {
    check(
        &[("pubspec.lock", LOCK), ("pubspec.yaml", MANIFEST)],
        "
        pubspec.lock pubspec-lock
          2 http@1.2.0 direct (^1.0.0) declared:pubspec.yaml:4 Sha256:11111111
          10 lints@2.0.0 direct development registry:https://example.com/pub (2.0.0) declared:pubspec.yaml:8
          15 tray@0.1.8 transitive git:https://github.com/x/tray#3aa37c8
          24 core@0.0.1 direct path:..
          29 flutter@0.0.0 direct path:sdk:flutter declared:pubspec.yaml:5
          34 odd transitive
        pubspec.lock:34: package `odd` has no version
        ",
    );
}

#[test]
fn a_manifest_alone_has_requirements() {
    check(
        &[("pubspec.yaml", MANIFEST)],
        "
        pubspec.yaml pubspec unlocked
          1 app@1.0.0+1 root path:. -> http, flutter, any, lints@2.0.0, tool
          4 http direct (^1.0.0)
          5 flutter direct path:sdk:flutter
          6 any direct
          8 lints@2.0.0 direct development (2.0.0)
          9 tool direct development git:https://github.com/x/tool#?
        ",
    );
    check(&[("pubspec.lock", "text")], "pubspec.lock:1: text; expected a map with `packages`");
}
