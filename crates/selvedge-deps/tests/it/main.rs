//! The inventory as others see it: files in, manifests and diagnostics out.

mod containers;
mod corpora;
mod cpp;
mod dart;
mod dotnet;
mod elixir;
mod go;
mod haskell;
mod java;
mod javascript;
mod listing;
mod mutation;
mod mutated;
mod php;
mod python;
mod r;
mod ruby;
mod rust;
mod support;
mod swift;
