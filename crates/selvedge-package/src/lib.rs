//! The vocabulary of packages that everything about dependencies shares: ecosystems and how they spell and
//! order things, components as lockfiles and package databases name them, and the graph between them.
//!
//! Plain types; no I/O. Start reading at [`Component`], then [`Manifest`], which is what one package file
//! says, and [`Ecosystem`], which knows how its names are spelt ([`Ecosystem::normalize`]), its versions ordered
//! ([`VersionOrder`]) and its requirements met ([`Ecosystem::satisfies`]). [`Purl`] is a package's address in
//! SBOMs, [`Cvss`] the severity of a flaw in it.

mod component;
mod cvss;
mod ecosystem;
mod graph;
mod name;
mod purl;
mod requirement;
mod version;

pub use component::{Component, Declared, Hash, HashAlgorithm, Manifest, Origin, Relation, Scope, Span};
pub use cvss::{CVSS_BYTES_MAX, Cvss, CvssError, CvssVersion, Rating, Score};
pub use ecosystem::Ecosystem;
pub use purl::{PURL_BYTES_MAX, Purl, PurlError, PurlParts};
pub use requirement::REQUIREMENT_BYTES_MAX;
pub use version::{EventVersion, UnknownVersion, VERSION_BYTES_MAX, Version, VersionOrder};
