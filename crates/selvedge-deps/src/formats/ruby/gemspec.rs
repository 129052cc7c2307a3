//! `*.gemspec`: what a gem asks for. Read as far as it is literal.
//!
//! Specifications of installed gems, which lie in a folder `specifications`, are an inventory of another
//! kind and are left to it.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope};

use super::statements::{Argument, call, statements};
use super::{Named, gemfile};
use crate::draft::Draft;
use crate::{Files, Format, PackageFile, Parsed};

/// `*.gemspec`.
pub(super) const FORMAT: Format = Format {
    id: "gemspec",
    matches: |path| {
        path.ends_with(".gemspec") && !path.split('/').rev().skip(1).any(|part| part == "specifications")
    },
    parse,
};

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    let specification = read(&mut draft);
    if let Some((name, range)) = specification.name {
        draft.push(Component {
            ecosystem: Ecosystem::RubyGems,
            name,
            version: specification.version,
            origin: Origin::Path(".".to_owned()),
            relation: Relation::Root,
            span: draft.span(range),
            ..Component::default()
        });
    }
    for gem in specification.gems {
        let span = draft.span(gem.range.clone());
        draft.push(gemfile::component(gem, span));
    }
    draft.connect_root();
    draft.finish()
}

/// Specifications in the folder of `file`, sorted.
pub(super) fn beside(file: &PackageFile<'_>, files: &dyn Files) -> Vec<String> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_beside = |path: &&str| {
        path.ends_with(".gemspec") && path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder
    };
    files.paths().into_iter().filter(is_beside).map(str::to_owned).collect()
}

/// What a specification says.
#[derive(Debug, Default)]
pub(super) struct Specification {
    /// The gem's name and its place.
    pub(super) name: Option<(String, std::ops::Range<usize>)>,
    /// Its version, if that is a literal.
    pub(super) version: Option<String>,
    /// What it asks for.
    pub(super) gems: Vec<Named>,
}

/// Reads name, version and dependencies.
pub(super) fn read(draft: &mut Draft<'_>) -> Specification {
    let mut specification = Specification::default();
    let mut is_alternative = false;
    for statement in statements(draft) {
        // Generated specifications repeat everything as runtime dependencies for RubyGems before 1.2.
        match statement.text.as_str() {
            "else" => is_alternative = true,
            "end" => is_alternative = false,
            _ => {}
        }
        let Some((_, text)) = statement.text.split_once('.').filter(|_| !is_alternative) else { continue };
        if let Some((key, value)) = text.split_once('=') {
            let value = call(&format!("v {value}"), "v").unwrap_or_default();
            if let Some(Argument::Text(value)) = value.first() {
                match key.trim() {
                    "name" => specification.name = Some((value.clone(), statement.range.clone())),
                    "version" => specification.version = Some(value.clone()),
                    _ => {}
                }
            }
        }
        let calls = [
            ("add_development_dependency", Scope::Development),
            ("add_runtime_dependency", Scope::Runtime),
            ("add_dependency", Scope::Runtime),
        ];
        for (name, scope) in calls {
            let Some(arguments) = call(text, name) else { continue };
            let Some(Argument::Text(gem)) = arguments.first() else {
                draft.problem(statement.line, "the name of the gem is not a literal; not read");
                continue;
            };
            let requirements: Vec<&str> = arguments[1..].iter().flat_map(Argument::texts).collect();
            specification.gems.push(Named {
                name: gem.clone(),
                requirement: (!requirements.is_empty()).then(|| requirements.join(", ")),
                scope,
                git: None,
                path: None,
                range: statement.range.clone(),
            });
        }
    }
    specification
}
