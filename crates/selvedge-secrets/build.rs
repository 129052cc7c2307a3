//! Reads the built-in rule files once, so that the program starts without parsing TOML.

use std::path::{Path, PathBuf};

#[path = "src/builtin/entry.rs"]
mod entry;

/// One rule file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    rules: Vec<entry::Entry>,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/secrets");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed=src/builtin/entry.rs");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", root.display()))
        .map(|entry| entry.expect("an entry of the rule folder").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    let mut rules = Vec::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = std::fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
        let pack: PackFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        rules.extend(pack.rules);
    }
    let packed = postcard::to_allocvec(&rules).expect("plain data serialises");
    let output = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo")).join("builtin.postcard");
    std::fs::write(&output, packed)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", output.display()));
}
