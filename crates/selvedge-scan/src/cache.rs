//! What earlier runs learned, so that an unchanged file costs a `stat`.
//!
//! One file per project and set of engines in the user's cache directory: a header that names everything the
//! outcomes depend on, and one entry per file with its stamp. It is written whole and renamed into place, is
//! safe to delete at any time, and a damaged or foreign one is ignored. Outcomes hold redacted findings only.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use selvedge_model::Stats;
use selvedge_source::Stamp;
use serde::{Deserialize, Serialize};

use crate::outcome::FileOutcome;

/// Changes with the form of the cache file.
const FORMAT: u32 = 2;
/// A larger cache file is not written, and not read: the next run starts from nothing.
const SIZE_MAX: u64 = 256 * 1024 * 1024;
/// Cache files that no run has used for this long are removed.
const AGE_MAX: Duration = Duration::from_hours(60 * 24);

/// Where the cache lies, and when the run began.
#[derive(Debug, Clone)]
pub struct CacheOptions {
    /// Folder of the cache; created when needed.
    pub folder: PathBuf,
    /// When the run began: a file changed about then is not trusted to be unchanged later.
    pub now: SystemTime,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    /// Of program version, engines, rules, options and fingerprint key.
    digest: [u8; 32],
    /// The root, so that two projects never share a file by collision of its name.
    root: String,
    entries: Vec<(String, Entry)>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    stamp: StampForm,
    files: u64,
    bytes: u64,
    binary: u64,
    /// The outcome in JSON; empty for the many files that nothing is to be said about.
    outcome: Vec<u8>,
    /// What the file says to the project engine, by path.
    facts: Vec<(String, Vec<u8>)>,
}

/// Size, modification time, change time, device and inode, mode.
type StampForm = (u64, i128, i128, (u64, u64), u32);

fn form(stamp: &Stamp) -> StampForm {
    (stamp.size, stamp.mtime_ns, stamp.ctime_ns, stamp.inode, stamp.mode)
}

/// The cache of one run: what was known before, and what is known now.
pub(crate) struct Cache {
    file: PathBuf,
    now: SystemTime,
    digest: [u8; 32],
    root: String,
    before: HashMap<String, Entry>,
    after: Mutex<Vec<(String, Entry)>>,
    changed: std::sync::atomic::AtomicBool,
}

impl Cache {
    /// Opens the cache of `root` for outcomes that depend on `digest`.
    pub(crate) fn open(options: &CacheOptions, root: &Path, digest: [u8; 32]) -> Self {
        let root = root.to_string_lossy().into_owned();
        let name = blake3::Hasher::new().update(root.as_bytes()).update(&digest).finalize().to_hex();
        let file = options.folder.join(format!("check-{}.cache", &name[..32]));
        let before = load(&file, &digest, &root).unwrap_or_default();
        let changed = std::sync::atomic::AtomicBool::new(before.is_empty());
        Self { file, now: options.now, digest, root, before, after: Mutex::default(), changed }
    }

    /// What is known of an unchanged file, and its counts.
    pub(crate) fn known(&self, path: &str, stamp: &Stamp) -> Option<(Stats, FileOutcome)> {
        let entry = self.before.get(path).filter(|entry| entry.stamp == form(stamp))?;
        let mut outcome: FileOutcome = if entry.outcome.is_empty() {
            FileOutcome::default()
        } else {
            serde_json::from_slice(&entry.outcome).ok()?
        };
        outcome.facts.clone_from(&entry.facts);
        let stats =
            Stats { files: entry.files, bytes: entry.bytes, binary: entry.binary, skipped: 0, commits: 0 };
        self.keep(path, entry.clone());
        Some((stats, outcome))
    }

    /// Remembers what was learned about a file that was looked at wholly.
    pub(crate) fn learn(&self, path: &str, stamp: &Stamp, counts: &Stats, outcome: &FileOutcome) {
        use std::sync::atomic::Ordering;
        if counts.skipped > 0 || !stamp.is_settled(self.now) {
            return;
        }
        let facts = outcome.facts.clone();
        let outcome =
            if outcome.says_nothing() { Vec::new() } else { serde_json::to_vec(outcome).unwrap_or_default() };
        let entry = Entry {
            stamp: form(stamp),
            files: counts.files,
            bytes: counts.bytes,
            binary: counts.binary,
            outcome,
            facts,
        };
        self.changed.store(true, Ordering::Relaxed);
        self.keep(path, entry);
    }

    fn keep(&self, path: &str, entry: Entry) {
        let mut after = self.after.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        after.push((path.to_owned(), entry));
    }

    /// Writes what is known now, unless nothing changed. A cache that cannot be written is no loss but time.
    pub(crate) fn save(self) {
        use std::sync::atomic::Ordering;
        let mut entries = self.after.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !self.changed.load(Ordering::Relaxed) && entries.len() == self.before.len() {
            return;
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let stored = Stored { format: FORMAT, digest: self.digest, root: self.root, entries };
        let Ok(bytes) = postcard::to_stdvec(&stored) else { return };
        if bytes.len() as u64 <= SIZE_MAX {
            let _ = write(&self.file, &bytes, self.now);
        }
    }
}

/// Reads a cache file. `None` if it is absent, damaged, or about something else.
fn load(file: &Path, digest: &[u8; 32], root: &str) -> Option<HashMap<String, Entry>> {
    if file.metadata().ok()?.len() > SIZE_MAX {
        return None;
    }
    let bytes = std::fs::read(file).ok()?;
    let (body, checksum) = bytes.split_last_chunk::<32>()?;
    if blake3::hash(body).as_bytes() != checksum {
        return None;
    }
    let stored: Stored = postcard::from_bytes(body).ok()?;
    let ours = stored.format == FORMAT && stored.digest == *digest && stored.root == root;
    ours.then(|| stored.entries.into_iter().collect())
}

fn write(file: &Path, body: &[u8], now: SystemTime) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    create_private(folder)?;
    let mut temporary = tempfile::Builder::new().prefix("check-").suffix(".new").tempfile_in(folder)?;
    std::io::Write::write_all(&mut temporary, body)?;
    std::io::Write::write_all(&mut temporary, blake3::hash(body).as_bytes())?;
    temporary.persist(file)?;
    prune(folder, now)
}

/// Others on the machine need not know which files of a project hold findings.
#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Removes cache files that no run has used for long.
fn prune(folder: &Path, now: SystemTime) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_string_lossy().starts_with("check-");
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let old = age.and_then(|modified| now.duration_since(modified).ok()).is_some_and(|age| age > AGE_MAX);
        if ours && old {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
