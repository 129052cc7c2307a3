//! A throw-away project to run the program in, with the environment scrubbed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with files, outside any repository.
pub(crate) struct Project {
    folder: TempDir,
    cache: TempDir,
}

/// What a run printed and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), cache: TempDir::new().unwrap() }
    }

    /// A git repository with an identity and no commit.
    pub(crate) fn git() -> Self {
        let project = Self::new();
        project.run_git(&["init", "-q", "-b", "main"]);
        project
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn cache(&self) -> &Path {
        self.cache.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn run_git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_DATE", "2024-02-03T04:05:06Z")
            .env("GIT_COMMITTER_DATE", "2024-02-03T04:05:06Z")
            .output()
            .expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) -> &Self {
        self.run_git(&["add", "-A"]);
        self.run_git(&["commit", "-q", "-m", message]);
        self
    }

    /// The program with these arguments, to be run in the project.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge"));
        command.args(arguments).current_dir(self.root()).env_clear();
        for kept in ["PATH", "SystemRoot", "TMPDIR"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("HOME", self.cache.path()).env("SELVEDGE_CACHE_DIR", self.cache.path());
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().expect("the program runs"))
    }

    /// Runs `check --format json` with further arguments and parses what it prints.
    pub(crate) fn check(&self, arguments: &[&str]) -> serde_json::Value {
        let ran = self.run(&[&["check", "--format", "json"], arguments].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", ran.out, ran.err))
    }

    /// The findings of [`Project::check`] as `rule path:line`.
    pub(crate) fn findings(&self, arguments: &[&str]) -> Vec<String> {
        summary(&self.check(arguments)["findings"])
    }
}

/// Findings as `rule path:line`.
pub(crate) fn summary(findings: &serde_json::Value) -> Vec<String> {
    let one = |finding: &serde_json::Value| {
        let location = &finding["subject"]["location"];
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("?").to_owned();
        format!("{} {}:{}", text(&finding["rule"]), text(&location["path"]), location["start"]["line"])
    };
    findings.as_array().expect("a list of findings").iter().map(one).collect()
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts the exit code, showing everything printed if it is another one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// A GitHub token whose checksum is right, made at run time so that no token stands in the repository.
pub(crate) fn github_token(seed: u64) -> String {
    selvedge_secrets::example::expand("<<github-crc32:ghp_>>", seed).expect("a template of ours")
}
