//! `gradle.lockfile` and its older forms: what Gradle resolved, with the configurations that use it (Gradle,
//! "Locking Versions").

use selvedge_package::{Component, Ecosystem, Scope};

use super::{coordinates, verification_metadata};
use crate::draft::Draft;
use crate::syntax::lines::lines;
use crate::{Files, Format, PackageFile, Parsed};

/// `gradle.lockfile`, `buildscript-gradle.lockfile`, and the files of one configuration each that Gradle
/// before 7 writes below `gradle/dependency-locks/`.
pub(super) const FORMAT: Format = Format { id: "gradle-lockfile", matches: is_lockfile, parse };

/// Parts of the names of configurations that run in the build only: compilers, processors and checkers.
const BUILD_CONFIGURATIONS: &[&str] = &[
    "annotationprocessor",
    "checkstyle",
    "compilerclasspath",
    "compilerpluginclasspath",
    "detekt",
    "errorprone",
    "jacoco",
    "kapt",
    "ksp",
    "ktlint",
    "pmd",
    "spotbugs",
    "zinc",
];

fn is_lockfile(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_of_one_configuration = name.ends_with(".lockfile")
        && (folder == "gradle/dependency-locks" || folder.ends_with("/gradle/dependency-locks"));
    matches!(name, "gradle.lockfile" | "buildscript-gradle.lockfile") || is_of_one_configuration
}

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let is_build_script = name.starts_with("buildscript-");
    let configuration = name.strip_suffix(".lockfile").unwrap_or_default();
    let digests = verification_metadata::digests_for(file, files);
    for line in lines(&mut draft) {
        let text = line.trimmed();
        if text.is_empty() || text.starts_with('#') || text.starts_with("empty=") {
            continue;
        }
        let (module, configurations) = text.split_once('=').unwrap_or((text, configuration));
        let Some((name, version)) = coordinates(module) else {
            draft.problem(line.number, "expected `<group>:<artifact>:<version>=<configurations>`");
            continue;
        };
        let scope = if is_build_script { Scope::Build } else { scope_of(configurations) };
        draft.push(Component {
            ecosystem: Ecosystem::Maven,
            name: name.to_owned(),
            version: Some(version.to_owned()),
            scope,
            hashes: digests.get(&(name.to_owned(), version.to_owned())).cloned().unwrap_or_default(),
            span: draft.span(line.range_of(module)),
            ..Component::default()
        });
    }
    draft.finish()
}

/// The least scope of all configurations.
fn scope_of(configurations: &str) -> Scope {
    configurations.split(',').map(scope_of_one).min().unwrap_or_default()
}

/// What a configuration is for. The plugins of the JVM, Android and Kotlin name theirs `<sourceSet><Role>`;
/// of one that is not known everything counts.
fn scope_of_one(configuration: &str) -> Scope {
    let lower = configuration.trim().to_ascii_lowercase();
    if lower.contains("test") || lower.starts_with("developmentonly") {
        return Scope::Development;
    }
    let is_build = BUILD_CONFIGURATIONS.iter().any(|part| lower.contains(part)) || lower == "classpath";
    if is_build || lower.ends_with("compileclasspath") { Scope::Build } else { Scope::Runtime }
}
