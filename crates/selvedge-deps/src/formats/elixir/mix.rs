//! `mix.lock`: what Mix resolved, one entry of a map for each package.

use std::collections::BTreeMap;

use selvedge_package::{Component, Declared, Ecosystem, Origin, Scope, Span};

use super::hex_repository;
use super::terms::{Kind, Reader, Term};
use crate::draft::Draft;
use crate::names::Names;
use crate::syntax::{self, digest};
use crate::{Files, Format, PackageFile, Parsed};

/// `mix.lock`.
pub(super) const FORMAT: Format =
    Format { id: "mix-lock", matches: |path| path == "mix.lock" || path.ends_with("/mix.lock"), parse };

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
    let Some(text) = files.get(&path).and_then(|bytes| syntax::text(bytes).ok()) else { return };
    let beside = PackageFile::new(&path, text.as_bytes());
    let lines = Draft::new(&beside, FORMAT.id);
    let mut direct: BTreeMap<u32, Scope> = BTreeMap::new();
    for (at, _) in text.match_indices("{:") {
        let Ok(term) = Reader::new(text, at).term() else { continue };
        let elements = term.elements();
        let Some(name) = elements.first().and_then(Term::text) else { continue };
        let requirement = elements.get(1).filter(|it| matches!(it.kind, Kind::Text(_))).and_then(Term::text);
        let scope = scope_of(&term);
        let span: Span = lines.span(term.range.clone());
        for index in names.of(name) {
            let known = direct.entry(*index).or_insert(scope);
            *known = scope.min(*known);
            let component = &mut draft.manifest.components[*index as usize];
            component.requirement = requirement.map(str::to_owned);
            component.declared = Some(Declared { path: path.clone(), span });
        }
    }
    let direct: Vec<_> = direct.into_iter().collect();
    draft.manifest.spread(&direct);
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
