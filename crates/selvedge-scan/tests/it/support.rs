//! Projects in temporary folders, rules that are cheap to compile, and runs over both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use selvedge_gate::PathGlobs;
use selvedge_model::{Finding, FingerprintKey};
use selvedge_scan::{
    CacheOptions, Engines, LookOptions, Looked, Progress, ScanError, SecretsEngine, Target, look,
};
use selvedge_secrets::example::expand;
use selvedge_secrets::{RuleSet, ScanOptions, Scanner, load_toml};
use selvedge_source::SourceOptions;
use tempfile::TempDir;

/// Two rules: a token on one line, and a block over several, of up to 1,800 characters.
pub(crate) const RULES: &str = r"
[[rules]]
id = 'acme-token'
description = 'ACME token'
regex = '''\b(acme_[0-9a-f]{24})\b'''
keywords = ['acme_']

[[rules]]
id = 'acme-block'
description = 'ACME block'
regex = '''(?s)BEGIN ACME\n(.{1,900}?.{0,900}?)\nEND ACME'''
keywords = ['begin acme']
";

/// The token with this number.
pub(crate) fn token(seed: u64) -> String {
    expand("acme_<<hex:24>>", seed).unwrap()
}

/// The engine with these rules and this key, doing what Gitleaks does.
pub(crate) fn engine_with(rules: &str, key: &[u8]) -> SecretsEngine {
    let (rules, diagnostics) = load_toml(rules, "test", &|_| Err("nothing to extend".to_owned()));
    assert_eq!(diagnostics, []);
    let scanner = Scanner::new(Arc::new(rules), ScanOptions::gitleaks());
    SecretsEngine::new(scanner, FingerprintKey::derive(key), b"gitleaks")
}

/// The engine with [`RULES`].
pub(crate) fn engine() -> SecretsEngine {
    engine_with(RULES, b"key")
}

/// The engine as users have it: built-in rules, proofs and judgement.
pub(crate) fn builtin_engine() -> SecretsEngine {
    let scanner = Scanner::new(Arc::new(RuleSet::builtin()), ScanOptions::default());
    SecretsEngine::new(scanner, FingerprintKey::builtin(), b"default")
}

/// A folder that is deleted when dropped.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// An empty git repository.
    pub(crate) fn repository() -> Self {
        let project = Self::new();
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project
    }

    /// Its path.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &str) -> &Self {
        fs::remove_file(self.path(name)).unwrap();
        self
    }

    /// Runs git in it, cut off from the configuration of the machine.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_with_input(arguments, b"")
    }

    /// Runs git with something to read.
    pub(crate) fn git_with_input(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(self.root())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_WORK_TREE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (role, name) in [("AUTHOR", "Ada"), ("COMMITTER", "Bob")] {
            command
                .env(format!("GIT_{role}_NAME"), name)
                .env(format!("GIT_{role}_EMAIL"), "someone@example.org")
                .env(format!("GIT_{role}_DATE"), "2020-05-17T10:20:30+02:00");
        }
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Stages everything and commits it.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Looks at the whole folder with [`RULES`].
    pub(crate) fn check(&self) -> Looked {
        self.run().tree()
    }

    /// Looks at the whole history with [`RULES`].
    pub(crate) fn history(&self) -> Looked {
        self.run().look(&Target::History).unwrap()
    }

    /// A run to be adapted.
    pub(crate) fn run(&self) -> Run<'_> {
        Run {
            root: self.root(),
            engine: engine(),
            source: SourceOptions { threads: 2, ..SourceOptions::default() },
            exclude: PathGlobs::default(),
            cache: None,
        }
    }
}

/// A run with everything that a test may want to change.
pub(crate) struct Run<'a> {
    pub(crate) root: &'a Path,
    pub(crate) engine: SecretsEngine,
    pub(crate) source: SourceOptions,
    pub(crate) exclude: PathGlobs,
    pub(crate) cache: Option<CacheOptions>,
}

impl Run<'_> {
    /// Looks at the target.
    pub(crate) fn look(&self, target: &Target) -> Result<Looked, ScanError> {
        let options = LookOptions {
            root: self.root,
            target,
            source: &self.source,
            exclude: &self.exclude,
            cache: self.cache.as_ref(),
        };
        let engines = Engines { secrets: Some(&self.engine), ..Engines::default() };
        look(&options, engines, &Progress::default())
    }

    /// Looks at the whole folder.
    pub(crate) fn tree(&self) -> Looked {
        self.look(&Target::Paths(vec![self.root.to_owned()])).unwrap()
    }
}

/// Everything that a run says, for comparison as a whole.
pub(crate) fn everything(looked: &Looked) -> String {
    let Looked { findings, ignores, diagnostics, stats, partial, .. } = looked;
    format!("{findings:#?}\n{ignores:#?}\n{diagnostics:#?}\n{stats:#?}\n{partial}")
}

/// `path:line rule` of every finding, and the summary of its commit if it has one, in report order.
pub(crate) fn places(looked: &Looked) -> Vec<String> {
    looked.findings.iter().map(place).collect()
}

fn place(finding: &Finding) -> String {
    let location = finding.subject.location().unwrap();
    let mut place = format!("{}:{} {}", location.path, location.start.line, finding.rule);
    if let Some(commit) = &location.commit {
        write!(place, " @ {}", commit.summary).unwrap();
    }
    place
}

/// The values that were found, as their fingerprints, each with its rule.
pub(crate) fn values(looked: &Looked) -> Vec<(String, String)> {
    let value = |finding: &Finding| {
        let facts = finding.secret.as_ref().unwrap();
        (finding.rule.to_string(), facts.fingerprint.to_string())
    };
    let mut values: Vec<_> = looked.findings.iter().map(value).collect();
    values.sort();
    values
}

/// One commit of a made-up history: the whole tree, and the commits before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct MadeCommit {
    pub(crate) parents: Vec<usize>,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// Writes commits into a repository with one run of git. The summary of each is its number, and each is a
/// second younger than the one before. `tips` are what tags lead to; `packed` says how objects are stored.
pub(crate) fn import(commits: &[MadeCommit], tips: &[usize], packed: bool) -> Project {
    let project = Project::repository();
    let mut stream = Vec::new();
    for (number, commit) in commits.iter().enumerate() {
        let who = format!("Ada <ada@example.org> {} +0000", 1_600_000_000 + number);
        let summary = number.to_string();
        writeln!(stream, "commit refs/heads/c{number}\nmark :{}\nauthor {who}", number + 1).unwrap();
        writeln!(stream, "committer {who}\ndata {}\n{summary}", summary.len()).unwrap();
        for (at, parent) in commit.parents.iter().enumerate() {
            writeln!(stream, "{} :{}", if at == 0 { "from" } else { "merge" }, parent + 1).unwrap();
        }
        writeln!(stream, "deleteall").unwrap();
        for (path, content) in &commit.files {
            writeln!(stream, "M 100644 inline {path}\ndata {}", content.len()).unwrap();
            stream.extend(content);
            stream.push(b'\n');
        }
    }
    for tip in tips {
        writeln!(stream, "reset refs/tags/t{tip}\nfrom :{}\n", tip + 1).unwrap();
    }
    // Branches are what the stream is written with; only tags stay.
    for number in 0..commits.len() {
        writeln!(stream, "reset refs/heads/c{number}\nfrom {:040}\n", 0).unwrap();
    }
    let limit = format!("fastimport.unpackLimit={}", if packed { 1 } else { 100_000 });
    project.git_with_input(&["-c", &limit, "fast-import", "--quiet", "--force"], &stream);
    if packed {
        project.git(&["repack", "-adfq", "--depth=10"]);
    }
    project
}
