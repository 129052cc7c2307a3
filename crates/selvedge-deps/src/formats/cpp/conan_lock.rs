//! `conan.lock`: what Conan resolved, as a graph (Conan 1) or as lists (Conan 2).

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::{Reference, conanfile};
use crate::draft::Draft;
use crate::syntax::{self, Node, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `conan.lock`.
pub(super) const FORMAT: Format =
    Format { id: "conan-lock", matches: |path| path == "conan.lock" || path.ends_with("/conan.lock"), parse };

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let root = syntax::read(&mut draft, json::parse);
    let lists = ["requires", "build_requires", "python_requires", "config_requires"];
    if let Some(nodes) = root.at(&["graph_lock", "nodes"]) {
        read_graph(&mut draft, nodes);
    } else if lists.iter().any(|list| root.get(list).is_some()) {
        read_lists(&mut draft, &root, &lists);
    } else {
        draft.problem(1, "expected an object with `graph_lock` or `requires`");
        return draft.fail();
    }
    declare(&mut draft, files);
    draft.finish()
}

fn component(reference: Reference<'_>, span: Span) -> Component {
    Component {
        ecosystem: Ecosystem::ConanCenter,
        name: reference.name.to_owned(),
        version: Some(reference.version.to_owned()),
        origin: reference.user.map_or(Origin::Registry, |user| Origin::OtherRegistry(format!("@{user}"))),
        span,
        ..Component::default()
    }
}

/// Conan 1: nodes with the numbers of what they need. The node with a path is the project.
fn read_graph(draft: &mut Draft<'_>, nodes: &Node<'_>) {
    draft.manifest.has_graph = true;
    let mut by_number: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in nodes.entries() {
        let reference = entry.value.get("ref").or_else(|| entry.value.get("pref"));
        let is_project = entry.value.text_at("path").is_some();
        let Some(text) = reference.and_then(Node::text).filter(|text| !text.is_empty()) else {
            if !is_project && entry.key != "0" {
                draft.problem(entry.key_span.line, "expected `ref` in a node; it is left out");
            }
            continue;
        };
        let span = reference.map(|reference| reference.span).unwrap_or_default();
        let Some(reference) = Reference::parse(text) else {
            if !is_project {
                draft.problem(span.line, format!("`{text}` is no `<name>/<version>`; it is left out"));
            }
            continue;
        };
        let mut it = component(reference, span);
        if is_project {
            it.relation = Relation::Root;
            it.origin = Origin::Path(".".to_owned());
        }
        by_number.extend(draft.push(it).map(|index| (entry.key.as_ref(), index)));
    }
    let mut direct = Vec::new();
    for entry in nodes.entries() {
        let is_project = entry.value.text_at("path").is_some() || entry.key == "0";
        let index = by_number.get(entry.key.as_ref());
        for (list, scope) in [("requires", Scope::Runtime), ("build_requires", Scope::Build)] {
            let numbers = entry.value.items_at(list).iter().filter_map(Node::text);
            let targets: Vec<u32> = numbers.filter_map(|number| by_number.get(number)).copied().collect();
            if is_project {
                direct.extend(targets.iter().map(|target| (*target, scope)));
            }
            // What a package needs to be built is no part of what ships with it.
            if let Some(index) = index.filter(|_| list == "requires" || is_project) {
                draft.manifest.components[*index as usize].dependencies.extend(targets);
            }
        }
    }
    // What is not reached from here on is needed to build something that is.
    for component in draft.manifest.components.iter_mut().filter(|it| it.relation == Relation::Unknown) {
        component.scope = Scope::Build;
    }
    draft.manifest.spread(&direct);
}

/// Conan 2: lists of references without edges.
fn read_lists(draft: &mut Draft<'_>, root: &Node<'_>, lists: &[&str]) {
    for list in lists {
        for item in root.items_at(list) {
            let Some(text) = item.text().filter(|text| !text.is_empty()) else {
                draft.problem(item.span.line, "expected `<name>/<version>`");
                continue;
            };
            let Some(reference) = Reference::parse(text) else {
                draft.problem(item.span.line, format!("`{text}` is no `<name>/<version>`; it is left out"));
                continue;
            };
            let mut component = component(reference, item.span);
            component.scope = if *list == "requires" { Scope::Runtime } else { Scope::Build };
            draft.push(component);
        }
    }
}

/// Marks what `conanfile.txt` beside the lockfile names.
fn declare(draft: &mut Draft<'_>, files: &dyn Files) {
    let Some(path) = draft.file.sibling("conanfile.txt") else { return };
    let Some(bytes) = files.get(&path) else { return };
    let mut beside = Draft::new(&PackageFile::new(&path, bytes), FORMAT.id);
    let mut by_name = BTreeMap::new();
    for (index, component) in draft.manifest.components.iter().enumerate() {
        by_name.entry(component.name.clone()).or_insert(index);
    }
    for requirement in conanfile::requirements(&mut beside) {
        if let Some(index) = by_name.get(&requirement.name) {
            requirement.note(draft, *index as u32, &path);
            draft.manifest.components[*index].relation = Relation::Direct;
        }
    }
    draft.manifest.absorbed.push(path);
}
