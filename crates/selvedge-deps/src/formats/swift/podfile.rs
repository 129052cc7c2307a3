//! `Podfile.lock`: what CocoaPods resolved. Subspecs of a pod are one component, as they have one version
//! and one archive.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Scope, Span};

use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, Node, yaml};
use crate::{Files, Format, PackageFile, Parsed};

/// `Podfile.lock`.
pub(super) const FORMAT: Format = Format {
    id: "podfile-lock",
    matches: |path| path == "Podfile.lock" || path.ends_with("/Podfile.lock"),
    parse,
};

/// Names under which lockfiles know the public specification repository.
const REGISTRIES: &[&str] = &[
    "trunk",
    "https://cdn.cocoapods.org/",
    "https://github.com/CocoaPods/Specs.git",
    "https://github.com/cocoapods/specs.git",
];

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let root = syntax::read(&mut draft, yaml::parse);
    if !root.is_map() {
        if !file.bytes.trim_ascii().is_empty() {
            draft.problem(1, format!("{}; expected a map with `PODS`", root.noun()));
        }
        return draft.fail();
    }
    let mut pods = Pods { origins: origins(&root), ..Pods::default() };
    for item in root.items_at("PODS") {
        let needs = item.entries().first();
        let (text, span) = match needs {
            Some(entry) => (Some(entry.key.as_ref()), entry.key_span),
            None => (item.text(), item.span),
        };
        let Some(text) = text else {
            draft.problem(item.span.line, "expected `<name> (<version>)`");
            continue;
        };
        let index = add(&mut draft, &mut pods, text, span);
        for need in needs.map_or(&[][..], |entry| entry.value.items()) {
            if let (Some(index), Some(need)) = (index, need.text()) {
                pods.names.need(index, pod(need).0);
            }
        }
    }
    pods.names.connect(&mut draft);
    remove_loops(&mut draft);
    let direct = direct(&mut draft, &pods.names, &root);
    draft.manifest.spread(&direct);
    draft.finish()
}

/// What was read so far.
#[derive(Debug, Default)]
struct Pods {
    origins: BTreeMap<String, Origin>,
    names: Names,
    known: BTreeMap<(String, Option<String>), u32>,
}

fn add(draft: &mut Draft<'_>, pods: &mut Pods, text: &str, span: Span) -> Option<u32> {
    let (name, version) = pod(text);
    let key = (name.to_owned(), version.map(str::to_owned));
    if let Some(known) = pods.known.get(&key) {
        return Some(*known);
    }
    if version.is_none() {
        draft.problem(span.line, format!("pod `{name}` has no version"));
    }
    let index = draft.push(Component {
        ecosystem: Ecosystem::CocoaPods,
        name: name.to_owned(),
        version: version.map(str::to_owned),
        origin: pods.origins.get(name).cloned().unwrap_or_default(),
        span,
        ..Component::default()
    })?;
    pods.names.add(name, index);
    pods.known.insert(key, index);
    Some(index)
}

/// Name of the pod without subspec, and the version in brackets: `AFNetworking/Reachability (4.0.1)`.
fn pod(text: &str) -> (&str, Option<&str>) {
    let (name, version) = match text.split_once(" (") {
        Some((name, rest)) => (name, Some(rest.strip_suffix(')').unwrap_or(rest))),
        None => (text, None),
    };
    (name.split('/').next().unwrap_or(name), version)
}

/// Where pods come from that are not of the public repository.
fn origins(root: &Node<'_>) -> BTreeMap<String, Origin> {
    let mut origins = BTreeMap::new();
    for repository in root.entries_at("SPEC REPOS") {
        if REGISTRIES.contains(&repository.key.as_ref()) {
            continue;
        }
        for name in repository.value.items().iter().filter_map(Node::text) {
            origins.insert(name.to_owned(), Origin::OtherRegistry(repository.key.to_string()));
        }
    }
    for source in root.entries_at("EXTERNAL SOURCES") {
        let checkout = root.get("CHECKOUT OPTIONS").and_then(|options| options.get(&source.key));
        let option = |name: &str| {
            let of = |node: &Node<'_>| node.text_at(name).map(str::to_owned);
            checkout.and_then(of).or_else(|| of(&source.value))
        };
        let origin = match (option(":git"), option(":path"), option(":podspec")) {
            (Some(url), ..) => Origin::Git { url, commit: option(":commit") },
            (None, Some(path), _) => Origin::Path(path),
            (None, None, Some(url)) => Origin::Url(url),
            (None, None, None) => Origin::Registry,
        };
        origins.insert(pod(&source.key).0.to_owned(), origin);
    }
    origins
}

/// Subspecs need each other; as one component they would need themselves.
fn remove_loops(draft: &mut Draft<'_>) {
    for (index, component) in draft.manifest.components.iter_mut().enumerate() {
        component.dependencies.retain(|target| *target as usize != index);
    }
}

/// What the Podfile names: `Name`, `Name (~> 1.0)`, ``Name (from `path`)``.
fn direct(draft: &mut Draft<'_>, names: &Names, root: &Node<'_>) -> Vec<(u32, Scope)> {
    let mut direct = Vec::new();
    for text in root.items_at("DEPENDENCIES").iter().filter_map(Node::text) {
        let (name, requirement) = pod(text);
        let requirement = requirement.filter(|text| !text.starts_with("from "));
        for index in names.of(name) {
            let component = &mut draft.manifest.components[*index as usize];
            component.requirement = component.requirement.take().or_else(|| requirement.map(str::to_owned));
            direct.push((*index, Scope::Runtime));
        }
    }
    direct
}
