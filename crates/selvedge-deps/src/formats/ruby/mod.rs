//! Package files of Ruby: Bundler's lockfile, the Gemfile beside it, and gem specifications.

mod gemfile;
mod gemspec;
mod lockfile;
mod statements;

use selvedge_package::Scope;

use crate::Format;

/// The formats of this folder, lockfiles first: they take the Gemfile in.
pub(crate) const FORMATS: &[Format] = &[lockfile::FORMAT, gemfile::FORMAT, gemspec::FORMAT];

/// A gem that a Gemfile or specification names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    name: String,
    /// `~> 1.0, >= 1.0.2`.
    requirement: Option<String>,
    scope: Scope,
    /// Address of the git repository, where it comes from one.
    git: Option<String>,
    /// Folder, where it comes from one.
    path: Option<String>,
    /// Bytes of the statement that names it.
    range: std::ops::Range<usize>,
}
