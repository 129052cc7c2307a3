//! The inventory as others see it: files in, manifests and diagnostics out.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::print_stdout, reason = "what was skipped or scored is said")]

mod containers;
mod corpora;
mod cpp;
mod damaged;
mod dart;
mod dotnet;
mod elixir;
mod go;
mod haskell;
mod java;
mod javascript;
mod listing;
mod php;
mod python;
mod r;
mod ruby;
mod rust;
mod samples;
mod support;
mod swift;
