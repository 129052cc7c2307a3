//! Lockfiles and manifests of every language, with one file beside: the first byte says which.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;

/// A file, and one beside it that its parser may look at.
const PATHS: &[(&str, &str)] = &[
    ("a/pom.xml", "pom.xml"),
    ("a/app.csproj", "Directory.Packages.props"),
    ("packages.config", ""),
    ("gradle/verification-metadata.xml", "gradle.lockfile"),
    ("gradle/libs.versions.toml", ""),
    ("go.mod", "go.sum"),
    ("a/go.mod", "go.work"),
    ("vendor/modules.txt", "go.sum"),
    ("Gemfile.lock", "Gemfile"),
    ("gems.locked", "a.gemspec"),
    ("composer.lock", "composer.json"),
    ("packages.lock.json", "app.csproj"),
    ("obj/project.assets.json", ""),
    ("app.deps.json", ""),
    ("paket.lock", "paket.dependencies"),
    ("pubspec.lock", "pubspec.yaml"),
    ("mix.lock", "mix.exs"),
    ("rebar.lock", ""),
    ("manifest.toml", "gleam.toml"),
    ("Package.resolved", ""),
    ("Podfile.lock", ""),
    ("Cartfile.resolved", ""),
    ("conan.lock", "conanfile.txt"),
    ("cabal.project.freeze", ""),
    ("stack.yaml.lock", ""),
    ("renv.lock", ""),
    ("Cargo.lock", "Cargo.toml"),
    ("package-lock.json", "package.json"),
    ("yarn.lock", "package.json"),
    ("pnpm-lock.yaml", "package.json"),
    ("bun.lock", "package.json"),
    ("requirements.txt", "constraints.txt"),
    ("Pipfile.lock", "Pipfile"),
    ("poetry.lock", "pyproject.toml"),
    ("pdm.lock", "pyproject.toml"),
    ("uv.lock", "pyproject.toml"),
    ("pylock.toml", ""),
    (".github/workflows/a.yml", ""),
    ("Dockerfile", ""),
    ("a/Cargo.toml", "Cargo.toml"),
    ("package.json", ""),
    ("requirements/dev.txt", "requirements/base.list"),
    ("pyproject.toml", ""),
    ("Pipfile", ""),
    ("setup.cfg", ""),
    ("environment.yml", ""),
    ("compose.yaml", ""),
    ("action.yml", ""),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let (path, other) = PATHS[usize::from(*first) % PATHS.len()];
    let cut = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let mut files = BTreeMap::from([(path.to_owned(), rest[..cut].to_vec())]);
    if !other.is_empty() {
        files.insert(other.to_owned(), rest.get(cut + 1..).unwrap_or_default().to_vec());
    }
    let (manifests, _) = selvedge_deps::inventory(&files);
    for manifest in &manifests {
        for (index, component) in manifest.components.iter().enumerate() {
            let span = component.span;
            let length = files[component.found_in.as_ref().unwrap_or(&manifest.path)].len() as u32;
            assert!(span.start <= span.end && span.end <= length, "{}: {component:?}", manifest.path);
            let in_range = |it: &u32| (*it as usize) < manifest.components.len();
            assert!(component.dependencies.iter().all(in_range), "{}: {component:?}", manifest.path);
            manifest.path_to(index as u32);
        }
    }
});
