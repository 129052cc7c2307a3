//! `packages.lock.json`: what NuGet resolved, for each target framework.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Scope};

use super::project::{self, References};
use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, Entry, digest, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `packages.lock.json`, also with the name of its project: `packages.<project>.lock.json`.
pub(super) const FORMAT: Format = Format {
    id: "nuget-packages-lock",
    matches: |path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "packages.lock.json" || (name.starts_with("packages.") && name.ends_with(".lock.json"))
    },
    parse,
};

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let root = syntax::read(&mut draft, json::parse);
    let Some(frameworks) = root.get("dependencies").filter(|node| node.is_map()) else {
        draft.problem(1, "expected an object with `dependencies`");
        return draft.fail();
    };
    let mut lock = Lock::default();
    for framework in frameworks.entries() {
        let mut names = Names::default();
        for entry in framework.value.entries() {
            lock.add(&mut draft, &mut names, entry);
        }
        names.connect(&mut draft);
    }
    let references = project::beside(&draft, files);
    lock.spread(&mut draft, &references);
    draft.manifest.absorbed.extend(references.paths);
    let restored = file.sibling("obj/project.assets.json").filter(|path| files.get(path).is_some());
    draft.manifest.absorbed.extend(restored);
    draft.finish()
}

/// What was read so far.
#[derive(Debug, Default)]
struct Lock {
    /// Components by lower-case name and version: one for several frameworks is one component.
    known: BTreeMap<(String, Option<String>), u32>,
    direct: Vec<u32>,
}

impl Lock {
    fn add(&mut self, draft: &mut Draft<'_>, names: &mut Names, entry: &Entry<'_>) {
        let kind = entry.value.text_at("type").unwrap_or_default();
        let is_project = kind.eq_ignore_ascii_case("project");
        let version = entry.value.text_at("resolved").map(str::to_owned);
        if version.is_none() && !is_project {
            draft.problem(entry.key_span.line, "expected `resolved` in a package");
        }
        let lower = entry.key.to_lowercase();
        let known = self.known.get(&(lower.clone(), version.clone())).copied();
        let index = known.or_else(|| {
            let hash = entry.value.text_at("contentHash").and_then(|text| digest::base64("sha512", text));
            draft.push(Component {
                ecosystem: Ecosystem::NuGet,
                name: entry.key.to_string(),
                version: version.clone(),
                requirement: entry.value.text_at("requested").map(str::to_owned),
                origin: if is_project { Origin::Path(entry.key.to_string()) } else { Origin::Registry },
                hashes: hash.into_iter().collect(),
                span: entry.key_span,
                ..Component::default()
            })
        });
        let Some(index) = index else { return };
        self.known.insert((lower.clone(), version), index);
        names.add(lower, index);
        for dependency in entry.value.entries_at("dependencies") {
            names.need(index, dependency.key.to_lowercase());
        }
        if is_project || kind.eq_ignore_ascii_case("direct") {
            self.direct.push(index);
        }
    }

    /// A reference that the project keeps to itself, and everything of a project of tests, is not shipped.
    fn spread(&self, draft: &mut Draft<'_>, references: &References) {
        let mut direct = Vec::new();
        for index in &self.direct {
            let name = draft.manifest.components[*index as usize].name.to_lowercase();
            let reference = references.by_name.get(&name);
            if let Some((path, requirement)) = reference {
                let requested = draft.manifest.components[*index as usize].requirement.take();
                requirement.note(draft, *index, path);
                let component = &mut draft.manifest.components[*index as usize];
                component.requirement = requested.or(component.requirement.take());
            }
            let scope = reference.map_or(Scope::Runtime, |(_, requirement)| requirement.scope);
            direct.push((*index, if references.is_test { Scope::Development } else { scope }));
        }
        draft.manifest.spread(&direct);
    }
}
