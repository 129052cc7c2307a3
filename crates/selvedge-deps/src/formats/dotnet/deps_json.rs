//! `*.deps.json`: what a built application loads (.NET host, "runtime configuration files").

use selvedge_package::{Component, Origin, Relation, Scope};

use super::assets::{add_libraries, connect};
use crate::draft::Draft;
use crate::syntax::{self, json};
use crate::{Files, Format, PackageFile, Parsed};

/// `*.deps.json`.
pub(super) const FORMAT: Format =
    Format { id: "dotnet-deps-json", matches: |path| path.ends_with(".deps.json"), parse };

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let root = syntax::read(&mut draft, json::parse);
    if root.get("libraries").is_none() {
        draft.problem(1, "expected an object with `libraries`");
        return draft.fail();
    }
    let libraries = add_libraries(&mut draft, &root);
    connect(&mut draft, &root, &libraries);
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let name = name.strip_suffix(".deps.json").unwrap_or(name);
    // The application itself is listed under the name of the file, or is the only project.
    let components = &draft.manifest.components;
    let own = components.iter().position(|component| component.name == name).or_else(|| {
        let is_project = |component: &Component| matches!(component.origin, Origin::Path(_));
        let first = components.iter().position(is_project)?;
        (components.iter().filter(|it| is_project(it)).count() == 1).then_some(first)
    });
    if let Some(own) = own {
        draft.manifest.components[own].relation = Relation::Root;
        let direct: Vec<_> = draft.manifest.components[own]
            .dependencies
            .iter()
            .map(|index| (*index, Scope::Runtime))
            .collect();
        draft.manifest.spread(&direct);
    }
    draft.finish()
}
