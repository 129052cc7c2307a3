//! What is known of a component and neither its package URL nor the format has a place for, as name and text: properties in CycloneDX,
//! annotations in SPDX. What [`of`] says, [`apply`] restores.

use std::borrow::Cow;

use selvedge_package::{Component, Ecosystem, Relation, Scope};

use crate::bom::Entry;
use crate::{hashes, identity, origin};

/// Prefix of the names, the namespace of Selvedge among CycloneDX properties.
pub(crate) const PREFIX: &str = "selvedge:";

/// Characters of a version in CycloneDX 1.6.
const VERSION_CHARS_MAX: usize = 1024;

/// The facts of an entry that its package URL does not tell; digests, scope and address are the writers' to add
/// where their format lacks them.
pub(crate) fn of(entry: &Entry) -> Vec<(&'static str, Cow<'_, str>)> {
    let component = &entry.component;
    let told = match &entry.purl {
        Some(purl) => identity::component_from_purl(purl).unwrap_or_default(),
        None => Component {
            name: component.name.clone(),
            version: component.version.clone(),
            ..Component::default()
        },
    };
    let mut facts: Vec<(&'static str, Cow<'_, str>)> = Vec::new();
    if component.relation == Relation::Root {
        facts.push(("relation", Relation::Root.as_str().into()));
    }
    if component.origin != told.origin {
        facts.push(("origin", origin::to_text(&component.origin).into()));
    }
    if (component.ecosystem, &component.release) != (told.ecosystem, &told.release) {
        facts.push(("ecosystem", ecosystem(component)));
    }
    if component.name != told.name {
        facts.push(("name", component.name.as_str().into()));
    }
    for (name, value, told) in [
        ("version", &component.version, &told.version),
        ("binary-name", &component.binary_name, &told.binary_name),
        ("architecture", &component.architecture, &told.architecture),
        ("requirement", &component.requirement, &None),
        ("layer", &component.layer, &None),
        ("found-in", &component.found_in, &None),
        ("binary-version", &component.binary_version, &None),
        ("module", &component.module, &None),
        ("owned-by", &component.owned_by, &None),
    ] {
        if value != told {
            facts.push((name, value.as_deref().unwrap_or_default().into()));
        }
    }
    if !is_version(component) {
        facts.push(("version", component.version.as_deref().unwrap_or_default().into()));
    }
    facts
}

/// Whether the version can stand where CycloneDX wants one.
pub(crate) fn is_version(component: &Component) -> bool {
    component.version.as_ref().is_none_or(|version| version.chars().count() <= VERSION_CHARS_MAX)
}

fn ecosystem(component: &Component) -> Cow<'static, str> {
    match &component.release {
        Some(release) => format!("{}:{release}", component.ecosystem).into(),
        None => component.ecosystem.as_str().into(),
    }
}

/// Restores one fact; names that nobody writes are passed over.
pub(crate) fn apply(name: &str, value: &str, component: &mut Component) {
    let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
    match name {
        "scope" => component.scope = scope(value).unwrap_or(component.scope),
        "relation" if value == Relation::Root.as_str() => component.relation = Relation::Root,
        "origin" => component.origin = origin::from_text(value).unwrap_or_default(),
        "requirement" => component.requirement = text(),
        "resolved" => component.resolved = text(),
        "layer" => component.layer = text(),
        "found-in" => component.found_in = text(),
        "binary-name" => component.binary_name = text(),
        "binary-version" => component.binary_version = text(),
        "module" => component.module = text(),
        "owned-by" => component.owned_by = text(),
        "architecture" => component.architecture = text(),
        "name" => value.clone_into(&mut component.name),
        "version" => component.version = text(),
        "ecosystem" => {
            let (ecosystem, release) = Ecosystem::from_osv(value);
            component.ecosystem = ecosystem;
            component.release = release.map(str::to_owned);
        }
        "hash" => {
            let hash = value.split_once(':').and_then(|(name, hex)| hashes::from_parts(name, hex));
            component.hashes.extend(hash);
        }
        _ => {}
    }
}

fn scope(value: &str) -> Option<Scope> {
    [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Development]
        .into_iter()
        .find(|it| it.as_str() == value)
}

/// Whether a text can stand where a schema wants an absolute address.
pub(crate) fn is_address(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}[]%#".contains(&byte))
        && text.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.starts_with(|it: char| it.is_ascii_alphabetic())
                && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+.-".contains(&it))
                && !rest.is_empty()
        })
}
