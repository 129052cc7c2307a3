//! Composer's lockfile and manifest.

use crate::listing::check;

const LOCK: &str = r#"{
  "packages": [
    {
      "name": "Acme/App",
      "version": "v1.2.0",
      "source": {"type": "git", "url": "https://github.com/acme/app.git", "reference": "0123abc"},
      "dist": {"type": "zip", "url": "https://api.github.com/x", "shasum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
      "require": {"php": ">=8", "ext-json": "*", "psr/log-implementation": "1.0"},
      "license": ["MIT", "GPL-2.0-only"],
      "notification-url": "https://packagist.org/downloads/"
    },
    {"name": "acme/logger", "version": "2.0", "provide": {"psr/log-implementation": "1.0"}, "notification-url": "https://packages.drupal.org/8/downloads"},
    {"name": "acme/vcs", "version": "dev-main", "source": {"type": "git", "url": "https://example.com/vcs.git", "reference": "beef"}},
    {"name": "acme/local", "version": "1.0", "dist": {"type": "path", "url": "../local"}},
    {"version": "1"}
  ],
  "packages-dev": [
    {"name": "phpunit/phpunit", "version": "10.0.0", "require": {"acme/logger": "*"}}
  ]
}"#;

#[test]
fn packages_have_origins_licences_digests_and_edges() {
    check(
        &[("composer.lock", LOCK)],
        "
        composer.lock composer-lock graph
          4 acme/app@v1.2.0 unknown Sha1:da39a3ee license:MIT OR GPL-2.0-only -> acme/logger@2.0
          12 acme/logger@2.0 unknown registry:https://packages.drupal.org/8
          13 acme/vcs@dev-main unknown git:https://example.com/vcs.git#beef
          14 acme/local@1.0 unknown path:../local
          18 phpunit/phpunit@10.0.0 unknown development -> acme/logger@2.0
        composer.lock:15: expected `name` in a package; it is left out
        ",
    );
}

#[test]
fn the_manifest_beside_says_what_is_direct() {
    let manifest = "{\n\"require\": {\"php\": \"^8\", \"acme/app\": \"^1.2\"},\n\"require-dev\": {\n\"phpunit/phpunit\": \"10.0.0\"}}";
    check(
        &[("composer.lock", LOCK), ("composer.json", manifest)],
        "
        composer.lock composer-lock graph
          4 acme/app@v1.2.0 direct (^1.2) declared:composer.json:2 Sha1:da39a3ee license:MIT OR GPL-2.0-only -> acme/logger@2.0
          12 acme/logger@2.0 transitive registry:https://packages.drupal.org/8
          13 acme/vcs@dev-main transitive git:https://example.com/vcs.git#beef
          14 acme/local@1.0 transitive path:../local
          18 phpunit/phpunit@10.0.0 direct development (10.0.0) declared:composer.json:4 -> acme/logger@2.0
        composer.lock:15: expected `name` in a package; it is left out
        ",
    );
    check(
        &[("composer.json", &manifest.replacen('{', "{\"name\": \"me/mine\",", 1))],
        "
        composer.json composer-json unlocked
          1 me/mine root path:. -> acme/app, phpunit/phpunit@10.0.0
          2 acme/app direct (^1.2)
          4 phpunit/phpunit@10.0.0 direct development (10.0.0)
        ",
    );
}

#[test]
fn what_is_no_lockfile_is_said() {
    check(&[("composer.lock", "null")], "composer.lock:1: nothing; expected an object with `packages`");
}
