//! Findings of an index on a Cargo.lock, one `id package version` a line: `cargo_lock INDEX Cargo.lock…`.
//!
//! The whole of what `bench/cargo_audit.py` holds against cargo-audit: index, ranges and grouping. Reading
//! lockfiles is left to the `toml` crate, so that a difference has one possible cause less.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program for developers")]

use std::path::Path;

use selvedge_advisories::{Index, Query};
use selvedge_package::Ecosystem;

/// Sources that are the public registry.
const REGISTRY: [&str; 2] =
    ["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let index = Index::open(Path::new(&arguments.next().unwrap())).unwrap();
    for path in arguments {
        let lock: toml::Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let packages = lock.get("package").and_then(toml::Value::as_array);
        for package in packages.into_iter().flatten() {
            let text = |name: &str| package.get(name).and_then(toml::Value::as_str).unwrap_or_default();
            if !REGISTRY.contains(&text("source")) {
                continue;
            }
            let (name, version) = (text("name"), text("version"));
            for found in index.affected(&Query::new(Ecosystem::CratesIo, name, version)).unwrap() {
                // Records that name one another as aliases are one problem; cargo-audit lists each.
                for record in found.records {
                    println!("{} {name} {version}", record.id);
                }
            }
        }
    }
}
