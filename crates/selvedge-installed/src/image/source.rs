//! Where the parts of an image lie: a folder, or a tar that is streamed once.
//!
//! A tar may hold its manifest after the layers, so every part that looks like a layer is read when it
//! comes past, on its own, and put in order later.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use selvedge_model::{Diagnostic, DiagnosticKind};

use super::layer::{self, Counted, Diff};
use super::limits::{Budget, IMAGE_FILES_MAX, IMAGE_JSON_BYTES_MAX, IMAGE_LAYERS_MAX, ImageLimits};
use super::tar_stream::{self, Kind};
use crate::links;

/// Depth of folders in an image folder: blobs lie in the third.
const FOLDER_DEPTH_MAX: u32 = 3;

/// The parts of an image, by the path in its folder or tar.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Manifests, indexes and configurations.
    pub(super) documents: BTreeMap<String, Vec<u8>>,
    /// Layers.
    pub(super) layers: BTreeMap<String, Diff>,
    /// Links between parts: older engines write a layer that two images share once.
    pub(super) links: BTreeMap<String, String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads every part of the image at `path`.
pub(super) fn read(path: &Path, limits: &ImageLimits) -> io::Result<Found> {
    let mut budget = Budget::new(*limits);
    let mut found = Found::default();
    if path.is_dir() {
        found.read_folder(&Dir::open_ambient_dir(path, ambient_authority())?, &mut budget)?;
    } else {
        found.read_tar(File::open(path)?, &mut budget);
    }
    found.diagnostics.sort_unstable();
    Ok(found)
}

/// What the beginning of a part says that it is.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Document,
    Layer,
    Other,
}

fn classify(head: &[u8]) -> Part {
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_compressed = head.starts_with(&[0x1f, 0x8b]) || head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    if is_compressed || head.get(257..262) == Some(b"ustar") {
        Part::Layer
    } else if head.len() >= 512 && head[..512].iter().all(|byte| *byte == 0) {
        // The end of a tar at its beginning: a layer without files.
        Part::Layer
    } else if matches!(first, Some(b'{' | b'[')) {
        Part::Document
    } else {
        Part::Other
    }
}

impl Found {
    /// Reads parts from a tar, compressed or not.
    pub(super) fn read_tar(&mut self, reader: impl Read, budget: &mut Budget) {
        let mut files = 0;
        let result = layer::decompressed(reader).and_then(|reader| {
            let counted = Counted::new(reader, budget.limits.bytes_max);
            tar_stream::each(counted, |path, kind, size, content| {
                files += 1;
                if IMAGE_FILES_MAX.is_exceeded_by(files) {
                    return Ok(false);
                }
                let path = String::from_utf8_lossy(path);
                let path = path.trim_start_matches("./").to_owned();
                match kind {
                    Kind::File => self.part(path, size, content, budget)?,
                    Kind::SymbolicLink(target) => {
                        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                        self.links.insert(path.clone(), format!("{folder}/{target}"));
                    }
                    Kind::HardLink(target) => {
                        self.links.insert(path, target.trim_start_matches("./").to_owned());
                    }
                    Kind::Folder | Kind::Other => {}
                }
                Ok(true)
            })
        });
        self.check_files(files);
        if let Err(error) = result {
            let message = format!("the tar of the image cannot be read to its end: {error}");
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::BadArchive, message));
        }
    }

    fn check_files(&mut self, count: u64) {
        if IMAGE_FILES_MAX.is_exceeded_by(count) {
            let message = format!("more files than {IMAGE_FILES_MAX}: the rest was not looked at");
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::ArchiveLimit, message));
        }
    }

    fn read_folder(&mut self, dir: &Dir, budget: &mut Budget) -> io::Result<()> {
        let mut pending = vec![(String::new(), 0)];
        let mut files = Vec::new();
        while let Some((folder, depth)) = pending.pop() {
            let entries = if folder.is_empty() { dir.entries()? } else { dir.read_dir(&folder)? };
            for entry in entries {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let kind = entry.file_type()?;
                if kind.is_dir() && depth < FOLDER_DEPTH_MAX {
                    pending.push((path, depth + 1));
                } else if kind.is_file() {
                    files.push(path);
                }
            }
            if IMAGE_FILES_MAX.is_exceeded_by(files.len() as u64) {
                break;
            }
        }
        self.check_files(files.len() as u64);
        files.sort_unstable();
        for path in files.into_iter().take(IMAGE_FILES_MAX.as_usize()) {
            let read = dir.open(&path).and_then(|mut file| {
                let size = file.metadata()?.len();
                self.part(path.clone(), size, &mut file, budget)
            });
            if let Err(error) = read {
                self.report(&path, DiagnosticKind::Unreadable, format!("cannot be read: {}", error.kind()));
            }
        }
        Ok(())
    }

    fn part(
        &mut self,
        path: String,
        size: u64,
        content: &mut dyn Read,
        budget: &mut Budget,
    ) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 16, content);
        match classify(reader.fill_buf()?) {
            Part::Layer if IMAGE_LAYERS_MAX.is_exceeded_by(self.layers.len() as u64 + 1) => {
                self.report(
                    &path,
                    DiagnosticKind::ArchiveLimit,
                    format!("more layers than {IMAGE_LAYERS_MAX}"),
                );
            }
            Part::Layer => {
                let diff = layer::read(reader, &path, budget);
                self.layers.insert(path, diff);
            }
            Part::Document if IMAGE_JSON_BYTES_MAX.is_exceeded_by(size) => {
                self.report(&path, DiagnosticKind::TooLarge, format!("larger than {IMAGE_JSON_BYTES_MAX}"));
            }
            Part::Document if budget.keep(size) => {
                let mut bytes = Vec::new();
                reader.take(IMAGE_JSON_BYTES_MAX.value).read_to_end(&mut bytes)?;
                self.documents.insert(path, bytes);
            }
            Part::Document => {
                let message = format!("not read: over kept_bytes_max ({})", budget.limits.kept_bytes_max);
                self.report(&path, DiagnosticKind::ArchiveLimit, message);
            }
            Part::Other => {}
        }
        Ok(())
    }

    fn report(&mut self, path: &str, kind: DiagnosticKind, message: String) {
        self.diagnostics.push(Diagnostic::new(kind, message).at(path));
    }

    /// The path with links between parts resolved.
    pub(super) fn resolved(&self, path: &str) -> String {
        links::resolve(path, |at| self.links.get(at).map(|target| format!("/{target}")))
            .unwrap_or_else(|_| path.to_owned())
    }
}
