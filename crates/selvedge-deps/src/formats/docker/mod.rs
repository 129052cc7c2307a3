//! Container images: what `Dockerfile` and `Containerfile` build on, and what Compose files run.

use crate::Format;

mod compose;
mod dockerfile;
pub(super) mod image;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[
    Format { id: "dockerfile", matches: dockerfile::is_path, parse: dockerfile::parse },
    Format { id: "compose", matches: compose::is_path, parse: compose::parse },
];
