//! Walking what is imported: folders, archives, compressed files, lists of records.
//!
//! Everything is read within bounds; what cannot be read is reported and the rest goes on. Symbolic links
//! are not followed: nothing outside what the user named is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use selvedge_model::{Diagnostic, DiagnosticKind};

/// Largest file that is read whole, after decompression. Debian's tracker has 70 MB.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// Largest line of a list of records.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// Lists of records are handed on in pieces of about this size.
const PIECE_BYTES: usize = 4 << 20;

/// Most entries of one archive; the archive of all of OSV has some 600,000.
const ARCHIVE_ENTRIES_MAX: usize = 5_000_000;

/// Deepest folder.
const FOLDER_DEPTH_MAX: usize = 64;

/// Most files of one folder tree.
const FILES_MAX: usize = 5_000_000;

/// Endings of files that can hold advisories.
const KNOWN: &[&str] = &["json", "jsonl", "ndjson", "yaml", "yml", "md", "csv"];

/// One file, or a piece of a list of records.
pub(crate) struct Item {
    /// Path below what is imported.
    pub(crate) path: String,
    /// Content, decompressed.
    pub(crate) bytes: Vec<u8>,
    /// Lines of the list before this piece.
    pub(crate) lines_before: u32,
}

/// What the walk met beside items.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Files that are no advisories by their ending.
    pub(crate) unknown: u64,
    /// What could not be read.
    pub(crate) problems: Vec<Diagnostic>,
}

/// Takes items as they come.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Item) -> io::Result<()>;

/// Reads a folder or a file.
pub(crate) fn read(path: &Path, sink: Sink<'_>) -> io::Result<Walked> {
    let mut walked = Walked::default();
    for (name, file) in files(path, &mut walked)? {
        match File::open(&file) {
            Ok(file) => expand(&name, file, &mut walked, sink)?,
            Err(error) => walked.report(DiagnosticKind::Unreadable, &name, &error.to_string()),
        }
    }
    Ok(walked)
}

/// BLAKE3 over names and contents: the same digest means the same import.
pub fn digest(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let is_folder = path.is_dir();
    for (name, file) in files(path, &mut Walked::default())? {
        // The name of a single file is the label of the import, and no part of its content.
        let name = if is_folder { name.as_str() } else { "" };
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        let mut content = blake3::Hasher::new();
        if let Ok(file) = File::open(&file) {
            content.update_reader(file)?;
        }
        hasher.update(content.finalize().as_bytes());
    }
    Ok(hasher.finalize())
}

impl Walked {
    fn report(&mut self, kind: DiagnosticKind, path: &str, message: &str) {
        self.problems.push(Diagnostic::new(kind, message).at(path));
    }
}

/// Every file with its name below `root`, sorted by name.
fn files(root: &Path, walked: &mut Walked) -> io::Result<Vec<(String, PathBuf)>> {
    if !std::fs::metadata(root)?.is_dir() {
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(vec![(name, root.to_path_buf())]);
    }
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), root.to_path_buf(), 0)];
    while let Some((prefix, folder, depth)) = pending.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                walked.report(DiagnosticKind::Unreadable, &prefix, &error.to_string());
                continue;
            }
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type()?;
            if name.starts_with('.') || kind.is_symlink() {
                continue;
            }
            let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if kind.is_file() && found.len() < FILES_MAX {
                found.push((path, entry.path()));
            } else if kind.is_dir() && depth < FOLDER_DEPTH_MAX {
                pending.push((path, entry.path(), depth + 1));
            } else {
                walked.report(DiagnosticKind::LimitReached, &path, "folder too deep or too large, not read");
            }
        }
    }
    found.sort();
    Ok(found)
}

fn extension(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name).rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Reads a file by what its ending says.
fn expand(name: &str, file: File, walked: &mut Walked, sink: Sink<'_>) -> io::Result<()> {
    if extension(name).eq_ignore_ascii_case("zip") {
        return archive(name, BufReader::new(file), walked, sink);
    }
    decoded(name, &mut BufReader::new(file), walked, sink)
}

/// Reads what may be compressed.
fn decoded(name: &str, from: &mut dyn BufRead, walked: &mut Walked, sink: Sink<'_>) -> io::Result<()> {
    let inner = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match extension(name).to_ascii_lowercase().as_str() {
        "gz" if is_known(inner) => {
            plain(inner, &mut BufReader::new(flate2::bufread::MultiGzDecoder::new(from)), walked, sink)
        }
        "zst" if is_known(inner) => {
            plain(inner, &mut BufReader::new(zstd::Decoder::with_buffer(from)?), walked, sink)
        }
        _ if is_known(name) => plain(name, from, walked, sink),
        _ => {
            walked.unknown += 1;
            Ok(())
        }
    }
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&extension(name).to_ascii_lowercase().as_str())
}

fn plain(name: &str, from: &mut dyn BufRead, walked: &mut Walked, sink: Sink<'_>) -> io::Result<()> {
    if matches!(extension(name).to_ascii_lowercase().as_str(), "jsonl" | "ndjson") {
        return pieces(name, from, walked, sink);
    }
    let mut bytes = Vec::new();
    match from.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes) {
        Ok(count) if count as u64 > FILE_BYTES_MAX => {
            walked.report(
                DiagnosticKind::TooLarge,
                name,
                &format!("larger than {FILE_BYTES_MAX} bytes, not read"),
            );
            Ok(())
        }
        Ok(_) => sink(Item { path: name.to_owned(), bytes, lines_before: 0 }),
        Err(error) => {
            walked.report(DiagnosticKind::Unreadable, name, &error.to_string());
            Ok(())
        }
    }
}

/// Hands a list of records on in pieces of whole lines.
fn pieces(name: &str, from: &mut dyn BufRead, walked: &mut Walked, sink: Sink<'_>) -> io::Result<()> {
    let (mut bytes, mut lines, mut lines_before) = (Vec::new(), 0, 0);
    loop {
        let before = bytes.len();
        let count = match (&mut *from).take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) {
            Ok(count) => count as u64,
            Err(error) => {
                // What was read of a damaged line is no record.
                bytes.truncate(before);
                walked.report(DiagnosticKind::Unreadable, name, &error.to_string());
                0
            }
        };
        if count >= LINE_BYTES_MAX {
            walked.report(
                DiagnosticKind::TooLarge,
                name,
                "a line is longer than any record, the rest is not read",
            );
            bytes.truncate(before);
        }
        lines += 1;
        let is_end = count == 0 || count >= LINE_BYTES_MAX;
        if !bytes.is_empty() && (is_end || bytes.len() >= PIECE_BYTES) {
            sink(Item { path: name.to_owned(), bytes: std::mem::take(&mut bytes), lines_before })?;
            lines_before = lines;
        }
        if is_end {
            return Ok(());
        }
    }
}

/// Reads the entries of a ZIP archive in their order. Archives in archives are not opened.
fn archive(name: &str, from: impl Read + Seek, walked: &mut Walked, sink: Sink<'_>) -> io::Result<()> {
    let mut archive = match zip::ZipArchive::new(from) {
        Ok(archive) => archive,
        Err(error) => {
            walked.report(DiagnosticKind::BadArchive, name, &error.to_string());
            return Ok(());
        }
    };
    if archive.len() > ARCHIVE_ENTRIES_MAX {
        let message = format!("{} entries, {ARCHIVE_ENTRIES_MAX} are read", archive.len());
        walked.report(DiagnosticKind::ArchiveLimit, name, &message);
    }
    for place in 0..archive.len().min(ARCHIVE_ENTRIES_MAX) {
        match archive.by_index(place) {
            Ok(entry) if entry.is_file() => {
                let Ok(inner) = entry.name().map(std::borrow::Cow::into_owned) else {
                    walked.report(
                        DiagnosticKind::BadArchive,
                        name,
                        &format!("entry {place}: a name that is no text"),
                    );
                    continue;
                };
                let path = format!("{name}/{inner}");
                decoded(&path, &mut BufReader::new(entry), walked, sink)?;
            }
            Ok(_) => {}
            Err(error) => walked.report(DiagnosticKind::BadArchive, name, &format!("entry {place}: {error}")),
        }
    }
    Ok(())
}
