//! Package files of R: what renv locks.

mod renv_lock;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[renv_lock::FORMAT];
