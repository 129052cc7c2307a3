//! `manifest.toml` and `gleam.toml`: what Gleam resolved, and what a project asks for.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use crate::draft::Draft;
use crate::names::Names;
use crate::requirement::Requirement;
use crate::syntax::{self, Node, digest, toml};
use crate::{Files, Format, PackageFile, Parsed};

use super::hex_repository;

/// `manifest.toml`.
pub(super) const LOCK: Format = Format {
    id: "gleam-manifest",
    matches: |path| path == "manifest.toml" || path.ends_with("/manifest.toml"),
    parse: parse_lock,
};

/// `gleam.toml`.
pub(super) const MANIFEST: Format = Format {
    id: "gleam-toml",
    matches: |path| path == "gleam.toml" || path.ends_with("/gleam.toml"),
    parse: parse_manifest,
};

fn parse_lock(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, LOCK.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let root = syntax::read(&mut draft, toml::parse);
    if root.is_map() && root.get("packages").is_none() {
        // Other tools name files like this too.
        return Parsed::default();
    }
    let mut names = Names::default();
    for package in root.items_at("packages") {
        add(&mut draft, &mut names, package);
    }
    names.connect(&mut draft);
    let mut direct = Vec::new();
    for entry in root.entries_at("requirements") {
        direct.extend(names.of(&entry.key).iter().map(|index| (*index, Scope::Runtime)));
    }
    if let Some(path) = file.sibling("gleam.toml")
        && let Some(bytes) = files.get(&path)
    {
        direct.clear();
        let mut beside = Draft::new(&PackageFile::new(&path, bytes), MANIFEST.id);
        for requirement in requirements(&syntax::read(&mut beside, toml::parse)) {
            for index in names.of(&requirement.name) {
                requirement.note(&mut draft, *index, &path);
                direct.push((*index, requirement.scope));
            }
        }
        draft.manifest.absorbed.push(path);
    }
    draft.manifest.spread(&direct);
    draft.finish()
}

fn add(draft: &mut Draft<'_>, names: &mut Names, package: &Node<'_>) {
    let Some(name) = package.get("name").filter(|name| name.text().is_some()) else {
        draft.problem(package.span.line, "expected `name` in a package; it is left out");
        return;
    };
    let text = name.text().unwrap_or_default();
    let origin = match package.text_at("source") {
        Some("git") => Origin::Git {
            url: package.text_at("repo").unwrap_or_default().to_owned(),
            commit: package.text_at("commit").map(str::to_owned),
        },
        Some("local") => Origin::Path(package.text_at("path").unwrap_or_default().to_owned()),
        _ => Origin::Registry,
    };
    let index = draft.push(Component {
        ecosystem: Ecosystem::Hex,
        name: text.to_owned(),
        version: package.text_at("version").map(str::to_owned),
        origin,
        hashes: package
            .text_at("outer_checksum")
            .and_then(|hash| digest::hex("sha256", hash))
            .into_iter()
            .collect(),
        span: name.span,
        ..Component::default()
    });
    let Some(index) = index else { return };
    names.add(text, index);
    for need in package.items_at("requirements").iter().filter_map(Node::text) {
        names.need(index, need);
    }
}

fn parse_manifest(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, MANIFEST.id);
    let root = syntax::read(&mut draft, toml::parse);
    if let Some(name) = root.get("name")
        && let Some(text) = name.text()
    {
        draft.push(Component {
            ecosystem: Ecosystem::Hex,
            name: text.to_owned(),
            version: root.text_at("version").map(str::to_owned),
            origin: Origin::Path(".".to_owned()),
            relation: Relation::Root,
            licenses: root.items_at("licences").iter().filter_map(Node::text).map(str::to_owned).collect(),
            span: name.span,
            ..Component::default()
        });
    }
    for requirement in requirements(&root) {
        draft.push(requirement.into_component(Ecosystem::Hex));
    }
    draft.connect_root();
    draft.finish()
}

fn requirements(root: &Node<'_>) -> Vec<Requirement> {
    let sections = [
        ("dependencies", Scope::Runtime),
        ("dev-dependencies", Scope::Development),
        ("dev_dependencies", Scope::Development),
    ];
    let mut requirements = Vec::new();
    for (section, scope) in sections {
        for entry in root.entries_at(section) {
            let mut span = entry.key_span;
            span.end = entry.value.span.end.max(span.end);
            let value = &entry.value;
            let reference = value.text_at("ref").map(str::to_owned);
            let origin = match (value.text_at("git"), value.text_at("path")) {
                (Some(url), _) => Origin::Git { url: url.to_owned(), commit: reference },
                (None, Some(path)) => Origin::Path(path.to_owned()),
                (None, None) => hex_repository(None),
            };
            requirements.push(Requirement {
                name: entry.key.to_string(),
                requirement: value.text().or_else(|| value.text_at("version")).map(str::to_owned),
                scope,
                origin,
                span,
                ..Requirement::default()
            });
        }
    }
    requirements
}
