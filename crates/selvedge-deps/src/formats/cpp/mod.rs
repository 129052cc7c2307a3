//! Package files of Conan.

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[];
