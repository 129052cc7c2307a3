//! The imports of source files and configurations: the first byte says which kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_reach::{ImportNames, Reach, Uses, extract};

const PATHS: &[&str] = &[
    "a.py", "a.ipynb", "a.ts", "a.vue", "a.mdx", "a.astro", "a.go", "a.rs", "A.java", "a.kt", "a.scala", "tool",
    "package.json", "pyproject.toml", "Cargo.toml", "go.mod", ".gitmodules", "a.yml", "pom.xml", "a.scss", "Makefile",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let path = PATHS[usize::from(*first) % PATHS.len()];
    let uses = extract(path, text);
    let lines = text.split(|byte| *byte == b'\n').count() as u32;
    assert!(uses.imports.iter().all(|import| (1..=lines).contains(&import.line) && !import.name.is_empty()));
    assert!(uses.names.iter().all(|name| (1..=lines).contains(&name.line) && usize::from(name.import) <= uses.imports.len()));
    assert!(uses.mentions.iter().all(|mention| (1..=lines).contains(&mention.line)));
    assert!(uses.names.is_sorted() && uses.mentions.is_sorted());
    let all = Uses::collect([(path.to_owned(), uses)]);
    let manifest = Default::default();
    Reach::new(&all, &manifest, &ImportNames::default());
});
