//! `pom.xml`: what a Maven project names, with everything about it that is on disk.
//!
//! Versions come from the dependency, from `dependencyManagement` of the project, its parents and imported
//! bills of materials, and from properties, as far as those files are there. Transitive dependencies stand
//! in no file. A version that stands elsewhere leaves the component without one, which is said.

mod effective;
mod model;
mod tree;

use std::collections::BTreeMap;

use selvedge_package::{Component, Declared, Ecosystem, Origin, Relation, Scope};

use self::effective::{Effective, Found};
use self::model::{Coordinates, Dependency};
use self::tree::Tree;
use crate::draft::Draft;
use crate::{Files, Format, PackageFile, Parsed};

/// `pom.xml`.
pub(super) const FORMAT: Format =
    Format { id: "maven-pom", matches: |path| path == "pom.xml" || path.ends_with("/pom.xml"), parse };

/// Bills of materials that a message names.
const NAMED_MAX: usize = 3;

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let Some(pom) = model::read(&mut draft) else { return draft.fail() };
    let tree = Tree::new(files);
    let effective = Effective::new(pom, &tree);
    add_project(&mut draft, &effective);
    let mut adding = Adding::default();
    for found in effective.dependencies() {
        adding.add(&mut draft, &effective, &found);
    }
    report_what_is_missing(&mut draft, &effective, &adding.unknown);
    draft.connect_root();
    draft.finish()
}

fn add_project(draft: &mut Draft<'_>, effective: &Effective<'_>) {
    let project = effective.project();
    let (Some(group), Some(artifact)) = (effective.group(), &project.artifact) else { return };
    draft.push(Component {
        ecosystem: Ecosystem::Maven,
        name: format!("{group}:{}", effective.resolve(artifact).unwrap_or_else(|_| artifact.clone())),
        version: effective.version().and_then(|version| effective.resolve(&version).ok()),
        origin: Origin::Path(".".to_owned()),
        relation: Relation::Root,
        span: project.span,
        ..Component::default()
    });
}

/// What was added so far.
#[derive(Debug, Default)]
struct Adding {
    /// Components by name and version: one with several classifiers is one component.
    known: BTreeMap<(String, Option<String>), u32>,
    /// Lines of those whose version is not known.
    unknown: Vec<u32>,
}

impl Adding {
    fn add(&mut self, draft: &mut Draft<'_>, effective: &Effective<'_>, found: &Found<'_>) {
        let dependency = found.dependency;
        let span = if found.path == draft.file.path { dependency.span } else { found.brought_by };
        let (Some(group), Some(artifact)) = (&dependency.group, &dependency.artifact) else {
            draft.problem(span.line, "expected `groupId` and `artifactId` in a dependency; it is left out");
            return;
        };
        let resolve = |text: &String| effective.resolve(text).unwrap_or_else(|_| text.clone());
        let (group, artifact) = (resolve(group), resolve(artifact));
        let managed = effective.managed(&group, &artifact, dependency);
        let scope = scope_of(effective, dependency, managed.as_ref().map(|it| it.dependency));
        let (version, requirement, declared) = version_of(effective, found, managed.as_ref());
        if version.is_none() && requirement.as_deref().is_none_or(|text| text.contains("${")) {
            self.unknown.push(span.line);
        }
        let key = (format!("{group}:{artifact}"), version.clone());
        if let Some(known) = self.known.get(&key) {
            let known = &mut draft.manifest.components[*known as usize];
            known.scope = known.scope.min(scope);
            return;
        }
        let coordinates = Coordinates { group, artifact, version: version.clone() };
        let declared_in_parent = (found.path != draft.file.path)
            .then(|| Declared { path: found.path.to_owned(), span: dependency.span });
        let component = Component {
            ecosystem: Ecosystem::Maven,
            name: key.0.clone(),
            version,
            requirement,
            declared: declared.filter(|it| it.path != draft.file.path).or(declared_in_parent),
            origin: origin_of(effective, dependency, &coordinates),
            scope,
            relation: Relation::Direct,
            span,
            ..Component::default()
        };
        self.known.extend(draft.push(component).map(|index| (key, index)));
    }
}

/// Version, requirement where it is none, and where that stands.
fn version_of(
    effective: &Effective<'_>,
    found: &Found<'_>,
    managed: Option<&Found<'_>>,
) -> (Option<String>, Option<String>, Option<Declared>) {
    let source = if found.dependency.version.is_some() { Some(found) } else { managed };
    let Some((source, text)) = source.and_then(|it| Some((it, it.dependency.version.as_ref()?))) else {
        return (None, None, None);
    };
    let declared = Declared { path: source.path.to_owned(), span: source.dependency.span };
    let Ok(text) = source.resolve(effective, text) else { return (None, Some(text.clone()), Some(declared)) };
    match exact(&text) {
        Some(version) if version == text => (Some(text), None, Some(declared)),
        Some(version) => (Some(version.to_owned()), Some(text), Some(declared)),
        None => (None, Some(text), Some(declared)),
    }
}

/// The one version that a version text allows: `1.0`, or `[1.0]` (POM Reference, "Dependency Version
/// Requirement Specification").
fn exact(text: &str) -> Option<&str> {
    if matches!(text, "LATEST" | "RELEASE") {
        return None;
    }
    if !text.starts_with(['[', '(']) {
        return Some(text);
    }
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.contains([',', '[', ']', '(', ')'])).then_some(inner.trim())
}

/// Maven's scopes: `provided` is on the class path of the compiler and not in what ships.
fn scope_of(effective: &Effective<'_>, dependency: &Dependency, managed: Option<&Dependency>) -> Scope {
    let text = dependency.scope.as_ref().or_else(|| managed?.scope.as_ref());
    let text = text.map(|text| effective.resolve(text).unwrap_or_else(|_| text.clone()));
    let optional = dependency.optional.as_ref().or_else(|| managed?.optional.as_ref());
    let is_optional = optional.is_some_and(|text| effective.resolve(text).is_ok_and(|text| text == "true"));
    match text.as_deref() {
        Some("test") => Scope::Development,
        Some("provided") => Scope::Build,
        _ if is_optional => Scope::Optional,
        _ => Scope::Runtime,
    }
}

fn origin_of(effective: &Effective<'_>, dependency: &Dependency, coordinates: &Coordinates) -> Origin {
    if let Some(path) = &dependency.system_path {
        return Origin::Path(effective.resolve(path).unwrap_or_else(|_| path.clone()));
    }
    match effective.module(coordinates) {
        Some(path) => Origin::Path(path.strip_suffix("/pom.xml").unwrap_or(".").to_owned()),
        None => Origin::Registry,
    }
}

fn report_what_is_missing(draft: &mut Draft<'_>, effective: &Effective<'_>, unknown: &[u32]) {
    if let Some(parent) = effective.missing_own_parent() {
        let line = effective.project().parent.as_ref().map_or(1, |parent| parent.span.line);
        draft.problem(line, format!("parent {parent} is not at hand; what it adds is not known"));
    }
    let Some(first) = unknown.first() else { return };
    let mut message = format!("dependencies whose version stands in no file at hand: {}", unknown.len());
    let mut missing = effective.missing_imports().to_vec();
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        let named = missing[..missing.len().min(NAMED_MAX)].join(", ");
        let others = missing.len().saturating_sub(NAMED_MAX);
        let others = if others == 0 { String::new() } else { format!(" and {others} others") };
        message.push_str("; not at hand: ");
        message.push_str(&named);
        message.push_str(&others);
    }
    draft.problem(*first, message);
}
