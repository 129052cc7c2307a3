//! Conda's `environment.yml`.
//!
//! Format: conda, "Creating an environment file manually" and "Package match specifications".

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::pep508;
use crate::draft::Draft;
use crate::syntax::{self, Node};
use crate::{Files, PackageFile, Parsed};

/// Whether this file name is one of an environment.
pub(super) fn is_name(name: &str) -> bool {
    matches!(name, "environment.yml" | "environment.yaml" | "conda.yml" | "conda.yaml")
}

/// Reads an environment. A file of the same name that has no list of dependencies is none.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "conda-environment");
    let root = syntax::read_map(&mut draft, syntax::yaml::parse);
    if root.items_at("dependencies").is_empty() {
        return draft.fail();
    }
    for item in root.items_at("dependencies") {
        for pip in item.items_at("pip") {
            pip_requirement(pip, &mut draft);
        }
        if let Some(text) = item.text() {
            match component(text, item) {
                Some(component) => {
                    draft.push(component);
                }
                None => draft.problem(item.span.line, format!("`{}` names no package", pep508::shown(text))),
            }
        }
    }
    draft.finish()
}

fn pip_requirement(item: &Node<'_>, draft: &mut Draft<'_>) {
    let Some(text) = item.text().filter(|text| !text.starts_with('-')) else { return };
    match pep508::parse(text) {
        Ok(found) => {
            draft.push(found.requirement(Scope::Runtime, item.span).into_component(Ecosystem::PyPI));
        }
        Err(message) => draft.problem(item.span.line, message),
    }
}

/// `channel::name=version=build`, `name>=1`, `name 1.2.*`.
fn component(text: &str, item: &Node<'_>) -> Option<Component> {
    let (channel, rest) =
        text.rsplit_once("::").map_or((None, text), |(channel, rest)| (Some(channel), rest));
    let end = rest.find(['=', '<', '>', '!', '~', ' ', '[']).unwrap_or(rest.len());
    let (name, range) = (rest[..end].trim(), rest[end..].trim());
    if name.is_empty() {
        return None;
    }
    let pinned = range.trim_start_matches('=').trim();
    let version = pinned.split('=').next().unwrap_or(pinned);
    let is_exact =
        range.starts_with('=') && !version.is_empty() && !version.contains(['*', ',', '|', '<', '>']);
    Some(Component {
        ecosystem: Ecosystem::Conda,
        name: name.to_owned(),
        version: is_exact.then(|| version.to_owned()),
        requirement: (!range.is_empty()).then(|| range.to_owned()),
        origin: channel.map_or(Origin::Registry, |channel| match channel {
            "defaults" | "conda-forge" | "main" => Origin::Registry,
            other => Origin::OtherRegistry(other.to_owned()),
        }),
        relation: Relation::Direct,
        span: item.span,
        ..Component::default()
    })
}
