//! The inventory as others see it: files in, manifests and diagnostics out.

mod dotnet;
mod go;
mod javascript;
mod java;
mod listing;
mod php;
mod python;
mod ruby;
mod rust;
mod support;
