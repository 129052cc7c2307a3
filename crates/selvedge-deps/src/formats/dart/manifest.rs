//! `pubspec.yaml`: what a Dart project asks for.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::{from_sdk, git, hosted};
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::{self, Node, yaml};
use crate::{Files, Format, PackageFile, Parsed};

/// `pubspec.yaml`.
pub(super) const FORMAT: Format = Format {
    id: "pubspec",
    matches: |path| path == "pubspec.yaml" || path.ends_with("/pubspec.yaml"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    let root = syntax::read(&mut draft, yaml::parse);
    if !root.is_map() {
        draft.problem(1, format!("{}; expected a map with `name`", root.noun()));
        return draft.fail();
    }
    if let Some(name) = root.get("name")
        && let Some(text) = name.text()
    {
        draft.push(Component {
            ecosystem: Ecosystem::Pub,
            name: text.to_owned(),
            version: root.text_at("version").map(str::to_owned),
            origin: Origin::Path(".".to_owned()),
            relation: Relation::Root,
            span: name.span,
            ..Component::default()
        });
    }
    for requirement in requirements(&root) {
        draft.push(requirement.into_component(Ecosystem::Pub));
    }
    draft.connect_root();
    draft.finish()
}

/// What the manifest asks for. An override says how another requirement is met.
pub(super) fn requirements(root: &Node<'_>) -> Vec<Requirement> {
    let sections = [
        ("dependencies", Scope::Runtime),
        ("dev_dependencies", Scope::Development),
        ("dependency_overrides", Scope::Runtime),
    ];
    let mut requirements: Vec<Requirement> = Vec::new();
    for (section, scope) in sections {
        for entry in root.entries_at(section) {
            let mut span = entry.key_span;
            span.end = entry.value.span.end.max(span.end);
            let text = entry.value.text().or_else(|| entry.value.text_at("version"));
            requirements.push(Requirement {
                name: entry.key.to_string(),
                version: text.filter(|text| is_exact(text)).map(str::to_owned),
                requirement: text.map(str::to_owned),
                scope,
                origin: origin(&entry.value),
                span,
                ..Requirement::default()
            });
        }
    }
    requirements
}

/// Whether a constraint is one version: no `^`, comparison or `any` (Dart, "Package dependencies").
fn is_exact(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(' ')
}

fn origin(value: &Node<'_>) -> Origin {
    if let Some(description) = value.get("git") {
        return git(description, None);
    }
    if let Some(path) = value.text_at("path") {
        return Origin::Path(path.to_owned());
    }
    if let Some(name) = value.text_at("sdk") {
        return from_sdk(name);
    }
    match value.get("hosted") {
        Some(hosting) => hosted(hosting.text().or_else(|| hosting.text_at("url"))),
        None => Origin::Registry,
    }
}
