//! `libs.versions.toml`: the version catalogue of a Gradle build (Gradle, "Version Catalogs").

use selvedge_package::{Component, Ecosystem, Relation};

use super::coordinates;
use crate::draft::Draft;
use crate::syntax::{self, Entry, Node, toml};
use crate::{Files, Format, PackageFile, Parsed};

/// `libs.versions.toml` anywhere, and other catalogues in a folder `gradle`.
pub(super) const FORMAT: Format = Format { id: "gradle-version-catalog", matches: is_catalog, parse };

fn is_catalog(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_in_gradle = folder == "gradle" || folder.ends_with("/gradle");
    name == "libs.versions.toml" || (is_in_gradle && name.ends_with(".versions.toml"))
}

fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    let root = syntax::read(&mut draft, toml::parse);
    if !root.is_map() {
        draft.problem(1, "expected a table `libraries`");
        return draft.fail();
    }
    let versions = root.get("versions");
    for entry in root.entries_at("libraries") {
        let Some((name, text)) = library(entry, versions) else {
            let message = "expected `module` or `group` and `name` in a library; it is left out";
            draft.problem(entry.key_span.line, message);
            continue;
        };
        let mut span = entry.key_span;
        span.end = entry.value.span.end.max(span.end);
        let version = text.clone().filter(|text| is_exact(text));
        draft.push(Component {
            ecosystem: Ecosystem::Maven,
            name,
            requirement: if version.is_some() { None } else { text },
            version,
            relation: Relation::Direct,
            span,
            ..Component::default()
        });
    }
    draft.finish()
}

/// Name and version text of a library in any of its notations.
fn library(entry: &Entry<'_>, versions: Option<&Node<'_>>) -> Option<(String, Option<String>)> {
    if let Some(text) = entry.value.text() {
        let (name, version) = coordinates(text)?;
        return Some((name.to_owned(), Some(version.to_owned())));
    }
    let name = match entry.value.text_at("module") {
        Some(module) => module.to_owned(),
        None => format!("{}:{}", entry.value.text_at("group")?, entry.value.text_at("name")?),
    };
    let version = entry.value.get("version");
    let referred = version.and_then(|version| version.text_at("ref"));
    let version = match referred {
        Some(reference) => versions.and_then(|versions| versions.get(reference)),
        None => version,
    };
    Some((name, version.and_then(rich_version)))
}

/// A version, or what of a rich one is used: `strictly` before `require` before `prefer`.
fn rich_version(version: &Node<'_>) -> Option<String> {
    let rich = || ["strictly", "require", "prefer"].iter().find_map(|key| version.text_at(key));
    version.text().or_else(rich).map(str::to_owned)
}

/// Whether a version is one and no range, prefix or `latest.release`.
fn is_exact(text: &str) -> bool {
    !text.starts_with(['[', '(', ']']) && !text.contains(['+', ',']) && !text.starts_with("latest.")
}
