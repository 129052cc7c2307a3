//! Package files of Java: Maven's project model, and what Gradle locks, verifies and catalogues.

mod gradle_lock;
mod pom;
mod verification_metadata;
mod version_catalog;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] =
    &[pom::FORMAT, gradle_lock::FORMAT, verification_metadata::FORMAT, version_catalog::FORMAT];

/// Splits `group:artifact:version`.
fn coordinates(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once(':')?;
    let (group, artifact) = name.split_once(':')?;
    let is_plain = |part: &str| !part.is_empty() && !part.contains([' ', ':', '\t']);
    ([group, artifact, version].into_iter().all(is_plain)).then_some((name, version))
}
