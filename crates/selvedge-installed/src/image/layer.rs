//! One layer: what it adds, and what it takes away.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use selvedge_model::{Diagnostic, DiagnosticKind};

use super::limits::{Budget, ZSTD_WINDOW_LOG_MAX};
use super::overlay::Node;
use super::tar_stream::{self, Kind};
use crate::limit::Limit;
use crate::{examine, readers};

/// Problems of one layer.
const LAYER_DIAGNOSTICS_MAX: Limit = Limit::new("LAYER_DIAGNOSTICS_MAX", 1000);
/// Depth of folders in a layer.
const DEPTH_MAX: usize = 128;

/// What one layer says, independent of those below it.
#[derive(Debug, Default)]
pub(super) struct Diff {
    /// Wanted files and all symbolic links.
    pub(super) nodes: BTreeMap<String, Node>,
    /// Hard links to wanted paths and what they are links to.
    pub(super) hard_links: BTreeMap<String, String>,
    /// Paths that are taken away.
    pub(super) whiteouts: BTreeSet<String>,
    /// Folders of which nothing of the lower layers is left.
    pub(super) opaque: BTreeSet<String>,
    /// Folders and files that are not kept: they hide what lower layers have in their place.
    pub(super) folders: Hashes,
    /// See `folders`.
    pub(super) files: Hashes,
    /// What could not be read.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A set of paths by their hashes: an image has far more paths than are worth keeping.
#[derive(Debug, Default)]
pub(super) struct Hashes(HashSet<u64>);

impl Hashes {
    fn insert(&mut self, path: &str) {
        self.0.insert(hash(path));
    }

    pub(super) fn contains(&self, path: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&hash(path))
    }
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

/// Reads a layer, compressed or not. `label` names it in diagnostics.
pub(super) fn read(reader: impl Read, label: &str, budget: &mut Budget) -> Diff {
    let mut diff = Diff::default();
    let limit = budget.bytes_left();
    let result = decompressed(reader).and_then(|reader| {
        let mut counted = Counted::new(reader, limit);
        let result = tar_stream::each(&mut counted, |path, kind, size, content| {
            if !budget.entry() {
                let message = format!("more entries than entries_max allows ({})", budget.limits.entries_max);
                diff.report(DiagnosticKind::ArchiveLimit, label, message);
                return Ok(false);
            }
            diff.add(path, kind, size, content, budget)?;
            Ok(true)
        });
        budget.bytes += counted.count;
        result
    });
    if let Err(error) = result {
        let over = error.kind() == io::ErrorKind::QuotaExceeded;
        let kind = if over { DiagnosticKind::ArchiveLimit } else { DiagnosticKind::BadArchive };
        diff.report(kind, label, format!("layer cannot be read to its end: {error}"));
    }
    diff
}

/// The bytes behind gzip or zstd, told by their magic numbers.
pub(super) fn decompressed<'a>(reader: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let head = io::BufRead::fill_buf(&mut reader)?;
    if head.starts_with(&[0x1f, 0x8b]) {
        Ok(Box::new(MultiGzDecoder::new(reader)))
    } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let mut decoder = zstd::Decoder::with_buffer(reader)?;
        decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
        Ok(Box::new(decoder))
    } else {
        Ok(Box::new(reader))
    }
}

/// A reader that fails when more than its limit is read.
pub(super) struct Counted<R> {
    inner: R,
    count: u64,
    limit: u64,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Self { inner, count: 0, limit }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        if self.count > self.limit {
            let message = format!("more than bytes_max allows ({} bytes were left)", self.limit);
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, message));
        }
        Ok(count)
    }
}

impl Diff {
    fn report(&mut self, kind: DiagnosticKind, path: &str, message: String) {
        let count = self.diagnostics.len() as u64;
        if !LAYER_DIAGNOSTICS_MAX.is_exceeded_by(count + 1) {
            self.diagnostics.push(Diagnostic::new(kind, message).at(path));
        } else if count == LAYER_DIAGNOSTICS_MAX.value {
            let message = format!("more problems in one layer than {LAYER_DIAGNOSTICS_MAX} are not listed");
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message));
        }
    }

    fn add(
        &mut self,
        raw: &[u8],
        kind: &Kind,
        size: u64,
        content: &mut dyn Read,
        budget: &mut Budget,
    ) -> io::Result<()> {
        let Ok(raw) = std::str::from_utf8(raw) else {
            // No reader knows such a name; a folder of such a name may hide files from us.
            if *kind == Kind::Folder {
                let message = "a folder whose name is not UTF-8 was not looked at".to_owned();
                self.report(DiagnosticKind::Unreadable, &String::from_utf8_lossy(raw), message);
            }
            return Ok(());
        };
        let Some(path) = normalised(raw) else {
            self.report(
                DiagnosticKind::BadArchive,
                raw,
                "a path that leaves the image was refused".to_owned(),
            );
            return Ok(());
        };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        if name == ".wh..wh..opq" {
            self.opaque.insert(folder.to_owned());
        } else if let Some(hidden) = name.strip_prefix(".wh.") {
            // `.wh..wh.` begins names that storage drivers keep for themselves.
            if !hidden.starts_with(".wh.") && !matches!(hidden, "" | "." | "..") {
                let path = if folder.is_empty() { hidden.to_owned() } else { format!("{folder}/{hidden}") };
                self.whiteouts.insert(path);
            }
        } else {
            self.place(path, kind, size, content, budget)?;
        }
        Ok(())
    }

    fn place(
        &mut self,
        path: String,
        kind: &Kind,
        size: u64,
        content: &mut dyn Read,
        budget: &mut Budget,
    ) -> io::Result<()> {
        match kind {
            Kind::Folder => self.folders.insert(&path),
            Kind::Other => self.files.insert(&path),
            Kind::SymbolicLink(target) => {
                let fits = budget.keep(target.len() as u64 + overhead(&path));
                if fits {
                    self.nodes.insert(path, Node::Link(target.clone()));
                } else {
                    self.not_kept(&path, budget);
                }
            }
            Kind::HardLink(target) => match normalised(target) {
                Some(target) if readers::wants(&path) => {
                    self.hard_links.insert(path, target);
                }
                Some(_) => self.files.insert(&path),
                None => {
                    let message = "a hard link that leaves the image was refused".to_owned();
                    self.report(DiagnosticKind::BadArchive, &path, message);
                }
            },
            Kind::File => {
                self.files.insert(&path);
                if let Some(node) = self.file(&path, size, content, budget)? {
                    self.nodes.insert(path, node);
                }
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        path: &str,
        size: u64,
        content: &mut dyn Read,
        budget: &mut Budget,
    ) -> io::Result<Option<Node>> {
        if readers::is_metadata(path) {
            if size > budget.limits.file_bytes_max {
                let message = format!("larger than file_bytes_max allows ({})", budget.limits.file_bytes_max);
                self.report(DiagnosticKind::TooLarge, path, message);
                return Ok(None);
            }
            if !budget.keep(size + overhead(path)) {
                self.not_kept(path, budget);
                return Ok(None);
            }
            let mut bytes = Vec::with_capacity(size as usize);
            content.read_to_end(&mut bytes)?;
            return Ok(Some(Node::Kept(bytes.into())));
        }
        if !examine::wants(path) {
            return Ok(None);
        }
        let Some(examined) = examine::examine(path, size, content)? else { return Ok(None) };
        if !budget.keep(examined.weight() + overhead(path)) {
            self.not_kept(path, budget);
            return Ok(None);
        }
        Ok(Some(Node::Examined(Arc::new(examined))))
    }

    fn not_kept(&mut self, path: &str, budget: &Budget) {
        let message = format!(
            "not looked at: the files to keep take more than kept_bytes_max allows ({})",
            budget.limits.kept_bytes_max
        );
        self.report(DiagnosticKind::ArchiveLimit, path, message);
    }
}

/// Bytes of memory that a path takes beside its content, roughly.
fn overhead(path: &str) -> u64 {
    path.len() as u64 + 128
}

/// The path without `./`, `/` and empty parts; `None` if it climbs out of the image or is too deep.
fn normalised(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part if part.contains('\0') => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty() && parts.len() <= DEPTH_MAX || path.trim_matches(['.', '/']).is_empty())
        .then(|| parts.join("/"))
}
