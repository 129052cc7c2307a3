//! The formats, one folder per ecosystem.

use crate::Format;

mod cpp;
mod dart;
mod docker;
mod dotnet;
mod elixir;
mod github_actions;
mod go;
mod haskell;
mod java;
mod javascript;
mod php;
mod python;
mod r;
mod ruby;
mod rust;
mod swift;

/// Every format.
pub(crate) fn all() -> impl Iterator<Item = &'static Format> {
    [
        cpp::FORMATS,
        dart::FORMATS,
        docker::FORMATS,
        dotnet::FORMATS,
        elixir::FORMATS,
        github_actions::FORMATS,
        go::FORMATS,
        haskell::FORMATS,
        java::FORMATS,
        javascript::FORMATS,
        php::FORMATS,
        python::FORMATS,
        r::FORMATS,
        ruby::FORMATS,
        rust::FORMATS,
        swift::FORMATS,
    ]
    .into_iter()
    .flatten()
}
