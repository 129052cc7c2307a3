//! Tells which packages the code of a tree uses, so that a vulnerability in one that nothing uses can wait.
//!
//! The work has two halves. [`extract()`] reads one file and gives its [`FileUses`]: small, serialisable, made
//! to be cached. [`Uses`] joins those of a whole tree, and [`Reach`] answers for the components of one
//! [`Manifest`](selvedge_package::Manifest).
//!
//! # What the answers mean
//!
//! The question is whether code of the package *can run* because this tree runs. Nothing here executes or
//! resolves types; imports are read from the text. Priority may be lowered on two answers only, and neither
//! hides a finding:
//!
//! - [`Reachability::Reachable`]: code outside tests imports it, at the place given.
//! - [`Reachability::Through`]: a package that reaches it in the graph is imported, at the place given.
//! - [`Reachability::TestsOnly`]: only tests, benchmarks and examples import it or what leads to it.
//! - [`Reachability::NotImported`]: no code imports it, every way to it in the graph begins with a package that
//!   no code imports, and nothing in the tree suggests that it is loaded in another manner. Given for Rust, npm
//!   and known Java packages with a lockfile; never for Python, whose packages load others because they are
//!   there, nor for Go, whose module files have no graph.
//! - [`Reachability::Unknown`]: anything else. It never lowers. The reason is always given: a file loads modules
//!   by computed names; a string or a configuration file names the package; it is a tool, plugin, driver or
//!   type package, which are used without an import; the code of a submodule is missing; it is not known by which name it is imported; the file has
//!   no graph, so another package may use it; a bound was reached.
//!
//! # What is not seen
//!
//! Code that is generated at build time and not in the tree, `eval` of text from elsewhere, and files of other
//! repositories that share the lockfile. Modules that an import of one package loads from another *without*
//! the graph saying so are covered by tables of known optional parts only.
//!
//! Start reading at [`extract()`], then [`Reach`].

mod collector;
mod config;
mod extract;
mod language;
mod languages;
mod packages;
mod project;
mod reach;
mod symbols;
mod text;
mod uses;

pub use extract::{FILE_BYTES_MAX, extract, wants};
pub use language::{Language, is_test_path};
pub use packages::ImportNames;
pub use project::{Evidence, Uses};
pub use reach::{Reach, Reachability};
pub use symbols::{Symbol, SymbolReach};
pub use uses::{DynamicUse, FileUses, Import, ImportKind, Mention, NameUse, Rename};
