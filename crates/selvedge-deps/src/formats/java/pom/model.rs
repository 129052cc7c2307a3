//! One POM as it is written (Maven POM Reference, model version 4.0.0).

use std::collections::BTreeMap;
use std::fmt;

use selvedge_package::Span;

use crate::draft::Draft;
use crate::syntax::xml::{self, Element};

/// `group:artifact:version` as far as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Coordinates {
    /// `groupId`.
    pub(super) group: String,
    /// `artifactId`.
    pub(super) artifact: String,
    /// `version`.
    pub(super) version: Option<String>,
}

impl fmt::Display for Coordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.group, self.artifact)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, ":{version}"))
    }
}

/// `<parent>`.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    pub(super) coordinates: Coordinates,
    /// `relativePath`: `None` if it is not written, empty if the parent is to be looked up elsewhere.
    pub(super) relative_path: Option<String>,
    pub(super) span: Span,
}

/// `<dependency>`, texts not interpolated.
#[derive(Debug, Clone, Default)]
pub(super) struct Dependency {
    pub(super) group: Option<String>,
    pub(super) artifact: Option<String>,
    pub(super) version: Option<String>,
    /// `type`, `jar` where it is not written.
    pub(super) kind: String,
    pub(super) classifier: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) optional: Option<String>,
    pub(super) system_path: Option<String>,
    pub(super) span: Span,
}

/// One POM. Profiles that are active by default are part of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Pom {
    pub(super) path: String,
    pub(super) group: Option<String>,
    pub(super) artifact: Option<String>,
    pub(super) version: Option<String>,
    /// Where it says its name.
    pub(super) span: Span,
    pub(super) parent: Option<Parent>,
    pub(super) properties: BTreeMap<String, String>,
    pub(super) dependencies: Vec<Dependency>,
    /// `dependencyManagement`.
    pub(super) managed: Vec<Dependency>,
}

/// Parts of a POM that may be long and stand after its coordinates.
const BULK: &[&str] =
    &["dependencies", "dependencyManagement", "build", "profiles", "properties", "reporting"];

/// Group and artefact of the POM with this content, without reading all of it. The group is the parent's
/// where the POM has none of its own.
pub(super) fn identity(bytes: &[u8]) -> Option<(String, String)> {
    let texts = xml::head(bytes, BULK);
    let find = |path: &str| texts.iter().find(|(at, _)| at == path).map(|(_, text)| text.clone());
    Some((find("groupId").or_else(|| find("parent/groupId"))?, find("artifactId")?))
}

/// Reads the draft's file; `None` if it is no POM, which is said.
pub(super) fn read(draft: &mut Draft<'_>) -> Option<Pom> {
    let document = xml::read(draft.file.bytes);
    for (line, message) in document.problems {
        draft.problem(line, message);
    }
    let project = document.root?;
    if project.name != "project" {
        draft.problem(draft.line(project.range.start), "expected the element `project`");
        return None;
    }
    let mut pom = Pom {
        path: draft.file.path.to_owned(),
        group: text(&project, "groupId"),
        artifact: text(&project, "artifactId"),
        version: text(&project, "version"),
        span: draft.span(project.child("artifactId").unwrap_or(&project).range.clone()),
        parent: project.child("parent").map(|element| parent(draft, element)),
        ..Pom::default()
    };
    if project.child("artifactId").is_none() {
        pom.span.end = pom.span.start;
    }
    add_parts(draft, &project, &mut pom);
    let profiles = project.child("profiles").into_iter().flat_map(|it| it.children_named("profile"));
    for profile in profiles.filter(|profile| is_active_by_default(profile)) {
        add_parts(draft, profile, &mut pom);
    }
    Some(pom)
}

fn text(element: &Element, name: &str) -> Option<String> {
    element.text_of(name).map(str::to_owned)
}

fn parent(draft: &Draft<'_>, element: &Element) -> Parent {
    Parent {
        coordinates: Coordinates {
            group: text(element, "groupId").unwrap_or_default(),
            artifact: text(element, "artifactId").unwrap_or_default(),
            version: text(element, "version"),
        },
        relative_path: element.child("relativePath").map(|child| child.text.clone()),
        span: draft.span(element.range.clone()),
    }
}

fn is_active_by_default(profile: &Element) -> bool {
    profile.child("activation").and_then(|it| it.text_of("activeByDefault")) == Some("true")
}

/// Properties, dependencies and their management, which a project and a profile have alike.
fn add_parts(draft: &Draft<'_>, element: &Element, pom: &mut Pom) {
    for property in element.child("properties").map_or(&[][..], |it| &it.children) {
        pom.properties.insert(property.name.clone(), property.text.clone());
    }
    pom.dependencies.extend(dependencies(draft, element));
    if let Some(management) = element.child("dependencyManagement") {
        pom.managed.extend(dependencies(draft, management));
    }
}

fn dependencies(draft: &Draft<'_>, element: &Element) -> Vec<Dependency> {
    let dependencies =
        element.child("dependencies").into_iter().flat_map(|it| it.children_named("dependency"));
    dependencies
        .map(|it| Dependency {
            group: text(it, "groupId"),
            artifact: text(it, "artifactId"),
            version: text(it, "version"),
            kind: text(it, "type").unwrap_or_else(|| "jar".to_owned()),
            classifier: text(it, "classifier"),
            scope: text(it, "scope"),
            optional: text(it, "optional"),
            system_path: text(it, "systemPath"),
            span: draft.span(it.range.clone()),
        })
        .collect()
}
