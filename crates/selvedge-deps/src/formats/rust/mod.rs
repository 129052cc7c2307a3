//! Package files of Rust: `Cargo.lock`, with the `Cargo.toml` files of its workspace, and `Cargo.toml` alone.

use crate::Format;

mod lock_scan;
mod lockfile;
mod manifest;
mod workspace;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] = &[
    Format { id: "cargo-lock", matches: is_lockfile, parse: lockfile::parse },
    Format { id: "cargo-toml", matches: is_manifest, parse: manifest::parse },
];

fn is_lockfile(path: &str) -> bool {
    path == "Cargo.lock" || path.ends_with("/Cargo.lock")
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || path.ends_with("/Cargo.toml")
}
