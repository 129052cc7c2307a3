//! `setup.cfg`: what setuptools installs.
//!
//! Format: setuptools, "Configuring setuptools using setup.cfg files". `setup.py` is a program and is not read.

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::names::group_scope;
use super::pep508;
use crate::draft::Draft;
use crate::syntax::lines::{Line, lines};
use crate::{Files, PackageFile, Parsed};

/// Reads the manifest. One that asks for nothing is no inventory.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "setup-cfg");
    let (mut section, mut key) = (String::new(), String::new());
    let mut root = None;
    for line in lines(&mut draft) {
        let text = line.trimmed();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if line.indent() > 0 {
            requirement(&section, &key, text, &line, &mut draft);
        } else if let Some(name) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            name.trim().clone_into(&mut section);
            key.clear();
        } else if let Some((name, value)) = text.split_once(['=', ':']) {
            name.trim().to_ascii_lowercase().clone_into(&mut key);
            let value = value.trim();
            if section == "metadata" && key == "name" && !value.starts_with("attr:") {
                root = Some((value.to_owned(), line.range()));
            }
            requirement(&section, &key, value, &line, &mut draft);
        }
    }
    if draft.manifest.components.is_empty() {
        return draft.fail();
    }
    if let Some((name, range)) = root {
        let span = draft.span(range);
        draft.push(Component {
            ecosystem: Ecosystem::PyPI,
            name,
            origin: Origin::Path(crate::pattern::folder(file.path).to_owned()),
            relation: Relation::Root,
            span,
            ..Component::default()
        });
    }
    draft.finish()
}

/// What the value of this key is for; `None` if it is no list of requirements.
fn scope(section: &str, key: &str) -> Option<Scope> {
    match (section, key) {
        ("options", "install_requires") => Some(Scope::Runtime),
        ("options", "setup_requires") => Some(Scope::Build),
        ("options", "tests_require") => Some(Scope::Development),
        ("options.extras_require", extra) => Some(group_scope(extra).max(Scope::Optional)),
        _ => None,
    }
}

fn requirement(section: &str, key: &str, text: &str, line: &Line<'_>, draft: &mut Draft<'_>) {
    let Some(scope) = scope(section, key).filter(|_| !text.is_empty()) else { return };
    if text.starts_with("file:") {
        draft.problem(line.number, "requirements kept in another file; that one is read if its name says so");
        return;
    }
    let range = line.range_of(text);
    let span = Span { start: range.start as u32, end: range.end as u32, line: line.number };
    // setuptools accepts several in one line, separated by semicolons only where no marker follows.
    match pep508::parse(text.split(" #").next().unwrap_or(text)) {
        Ok(found) => {
            draft.push(found.requirement(scope, span).into_component(Ecosystem::PyPI));
        }
        Err(message) => draft.problem(line.number, message),
    }
}
