//! `rebar.lock`: what rebar3 resolved.

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Hash, Origin, Relation};

use super::terms::{Reader, Term};
use crate::draft::Draft;
use crate::syntax::{self, digest};
use crate::{Files, Format, PackageFile, Parsed};

/// `rebar.lock`.
pub(super) const FORMAT: Format =
    Format { id: "rebar-lock", matches: |path| path == "rebar.lock" || path.ends_with("/rebar.lock"), parse };

/// Terms in one file: the packages, then their digests.
const TERMS_MAX: usize = 8;

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let text = match syntax::text(file.bytes) {
        Ok(text) => text,
        Err(error) => {
            draft.report(error.diagnostic(file.path));
            return draft.fail();
        }
    };
    let mut reader = Reader::new(text, 0);
    let mut terms = Vec::new();
    while reader.peek().is_some() && terms.len() < TERMS_MAX {
        match reader.term() {
            Ok(term) => terms.push(term),
            Err(mistake) => {
                draft.problem(draft.line(mistake.at), format!("expected {}", mistake.expected));
                break;
            }
        }
    }
    // Version 1 is `{"1.2.0", [packages]}.`, older files are `[packages].`
    let first = terms.first();
    let packages =
        first.map(|first| first.elements().get(1).filter(|it| is_versioned(first, it)).unwrap_or(first));
    let digests = digests(terms.get(1));
    for package in packages.map_or(&[][..], Term::elements) {
        add(&mut draft, package, &digests);
    }
    draft.finish()
}

fn is_versioned(first: &Term, second: &Term) -> bool {
    first.elements().first().is_some_and(|it| it.text().is_some()) && second.text().is_none()
}

/// Digests of archives by name: `pkg_hash_ext`. `pkg_hash` is one of the unpacked content.
fn digests(term: Option<&Term>) -> BTreeMap<&str, Hash> {
    let sections = term.map_or(&[][..], Term::elements).iter();
    let section =
        sections.map(Term::elements).find(|it| it.first().and_then(Term::text) == Some("pkg_hash_ext"));
    let rows = section.and_then(|it| it.get(1)).map_or(&[][..], Term::elements);
    rows.iter()
        .filter_map(|row| match row.elements() {
            [name, hash] => Some((name.text()?, digest::hex("sha256", hash.text()?)?)),
            _ => None,
        })
        .collect()
}

/// `{<<"app">>, {pkg, <<"name">>, <<"1.0.0">>}, Level}` or `{<<"app">>, {git, "url", {ref, "commit"}}, Level}`.
fn add(draft: &mut Draft<'_>, package: &Term, digests: &BTreeMap<&str, Hash>) {
    let span = draft.span(package.range.clone());
    let elements = package.elements();
    let (Some(app), Some(source)) = (elements.first().and_then(Term::text), elements.get(1)) else {
        draft.problem(span.line, "expected `{name, source, level}`; it is left out");
        return;
    };
    let source = source.elements();
    let text = |at: usize| source.get(at).and_then(Term::text);
    let mut component =
        Component { ecosystem: Ecosystem::Hex, name: app.to_owned(), span, ..Component::default() };
    match (text(0), text(1)) {
        (Some("pkg"), Some(name)) => {
            name.clone_into(&mut component.name);
            component.version = text(2).map(str::to_owned);
            component.hashes = digests.get(app).cloned().into_iter().collect();
        }
        (Some("git" | "git_subdir"), Some(url)) => {
            let reference = source.get(2).map_or(&[][..], Term::elements);
            let is_commit = reference.first().and_then(Term::text) == Some("ref");
            let commit = reference.get(1).filter(|_| is_commit).and_then(Term::text);
            component.origin = Origin::Git { url: url.to_owned(), commit: commit.map(str::to_owned) };
        }
        _ => draft.problem(span.line, "expected `{pkg, …}` or `{git, …}` as source"),
    }
    component.relation = match elements.get(2).and_then(Term::text) {
        Some("0") => Relation::Direct,
        Some(_) => Relation::Transitive,
        None => Relation::Unknown,
    };
    draft.push(component);
}
