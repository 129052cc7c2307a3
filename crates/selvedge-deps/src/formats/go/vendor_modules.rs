//! `vendor/modules.txt`: the modules whose packages are copied into the project.

use selvedge_package::{Component, Relation};

use super::directives::Replacement;
use super::go_mod::required;
use super::go_sum::{Digests, digests};
use crate::draft::Draft;
use crate::syntax::lines::lines;
use crate::{Files, Format, PackageFile, Parsed};

/// `vendor/modules.txt`.
pub(super) const FORMAT: Format = Format {
    id: "go-vendor-modules",
    matches: |path| path == "vendor/modules.txt" || path.ends_with("/vendor/modules.txt"),
    parse,
};

/// Reads modules of which at least one package is copied. A module without packages is listed because the
/// project requires it, and the replacements without version at the end repeat `go.mod`.
fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let sums = file.sibling("../go.sum").and_then(|path| files.get(&path)).map(digests).unwrap_or_default();
    let mut open: Option<Component> = None;
    for line in lines(&mut draft).into_iter().filter(|line| !line.trimmed().is_empty()) {
        if let Some(notes) = line.text.strip_prefix("## ") {
            if let Some(component) = &mut open
                && notes.split(';').any(|note| note.trim() == "explicit")
            {
                component.relation = Relation::Direct;
            }
        } else if let Some(header) = line.text.strip_prefix("# ") {
            let words: Vec<&str> = header.split_ascii_whitespace().collect();
            open = component_of(&words, &sums);
            match &mut open {
                Some(component) => component.span = draft.span(line.range()),
                None => draft.problem(line.number, "expected `# <module> <version> [=> <module> <version>]`"),
            }
        } else if let Some(component) = open.take() {
            draft.push(component);
        }
    }
    draft.finish()
}

/// What a `# ` line says: `module version`, `module version => replacement`, or `module => replacement` for
/// the replacements that hold for every version.
fn component_of(words: &[&str], sums: &Digests) -> Option<Component> {
    let replacement = if words.contains(&"=>") { Some(Replacement::parse(words)?) } else { None };
    let module = *words.first()?;
    let version = words.get(1).copied().filter(|word| *word != "=>");
    let is_well_formed = match version {
        Some(version) => version.starts_with('v') && (replacement.is_some() || words.len() == 2),
        None => replacement.is_some(),
    };
    let mut component =
        is_well_formed.then(|| required(module, version.unwrap_or_default(), replacement.as_ref(), sums))?;
    component.requirement = component.requirement.filter(|requirement| !requirement.is_empty());
    component.relation = Relation::Transitive;
    Some(component)
}
