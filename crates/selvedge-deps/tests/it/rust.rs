//! Cargo lockfiles and manifests.

use selvedge_package::{HashAlgorithm, Origin};

use crate::support::{lines, named, needs, one, read};

const LOCK: &str = r#"version = 4

[[package]]
name = "anyhow"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "anyhow",
 "cc",
 "forked",
 "lib",
 "syn 1.0.73",
 "syn 2.0.0",
]

[[package]]
name = "cc"
version = "1.1.0"
source = "sparse+https://index.crates.io/"

[[package]]
name = "forked"
version = "0.3.0"
source = "git+https://git.example.org/forked?branch=main#0123456789abcdef0123456789abcdef01234567"

[[package]]
name = "inner"
version = "7.0.0"
source = "registry+https://crates.example.org/index"

[[package]]
name = "lib"
version = "0.1.0"
dependencies = [
 "inner",
]

[[package]]
name = "syn"
version = "1.0.73"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = [
 "anyhow",
]

[[package]]
name = "syn"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

const ROOT: &str = r#"[workspace]
members = ["crates/*"]
exclude = ["crates/out"]

[workspace.dependencies]
inner = "7"

[package]
name = "app"
version = "0.1.0"
license = "MIT"

[dependencies]
forked = { git = "https://git.example.org/forked" }
lib = { path = "crates/lib" }
syn2 = { package = "syn", version = "2" }

[build-dependencies]
cc = "1"

[target.'cfg(unix)'.dev-dependencies]
anyhow = "1.0"
syn = "1.0"
"#;

#[test]
fn a_lockfile_alone_takes_everything_as_needed_at_run_time() {
    let manifest = one(&[("x/Cargo.lock", LOCK)]);
    assert_eq!(
        lines(&manifest),
        [
            "4 anyhow 1.0.0 direct runtime",
            "10 app 0.1.0 root runtime path ",
            "22 cc 1.1.0 direct runtime",
            "27 forked 0.3.0 direct runtime git https://git.example.org/forked#0123456789abcdef0123456789abcdef01234567",
            "32 inner 7.0.0 direct runtime registry https://crates.example.org/index",
            "37 lib 0.1.0 root runtime path ",
            "44 syn 1.0.73 direct runtime",
            "52 syn 2.0.0 direct runtime",
        ]
    );
    assert!(manifest.is_locked && manifest.has_graph);
    assert_eq!(needs(&manifest, "app"), ["anyhow", "cc", "forked", "lib", "syn", "syn"]);
    assert_eq!(named(&manifest, "anyhow").hashes[0].algorithm, HashAlgorithm::Sha256);
}

#[test]
fn manifests_tell_what_is_direct_and_for_what() {
    let member =
        "[package]\nname = \"lib\"\nversion.workspace = true\n[dependencies]\ninner.workspace = true\n";
    let manifest = one(&[("Cargo.lock", LOCK), ("Cargo.toml", ROOT), ("crates/lib/Cargo.toml", member)]);
    assert_eq!(
        lines(&manifest),
        [
            "4 anyhow 1.0.0 direct development",
            "10 app 0.1.0 root runtime path ",
            "22 cc 1.1.0 direct build",
            "27 forked 0.3.0 direct runtime git https://git.example.org/forked#0123456789abcdef0123456789abcdef01234567",
            "32 inner 7.0.0 direct runtime registry https://crates.example.org/index",
            "37 lib 0.1.0 root runtime path crates/lib",
            "44 syn 1.0.73 direct development",
            "52 syn 2.0.0 direct runtime",
        ]
    );
    let anyhow = named(&manifest, "anyhow");
    assert_eq!(anyhow.requirement.as_deref(), Some("1.0"));
    let declared = anyhow.declared.as_ref().unwrap();
    assert_eq!((declared.path.as_str(), declared.span.line), ("Cargo.toml", 22));
    assert_eq!(named(&manifest, "app").licenses, ["MIT"]);
    assert_eq!(manifest.absorbed, ["Cargo.toml", "crates/lib/Cargo.toml"]);
}

#[test]
fn old_lockfiles_keep_checksums_apart() {
    let lock = r#"[root]
name = "app"
version = "0.1.0"
dependencies = ["a 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)"]

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[metadata]
"checksum a 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)" = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"#;
    let manifest = one(&[("Cargo.lock", lock)]);
    assert_eq!(lines(&manifest), ["2 app 0.1.0 root runtime path ", "7 a 1.0.0 direct runtime"]);
    assert_eq!(named(&manifest, "a").hashes.len(), 1);
}

#[test]
fn a_manifest_alone_gives_requirements() {
    let text = r#"[package]
name = "app"
version = "0.1.0"

[dependencies]
a = "1.2"
b = { version = "=2.0.1", optional = true }
c = { git = "https://git.example.org/c", rev = "0123456789abcdef0123456789abcdef01234567" }
d = { git = "https://git.example.org/d", tag = "v1" }
e = { path = "../e" }

[dev-dependencies.f]
package = "g"
version = "3"
registry = "inside"
"#;
    let manifest = one(&[("app/Cargo.toml", text)]);
    assert_eq!(
        lines(&manifest),
        [
            "2 app 0.1.0 root runtime path app",
            "6 a - direct runtime",
            "7 b 2.0.1 direct runtime",
            "8 c - direct runtime git https://git.example.org/c#0123456789abcdef0123456789abcdef01234567",
            "9 d - direct runtime git https://git.example.org/d#-",
            "10 e - direct runtime path e",
            "12 g - direct development registry inside",
        ]
    );
    assert!(!manifest.is_locked);
    assert_eq!(named(&manifest, "a").requirement.as_deref(), Some("1.2"));
}

#[test]
fn inherited_requirements_come_from_the_workspace_above() {
    let (manifests, diagnostics) = read(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nx = \"4\"\n"),
        ("a/Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nx.workspace = true\ny.workspace = true\n"),
    ]);
    assert_eq!(named(&manifests[1], "x").requirement.as_deref(), Some("4"));
    assert_eq!(diagnostics.len(), 1);
    assert_eq!((diagnostics[0].path.as_deref(), diagnostics[0].line), (Some("a/Cargo.toml"), Some(5)));
}

#[test]
fn broken_lockfiles_say_where_and_keep_the_rest() {
    let text = "[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [\"c\"]\n[x\n";
    let (manifests, diagnostics) = read(&[("Cargo.lock", text)]);
    assert_eq!(lines(&manifests[0]), ["5 b 1 root runtime path "]);
    let told: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.line.unwrap()).collect();
    assert_eq!(told, [1, 5, 8], "{diagnostics:?}");
}

#[test]
fn both_sides_of_a_merge_conflict_are_listed() {
    let text = LOCK.replace(
        "version = \"1.1.0\"",
        "<<<<<<< HEAD\nversion = \"1.1.0\"\n=======\nversion = \"1.2.0\"\n>>>>>>> other",
    );
    let (manifests, diagnostics) = read(&[("Cargo.lock", &text)]);
    let cc: Vec<_> = manifests[0].components.iter().filter(|component| component.name == "cc").collect();
    let versions: Vec<_> = cc.iter().map(|component| component.version.as_deref().unwrap()).collect();
    assert_eq!(versions, ["1.1.0", "1.2.0"]);
    assert_eq!(cc[0].origin, Origin::Registry);
    assert_eq!(needs(&manifests[0], "app").iter().filter(|name| *name == "cc").count(), 2);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].line, Some(23));
}
