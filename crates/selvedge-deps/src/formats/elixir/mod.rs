//! Package files of Elixir, Erlang and Gleam, which share the Hex registry.

mod gleam;
mod mix;
mod rebar;
mod terms;

use selvedge_package::Origin;

use crate::Format;

/// The formats of this folder.
pub(crate) const FORMATS: &[Format] =
    &[mix::FORMAT, mix::PROJECT, rebar::FORMAT, gleam::LOCK, gleam::MANIFEST];

/// A package of a repository on Hex; `hexpm` is the public one.
fn hex_repository(name: Option<&str>) -> Origin {
    match name {
        Some("hexpm") | None => Origin::Registry,
        Some(name) => Origin::OtherRegistry(name.to_owned()),
    }
}
