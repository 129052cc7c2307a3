//! Package files of .NET: what NuGet locks, resolves and builds, project files with central versions, and
//! Paket.

mod assets;
mod deps_json;
mod msbuild;
mod packages_config;
mod packages_lock;
mod paket;
mod project;

use crate::Format;

/// The formats of this folder, those that know more first: they take the others in.
pub(crate) const FORMATS: &[Format] = &[
    packages_lock::FORMAT,
    assets::FORMAT,
    project::FORMAT,
    project::CENTRAL,
    packages_config::FORMAT,
    deps_json::FORMAT,
    paket::LOCK,
    paket::DEPENDENCIES,
];

/// Splits `Name/1.0.0`, the key of a library.
fn library(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once('/').filter(|(name, version)| !name.is_empty() && !version.is_empty())
}

/// The version that NuGet takes for a requirement without floating parts: `1.0` means at least that, and the
/// lowest one is taken; `[1.0]` means that one (NuGet, "Version ranges").
fn lowest(requirement: &str) -> Option<&str> {
    let text = requirement.trim();
    let inner = match text.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').filter(|inner| !inner.contains(','))?.trim(),
        None => text,
    };
    let is_version = inner.starts_with(|c: char| c.is_ascii_digit()) && !inner.contains(['*', '(', ',', '$']);
    is_version.then_some(inner)
}
