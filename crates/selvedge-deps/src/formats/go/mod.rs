//! Package files of Go: `go.mod` with `go.sum`, workspaces and vendored modules.

mod directives;
mod go_mod;
mod go_sum;
mod go_work;
mod vendor_modules;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] =
    &[go_mod::FORMAT, go_sum::FORMAT, go_work::FORMAT, vendor_modules::FORMAT];
