//! `mix.lock`: what Mix resolved, one entry of a map for each package; and `mix.exs`, what a project asks for,
//! as far as it is literal.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Origin, Scope};

use super::hex_repository;
use super::terms::{Kind, Reader, Term};
use crate::draft::Draft;
use crate::names::Names;
use crate::requirement::Requirement;
use crate::syntax::{self, digest};
use crate::{Files, Format, PackageFile, Parsed};

/// `mix.lock`.
pub(super) const FORMAT: Format =
    Format { id: "mix-lock", matches: |path| path == "mix.lock" || path.ends_with("/mix.lock"), parse };

/// `mix.exs`.
pub(super) const PROJECT: Format = Format {
    id: "mix-exs",
    matches: |path| path == "mix.exs" || path.ends_with("/mix.exs"),
    parse: parse_project,
};

/// Environments of Mix that are not deployed.
const DEVELOPMENT: &[&str] = &["dev", "test"];

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    draft.manifest.has_graph = true;
    let text = match syntax::text(file.bytes) {
        Ok(text) => text,
        Err(error) => {
            draft.report(error.diagnostic(file.path));
            return draft.fail();
        }
    };
    let mut reader = Reader::new(text, 0);
    if reader.peek() != Some(b'%') || !text[reader.at..].starts_with("%{") {
        draft.problem(draft.line(reader.at), "expected a map, `%{`");
        return draft.fail();
    }
    reader.at += 2;
    let mut names = Names::default();
    loop {
        match reader.peek() {
            Some(b'}') => break,
            Some(_) => {}
            None => {
                draft.problem(draft.line(text.len()), "expected `}` at the end of the map");
                break;
            }
        }
        let start = reader.at;
        match reader.term() {
            Ok(term) => {
                add(&mut draft, &mut names, &term);
                reader.eat(b',');
            }
            Err(mistake) => {
                draft.problem(draft.line(mistake.at), format!("expected {}", mistake.expected));
                // One entry is one line; the next line is a chance to go on.
                reader.at = start;
                reader.skip_line();
            }
        }
    }
    names.connect(&mut draft);
    declare(&mut draft, &names, files);
    draft.finish()
}

/// `"app": {:hex, :package, "1.0.0", "inner digest", [:mix], [dependencies], "hexpm", "outer digest"}` or
/// `"app": {:git, "url", "commit", options}`.
fn add(draft: &mut Draft<'_>, names: &mut Names, term: &Term) {
    let span = draft.span(term.range.clone());
    let expected = "expected `\"name\": {:hex, …}` or `{:git, …}`; it is left out";
    let Kind::Pair(app, value) = &term.kind else {
        draft.problem(span.line, expected);
        return;
    };
    let elements = value.elements();
    let text = |at: usize| elements.get(at).and_then(Term::text);
    let mut component =
        Component { ecosystem: Ecosystem::Hex, name: app.clone(), span, ..Component::default() };
    match (text(0), text(1), text(2)) {
        (Some("hex"), Some(name), Some(version)) => {
            name.clone_into(&mut component.name);
            component.version = Some(version.to_owned());
            component.origin = hex_repository(text(6));
            // The fourth element is a digest of the unpacked content, the eighth one of the archive.
            component.hashes = text(7).and_then(|hash| digest::hex("sha256", hash)).into_iter().collect();
        }
        (Some("git"), Some(url), Some(commit)) => {
            component.origin = Origin::Git { url: url.to_owned(), commit: Some(commit.to_owned()) };
        }
        _ => {
            draft.problem(span.line, expected);
            return;
        }
    }
    let Some(index) = draft.push(component) else { return };
    names.add(app.as_str(), index);
    for dependency in elements.get(5).map_or(&[][..], Term::elements) {
        if let Some(name) = dependency.elements().first().and_then(Term::text) {
            names.need(index, name);
        }
    }
}

/// Marks what `mix.exs` beside the lockfile names, and for which environments.
fn declare(draft: &mut Draft<'_>, names: &Names, files: &dyn Files) {
    let Some(path) = draft.file.sibling("mix.exs") else { return };
    let Some(bytes) = files.get(&path) else { return };
    let mut beside = Draft::new(&PackageFile::new(&path, bytes), PROJECT.id);
    let mut direct: BTreeMap<u32, Scope> = BTreeMap::new();
    for requirement in requirements(&mut beside) {
        for index in names.of(&requirement.name) {
            let known = direct.entry(*index).or_insert(requirement.scope);
            *known = requirement.scope.min(*known);
            requirement.note(draft, *index, &path);
        }
    }
    let direct: Vec<_> = direct.into_iter().collect();
    draft.manifest.spread(&direct);
    draft.manifest.absorbed.push(path);
}

fn parse_project(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, PROJECT.id);
    for requirement in requirements(&mut draft) {
        draft.push(requirement.into_component(Ecosystem::Hex));
    }
    draft.finish()
}

/// Dependencies of a project file: tuples of a name and a requirement or options, all of them literal. Tuples
/// of other shapes are code.
fn requirements(draft: &mut Draft<'_>) -> Vec<Requirement> {
    let text = match syntax::text(draft.file.bytes) {
        Ok(text) => text,
        Err(error) => {
            draft.report(error.diagnostic(draft.file.path));
            return Vec::new();
        }
    };
    let mut requirements = Vec::new();
    for (at, _) in text.match_indices("{:") {
        let Ok(term) = Reader::new(text, at).term() else { continue };
        let [name, second, ..] = term.elements() else { continue };
        let is_options = |it: &Term| it.elements().iter().any(|it| matches!(it.kind, Kind::Pair(..)));
        let requirement = Some(second).filter(|it| matches!(it.kind, Kind::Text(_))).and_then(Term::text);
        let has_options = matches!(second.kind, Kind::Pair(..)) || is_options(second);
        let (Some(name), true) = (name.text(), requirement.is_some() || has_options) else { continue };
        let option = |key| {
            let nested = || term.elements().iter().find_map(|element| element.option(key));
            term.option(key).or_else(nested).and_then(Term::text).map(str::to_owned)
        };
        let git = option("git").or_else(|| option("github").map(|it| format!("https://github.com/{it}.git")));
        let origin = match (git, option("path")) {
            (Some(url), _) => Origin::Git { url, commit: option("ref") },
            (None, Some(path)) => Origin::Path(path),
            (None, None) => Origin::Registry,
        };
        requirements.push(Requirement {
            name: name.to_owned(),
            requirement: requirement.map(str::to_owned),
            scope: scope_of(&term),
            origin,
            span: draft.span(term.range.clone()),
            ..Requirement::default()
        });
    }
    requirements
}

/// Development if `only:` names no environment that is deployed.
fn scope_of(term: &Term) -> Scope {
    let nested = || term.elements().iter().find_map(|element| element.option("only"));
    let Some(only) = term.option("only").or_else(nested) else { return Scope::Runtime };
    let environments: Vec<&str> = match only.text() {
        Some(text) => vec![text],
        None => only.elements().iter().filter_map(Term::text).collect(),
    };
    let is_development = environments.iter().all(|it| DEVELOPMENT.contains(it));
    if is_development && !environments.is_empty() { Scope::Development } else { Scope::Runtime }
}
