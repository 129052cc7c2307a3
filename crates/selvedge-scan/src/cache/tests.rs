//! What is remembered, for how long, and what is never trusted.

use std::fs;

use selvedge_model::{Diagnostic, DiagnosticKind};
use tempfile::TempDir;

use super::*;

/// A moment, in seconds since 1970.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The stamp of a file that was changed at this moment.
fn stamp(seconds: i128) -> Stamp {
    let time = seconds * 1_000_000_000;
    Stamp { size: 10, mtime_ns: time, ctime_ns: time, inode: (1, 2), mode: 0o100_644 }
}

fn outcome(message: &str) -> FileOutcome {
    let diagnostics = vec![Diagnostic::new(DiagnosticKind::LimitReached, message).at("a")];
    FileOutcome { diagnostics, ..FileOutcome::default() }
}

const COUNTS: Stats = Stats { files: 1, bytes: 10, binary: 0, skipped: 0, commits: 0 };

/// A folder for caches.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self, root: &str, digest: u8) -> Cache {
        let options = CacheOptions { folder: self.0.path().to_owned(), now: at(1000) };
        Cache::open(&options, Path::new(root), [digest; 32])
    }

    /// Remembers that `a`, changed at that second, is silent, and `b` is not.
    fn fill(&self, root: &str, digest: u8) {
        let cache = self.open(root, digest);
        cache.learn("a", &stamp(500), &COUNTS, &FileOutcome::default());
        cache.learn("b", &stamp(500), &COUNTS, &outcome("about b"));
        cache.save();
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> =
            fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[test]
fn what_was_learned_is_known_to_the_next_run() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    let cache = folder.open("/r", 1);
    assert_eq!(cache.known("a", &stamp(500)), Some((COUNTS, FileOutcome::default())));
    assert_eq!(cache.known("b", &stamp(500)), Some((COUNTS, outcome("about b"))));
    assert_eq!(cache.known("c", &stamp(500)), None);
}

#[test]
fn any_difference_in_the_stamp_counts() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    let cache = folder.open("/r", 1);
    let same = stamp(500);
    let others = [
        Stamp { size: 11, ..same },
        Stamp { mtime_ns: same.mtime_ns + 1, ..same },
        Stamp { ctime_ns: same.ctime_ns - 1, ..same },
        Stamp { inode: (1, 3), ..same },
        Stamp { inode: (2, 2), ..same },
        Stamp { mode: 0o100_755, ..same },
    ];
    for other in others {
        assert_eq!(cache.known("a", &other), None, "{other:?}");
    }
    assert!(cache.known("a", &same).is_some());
}

#[test]
fn other_projects_and_other_rules_have_files_of_their_own() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    assert_eq!(folder.open("/r", 2).known("a", &stamp(500)), None);
    assert_eq!(folder.open("/s", 1).known("a", &stamp(500)), None);
    folder.fill("/s", 1);
    assert_eq!(folder.files().len(), 2);
    // One under the name of the other is about something else.
    let (r, s) = (folder.open("/r", 1).file, folder.open("/s", 1).file);
    fs::copy(s, r).unwrap();
    assert_eq!(folder.open("/r", 1).known("a", &stamp(500)), None);
}

#[test]
fn files_changed_about_now_or_not_wholly_seen_are_not_remembered() {
    let folder = Folder::new();
    let cache = folder.open("/r", 1);
    for (path, seconds) in [("settled", 997), ("racy", 999), ("now", 1000), ("in the future", 2000)] {
        cache.learn(path, &stamp(seconds), &COUNTS, &FileOutcome::default());
    }
    let skipped = Stats { skipped: 1, ..COUNTS };
    cache.learn("skipped", &stamp(500), &skipped, &FileOutcome::default());
    cache.save();
    let cache = folder.open("/r", 1);
    assert!(cache.known("settled", &stamp(997)).is_some());
    for (path, seconds) in [("racy", 999), ("now", 1000), ("in the future", 2000), ("skipped", 500)] {
        assert_eq!(cache.known(path, &stamp(seconds)), None, "{path}");
    }
}

#[test]
fn what_is_not_met_again_is_forgotten() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    let cache = folder.open("/r", 1);
    cache.known("a", &stamp(500));
    cache.save();
    let cache = folder.open("/r", 1);
    assert!(cache.known("a", &stamp(500)).is_some());
    assert_eq!(cache.known("b", &stamp(500)), None);
}

#[test]
fn nothing_is_written_if_nothing_changed() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    let cache = folder.open("/r", 1);
    let (a, b) = (cache.known("a", &stamp(500)), cache.known("b", &stamp(500)));
    assert!(a.is_some() && b.is_some());
    let file = cache.file.clone();
    fs::remove_file(&file).unwrap();
    cache.save();
    assert!(!file.exists());
}

#[test]
fn every_single_damage_is_noticed() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    let file = folder.open("/r", 1).file;
    let good = fs::read(&file).unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fs::write(&file, &bytes).unwrap();
        assert!(folder.open("/r", 1).before.is_empty(), "byte {at}");
        fs::write(&file, &good[..at]).unwrap();
        assert!(folder.open("/r", 1).before.is_empty(), "cut at {at}");
    }
    fs::write(&file, &good).unwrap();
    assert_eq!(folder.open("/r", 1).before.len(), 2);
}

#[test]
fn an_older_form_is_ignored() {
    let folder = Folder::new();
    let file = folder.open("/r", 1).file;
    let stored = Stored { format: FORMAT - 1, digest: [1; 32], root: "/r".to_owned(), entries: Vec::new() };
    let body = postcard::to_stdvec(&stored).unwrap();
    write(&file, &body, at(1000)).unwrap();
    assert_eq!(load(&file, &[1; 32], "/r").map(|entries| entries.len()), None);
    let body = postcard::to_stdvec(&Stored { format: FORMAT, ..stored }).unwrap();
    write(&file, &body, at(1000)).unwrap();
    assert_eq!(load(&file, &[1; 32], "/r").map(|entries| entries.len()), Some(0));
}

#[test]
fn caches_that_nobody_used_for_long_are_removed_and_other_files_are_not() {
    let folder = Folder::new();
    folder.fill("/r", 1);
    folder.fill("/s", 1);
    let other = folder.0.path().join("notes.txt");
    fs::write(&other, "not ours").unwrap();
    let old = folder.open("/r", 1).file;
    let set = |file: &Path, seconds: u64| {
        fs::File::options().write(true).open(file).unwrap().set_modified(at(seconds)).unwrap();
    };
    set(&old, 1000);
    set(&other, 1000);
    set(&folder.open("/s", 1).file, 2000);
    prune(folder.0.path(), at(1000) + AGE_MAX).unwrap();
    assert!(old.exists(), "not yet");
    prune(folder.0.path(), at(1001) + AGE_MAX).unwrap();
    assert!(!old.exists() && other.exists() && folder.open("/s", 1).file.exists());
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let inside = folder.0.path().join("one/two");
    let options = CacheOptions { folder: inside.clone(), now: at(1000) };
    Cache::open(&options, Path::new("/r"), [1; 32]).save();
    assert_eq!(fs::metadata(inside).unwrap().permissions().mode() & 0o777, 0o700);
}
