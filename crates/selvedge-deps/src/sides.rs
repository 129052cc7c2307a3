//! Files with merge conflicts: both sides are read, and what either uses is in the inventory.

use std::collections::BTreeMap;

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Manifest, Origin};

use crate::syntax::conflict;
use crate::{Files, Format, PackageFile, Parsed};

/// Parses a file, each side on its own if it has conflict markers.
pub(crate) fn parse(format: &Format, file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let Some(found) = conflict::find(file.bytes) else { return (format.parse)(file, files) };
    let mut parsed = (format.parse)(&PackageFile::new(file.path, &found.ours), files);
    let other = (format.parse)(&PackageFile::new(file.path, &found.theirs), files);
    let message = "an unresolved merge conflict; the packages of both sides are listed";
    let diagnostic = Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(file.path).line(found.line);
    parsed.diagnostics.insert(0, diagnostic);
    for diagnostic in other.diagnostics {
        if !parsed.diagnostics.contains(&diagnostic) {
            parsed.diagnostics.push(diagnostic);
        }
    }
    parsed.manifest = match (parsed.manifest, other.manifest) {
        (Some(ours), Some(theirs)) => Some(merge(ours, theirs)),
        (ours, theirs) => ours.or(theirs),
    };
    parsed
}

/// What tells one component from another.
fn key(component: &Component) -> (String, Option<String>, Origin) {
    (component.name.clone(), component.version.clone(), component.origin.clone())
}

/// Adds the components that only `theirs` has. Of a component that both have, the edges of both count, and
/// the lesser scope.
fn merge(mut ours: Manifest, theirs: Manifest) -> Manifest {
    let mut known: BTreeMap<_, u32> = BTreeMap::new();
    for (index, component) in ours.components.iter().enumerate() {
        known.entry(key(component)).or_insert(index as u32);
    }
    let mut moved = Vec::with_capacity(theirs.components.len());
    let mut edges = Vec::with_capacity(theirs.components.len());
    for mut component in theirs.components {
        edges.push(std::mem::take(&mut component.dependencies));
        let index = *known.entry(key(&component)).or_insert_with(|| {
            ours.components.push(component.clone());
            ours.components.len() as u32 - 1
        });
        let kept = &mut ours.components[index as usize];
        kept.scope = kept.scope.min(component.scope);
        moved.push(index);
    }
    for (from, targets) in moved.iter().zip(edges) {
        let component = &mut ours.components[*from as usize];
        component.dependencies.extend(targets.iter().filter_map(|target| moved.get(*target as usize)));
        component.dependencies.sort_unstable();
        component.dependencies.dedup();
    }
    ours.absorbed.extend(theirs.absorbed);
    ours.absorbed.sort();
    ours.absorbed.dedup();
    ours
}
