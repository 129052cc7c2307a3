//! As much of MSBuild as package references need: items, and properties that are plain texts.
//!
//! Conditions are not evaluated: an item counts whatever its condition, and of a property the last value.

use std::collections::BTreeMap;

use selvedge_package::Span;

use crate::draft::Draft;
use crate::syntax::xml::{self, Element};

/// Properties in properties that are followed.
const DEPTH_MAX: usize = 8;

/// Properties that are looked up for one text; properties of nothing but properties grow like depth allows.
const STEPS_MAX: usize = 256;

/// Longest text that properties may give.
const EXPANDED_BYTES_MAX: usize = 512;

/// Properties by lower-case name.
pub(super) type Properties = BTreeMap<String, String>;

/// An item such as `<PackageReference Include="A" Version="1.0"/>`.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// `PackageReference`, `PackageVersion`, `GlobalPackageReference`.
    pub(super) kind: String,
    /// `Include`, or `Update` of one that is included elsewhere.
    pub(super) name: String,
    /// Whether it only changes one that is included elsewhere.
    pub(super) is_update: bool,
    /// `VersionOverride`, else `Version`.
    pub(super) version: Option<String>,
    /// `PrivateAssets`.
    pub(super) private_assets: Option<String>,
    pub(super) span: Span,
}

/// A project file, or one that projects import.
#[derive(Debug, Clone, Default)]
pub(super) struct Project {
    pub(super) path: String,
    pub(super) properties: Properties,
    pub(super) items: Vec<Item>,
    /// Where the element `Project` begins.
    pub(super) span: Span,
}

/// Kinds of items that are about packages.
const KINDS: &[&str] = &["PackageReference", "PackageVersion", "GlobalPackageReference"];

/// An attribute, its name in any case, if it is not empty.
pub(super) fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    let found = element.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// Metadata of an item: an attribute, or a child element.
fn metadata(element: &Element, name: &str) -> Option<String> {
    let child = || {
        let child = element.children.iter().find(|child| child.name.eq_ignore_ascii_case(name));
        child.map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    };
    attribute(element, name).or_else(child).map(str::to_owned)
}

/// Reads the draft's file; `None` if it is no project, which is said.
pub(super) fn read(draft: &mut Draft<'_>) -> Option<Project> {
    let document = xml::read(draft.file.bytes);
    for (line, message) in document.problems {
        draft.problem(line, message);
    }
    let root = document.root?;
    if root.name != "Project" {
        draft.problem(draft.line(root.range.start), "expected the element `Project`");
        return None;
    }
    let start = root.range.start;
    let mut project = Project {
        path: draft.file.path.to_owned(),
        span: draft.span(start..start + "<Project".len().min(root.range.len())),
        ..Project::default()
    };
    // `Choose/When` holds groups too.
    let mut pending = vec![&root];
    while let Some(element) = pending.pop() {
        for child in element.children.iter().rev() {
            if matches!(child.name.as_str(), "ItemGroup" | "Choose" | "When" | "Otherwise") {
                pending.push(child);
            } else if child.name == "PropertyGroup" {
                let pairs = child.children.iter().map(|it| (it.name.to_lowercase(), it.text.clone()));
                project.properties.extend(pairs);
            } else if KINDS.contains(&child.name.as_str()) {
                add_item(draft, &mut project, child);
            }
        }
    }
    project.items.sort_by_key(|item| item.span);
    Some(project)
}

fn add_item(draft: &mut Draft<'_>, project: &mut Project, element: &Element) {
    let span = draft.span(element.range.clone());
    let include = attribute(element, "Include");
    let Some(names) = include.or_else(|| attribute(element, "Update")) else {
        if attribute(element, "Remove").is_none() {
            draft.problem(span.line, format!("expected `Include` in a {}; it is left out", element.name));
        }
        return;
    };
    for name in names.split(';').map(str::trim).filter(|name| !name.is_empty()) {
        project.items.push(Item {
            kind: element.name.clone(),
            name: name.to_owned(),
            is_update: include.is_none(),
            version: metadata(element, "VersionOverride").or_else(|| metadata(element, "Version")),
            private_assets: metadata(element, "PrivateAssets"),
            span,
        });
    }
}

/// Replaces `$(Name)`; `None` if a property is not known or is more than a name.
pub(super) fn expand(text: &str, properties: &Properties) -> Option<String> {
    expand_at(text, properties, 0, &mut 0)
}

fn expand_at(text: &str, properties: &Properties, depth: usize, steps: &mut usize) -> Option<String> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$(") {
        let (name, after) = after.split_once(')')?;
        expanded.push_str(before);
        *steps += 1;
        let is_bounded = depth < DEPTH_MAX && *steps < STEPS_MAX;
        let value = properties.get(&name.trim().to_lowercase()).filter(|_| is_bounded)?;
        expanded.push_str(&expand_at(value, properties, depth + 1, steps)?);
        if expanded.len() > EXPANDED_BYTES_MAX {
            return None;
        }
        rest = after;
    }
    expanded.push_str(rest);
    (expanded.len() <= EXPANDED_BYTES_MAX).then_some(expanded)
}
