//! Package files of Java: Maven's project model, and what Gradle locks and verifies.

mod pom;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[pom::FORMAT];
