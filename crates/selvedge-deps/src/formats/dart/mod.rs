//! Package files of Dart: pub's lockfile and manifest.

mod lockfile;
mod manifest;

use selvedge_package::Origin;

use crate::Format;
use crate::syntax::Node;

/// The formats of this folder, the lockfile first: it takes the manifest in.
pub(crate) const FORMATS: &[Format] = &[lockfile::FORMAT, manifest::FORMAT];

/// Addresses of the public registry, today's and the former one.
const REGISTRIES: &[&str] = &["https://pub.dev", "https://pub.dartlang.org"];

/// A package of the registry at this address.
fn hosted(url: Option<&str>) -> Origin {
    match url.map(|url| url.trim_end_matches('/')) {
        Some(url) if !REGISTRIES.contains(&url) => Origin::OtherRegistry(url.to_owned()),
        Some(_) | None => Origin::Registry,
    }
}

/// A package that comes with an SDK: part of what is installed, not of any registry.
fn from_sdk(name: &str) -> Origin {
    Origin::Path(format!("sdk:{name}"))
}

/// `git: url`, or a map with `url` and `ref`.
fn git(description: &Node<'_>, commit: Option<&str>) -> Origin {
    let url = description.text().or_else(|| description.text_at("url")).unwrap_or_default();
    Origin::Git { url: url.to_owned(), commit: commit.map(str::to_owned) }
}
