//! What a format is: which paths it reads, and how bytes become a manifest.

use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::Manifest;

/// The package files of one tree, so that a parser can look at those beside its own.
pub trait Files {
    /// Every path, sorted, relative to the root of the run and `/`-separated.
    fn paths(&self) -> Vec<&str>;

    /// The content of the file at `path`; `None` if there is none.
    fn get(&self, path: &str) -> Option<&[u8]>;

    /// The content of a file that is read for the sake of another one. [`inventory()`](crate::inventory())
    /// counts what is read so, over all files of a run, and gives `None` once it is too much.
    fn companion(&self, path: &str) -> Option<&[u8]> {
        self.get(path)
    }
}

impl Files for std::collections::BTreeMap<String, Vec<u8>> {
    fn paths(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }

    fn get(&self, path: &str) -> Option<&[u8]> {
        self.get(path).map(Vec::as_slice)
    }
}

/// One file to parse.
#[derive(Debug, Clone, Copy)]
pub struct PackageFile<'a> {
    /// Path relative to the root of the run, `/`-separated.
    pub path: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

impl<'a> PackageFile<'a> {
    /// A file at `path` with this content.
    pub fn new(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { path, bytes }
    }

    /// Path of the file `name` beside this one; `name` may hold `..`, and must not leave the root.
    pub fn sibling(&self, name: &str) -> Option<String> {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in name.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

/// What a parser has to say about one file.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The components; `None` if the file is none of ours after all.
    pub manifest: Option<Manifest>,
    /// What could not be read, with lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Only a manifest.
    pub fn manifest(manifest: Manifest) -> Self {
        Self { manifest: Some(manifest), diagnostics: Vec::new() }
    }

    /// Nothing could be read: says why, and at which 1-based line where that is known.
    pub fn failed(path: &str, line: Option<u32>, message: impl Into<String>) -> Self {
        let mut diagnostic = Diagnostic::new(DiagnosticKind::BadPackageFile, message).at(path);
        diagnostic.line = line;
        Self { manifest: None, diagnostics: vec![diagnostic] }
    }
}

/// One file format.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Identifier: `cargo-lock`.
    pub id: &'static str,
    /// Whether a file of this path is to be parsed as it.
    pub matches: fn(&str) -> bool,
    /// Parses the file; total.
    pub parse: fn(&PackageFile<'_>, &dyn Files) -> Parsed,
}
