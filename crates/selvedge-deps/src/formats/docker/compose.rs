//! Compose files: the images that they run.
//!
//! Format: Compose Specification, "services" and "interpolation". What a service builds itself is read where
//! it is built.

use selvedge_package::Scope;

use super::image::{component, substitute};
use crate::draft::Draft;
use crate::syntax::{self, yaml};
use crate::{Files, PackageFile, Parsed};

/// Whether a file of this path is read: `compose*.yml`, `docker-compose*.yaml`.
pub(super) fn is_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
    stem.is_some_and(|stem| {
        let rest = stem.strip_prefix("docker-compose").or_else(|| stem.strip_prefix("compose"));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
    })
}

/// Reads the file. One without services is no inventory.
pub(super) fn parse(file: &PackageFile<'_>, _: &dyn Files) -> Parsed {
    let mut draft = Draft::new(file, "compose");
    let root = syntax::read_map(&mut draft, yaml::parse);
    for service in root.entries_at("services") {
        let Some(node) = service.value.get("image") else { continue };
        // A service that is built as well only names what it builds.
        if service.value.get("build").is_some() {
            continue;
        }
        let reference = substitute(node.text().unwrap_or_default(), &|_| None);
        let name_is_open = reference.split([':', '@']).next().unwrap_or_default().contains('$');
        match component(&reference, Scope::Runtime, node.span).filter(|_| !name_is_open) {
            Some(component) => {
                draft.push(component);
            }
            None => {
                draft.problem(node.span.line, format!("`{reference}` is no image that can be known here"));
            }
        }
    }
    if draft.manifest.components.is_empty() {
        return draft.fail();
    }
    draft.manifest.is_locked = draft.manifest.components.iter().all(|component| !component.hashes.is_empty());
    draft.finish()
}
