//! `composer.lock`: what Composer resolved.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::is_platform;
use super::manifest::{license, requirements};
use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, Node, digest, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `composer.lock`.
pub(super) const FORMAT: Format = Format {
    id: "composer-lock",
    matches: |path| path == "composer.lock" || path.ends_with("/composer.lock"),
    parse,
};

/// Registry whose address Composer notes as the place to report installations to.
const REGISTRY: &str = "https://packagist.org/";

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let root = syntax::read(&mut draft, json::parse);
    if !root.is_map() {
        draft.problem(1, format!("{}; expected an object with `packages`", root.noun()));
        return draft.fail();
    }
    let mut names = Names::default();
    // Composer computes itself what only `require-dev` reaches.
    for (section, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Development)] {
        for package in root.items_at(section) {
            add(&mut draft, &mut names, package, scope);
        }
    }
    names.connect(&mut draft);
    declare(&mut draft, &names, files);
    draft.finish()
}

fn add(draft: &mut Draft<'_>, names: &mut Names, package: &Node<'_>, scope: Scope) {
    let Some(name) = package.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty()))
    else {
        draft.problem(package.span.line, "expected `name` in a package; it is left out");
        return;
    };
    let version = package.text_at("version").map(str::to_owned);
    if version.is_none() {
        draft.problem(name.span.line, "expected `version` in a package");
    }
    let lower = name.text().unwrap_or_default().to_lowercase();
    let dist = package.get("dist");
    let resolved = dist.and_then(|dist| dist.text_at("url")).map(str::to_owned);
    let shasum = dist.and_then(|dist| dist.text_at("shasum")).unwrap_or_default();
    let index = draft.push(Component {
        ecosystem: Ecosystem::Packagist,
        name: lower.clone(),
        version,
        origin: origin(package),
        resolved,
        scope,
        hashes: digest::hex("sha1", shasum).into_iter().collect(),
        licenses: license(package).into_iter().collect(),
        supplier: author(package),
        span: name.span,
        ..Component::default()
    });
    let Some(index) = index else { return };
    names.add(lower, index);
    for entry in ["replace", "provide"].iter().flat_map(|section| package.entries_at(section)) {
        names.add(entry.key.to_lowercase(), index);
    }
    for entry in package.entries_at("require").iter().filter(|entry| !is_platform(&entry.key)) {
        names.need(index, entry.key.to_lowercase());
    }
}

/// The first of its authors.
fn author(package: &Node<'_>) -> Option<String> {
    let name = package.get("authors")?.items().first()?.text_at("name")?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// A package of a registry names where its installations are reported to; others come from a folder or a
/// repository.
fn origin(package: &Node<'_>) -> Origin {
    let dist = package.get("dist");
    if dist.and_then(|dist| dist.text_at("type")) == Some("path") {
        return Origin::Path(dist.and_then(|dist| dist.text_at("url")).unwrap_or_default().to_owned());
    }
    match package.text_at("notification-url") {
        Some(url) if url.starts_with(REGISTRY) => return Origin::Registry,
        Some(url) => return Origin::OtherRegistry(url.trim_end_matches("/downloads").to_owned()),
        None => {}
    }
    let source = package.get("source").filter(|source| source.text_at("type") == Some("git"));
    let reference = source.and_then(|source| source.text_at("reference"));
    match source.and_then(|source| source.text_at("url")) {
        Some(url) => Origin::Git { url: url.to_owned(), commit: reference.map(str::to_owned) },
        None => Origin::Registry,
    }
}

/// Marks what the manifest beside the lockfile names.
fn declare(draft: &mut Draft<'_>, names: &Names, files: &dyn Files) {
    let Some(path) = draft.file.sibling("composer.json") else { return };
    let Some(bytes) = files.get(&path) else { return };
    let mut beside = Draft::new(&PackageFile::new(&path, bytes), FORMAT.id);
    let root = syntax::read(&mut beside, json::parse);
    for component in &mut draft.manifest.components {
        component.relation = Relation::Transitive;
    }
    for requirement in requirements(&root) {
        for index in names.of(&requirement.name) {
            requirement.note(draft, *index, &path);
            draft.manifest.components[*index as usize].relation = Relation::Direct;
        }
    }
    draft.manifest.absorbed.push(path);
}
