//! `conanfile.txt`: what a C or C++ project asks for.

use selvedge_package::{Ecosystem, Origin, Scope};

use super::Reference;
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::lines::lines;
use crate::{Files, Format, PackageFile, Parsed};

/// `conanfile.txt`.
pub(super) const FORMAT: Format = Format {
    id: "conanfile",
    matches: |path| path == "conanfile.txt" || path.ends_with("/conanfile.txt"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    for requirement in requirements(&mut draft) {
        draft.push(requirement.into_component(Ecosystem::ConanCenter));
    }
    draft.finish()
}

/// What the sections `[requires]`, `[tool_requires]`, `[build_requires]` and `[test_requires]` list.
pub(super) fn requirements(draft: &mut Draft<'_>) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    let mut scope = None;
    for line in lines(draft) {
        let text = line.text.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        if let Some(section) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            scope = match section {
                "requires" => Some(Scope::Runtime),
                "tool_requires" | "build_requires" => Some(Scope::Build),
                "test_requires" => Some(Scope::Development),
                _ => None,
            };
            continue;
        }
        let Some(scope) = scope else { continue };
        let Some(reference) = Reference::parse(text) else {
            draft.problem(line.number, "expected `<name>/<version>`");
            continue;
        };
        let is_range = reference.version.starts_with('[');
        requirements.push(Requirement {
            name: reference.name.to_owned(),
            version: (!is_range).then(|| reference.version.to_owned()),
            requirement: Some(reference.version.to_owned()),
            scope,
            origin: reference.user.map_or(Origin::Registry, |user| Origin::OtherRegistry(format!("@{user}"))),
            span: draft.span(line.range_of(text)),
            ..Requirement::default()
        });
    }
    requirements
}
