//! `Cargo.toml`: what a package asks for.
//!
//! Format: The Cargo Book, "The Manifest Format" and "Specifying Dependencies".

use selvedge_package::{Component, Ecosystem, Origin, Relation, Scope, Span};

use crate::draft::Draft;
use crate::pattern::folder;
use crate::requirement::Requirement;
use crate::syntax::{self, Node};
use crate::{Files, PackageFile, Parsed};

/// Folders above a manifest in which its workspace is looked for.
const ANCESTORS_MAX: usize = 32;

/// Tables of requirements and what they are for. The spelling with `_` is old and still read.
const TABLES: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("build-dependencies", Scope::Build),
    ("build_dependencies", Scope::Build),
    ("dev-dependencies", Scope::Development),
    ("dev_dependencies", Scope::Development),
];

/// A `Cargo.toml` as far as the inventory needs it.
#[derive(Debug, Default)]
pub(super) struct CargoToml {
    /// Name of the package; absent in a virtual workspace.
    pub(super) name: Option<String>,
    /// Its version, unless it is inherited or left out.
    pub(super) version: Option<String>,
    /// Where its name stands.
    pub(super) span: Span,
    /// Licence expression.
    pub(super) license: Option<String>,
    /// Everything it asks for, in the order of the file.
    pub(super) requirements: Vec<Requirement>,
}

/// Reads the requirements of a manifest without lockfile.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "cargo-toml");
    let root = syntax::read(&mut draft, syntax::toml::parse);
    let above = if inherits(&root) { workspace_above(file, files) } else { None };
    let above_root = above.map(|text| syntax::toml::parse(text).root);
    let workspace = root.get("workspace").or_else(|| above_root.as_ref()?.get("workspace"));
    let mut problems = Vec::new();
    let manifest = read(file, &root, workspace, &mut problems);
    for (line, message) in problems {
        draft.problem(line, message);
    }
    if let Some(name) = manifest.name {
        draft.push(Component {
            ecosystem: Ecosystem::CratesIo,
            name,
            version: manifest.version,
            origin: Origin::Path(folder(file.path).to_owned()),
            relation: Relation::Root,
            licenses: manifest.license.into_iter().collect(),
            span: manifest.span,
            ..Component::default()
        });
    }
    for requirement in manifest.requirements {
        draft.push(requirement.into_component(Ecosystem::CratesIo));
    }
    draft.finish()
}

/// Whether some requirement or the version is taken from the workspace.
fn inherits(root: &Node<'_>) -> bool {
    let mut found = root.at(&["package", "version", "workspace"]).is_some();
    each_table(root, &mut |_, table| {
        found |= table.entries().iter().any(|entry| entry.value.is_true("workspace"));
    });
    found
}

/// Text of the nearest manifest above that has a workspace.
fn workspace_above<'f>(file: &PackageFile<'_>, files: &'f dyn Files) -> Option<&'f str> {
    let mut name = String::from("Cargo.toml");
    for _ in 0..ANCESTORS_MAX {
        name.insert_str(0, "../");
        let path = file.sibling(&name)?;
        let text = files.companion(&path).and_then(|bytes| syntax::text(bytes).ok());
        // The word alone would also stand in `x.workspace = true`; a workspace needs its table.
        if let Some(text) = text.filter(|text| text.contains("[workspace")) {
            return Some(text);
        }
    }
    None
}

/// Calls `visit` for each table of requirements, those for certain targets too.
fn each_table<'n, 'a>(root: &'n Node<'a>, visit: &mut dyn FnMut(Scope, &'n Node<'a>)) {
    let targets = root.entries_at("target").iter().map(|entry| &entry.value);
    for node in std::iter::once(root).chain(targets) {
        for (name, scope) in TABLES {
            if let Some(table) = node.get(name) {
                visit(*scope, table);
            }
        }
    }
}

/// Reads the tree of a manifest; `workspace` is the table that inherited values are taken from.
pub(super) fn read(
    file: &PackageFile<'_>,
    root: &Node<'_>,
    workspace: Option<&Node<'_>>,
    problems: &mut Vec<(u32, String)>,
) -> CargoToml {
    let package = root.get("package").or_else(|| root.get("project"));
    let mut manifest = CargoToml::default();
    if let Some(package) = package {
        manifest.name = package.text_at("name").map(str::to_owned);
        manifest.span = package.get("name").map_or(package.span, |name| name.span);
        let inherited = |key| workspace?.at(&["package", key])?.text();
        manifest.version = package.text_at("version").or_else(|| inherited("version")).map(str::to_owned);
        manifest.license = package.text_at("license").or_else(|| inherited("license")).map(str::to_owned);
    }
    each_table(root, &mut |scope, table| {
        for entry in table.entries() {
            let span = Span { end: entry.value.span.end.max(entry.key_span.end), ..entry.key_span };
            match requirement(file, &entry.key, &entry.value, workspace) {
                Ok(found) => manifest.requirements.push(Requirement { scope, span, ..found }),
                Err(message) => problems.push((span.line, message)),
            }
        }
    });
    manifest.requirements.sort_by_key(|requirement| requirement.span.start);
    manifest
}

fn requirement(
    file: &PackageFile<'_>,
    key: &str,
    value: &Node<'_>,
    workspace: Option<&Node<'_>>,
) -> Result<Requirement, String> {
    let value = if value.is_true("workspace") {
        workspace
            .and_then(|workspace| workspace.get("dependencies")?.get(key))
            .ok_or_else(|| format!("`{key}` is inherited, but the workspace does not name it"))?
    } else {
        value
    };
    if value.text().is_none() && !value.is_map() {
        return Err(format!("{} for `{key}`; expected a version or a table", value.noun()));
    }
    if let Some(entry) = value.entries().iter().find(|entry| {
        matches!(entry.key.as_ref(), "version" | "git" | "path" | "rev" | "package")
            && entry.value.text().is_none()
    }) {
        return Err(format!("{} for `{}` of `{key}`; expected text", entry.value.noun(), entry.key));
    }
    let name = value.text_at("package").unwrap_or(key);
    let version = value.text().or_else(|| value.text_at("version"));
    Ok(Requirement {
        name: name.to_owned(),
        alias: (name != key).then(|| key.to_owned()),
        version: version.and_then(exact).map(str::to_owned),
        requirement: version.map(str::to_owned),
        origin: origin(file, value),
        ..Requirement::default()
    })
}

/// The version that `=1.2.3` leaves.
fn exact(requirement: &str) -> Option<&str> {
    let version = requirement.strip_prefix('=')?.trim();
    let core = version.split(['-', '+']).next().unwrap_or(version);
    let is_whole = core.split('.').count() == 3
        && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_whole.then_some(version)
}

fn origin(file: &PackageFile<'_>, value: &Node<'_>) -> Origin {
    if let Some(url) = value.text_at("git") {
        let commit = value.text_at("rev").filter(|rev| is_commit(rev)).map(str::to_owned);
        return Origin::Git { url: url.to_owned(), commit };
    }
    if let Some(path) = value.text_at("path") {
        return Origin::Path(file.sibling(path).unwrap_or_else(|| path.to_owned()));
    }
    match value.text_at("registry-index").or_else(|| value.text_at("registry")) {
        Some(registry) if registry != "crates-io" => Origin::OtherRegistry(registry.to_owned()),
        _ => Origin::Registry,
    }
}

/// Whether a `rev` names a commit and not a tag or `refs/pull/…`.
fn is_commit(rev: &str) -> bool {
    rev.len() >= 7 && rev.bytes().all(|byte| byte.is_ascii_hexdigit())
}
