//! Lists the built-in rule files by language, so that a run reads the rules of the languages it meets only.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The files of a folder, sorted by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry of the rule folder").path())
        .collect();
    paths.sort();
    paths
}

/// The values of every `key: value` line at the depth of a rule.
fn values<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.lines().filter_map(move |line| line.trim_start().trim_start_matches("- ").strip_prefix(key))
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/code");
    let mut table = String::from("&[\n");
    for folder in entries(&root).into_iter().filter(|path| path.is_dir()) {
        let mut languages = BTreeSet::new();
        let mut ids = Vec::new();
        let mut files = String::new();
        let mut examples = String::new();
        for file in entries(&folder) {
            println!("cargo::rerun-if-changed={}", file.display());
            let below = file.strip_prefix(&root).expect("an entry of the folder");
            let name = below.to_string_lossy().replace('\\', "/");
            let is_rule =
                name.ends_with(".yaml") && !name.ends_with(".test.yaml") && !name.contains(".fixed.");
            let into = if is_rule { &mut files } else { &mut examples };
            writeln!(into, "        ({name:?}, include_str!({:?})),", file.display().to_string())
                .expect("writing to a string");
            if !is_rule {
                continue;
            }
            let text = std::fs::read_to_string(&file)
                .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
            for list in values(&text, "languages: [") {
                languages.extend(list.trim_end_matches(']').split(',').map(|it| it.trim().to_owned()));
            }
            ids.extend(values(&text, "id: ").map(str::to_owned));
        }
        writeln!(
            table,
            "    BuiltinPack {{\n        languages: &{:?},\n        ids: &{ids:?},\n        files: &[\n{files}        ],\n        examples: &[\n{examples}        ],\n    }},",
            languages.iter().collect::<Vec<_>>(),
        )
        .expect("writing to a string");
    }
    table.push(']');
    let output = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo")).join("builtin.rs");
    std::fs::write(&output, table)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", output.display()));
}
