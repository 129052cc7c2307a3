//! A root folder on disk, opened as a capability: the operating system itself refuses to leave it.

use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use selvedge_model::{Diagnostic, DiagnosticKind};

use crate::limit::Limit;
use crate::root::{OpenError, Opened, ReadError, Root};
use crate::{links, readers};

/// Files and folders looked at in one tree.
const ENTRIES_MAX: Limit = Limit::new("ENTRIES_MAX", 5_000_000);

/// Depth of folders below the root.
const DEPTH_MAX: Limit = Limit::new("DEPTH_MAX", 128);

/// Folders at the top of a root that hold no installed files but the kernel's view of the machine.
const VIRTUAL: &[&str] = &["proc", "sys", "dev"];

/// A root folder on disk.
///
/// Every file is opened relative to the folder, with resolution that the operating system keeps beneath
/// it (`openat2` with `RESOLVE_BENEATH` on Linux), so that neither a link nor a rename while reading leads
/// outside.
pub struct Folder {
    dir: Dir,
    paths: Vec<String>,
    /// Those of the paths that are links, sorted.
    links: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Folder {
    /// Opens the folder and lists what some reader wants.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let dir = Dir::open_ambient_dir(path, ambient_authority())
            .map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
        let mut walk = Walk::default();
        walk.run(&dir);
        walk.paths.sort_unstable();
        walk.links.sort_unstable();
        walk.diagnostics.sort_unstable();
        Ok(Self { dir, paths: walk.paths, links: walk.links, diagnostics: walk.diagnostics })
    }

    fn target_of(&self, path: &str) -> Option<String> {
        let target = self.dir.read_link_contents(path).ok()?;
        Some(target.to_string_lossy().into_owned())
    }
}

impl Root for Folder {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, path: &str) -> Result<Opened<'_>, ReadError> {
        let listed = |paths: &[String]| paths.binary_search_by(|other| other.as_str().cmp(path)).is_ok();
        let file = if listed(&self.paths) && !listed(&self.links) {
            self.dir.open(path)?
        } else {
            // Links are resolved here: the operating system does not take absolute ones from our root.
            let resolved = links::resolve(path, |at| self.target_of(at))?;
            let metadata = self.dir.symlink_metadata(&resolved).map_err(absent)?;
            // Opening a pipe would wait for its other end.
            if !metadata.is_file() {
                return Err(ReadError::NotAFile);
            }
            self.dir.open(&resolved)?
        };
        Ok(Opened { size: file.metadata()?.len(), reader: Box::new(file) })
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

fn absent(error: std::io::Error) -> ReadError {
    if error.kind() == std::io::ErrorKind::NotFound { ReadError::Absent } else { ReadError::Io(error) }
}

/// The walk over a folder: links are listed and not followed.
#[derive(Default)]
struct Walk {
    paths: Vec<String>,
    links: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    entries: u64,
}

impl Walk {
    fn run(&mut self, root: &Dir) {
        let mut pending: Vec<(String, u64)> = vec![(String::new(), 0)];
        while let Some((folder, depth)) = pending.pop() {
            if DEPTH_MAX.is_exceeded_by(depth) {
                self.report(
                    DiagnosticKind::LimitReached,
                    &folder,
                    format!("folder is deeper than {DEPTH_MAX}"),
                );
                continue;
            }
            let listed = if folder.is_empty() { root.entries() } else { root.read_dir(&folder) };
            let entries = match listed {
                Ok(entries) => entries,
                Err(error) => {
                    self.report(
                        DiagnosticKind::Unreadable,
                        &folder,
                        format!("cannot list: {}", error.kind()),
                    );
                    continue;
                }
            };
            for entry in entries {
                let Ok(entry) = entry else {
                    self.report(DiagnosticKind::Unreadable, &folder, "cannot list all of it".to_owned());
                    break;
                };
                self.entries += 1;
                if ENTRIES_MAX.is_exceeded_by(self.entries) {
                    let message = format!("more files than {ENTRIES_MAX}; the rest was not looked at");
                    self.report(DiagnosticKind::LimitReached, &folder, message);
                    return;
                }
                if let Some(subfolder) = self.visit(&folder, &entry) {
                    pending.push((subfolder, depth + 1));
                }
            }
        }
    }

    /// Notes the entry if it is wanted; its path if it is a folder to walk.
    fn visit(&mut self, folder: &str, entry: &cap_std::fs::DirEntry) -> Option<String> {
        let name = entry.file_name();
        let kind = entry.file_type().ok()?;
        let Some(name) = name.to_str() else {
            // Such a name is none that a reader knows, but what lies below it may be.
            if kind.is_dir() {
                let message = "a folder whose name is not UTF-8 was not looked at".to_owned();
                self.report(DiagnosticKind::Unreadable, folder, message);
            }
            return None;
        };
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if kind.is_dir() {
            let skipped = name == ".git" || folder.is_empty() && VIRTUAL.contains(&name);
            return (!skipped).then_some(path);
        }
        if kind.is_symlink() && readers::is_metadata(&path) {
            self.links.push(path.clone());
            self.paths.push(path);
        } else if kind.is_file() && readers::wants(&path) {
            self.paths.push(path);
        }
        None
    }

    fn report(&mut self, kind: DiagnosticKind, path: &str, message: String) {
        let path = if path.is_empty() { "." } else { path };
        self.diagnostics.push(Diagnostic::new(kind, message).at(path));
    }
}
