//! Package files of PHP: Composer's lockfile and manifest.

mod lockfile;
mod manifest;

use crate::Format;

/// The formats of this folder, the lockfile first: it takes the manifest in.
pub(crate) const FORMATS: &[Format] = &[lockfile::FORMAT, manifest::FORMAT];

/// Whether a name stands for PHP itself, an extension, a library of the system or Composer: not a package
/// (Composer, "Package links", platform packages).
fn is_platform(name: &str) -> bool {
    !name.contains('/')
}
