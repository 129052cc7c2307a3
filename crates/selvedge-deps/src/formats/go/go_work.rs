//! `go.work`: a workspace of several modules; its replacements hold in each of them.

use super::directives::{Replacement, Replacements, directives, standard_library};
use crate::draft::Draft;
use crate::{Files, Format, PackageFile, Parsed};

/// `go.work`.
pub(super) const FORMAT: Format =
    Format { id: "go-work", matches: |path| path == "go.work" || path.ends_with("/go.work"), parse };

/// Directives of the Go Modules Reference, "go.work files".
const VERBS: &[&str] = &["go", "toolchain", "godebug", "use", "replace"];

/// Reads the standard library; modules stand in the `go.mod` files of the workspace.
fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let directives = directives(&mut draft);
    for directive in directives.iter().filter(|it| !VERBS.contains(&it.verb)) {
        draft.problem(directive.line, format!("unknown directive `{}`", directive.verb));
    }
    for directive in directives.iter().filter(|it| it.verb == "replace") {
        if Replacement::parse(&directive.arguments).is_none() {
            draft.problem(directive.line, "expected `replace <module> [version] => <module> <version>`");
        }
    }
    if let Some(component) = standard_library(&draft, &directives) {
        draft.push(component);
    }
    draft.finish()
}

/// The replacements of the nearest workspace above that uses the module whose `go.mod` is at `path`.
pub(super) fn replacements_for(path: &str, files: &dyn Files) -> Replacements {
    let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let work = if folder.is_empty() { "go.work".to_owned() } else { format!("{folder}/go.work") };
        if let Some(bytes) = files.get(&work) {
            return replacements_of(&PackageFile::new(&work, bytes), path);
        }
        if folder.is_empty() {
            return Replacements::default();
        }
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
}

fn replacements_of(work: &PackageFile<'_>, path: &str) -> Replacements {
    let directives = directives(&mut Draft::new(work, FORMAT.id));
    let uses = directives.iter().filter(|it| it.verb == "use").filter_map(|it| it.arguments.first());
    let mut modules = uses.filter_map(|folder| work.sibling(&format!("{folder}/go.mod")));
    if !modules.any(|module| module == path) {
        return Replacements::default();
    }
    let replaces = directives.iter().filter(|it| it.verb == "replace");
    let mut replacements = Replacements::default();
    replaces.filter_map(|it| Replacement::parse(&it.arguments)).for_each(|it| replacements.add(it));
    replacements
}
