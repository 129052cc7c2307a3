//! Behaviour of the crate at its boundary: text in, uses and answers out.

mod answers;
mod config;
mod go;
mod hostile;
mod java;
mod javascript;
mod python;
mod rust;
mod symbols;
mod tree;

use selvedge_reach::{FileUses, ImportKind, extract};

/// The imports of a file as `line name`, types and class names in strings marked.
fn imports(path: &str, text: &str) -> Vec<String> {
    let uses = extract(path, text.as_bytes());
    uses.imports
        .iter()
        .map(|import| {
            let mark = match import.kind {
                ImportKind::Code => "",
                ImportKind::Types => " (types)",
                ImportKind::Named => " (named)",
            };
            format!("{} {}{mark}", import.line, import.name)
        })
        .collect()
}

/// Asserts the imports of a file.
#[track_caller]
fn check(path: &str, text: &str, expected: &[&str]) {
    assert_eq!(imports(path, text), expected);
}

/// The lines of a file that load by computed names.
fn dynamic(path: &str, text: &str) -> Vec<u32> {
    extract(path, text.as_bytes()).dynamic.iter().map(|dynamic| dynamic.line).collect()
}

/// The uses of a file, from a path and a text.
fn uses(path: &str, text: &str) -> (String, FileUses) {
    (path.to_owned(), extract(path, text.as_bytes()))
}
