//! Package files of GitHub Actions.

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[];
