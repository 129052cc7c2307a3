//! Requirements: does a version satisfy what a manifest asks for?
//!
//! Each ecosystem's grammar is a module that turns a requirement into bounds; the bounds are compared in the
//! ecosystem's own order. What a grammar does not know, such as a tag or an address, is answered with `None`:
//! it cannot be told.

use crate::{Ecosystem, VersionOrder};

mod bounds;
mod cargo;
mod composer;
mod hex;
mod interval;
mod node;
mod pubspec;
mod python;
mod ruby;

/// Longest requirement that is read.
pub const REQUIREMENT_BYTES_MAX: usize = 4096;

impl Ecosystem {
    /// Whether `version` is one that `requirement` admits; `None` if that cannot be told, because the
    /// ecosystem has no requirements or one of the two is not understood.
    ///
    /// | ecosystem | grammar |
    /// | --- | --- |
    /// | crates.io | Cargo book, "Specifying Dependencies" |
    /// | npm | node-semver, "Ranges" |
    /// | PyPI | PEP 440, "Version specifiers"; also Poetry's `^`, `~`, `*` and `\|\|` |
    /// | RubyGems, CocoaPods | `Gem::Requirement` |
    /// | Packagist | Composer, "Versions and constraints" |
    /// | Go | a minimum (Go modules reference, "Minimal version selection") |
    /// | NuGet | NuGet reference, "Version ranges"; a lone version is a minimum |
    /// | Maven | POM reference, "Dependency Version Requirement Specification"; a lone version is a recommendation that admits all |
    /// | Pub | Dart, "Version constraints" |
    /// | Hex | Elixir's `Version`, "Requirements" |
    ///
    /// A pre-release satisfies a requirement of Cargo, npm or PyPI only if the requirement names one itself,
    /// as their resolvers have it.
    pub fn satisfies(self, requirement: &str, version: &str) -> Option<bool> {
        let (requirement, version) = (requirement.trim(), version.trim());
        if requirement.len() > REQUIREMENT_BYTES_MAX || !self.version_order()?.admits(version) {
            return None;
        }
        match self {
            Self::CratesIo => cargo::cargo(requirement, version),
            Self::Npm => node::npm(requirement, version),
            Self::PyPI => python::satisfies(requirement, version),
            Self::RubyGems | Self::CocoaPods => ruby::satisfies(requirement, version),
            Self::Packagist => composer::satisfies(requirement, version),
            Self::Go => Some(VersionOrder::Go.compare(version, requirement).ok()?.is_ge()),
            Self::NuGet => interval::nuget(requirement, version),
            Self::Maven => interval::maven(requirement, version),
            Self::Pub => pubspec::satisfies(requirement, version),
            Self::Hex => hex::satisfies(requirement, version),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
