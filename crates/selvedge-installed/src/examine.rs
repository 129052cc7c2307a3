//! Single files that say on their own what they are made of: archives of Java and Python, binaries.
//!
//! They are read while a tree is streamed past and then forgotten: only what was learnt is kept.

use std::io::{self, Read};

use object::ReadCache;
use selvedge_model::{Diagnostic, DiagnosticKind};
use selvedge_package::{Component, Manifest};

use crate::inventory::Inventory;
use crate::limit::Limit;
use crate::root::{ReadError, Root, file_name};
use crate::{binary, jar};

/// Size of an archive; it is read into memory.
const ARCHIVE_BYTES_MAX: Limit = Limit::new("ARCHIVE_BYTES_MAX", 512 << 20);
/// Size of a binary; it is read into memory.
const BINARY_BYTES_MAX: Limit = Limit::new("BINARY_BYTES_MAX", 512 << 20);

/// Endings of files that are no binaries, whatever their first bytes: not worth opening.
const NO_BINARIES: &[&str] = &[
    "a", "bz2", "c", "class", "conf", "cpp", "css", "csv", "db", "deb", "gif", "go", "gz", "h", "hpp",
    "html", "ico", "java", "jpg", "js", "json", "ko", "la", "list", "lock", "log", "map", "md", "md5sums",
    "mjs", "mo", "o", "pc", "pem", "pl", "pm", "png", "po", "py", "pyc", "pyi", "rb", "rs", "rst", "sh",
    "svg", "tar", "toml", "ts", "ttf", "txt", "woff", "woff2", "xml", "xz", "yaml", "yml", "zip", "zst",
];

/// Folders of a distribution without binaries, but with thousands of files.
const NO_BINARY_FOLDERS: &[&str] = &[
    "usr/include/",
    "usr/share/doc/",
    "usr/share/icons/",
    "usr/share/locale/",
    "usr/share/man/",
    "usr/share/zoneinfo/",
    "var/cache/",
    "var/lib/dpkg/",
    "var/log/",
];

/// What was learnt of one file.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Examined {
    pub(crate) format: &'static str,
    /// Components; `found_in` is the path inside the archive.
    pub(crate) components: Vec<Component>,
    pub(crate) has_graph: bool,
    /// Diagnostics; `path` is the path inside the archive, or nothing.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Examined {
    pub(crate) fn new(format: &'static str) -> Self {
        Self { format, ..Self::default() }
    }

    pub(crate) fn report(&mut self, kind: DiagnosticKind, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(kind, message));
    }

    /// Bytes of memory that it takes, roughly.
    pub(crate) fn weight(&self) -> u64 {
        (self.components.len() * 512 + self.diagnostics.len() * 256) as u64
    }

    fn too_large(format: &'static str, limit: Limit) -> Self {
        let mut it = Self::new(format);
        it.report(DiagnosticKind::TooLarge, format!("larger than {limit}: not looked at"));
        it
    }
}

/// Whether the file at `path` may be one.
pub(crate) fn wants(path: &str) -> bool {
    jar::is_archive(path) || may_be_binary(path)
}

fn may_be_binary(path: &str) -> bool {
    if NO_BINARY_FOLDERS.iter().any(|folder| path.starts_with(folder)) {
        return false;
    }
    match file_name(path).rsplit_once('.') {
        Some((_, extension)) => {
            let extension = extension.to_ascii_lowercase();
            NO_BINARIES.binary_search(&extension.as_str()).is_err()
        }
        None => true,
    }
}

/// What the beginning and the name of a file say that it is.
enum Kind {
    Archive,
    Binary,
}

fn kind(path: &str, head: &[u8]) -> Option<Kind> {
    if jar::is_archive(path) {
        return (head.starts_with(b"PK") || jar::is_surely_archive(path)).then_some(Kind::Archive);
    }
    binary::is_binary(head).then_some(Kind::Binary)
}

fn head(content: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(4);
    content.take(4).read_to_end(&mut head)?;
    Ok(head)
}

/// Reads a file that streams past; `None` if it is nothing of ours. Errors are those of the reader.
pub(crate) fn examine(path: &str, size: u64, content: &mut dyn Read) -> io::Result<Option<Examined>> {
    let head = head(content)?;
    Ok(match kind(path, &head) {
        Some(Kind::Archive) if ARCHIVE_BYTES_MAX.is_exceeded_by(size) => {
            Some(Examined::too_large(jar::FORMAT, ARCHIVE_BYTES_MAX))
        }
        Some(Kind::Archive) => Some(jar::examine(path, &whole(head, size, content, ARCHIVE_BYTES_MAX)?)),
        Some(Kind::Binary) if BINARY_BYTES_MAX.is_exceeded_by(size) => {
            Some(Examined::too_large(binary::FORMAT, BINARY_BYTES_MAX))
        }
        Some(Kind::Binary) => binary::examine(&whole(head, size, content, BINARY_BYTES_MAX)?[..]),
        None => None,
    })
}

/// Reads a file of a tree, of binaries only the parts that matter.
fn examine_in(root: &dyn Root, path: &str) -> Result<Option<Examined>, ReadError> {
    let mut opened = root.open(path)?;
    let head = head(&mut opened.reader)?;
    if let Some(Kind::Binary) = kind(path, &head) {
        return Ok(binary::examine(&ReadCache::new(opened.reader)));
    }
    Ok(examine(path, opened.size, &mut head.chain(opened.reader))?)
}

fn whole(mut head: Vec<u8>, size: u64, content: &mut dyn Read, limit: Limit) -> io::Result<Vec<u8>> {
    head.reserve_exact(usize::try_from(size).unwrap_or(0).saturating_sub(head.len()));
    content.take(limit.value).read_to_end(&mut head)?;
    Ok(head)
}

/// Reads every such file of the tree.
pub(crate) fn read(root: &dyn Root, out: &mut Inventory) {
    for path in root.paths().iter().filter(|path| wants(path)) {
        if let Some(examined) = root.examined(path) {
            add(root, path, examined, out);
            continue;
        }
        match examine_in(root, path) {
            Ok(Some(examined)) => add(root, path, &examined, out),
            Ok(None) => {}
            Err(error) => out.diagnostics.push(error.diagnostic(path)),
        }
    }
}

fn add(root: &dyn Root, path: &str, examined: &Examined, out: &mut Inventory) {
    let inside = |inner: &str| format!("{path}!/{inner}");
    out.diagnostics.extend(examined.diagnostics.iter().cloned().map(|mut diagnostic| {
        diagnostic.path = Some(diagnostic.path.map_or_else(|| path.to_owned(), |inner| inside(&inner)));
        diagnostic
    }));
    if examined.components.is_empty() {
        return;
    }
    let layer = root.layer(path).map(str::to_owned);
    let components = examined.components.iter().cloned().map(|mut component| {
        component.found_in = component.found_in.map(|inner| inside(&inner));
        component.layer.clone_from(&layer);
        component
    });
    out.manifests.push(Manifest {
        path: path.to_owned(),
        format: examined.format,
        components: components.collect(),
        has_graph: examined.has_graph,
        is_locked: true,
        absorbed: Vec::new(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_sorted_for_the_search() {
        assert!(NO_BINARIES.is_sorted());
        assert!(
            may_be_binary("usr/bin/tool") && may_be_binary("usr/lib/libx.so.1") && may_be_binary("a.exe")
        );
        assert!(!may_be_binary("a/b.PY") && !may_be_binary("x.md5sums"));
    }
}
