//! Package lists of foreign fixtures, compared with what the project they come from expects.
//!
//! `corpora.txt` holds one line a file: the path below the lockfile corpora, the packages that osv-scalibr's
//! own tests expect, and where this crate says something else on purpose, the packages that it lists and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use selvedge_deps::inventory;
use selvedge_package::{Component, Ecosystem, Manifest, Origin, Relation};

use crate::support::lockfile_corpora;

/// Folder of fixtures, and the path that a file of it has in a real project.
const FOLDERS: &[(&str, &str)] = &[
    ("cpp/conanlock", "conan.lock"),
    ("dart/pubspec", "pubspec.lock"),
    ("dotnet/csproj", "app.csproj"),
    ("dotnet/depsjson", "app.deps.json"),
    ("dotnet/nugetcpm", "Directory.Packages.props"),
    ("dotnet/packagesconfig", "packages.config"),
    ("dotnet/packageslockjson", "packages.lock.json"),
    ("dotnet/paketdependencies", "paket.dependencies"),
    ("dotnet/paketlock", "paket.lock"),
    ("dotnet/projectassetsjson", "project.assets.json"),
    ("elixir/mixlock", "mix.lock"),
    ("erlang/mixlock", "mix.lock"),
    ("gleam/gleamtoml", "gleam.toml"),
    ("golang/gomod", "go.mod"),
    ("golang/vendormodules", "vendor/modules.txt"),
    ("haskell/cabal", "cabal.project.freeze"),
    ("haskell/stacklock", "stack.yaml.lock"),
    ("java/gradlelockfile", "gradle.lockfile"),
    ("java/gradleverificationmetadataxml", "gradle/verification-metadata.xml"),
    ("java/gradleversioncatalog", "gradle/libs.versions.toml"),
    ("java/pomxml", "pom.xml"),
    ("javascript/bunlock", "bun.lock"),
    ("javascript/packagelockjson", "package-lock.json"),
    ("javascript/pnpmlock", "pnpm-lock.yaml"),
    ("javascript/yarnlock", "yarn.lock"),
    ("php/composerlock", "composer.lock"),
    ("python/pdmlock", "pdm.lock"),
    ("python/pipfilelock", "Pipfile.lock"),
    ("python/poetrylock", "poetry.lock"),
    ("python/pylock", "pylock.toml"),
    ("python/pyprojecttoml", "pyproject.toml"),
    ("python/requirements", "requirements.txt"),
    ("python/uvlock", "uv.lock"),
    ("r/renvlock", "renv.lock"),
    ("ruby/gemfilelock", "Gemfile.lock"),
    ("rust/cargolock", "Cargo.lock"),
    ("rust/cargotoml", "Cargo.toml"),
    ("swift/packageresolved", "Package.resolved"),
    ("swift/podfilelock", "Podfile.lock"),
];

/// Fixtures of which this crate says something else on purpose. May only fall.
const DIFFERENCES_MAX: usize = 35;

/// One line of `corpora.txt`.
struct Row<'a> {
    path: &'a str,
    /// `name version` of each package; a requirement stands where there is no version, and the versions of Go
    /// have no `v`, as advisories write them.
    packages: BTreeSet<&'a str>,
    /// Why the list is not that of the fixture's own test.
    reason: Option<&'a str>,
}

fn rows() -> Vec<Row<'static>> {
    let lines = include_str!("corpora.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line.split(" | ");
            let path = parts.next().expect("split yields at least once").trim();
            let packages = parts.next().unwrap_or_default();
            let packages = packages.split(", ").map(str::trim).filter(|it| !it.is_empty()).collect();
            Row { path, packages, reason: parts.next() }
        })
        .collect()
}

/// The packages of one fixture as `name version`, and whether anything was said about it.
fn packages(root: &Path, path: &str) -> (BTreeSet<String>, bool) {
    let (folder, name) = FOLDERS.iter().find(|(folder, _)| path.starts_with(folder)).expect("a known folder");
    let mut files =
        BTreeMap::from([((*name).to_owned(), std::fs::read(root.join(path)).expect("a fixture"))]);
    if *folder == "golang/gomod" {
        let sum = root.join(path).with_extension("sum");
        files.extend(std::fs::read(sum).ok().map(|bytes| ("go.sum".to_owned(), bytes)));
    }
    if *folder == "java/pomxml" {
        let parent = root.join(folder).join("testdata/parent/pom.xml");
        files.insert("parent/pom.xml".to_owned(), std::fs::read(parent).expect("a fixture"));
    }
    let (manifests, diagnostics) = inventory(&files);
    let own = manifests.iter().filter(|manifest| !manifest.path.starts_with("parent/"));
    (own.flat_map(names).collect(), !diagnostics.is_empty())
}

/// Components but the project itself, which upstream lists for Rust and for built .NET applications only.
fn names(manifest: &Manifest) -> Vec<String> {
    let lists_project = manifest.format == "dotnet-deps-json";
    let is_listed = |component: &&Component| {
        component.relation != Relation::Root || component.ecosystem == Ecosystem::CratesIo || lists_project
    };
    let components = manifest.components.iter().filter(is_listed);
    components
        .map(|component| format!("{} {}", component.name, version(component)).trim().to_owned())
        .collect()
}

/// The version; where there is none the requirement, unless it is that of a repository or folder of npm.
fn version(component: &Component) -> String {
    let is_elsewhere = matches!(component.origin, Origin::Git { .. } | Origin::Path(_));
    let is_shown = component.ecosystem != Ecosystem::Npm || !is_elsewhere;
    let requirement = component.requirement.as_deref().filter(|_| is_shown);
    let version = component.version.as_deref().or(requirement).unwrap_or_default();
    let is_go = component.ecosystem == Ecosystem::Go;
    let version = if is_go { version.strip_prefix('v').unwrap_or(version) } else { version };
    // A comma and a blank separate packages in the list.
    version.replace(", ", ",")
}

#[test]
fn package_lists_are_those_of_the_fixtures() {
    let Some(root) = lockfile_corpora() else { return };
    let mut wrong = Vec::new();
    let rows = rows();
    for row in &rows {
        let (actual, _) = packages(&root, row.path);
        if !actual.iter().map(String::as_str).eq(row.packages.iter().copied()) {
            let actual: Vec<_> = actual.into_iter().collect();
            wrong.push(format!("{} | {}", row.path, actual.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} files differ:\n{}", wrong.len(), wrong.join("\n"));
    let explained = rows.iter().filter(|row| row.reason.is_some()).count();
    let equal = rows.len() - explained;
    println!("{equal} of {} fixtures as upstream lists them, {explained} otherwise for a reason", rows.len());
    assert!(explained <= DIFFERENCES_MAX, "{explained} fixtures differ from upstream");
}

#[test]
fn a_fixture_without_packages_is_empty_or_something_is_said_about_it() {
    let Some(root) = lockfile_corpora() else { return };
    for row in rows().iter().filter(|row| row.packages.is_empty()) {
        let bytes = std::fs::read(root.join(row.path)).expect("a fixture");
        let (_, is_said) = packages(&root, row.path);
        let is_known_empty = EMPTY.contains(&row.path) || bytes.trim_ascii().is_empty();
        assert!(is_said || is_known_empty, "{} has no packages, and nothing is said", row.path);
        assert!(!(is_said && EMPTY.contains(&row.path)), "{} is well-formed", row.path);
    }
}

/// Fixtures that are well-formed and list nothing.
const EMPTY: &[&str] = &[
    "javascript/bunlock/testdata/empty.json5",
    "javascript/bunlock/testdata/no-packages.json5",
    "javascript/packagelockjson/testdata/empty.v1.json",
    "javascript/packagelockjson/testdata/empty.v2.json",
    "javascript/pnpmlock/testdata/empty.yaml",
    "javascript/pnpmlock/testdata/missing-packages.yaml",
    "javascript/pnpmlock/testdata/no-packages.v9.yaml",
    "javascript/pnpmlock/testdata/no-packages.yaml",
    "javascript/yarnlock/testdata/empty.v1.lock",
    "javascript/yarnlock/testdata/empty.v2.lock",
    "javascript/yarnlock/testdata/metadata-only.v2.lock",
    "python/pdmlock/testdata/empty.toml",
    "python/pipfilelock/testdata/empty.json",
    "python/poetrylock/testdata/empty.lock",
    "python/pylock/testdata/empty.toml",
    "python/pylock/testdata/pip-just-self.toml",
    "python/pyprojecttoml/testdata/dynamic_deps.toml",
    "python/pyprojecttoml/testdata/empty_deps.toml",
    "python/uvlock/testdata/empty.lock",
    "python/uvlock/testdata/no-dependencies.lock",
    "python/uvlock/testdata/no-packages.lock",
    "rust/cargolock/testdata/empty.lock",
    "ruby/gemfilelock/testdata/no-spec-section.lock",
    "ruby/gemfilelock/testdata/no-gems.lock",
    "ruby/gemfilelock/testdata/no-gem-section.lock",
    "r/renvlock/testdata/empty.lock",
    "php/composerlock/testdata/empty.json",
    "java/gradleversioncatalog/testdata/empty.versions.toml",
    "java/gradleverificationmetadataxml/testdata/empty.xml",
    "java/gradlelockfile/testdata/only-empty",
    "java/gradlelockfile/testdata/only-comments",
    "haskell/stacklock/testdata/invalid",
    "gleam/gleamtoml/testdata/no-deps.toml",
    "erlang/mixlock/testdata/empty.lock",
    "elixir/mixlock/testdata/empty",
    "dart/pubspec/testdata/no-packages.lock",
    "cpp/conanlock/testdata/empty.v2.json",
    "cpp/conanlock/testdata/empty.v1.revisions.json",
    "cpp/conanlock/testdata/empty.v1.json",
];
