//! `gradle/verification-metadata.xml`: digests of everything that a Gradle build has fetched (Gradle,
//! "Verifying Dependencies").

use std::collections::{BTreeMap, BTreeSet};

use selvedge_package::{Component, Ecosystem, Hash};

use crate::draft::Draft;
use crate::syntax::digest;
use crate::syntax::xml::{self, Element};
use crate::{Files, Format, PackageFile, Parsed};

/// `gradle/verification-metadata.xml`.
pub(super) const FORMAT: Format = Format {
    id: "gradle-verification-metadata",
    matches: |path| {
        path == "gradle/verification-metadata.xml" || path.ends_with("/gradle/verification-metadata.xml")
    },
    parse,
};

/// Elements that hold a digest, which are named after the algorithm.
const ALGORITHMS: &[&str] = &["md5", "sha1", "sha256", "sha512"];

/// Ends of the names of files that describe a module and are not the module.
const DESCRIPTIONS: &[&str] = &[".pom", ".module", ".xml"];

/// Digests by name and version.
pub(super) type Digests = BTreeMap<(String, String), Vec<Hash>>;

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let document = xml::read(file.bytes);
    for (line, message) in document.problems {
        draft.problem(line, message);
    }
    let Some(root) = document.root else { return draft.fail() };
    if root.name != "verification-metadata" {
        draft.problem(draft.line(root.range.start), "expected the element `verification-metadata`");
        return draft.fail();
    }
    let mut known = BTreeSet::new();
    for element in components(&root) {
        let span = draft.span(element.range.clone());
        let Some((name, version)) = name_and_version(element) else {
            draft.problem(span.line, "expected `group` and `name` in a component; it is left out");
            continue;
        };
        if version.is_none() {
            draft.problem(span.line, format!("component `{name}` has no version"));
        }
        if !known.insert((name.clone(), version.clone())) {
            draft.problem(span.line, format!("`{name}` is listed twice"));
            continue;
        }
        draft.push(Component {
            ecosystem: Ecosystem::Maven,
            name,
            version,
            hashes: hashes(element),
            span,
            ..Component::default()
        });
    }
    draft.finish()
}

/// The digests that the nearest metadata above a lockfile states.
pub(super) fn digests_for(file: &PackageFile<'_>, files: &dyn Files) -> Digests {
    let mut relative = "gradle/verification-metadata.xml".to_owned();
    while let Some(path) = file.sibling(&relative) {
        if let Some(bytes) = files.get(&path) {
            let root = xml::read(bytes).root.unwrap_or_default();
            let mut digests = Digests::new();
            for element in components(&root) {
                if let Some((name, Some(version))) = name_and_version(element) {
                    digests.entry((name, version)).or_default().extend(hashes(element));
                }
            }
            return digests;
        }
        relative.insert_str(0, "../");
    }
    Digests::new()
}

fn components(root: &Element) -> impl Iterator<Item = &Element> {
    root.child("components").into_iter().flat_map(|components| components.children_named("component"))
}

fn name_and_version(element: &Element) -> Option<(String, Option<String>)> {
    let attribute = |name| element.attribute(name).map(str::trim).filter(|text| !text.is_empty());
    Some((format!("{}:{}", attribute("group")?, attribute("name")?), attribute("version").map(str::to_owned)))
}

/// Digests of the module's own files, not of those that describe it.
fn hashes(component: &Element) -> Vec<Hash> {
    let is_archive = |artifact: &&Element| {
        let name = artifact.attribute("name").unwrap_or_default();
        !DESCRIPTIONS.iter().any(|end| name.ends_with(end))
    };
    let artifacts = component.children_named("artifact").filter(is_archive);
    let digests = artifacts.flat_map(|artifact| &artifact.children);
    digests
        .filter(|it| ALGORITHMS.contains(&it.name.as_str()))
        .filter_map(|it| digest::hex(&it.name, it.attribute("value")?))
        .collect()
}
