//! `pyproject.toml`: what a project asks for, in the standard tables and in those of Poetry, PDM and uv.
//!
//! Format: Python packaging guide, "pyproject.toml specification" and "Dependency Groups" (formerly PEP 621
//! and PEP 735); Poetry, "The pyproject.toml file".

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use super::names::group_scope;
use super::pep508;
use crate::draft::Draft;
use crate::requirement::Requirement;
use crate::syntax::{self, Entry, Node};
use crate::{Files, PackageFile, Parsed};

/// A `pyproject.toml` as far as the inventory needs it.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) license: Option<String>,
    /// Where its name stands.
    pub(super) span: Span,
    /// Everything it asks for, in the order of the file.
    pub(super) requirements: Vec<Requirement>,
}

/// Reads a manifest without lockfile. One that asks for nothing is no inventory.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "pyproject");
    let project = read(file, &mut draft);
    if project.requirements.is_empty() {
        return draft.fail();
    }
    if let Some(name) = project.name {
        draft.push(Component {
            ecosystem: Ecosystem::PyPI,
            name,
            version: project.version,
            origin: Origin::Path(crate::pattern::folder(file.path).to_owned()),
            relation: Relation::Root,
            licenses: project.license.into_iter().collect(),
            span: project.span,
            ..Component::default()
        });
    }
    for requirement in project.requirements {
        draft.push(requirement.into_component(Ecosystem::PyPI));
    }
    draft.finish()
}

/// Reads the manifest beside a lockfile and takes it into the draft; `None` if there is none.
pub(super) fn beside(
    file: &PackageFile<'_>,
    files: &dyn Files,
    draft: &mut Draft<'_>,
) -> Option<(String, Project)> {
    let path = file.sibling("pyproject.toml")?;
    let project = {
        let manifest = PackageFile::new(&path, files.companion(&path)?);
        let mut own = Draft::new(&manifest, "pyproject");
        let project = read(&manifest, &mut own);
        for diagnostic in own.fail().diagnostics {
            draft.report(diagnostic);
        }
        project
    };
    draft.manifest.absorbed.push(path.clone());
    Some((path, project))
}

fn read<'a>(file: &PackageFile<'a>, draft: &mut Draft<'a>) -> Project {
    let root = syntax::read_map(draft, syntax::toml::parse);
    let mut reader = Reader { file, requirements: Vec::new(), draft };
    reader.standard(&root);
    if let Some(poetry) = root.at(&["tool", "poetry"]) {
        reader.poetry(poetry);
    }
    for (tool, key) in [("pdm", "dev-dependencies"), ("uv", "dev-dependencies")] {
        let Some(node) = root.at(&["tool", tool, key]) else { continue };
        reader.list(node, Scope::Development);
        for group in node.entries() {
            reader.list(&group.value, Scope::Development);
        }
    }
    let mut requirements = reader.requirements;
    requirements.sort_by_key(|requirement| requirement.span.start);
    let tables = [root.get("project"), root.at(&["tool", "poetry"])];
    let first = |key: &str| tables.iter().flatten().find_map(|table| table.get(key));
    let text = |key: &str| {
        first(key).and_then(|node| node.text().or_else(|| node.text_at("text"))).map(str::to_owned)
    };
    Project {
        name: text("name"),
        version: text("version"),
        license: text("license"),
        span: first("name").map(|node| node.span).unwrap_or_default(),
        requirements,
    }
}

struct Reader<'r, 'a> {
    file: &'r PackageFile<'a>,
    requirements: Vec<Requirement>,
    draft: &'r mut Draft<'a>,
}

impl Reader<'_, '_> {
    /// `[project]`, `[dependency-groups]` and `[build-system]`.
    fn standard(&mut self, root: &Node<'_>) {
        if let Some(list) = root.at(&["project", "dependencies"]) {
            self.list(list, Scope::Runtime);
        }
        let extras = root.at(&["project", "optional-dependencies"]);
        for extra in extras.map_or(&[][..], Node::entries) {
            self.list(&extra.value, group_scope(&extra.key).max(Scope::Optional));
        }
        for group in root.entries_at("dependency-groups") {
            self.list(&group.value, group_scope(&group.key));
        }
        if let Some(list) = root.at(&["build-system", "requires"]) {
            self.list(list, Scope::Build);
        }
    }

    /// A list of requirements as text. Inclusions of other groups are tables; those groups count themselves.
    fn list(&mut self, list: &Node<'_>, scope: Scope) {
        for item in list.items().iter().filter(|item| !item.is_map()) {
            let Some(text) = item.text() else {
                let message = format!("{}; expected a requirement as text", item.noun());
                self.draft.problem(item.span.line, message);
                continue;
            };
            // PDM writes editable requirements so.
            let text = text.strip_prefix("-e ").unwrap_or(text);
            match pep508::parse(text) {
                Ok(found) => self.requirements.push(found.requirement(scope, item.span)),
                Err(message) => self.draft.problem(item.span.line, message),
            }
        }
    }

    fn poetry(&mut self, poetry: &Node<'_>) {
        self.table(poetry.entries_at("dependencies"), Scope::Runtime);
        self.table(poetry.entries_at("dev-dependencies"), Scope::Development);
        for group in poetry.entries_at("group") {
            self.table(group.value.entries_at("dependencies"), group_scope(&group.key));
        }
    }

    /// Poetry's own way: `name = "^1"`, `name = { version = … }`, or several of these for different markers.
    fn table(&mut self, entries: &[Entry<'_>], scope: Scope) {
        for entry in entries.iter().filter(|entry| entry.key != "python") {
            let several = entry.value.items();
            let values = if several.is_empty() { std::slice::from_ref(&entry.value) } else { several };
            for value in values {
                let span = Span { end: value.span.end.max(entry.key_span.end), ..entry.key_span };
                if let Some(found) = self.poetry_requirement(&entry.key, value) {
                    let scope = if value.is_true("optional") { scope.max(Scope::Optional) } else { scope };
                    self.requirements.push(Requirement { scope, span, ..found });
                } else {
                    let message =
                        format!("{} for `{}`; expected a version or a table", value.noun(), entry.key);
                    self.draft.problem(span.line, message);
                }
            }
        }
    }

    fn poetry_requirement(&self, name: &str, value: &Node<'_>) -> Option<Requirement> {
        if value.text().is_none() && !value.is_map() {
            return None;
        }
        let version = value.text().or_else(|| value.text_at("version"));
        let origin = if let Some(url) = value.text_at("git") {
            let commit = value.text_at("rev").filter(|rev| pep508::is_commit(rev)).map(str::to_owned);
            Origin::Git { url: url.to_owned(), commit }
        } else if let Some(path) = value.text_at("path") {
            Origin::Path(self.file.sibling(path).unwrap_or_else(|| path.to_owned()))
        } else if let Some(url) = value.text_at("url") {
            Origin::Url(url.to_owned())
        } else {
            Origin::Registry
        };
        Some(Requirement {
            name: name.to_owned(),
            version: version.and_then(exact).map(str::to_owned),
            requirement: version.map(str::to_owned),
            origin,
            ..Requirement::default()
        })
    }
}

/// The version that `1.2.3` or `==1.2.3` leaves: Poetry takes a bare version as exact.
fn exact(requirement: &str) -> Option<&str> {
    let is_bare =
        requirement.starts_with(|c: char| c.is_ascii_digit()) && !requirement.contains(['*', ',', ' ', '|']);
    if is_bare { Some(requirement) } else { pep508::exact(requirement) }
}
