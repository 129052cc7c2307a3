//! Package files of PHP.

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[];
