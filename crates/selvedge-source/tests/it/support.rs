//! A visitor that remembers everything, and repositories made with the git program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use selvedge_model::{Diagnostic, DiagnosticKind, Stats};
use selvedge_source::{File, Origin, Stamp, Visitor};
use tempfile::TempDir;

/// One visit, owned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) origin: Origin,
    pub(crate) changed: Option<Vec<(u32, u32)>>,
}

/// Remembers everything it is told.
#[derive(Default)]
pub(crate) struct Collector {
    seen: Mutex<Vec<Seen>>,
    finished: Mutex<Vec<(String, Stats)>>,
    diagnostics: Mutex<Vec<Diagnostic>>,
    /// Paths for which it claims to know everything.
    pub(crate) known: Vec<(String, Stats)>,
}

impl Visitor for Collector {
    fn known(&self, path: &str, _stamp: &Stamp) -> Option<Stats> {
        self.known.iter().find(|(known, _)| known == path).map(|(_, stats)| *stats)
    }

    fn visit(&self, file: &File<'_>) {
        let changed =
            file.changed.map(|ranges| ranges.iter().map(|range| (range.start, range.end)).collect());
        self.seen.lock().unwrap().push(Seen {
            path: file.path.to_owned(),
            bytes: file.bytes.to_vec(),
            origin: file.origin,
            changed,
        });
    }

    fn finish(&self, path: &str, _stamp: &Stamp, counts: &Stats) {
        self.finished.lock().unwrap().push((path.to_owned(), *counts));
    }

    fn diagnose(&self, diagnostic: Diagnostic) {
        self.diagnostics.lock().unwrap().push(diagnostic);
    }
}

impl Collector {
    /// Everything that was visited, sorted.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let mut seen = self.seen.lock().unwrap().clone();
        seen.sort();
        seen
    }

    /// The paths that were visited, sorted.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    /// Path and text of everything that was visited, sorted.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        self.seen()
            .into_iter()
            .map(|seen| (seen.path, String::from_utf8_lossy(&seen.bytes).into_owned()))
            .collect()
    }

    /// What was finished, sorted.
    pub(crate) fn finished(&self) -> Vec<(String, Stats)> {
        let mut finished = self.finished.lock().unwrap().clone();
        finished.sort_by(|left, right| left.0.cmp(&right.0));
        finished
    }

    /// Kind and path of every diagnostic, sorted.
    pub(crate) fn problems(&self) -> Vec<(DiagnosticKind, String)> {
        let mut problems: Vec<_> = self
            .diagnostics()
            .into_iter()
            .map(|diagnostic| (diagnostic.kind, diagnostic.path.unwrap_or_default()))
            .collect();
        problems.sort();
        problems
    }

    /// Every diagnostic, sorted.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.lock().unwrap().clone();
        diagnostics.sort();
        diagnostics
    }
}

/// A directory that is deleted when dropped.
pub(crate) struct Fixture {
    directory: TempDir,
}

impl Fixture {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// An empty git repository.
    pub(crate) fn repository() -> Self {
        let fixture = Self::new();
        fixture.git(&["init", "--quiet", "--initial-branch=main"]);
        fixture
    }

    /// The directory.
    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    /// A path in the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Runs git in the directory, cut off from the configuration of the machine.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.git_command(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Runs git with something to read.
    pub(crate) fn git_with_input(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = self.git_command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Runs git and lets it fail.
    pub(crate) fn git_may_fail(&self, arguments: &[&str]) {
        self.git_command(arguments).output().unwrap();
    }

    /// Stages everything and commits it at a fixed time.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn git_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(self.root())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_AUTHOR_DATE", "2020-05-17T10:20:30+02:00")
            .env("GIT_COMMITTER_NAME", "Bob")
            .env("GIT_COMMITTER_EMAIL", "bob@example.org")
            .env("GIT_COMMITTER_DATE", "2020-05-17T10:20:30+02:00")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_WORK_TREE");
        command
    }
}
