//! `go.mod`: the modules a project requires, with what replaces them and the digests of `go.sum`.
//!
//! From Go 1.17 on the file lists every module that the build needs; before, [`super::go_sum`] completes it.

use std::collections::BTreeSet;

use selvedge_package::{Component, Ecosystem, Origin, Relation};

use super::directives::{Directive, Replacement, Replacements, directives, is_folder, standard_library};
use super::go_sum::{Digests, digests};
use super::go_work;
use crate::draft::Draft;
use crate::{Files, Format, PackageFile, Parsed};

/// `go.mod`.
pub(super) const FORMAT: Format =
    Format { id: "go-mod", matches: |path| path == "go.mod" || path.ends_with("/go.mod"), parse };

/// Directives of the Go Modules Reference; `ignore` and `tool` are those of Go 1.24 and later.
const VERBS: &[&str] =
    &["module", "go", "toolchain", "require", "exclude", "replace", "retract", "tool", "godebug", "ignore"];

/// First release whose `go.mod` lists transitive modules too ("Graph pruning").
const FIRST_COMPLETE: (u32, u32) = (1, 17);

/// Segments of an import path that are looked at; real ones have a dozen at most.
const SEGMENTS_MAX: usize = 64;

fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, FORMAT.id);
    draft.manifest.is_locked = true;
    let mut directives = directives(&mut draft);
    report_unknown(&mut draft, &mut directives);
    if directives.is_empty() && !file.bytes.trim_ascii().is_empty() {
        draft.problem_with_file("no directive of a go.mod file found");
        return draft.fail();
    }
    add_module(&mut draft, &directives);
    let replacements = replacements(&mut draft, &directives, files);
    let sums = file.sibling("go.sum").and_then(|path| files.get(&path));
    let sums = sums.map(digests).unwrap_or_default();
    let tools = modules_of_tools(&directives);
    for directive in directives.iter().filter(|it| it.verb == "require") {
        let [module, version] = directive.arguments[..] else {
            draft.problem(directive.line, "expected `require <module> <version>`");
            continue;
        };
        let mut component = required(module, version, replacements.of(module, version), &sums);
        let is_indirect = directive.comment.starts_with("indirect") && !tools.contains(module);
        component.relation = if is_indirect { Relation::Transitive } else { Relation::Direct };
        component.span = draft.span(directive.range.clone());
        draft.push(component);
    }
    if let Some(component) = standard_library(&draft, &directives) {
        draft.push(component);
    }
    draft.connect_root();
    if is_complete(&directives) {
        absorb(&mut draft, files);
    }
    draft.finish()
}

fn report_unknown(draft: &mut Draft<'_>, directives: &mut Vec<Directive<'_>>) {
    directives.retain(|directive| {
        let is_known = VERBS.contains(&directive.verb);
        if !is_known {
            draft.problem(directive.line, format!("unknown directive `{}`", directive.verb));
        }
        is_known
    });
}

fn add_module(draft: &mut Draft<'_>, directives: &[Directive<'_>]) {
    let Some(directive) = directives.iter().find(|it| it.verb == "module") else { return };
    let Some(name) = directive.arguments.first() else {
        draft.problem(directive.line, "expected `module <path>`");
        return;
    };
    draft.push(Component {
        ecosystem: Ecosystem::Go,
        name: (*name).to_owned(),
        origin: Origin::Path(".".to_owned()),
        relation: Relation::Root,
        span: draft.span(directive.range.clone()),
        ..Component::default()
    });
}

/// The replacements of the workspace that uses this module, then those of the module: the first one holds.
fn replacements(draft: &mut Draft<'_>, directives: &[Directive<'_>], files: &dyn Files) -> Replacements {
    let mut replacements = go_work::replacements_for(draft.file.path, files);
    for directive in directives.iter().filter(|it| it.verb == "replace") {
        match Replacement::parse(&directive.arguments) {
            Some(replacement) => replacements.add(replacement),
            None => draft.problem(
                directive.line,
                "expected `replace <module> [version] => <module> <version>` or `=> ./folder`",
            ),
        }
    }
    replacements
}

/// The component for a required module. A replaced one is what replaces it; one that a folder replaces keeps
/// its name and has no version.
pub(super) fn required(
    module: &str,
    version: &str,
    replacement: Option<&Replacement>,
    sums: &Digests,
) -> Component {
    let mut component = Component {
        ecosystem: Ecosystem::Go,
        name: module.to_owned(),
        version: Some(version.to_owned()),
        ..Component::default()
    };
    match replacement {
        Some(Replacement { new, new_version: Some(new_version), .. }) => {
            component.name.clone_from(new);
            component.version = Some(new_version.clone());
            component.requirement = Some(version.to_owned());
        }
        Some(Replacement { new, .. }) if is_folder(new) => {
            component.version = None;
            component.requirement = Some(version.to_owned());
            component.origin = Origin::Path(new.clone());
        }
        Some(_) | None => {}
    }
    if let Some(version) = &component.version {
        component.hashes = sums.of(&component.name, version);
    }
    component
}

/// Import paths of tools and everything above them: among those is the module that each is of.
fn modules_of_tools<'a>(directives: &[Directive<'a>]) -> BTreeSet<&'a str> {
    let mut modules = BTreeSet::new();
    for tool in directives.iter().filter(|it| it.verb == "tool").flat_map(|it| &it.arguments) {
        modules.insert(*tool);
        modules.extend(tool.match_indices('/').take(SEGMENTS_MAX).map(|(at, _)| &tool[..at]));
    }
    modules
}

/// Whether the file lists transitive modules too.
pub(super) fn is_complete(directives: &[Directive<'_>]) -> bool {
    let version = directives.iter().rfind(|it| it.verb == "go").and_then(|it| it.arguments.first().copied());
    let mut parts = version.unwrap_or_default().split(['.', 'r', 'b']);
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    (number(), number()) >= FIRST_COMPLETE
}

/// Names the files that say nothing beyond this one.
fn absorb(draft: &mut Draft<'_>, files: &dyn Files) {
    for name in ["go.sum", "vendor/modules.txt"] {
        let path = draft.file.sibling(name).filter(|path| files.get(path).is_some());
        draft.manifest.absorbed.extend(path);
    }
}
