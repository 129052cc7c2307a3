//! From a package to the names by which code imports it, and the packages that are used without any import.
//!
//! Registries name packages; languages import modules. Where the two differ and the difference is not known,
//! the answer is *unknown*, never a guess that could call a used package unused.

mod maven;
mod npm;
mod pypi;
mod pypi_modules;
mod rust;

pub(crate) use rust::MACRO_ENDINGS;

use std::collections::BTreeMap;

use selvedge_package::{Component, Ecosystem, Scope};

use crate::{Language, Uses};

/// Import names that the caller knows from what is installed: `top_level.txt` or `RECORD` of a Python
/// distribution, the `[lib]` name of a crate, the packages in a JAR.
#[derive(Debug, Clone, Default)]
pub struct ImportNames {
    known: BTreeMap<(Language, String), Vec<String>>,
}

impl ImportNames {
    /// Says that code imports `package` by `names` and no others.
    pub fn insert(&mut self, language: Language, package: &str, names: impl IntoIterator<Item = String>) {
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        if !names.is_empty() {
            self.known.insert((language, key(language, package)), names);
        }
    }

    fn get(&self, language: Language, package: &str) -> Option<&[String]> {
        self.known.get(&(language, key(language, package))).map(Vec::as_slice)
    }
}

fn key(language: Language, package: &str) -> String {
    if language == Language::Python { pypi::normalise(package) } else { package.to_owned() }
}

/// The names by which a package may be imported, as [`Import::name`](crate::Import::name) writes them or the
/// beginning up to a separator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Its own: an import of one of these is an import of the package.
    pub(crate) own: Vec<String>,
    /// What it might be called as well. An import of one of these, unless another package explains it, casts
    /// doubt on the absence of the others.
    pub(crate) maybe: Vec<String>,
    /// No further name can import it, so that the absence of these proves something.
    pub(crate) are_all: bool,
}

impl Names {
    fn all<S: Into<String>>(own: impl IntoIterator<Item = S>) -> Self {
        Self { own: own.into_iter().map(Into::into).collect(), maybe: Vec::new(), are_all: true }
    }

    fn tidy(&mut self) {
        self.own.sort_unstable();
        self.own.dedup();
        self.maybe.sort_unstable();
        self.maybe.dedup();
        self.maybe.retain(|name| !name.is_empty() && self.own.binary_search(name).is_err());
    }
}

/// The import names of a component.
pub(crate) fn names_of(component: &Component, uses: &Uses, known: &ImportNames) -> Option<(Language, Names)> {
    let language = Language::of_ecosystem(component.ecosystem)?;
    let name = component.name.as_str();
    let mut names = match known.get(language, name) {
        Some(names) => Names::all(names.iter().cloned()),
        None => match language {
            Language::Python => pypi::names(name),
            // Packages and imports have the same names; a module path is where the paths of its packages begin.
            Language::JavaScript | Language::Go => Names::all([name]),
            Language::Rust => rust::names(name),
            Language::Java => maven::names(name),
        },
    };
    names.own.extend(uses.renamed(language, name).map(str::to_owned));
    names.tidy();
    Some((language, names))
}

/// What separates the parts of an import name.
pub(crate) fn separator(language: Language) -> char {
    match language {
        Language::Python | Language::Java => '.',
        Language::JavaScript | Language::Go => '/',
        Language::Rust => ':',
    }
}

/// Why no graph tells all users of a package: Python libraries import what suits them when it is installed
/// (notifiers their transports, frameworks their parsers), without a dependency that a lockfile would show. A
/// package that a project names and does not import is such a part as often as a left-over.
pub(crate) fn optional_part(language: Language) -> Option<&'static str> {
    (language == Language::Python)
        .then_some("no code imports it, but other Python packages may load it because it is installed")
}

/// Whether the edges of a format leave out what packages expect beside them (peer dependencies), so that a
/// package that looks unused may be what another one imports.
pub(crate) fn lacks_peers(format: &str) -> bool {
    npm::WITHOUT_PEERS.contains(&format)
}

/// Why a package may be in use though nothing imports it, if there is a reason.
pub(crate) fn used_without_import(component: &Component) -> Option<&'static str> {
    let name = component.name.as_str();
    let reason = match component.ecosystem {
        Ecosystem::Npm => npm::used_without_import(name),
        Ecosystem::PyPI | Ecosystem::Conda => pypi::used_without_import(name),
        Ecosystem::CratesIo => rust::used_without_import(name),
        Ecosystem::Maven => maven::used_without_import(name),
        _ => None,
    };
    if reason.is_some() {
        return reason;
    }
    let is_tool = matches!(component.scope, Scope::Development | Scope::Build)
        && matches!(component.ecosystem, Ecosystem::Npm | Ecosystem::PyPI | Ecosystem::Maven);
    if is_tool {
        return Some("tools of development are run or named in configuration more often than imported");
    }
    let is_optional = component.scope == Scope::Optional && component.ecosystem == Ecosystem::Npm;
    is_optional.then_some("optional packages are loaded by others where they are there")
}

/// Whether one of `patterns` fits: `prefix*`, `*suffix`, `*middle*` or the whole name.
fn fits(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(suffix), None) => name.ends_with(suffix),
        (None, Some(prefix)) => name.starts_with(prefix),
        (None, None) => name == *pattern,
    })
}

#[cfg(test)]
mod tests;
