//! `composer.json`: what a PHP project asks for.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::is_platform;
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::{self, Node, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `composer.json`.
pub(super) const FORMAT: Format = Format {
    id: "composer-json",
    matches: |path| path == "composer.json" || path.ends_with("/composer.json"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    let root = syntax::read(&mut draft, json::parse);
    if !root.is_map() {
        draft.problem(1, format!("{}; expected an object", root.noun()));
        return draft.fail();
    }
    if let Some(name) = root.get("name")
        && let Some(text) = name.text()
    {
        draft.push(Component {
            ecosystem: Ecosystem::Packagist,
            name: text.to_lowercase(),
            version: root.text_at("version").map(str::to_owned),
            origin: Origin::Path(".".to_owned()),
            relation: Relation::Root,
            licenses: license(&root).into_iter().collect(),
            span: name.span,
            ..Component::default()
        });
    }
    for requirement in requirements(&root) {
        draft.push(requirement.into_component(Ecosystem::Packagist));
    }
    draft.connect_root();
    draft.finish()
}

/// What the manifest asks for, platform packages left out.
pub(super) fn requirements(root: &Node<'_>) -> Vec<Requirement> {
    let sections = [("require", Scope::Runtime), ("require-dev", Scope::Development)];
    let mut requirements = Vec::new();
    for (section, scope) in sections {
        for entry in root.entries_at(section).iter().filter(|entry| !is_platform(&entry.key)) {
            let text = entry.value.text().map(str::to_owned);
            let mut span = entry.key_span;
            span.end = entry.value.span.end.max(span.end);
            requirements.push(Requirement {
                name: entry.key.to_lowercase(),
                version: text.clone().filter(|text| is_exact(text)),
                requirement: text,
                scope,
                span,
                ..Requirement::default()
            });
        }
    }
    requirements
}

/// Whether a constraint allows one version only: digits and dots, with or without a stability (Composer,
/// "Exact version constraint").
fn is_exact(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        && !text.contains(".x")
        && !text.ends_with("-dev")
}

/// The licence as one expression: several in Composer mean a choice.
pub(super) fn license(package: &Node<'_>) -> Option<String> {
    let node = package.get("license")?;
    if let Some(text) = node.text() {
        return Some(text.to_owned());
    }
    let texts: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
    (!texts.is_empty()).then(|| texts.join(" OR "))
}
