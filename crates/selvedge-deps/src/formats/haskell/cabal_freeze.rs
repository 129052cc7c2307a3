//! `cabal.project.freeze`: constraints that leave one version of each package.

use selvedge_package::{Component, Ecosystem};

use crate::draft::Draft;
use crate::syntax::lines::lines;
use crate::{Files, Format, PackageFile, Parsed};

/// `cabal.project.freeze`.
pub(super) const FORMAT: Format = Format {
    id: "cabal-freeze",
    matches: |path| path == "cabal.project.freeze" || path.ends_with("/cabal.project.freeze"),
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let mut is_in_constraints = false;
    for line in lines(&mut draft) {
        let mut text = line.trimmed();
        if text.is_empty() || text.starts_with("--") {
            continue;
        }
        if let Some(rest) = text.strip_prefix("constraints:") {
            is_in_constraints = true;
            text = rest;
        } else if line.indent() == 0 {
            is_in_constraints = false;
            if !text.contains(':') {
                draft.problem(line.number, "expected `<field>:` or an indented constraint");
            }
        }
        if !is_in_constraints {
            continue;
        }
        for constraint in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            let Some((name, version)) = constraint.split_once("==") else {
                // `name +flag -flag` says how a package is built, `name installed` that GHC brings it.
                if !constraint.contains(" +")
                    && !constraint.contains(" -")
                    && !constraint.ends_with(" installed")
                {
                    draft.problem(line.number, "expected `<name> ==<version>`");
                }
                continue;
            };
            let name = name.trim();
            draft.push(Component {
                ecosystem: Ecosystem::Hackage,
                name: name.strip_prefix("any.").unwrap_or(name).to_owned(),
                version: Some(version.trim().to_owned()),
                span: draft.span(line.range_of(constraint)),
                ..Component::default()
            });
        }
    }
    draft.finish()
}
