//! `pubspec.lock`: what pub resolved. It has no edges; what only development needs is known for direct
//! packages alone.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::manifest::requirements;
use super::{from_sdk, git, hosted};
use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, Entry, digest, yaml};
use crate::{Files, Format, PackageFile, Parsed};

/// `pubspec.lock`.
pub(super) const FORMAT: Format = Format {
    id: "pubspec-lock",
    matches: |path| path == "pubspec.lock" || path.ends_with("/pubspec.lock"),
    parse,
};

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let root = syntax::read(&mut draft, yaml::parse);
    if !root.is_map() && !file.bytes.trim_ascii().is_empty() {
        draft.problem(1, format!("{}; expected a map with `packages`", root.noun()));
        return draft.fail();
    }
    let mut names = Names::default();
    for entry in root.entries_at("packages") {
        let index = add(&mut draft, entry);
        if let Some(index) = index {
            names.add(entry.key.as_ref(), index);
        }
    }
    if let Some(path) = file.sibling("pubspec.yaml")
        && let Some(bytes) = files.get(&path)
    {
        let mut beside = Draft::new(&PackageFile::new(&path, bytes), FORMAT.id);
        for requirement in requirements(&syntax::read(&mut beside, yaml::parse)) {
            for index in names.of(&requirement.name) {
                requirement.note(&mut draft, *index, &path);
            }
        }
        draft.manifest.absorbed.push(path);
    }
    draft.finish()
}

fn add(draft: &mut Draft<'_>, entry: &Entry<'_>) -> Option<u32> {
    let value = &entry.value;
    let version = value.text_at("version").map(str::to_owned);
    if version.is_none() {
        draft.problem(entry.key_span.line, format!("package `{}` has no version", entry.key));
    }
    let description = value.get("description");
    let text_of = |key| description.and_then(|description| description.text_at(key));
    let origin = match value.text_at("source") {
        Some("git") => description.map_or(Origin::Registry, |it| git(it, it.text_at("resolved-ref"))),
        Some("path") => Origin::Path(text_of("path").unwrap_or_default().to_owned()),
        Some("sdk") => from_sdk(description.and_then(|it| it.text()).unwrap_or_default()),
        _ => hosted(text_of("url")),
    };
    let (relation, scope) = match value.text_at("dependency") {
        Some("direct main" | "direct overridden") => (Relation::Direct, Scope::Runtime),
        Some("direct dev") => (Relation::Direct, Scope::Development),
        Some("transitive") => (Relation::Transitive, Scope::Runtime),
        _ => (Relation::Unknown, Scope::Runtime),
    };
    draft.push(Component {
        ecosystem: Ecosystem::Pub,
        name: text_of("name").unwrap_or(&entry.key).to_owned(),
        version,
        origin,
        relation,
        scope,
        hashes: text_of("sha256").and_then(|text| digest::hex("sha256", text)).into_iter().collect(),
        span: entry.key_span,
        ..Component::default()
    })
}
