//! Rust crates: the library is named like the package with underscores, with few exceptions.

use super::Names;

/// Packages whose library has another name.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("actix-web-httpauth", &["actix_web_httpauth"]),
    ("google-cloud-storage", &["google_cloud_storage", "cloud_storage"]),
    ("inflector", &["inflector"]),
    ("jemallocator-global", &["jemallocator_global"]),
    ("lib-ruby-parser", &["lib_ruby_parser"]),
    ("md-5", &["md5"]),
    ("new_debug_unreachable", &["debug_unreachable"]),
    ("rust-crypto", &["crypto"]),
    ("rust-ini", &["ini"]),
    ("rust-s3", &["s3"]),
    ("sha-1", &["sha1"]),
    ("sha1_smol", &["sha1_smol", "sha1"]),
    ("tokio-core", &["tokio_core"]),
    ("xml-rs", &["xml"]),
    ("zip-rs", &["zip"]),
];

/// Names to look for. A package that gives its library an unexpected name tends to drop a decoration.
pub(super) fn names(package: &str) -> Names {
    let own = package.replace('-', "_");
    let lower = package.to_lowercase();
    let mut names = vec![own.clone(), own.to_lowercase()];
    if let Some((_, libraries)) = LIBRARIES.iter().find(|row| row.0 == lower) {
        names.extend(libraries.iter().map(|name| (*name).to_owned()));
    }
    for decoration in ["_rs", "_rust", "_lib", "_core", "_ng", "_fork", "_next"] {
        names.extend(own.strip_suffix(decoration).map(str::to_owned));
    }
    for decoration in ["rust_", "rs_", "lib"] {
        names.extend(own.strip_prefix(decoration).map(str::to_owned));
    }
    names.push(own.replace('_', ""));
    Names::all(names)
}

/// Crates that act by being linked.
pub(super) fn used_without_import(name: &str) -> Option<&'static str> {
    if super::fits(name, &["*-sys", "*_sys", "*-src", "*-static"]) {
        return Some("it links a native library, which needs no import");
    }
    super::fits(name, &["*-macros", "*-derive", "*_derive", "*-impl", "*-codegen"])
        .then_some("macros are used through the crate that passes them on")
}
