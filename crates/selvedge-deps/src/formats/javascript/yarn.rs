//! `yarn.lock` of both generations: the classic notation of its own, and YAML since version 2 (berry).

use super::{yarn_berry, yarn_classic};
use crate::{Files, PackageFile, Parsed};

/// Reads a lockfile. Only that of berry has `__metadata` at the start of a line.
pub(super) fn parse(file: &PackageFile<'_>, files: &dyn Files) -> Parsed {
    let is_berry = file.bytes.starts_with(b"__metadata:")
        || memchr::memmem::find(file.bytes, b"\n__metadata:").is_some();
    if is_berry { yarn_berry::parse(file, files) } else { yarn_classic::parse(file, files) }
}
