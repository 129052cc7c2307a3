//! `packages.config`: packages of a project in NuGet's older form.

use selvedge_package::{Component, Ecosystem, Scope};

use super::msbuild::attribute;
use crate::draft::Draft;
use crate::syntax::xml;
use crate::{Files, Format, PackageFile, Parsed};

/// `packages.config`, also with the name of its project: `packages.<project>.config`.
pub(super) const FORMAT: Format = Format {
    id: "nuget-packages-config",
    matches: |path| {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        name == "packages.config" || (name.starts_with("packages.") && name.ends_with(".config"))
    },
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let document = xml::read(file.bytes);
    for (line, message) in document.problems {
        draft.problem(line, message);
    }
    let Some(root) = document.root else { return draft.fail() };
    if root.name != "packages" {
        draft.problem(draft.line(root.range.start), "expected the element `packages`");
        return draft.fail();
    }
    for element in root.children_named("package") {
        let span = draft.span(element.range.clone());
        let Some(name) = attribute(element, "id") else {
            draft.problem(span.line, "expected `id` in a package; it is left out");
            continue;
        };
        let version = attribute(element, "version");
        if version.is_none() {
            draft.problem(span.line, format!("package `{name}` has no version"));
        }
        let is_development = attribute(element, "developmentDependency").is_some_and(|it| it == "true");
        draft.push(Component {
            ecosystem: Ecosystem::NuGet,
            name: name.to_owned(),
            version: version.map(str::to_owned),
            requirement: attribute(element, "allowedVersions").map(str::to_owned),
            scope: if is_development { Scope::Development } else { Scope::Runtime },
            span,
            ..Component::default()
        });
    }
    draft.finish()
}
