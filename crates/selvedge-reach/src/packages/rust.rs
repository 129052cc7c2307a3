//! Rust crates: the library is named like the package with underscores, with few exceptions.

use super::Names;

/// Parts of a crate's name that are combined into guesses.
const PARTS_MAX: usize = 6;

/// The library's name, and every run of the package's parts: `renderdag` of `sapling-renderdag`, `md5` of
/// `md-5`, `xml` of `xml-rs`. Libraries with an unexpected name are nearly always called so.
pub(super) fn names(package: &str) -> Names {
    let own = package.replace('-', "_");
    let lower = own.to_lowercase();
    let parts: Vec<&str> = lower.split('_').take(PARTS_MAX).collect();
    let mut maybe = Vec::new();
    for start in 0..parts.len() {
        for end in start + 1..=parts.len() {
            maybe.push(parts[start..end].join("_"));
            maybe.push(parts[start..end].concat());
        }
    }
    maybe.extend(lower.strip_prefix("lib").map(str::to_owned));
    maybe.push(format!("{lower}_rs"));
    Names { own: vec![own, lower], maybe, are_all: true }
}

/// Endings of crates that hold the macros of another one; what they write names that one.
pub(crate) const MACRO_ENDINGS: &[&str] = &[
    "_macros",
    "_macro",
    "_derive",
    "_derives",
    "_attributes",
    "_attr",
    "_impl",
    "_codegen",
    "_proc",
    "_build",
];

/// Crates that act by being linked.
pub(super) fn used_without_import(name: &str) -> Option<&'static str> {
    if super::fits(name, &["*-sys", "*_sys", "*-src", "*-static"]) {
        return Some("it links a native library, which needs no import");
    }
    super::fits(name, &["*-macros", "*-derive", "*_derive", "*-impl", "*-codegen"])
        .then_some("macros are used through the crate that passes them on")
}
