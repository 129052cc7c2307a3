//! A cached run says what a fresh one says, whatever happened in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use selvedge_gate::PathGlobs;
use selvedge_scan::{CacheOptions, Looked, Target};

use crate::support::{Project, RULES, Run, engine_with, everything, places, token};

/// A project with findings, ignores, an archive and a binary, and a folder for the cache.
struct Cached {
    project: Project,
    cache: Project,
}

impl Cached {
    fn new() -> Self {
        let project = Project::repository();
        for number in 0..12 {
            project.write(&format!("src/{number}.txt"), format!("a\nkey = {}\n", token(number)));
            project.write(&format!("docs/{number}.md"), "nothing\n");
        }
        project.write("ignored.py", format!("k = {} # selvedge:ignore acme-token gone\n", token(1)));
        project.write("image.bin", b"\0\0\0");
        project.write("inner.txt", format!("{}\n", token(50)));
        project.git(&["add", "--all"]);
        let tree = project.git(&["write-tree"]);
        project.git(&["archive", "--format=zip", "-o", "bundle.zip", &tree, "inner.txt"]);
        Self { project, cache: Project::new() }
    }

    /// An hour later, so that every file counts as long unchanged.
    fn options(&self) -> CacheOptions {
        let now = SystemTime::now() + Duration::from_hours(1);
        CacheOptions { folder: self.cache.path("cache"), now }
    }

    fn run(&self) -> Run<'_> {
        Run { cache: Some(self.options()), ..self.project.run() }
    }

    /// The file that the cache is, of which there is one.
    fn file(&self) -> PathBuf {
        let mut files: Vec<_> =
            fs::read_dir(self.cache.path("cache")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files.remove(0)
    }

    /// Runs with the cache, and holds the result against a run without.
    #[track_caller]
    fn check(&self) -> Looked {
        let cached = self.run().tree();
        assert_eq!(everything(&cached), everything(&self.project.check()));
        cached
    }
}

#[test]
fn an_unchanged_tree_gives_the_same_and_leaves_the_cache_alone() {
    let cached = Cached::new();
    let first = cached.check();
    assert_eq!(first.findings.len(), 15, "{:?}", places(&first));
    assert_eq!((first.ignores.len(), first.stats.binary), (1, 1));
    let file = cached.file();
    let written = fs::read(&file).unwrap();
    let modified = file.metadata().unwrap().modified().unwrap();
    for _ in 0..2 {
        cached.check();
    }
    assert_eq!(fs::read(&file).unwrap(), written);
    assert_eq!(file.metadata().unwrap().modified().unwrap(), modified, "it is not even written again");
}

#[test]
fn the_cache_holds_no_value() {
    let cached = Cached::new();
    cached.check();
    let bytes = fs::read(cached.file()).unwrap();
    for value in (0..12).chain([50]).map(token) {
        assert!(!bytes.windows(value.len()).any(|window| window == value.as_bytes()));
    }
}

#[test]
fn changed_files_are_looked_at_again() {
    let cached = Cached::new();
    cached.check();
    let before = fs::metadata(cached.project.path("src/3.txt")).unwrap();
    // The same length and the same modification time: the change time still tells.
    cached.project.write("src/3.txt", format!("a\nkey = {}\n", token(100)));
    let handle = fs::File::options().write(true).open(cached.project.path("src/3.txt")).unwrap();
    handle.set_modified(before.modified().unwrap()).unwrap();
    cached.project.write("docs/4.md", format!("{}\n", token(101)));
    let looked = cached.check();
    assert_eq!(looked.findings.len(), 16, "{:?}", places(&looked));
}

#[test]
fn added_removed_and_renamed_files_are_noticed() {
    let cached = Cached::new();
    cached.check();
    cached.project.remove("src/3.txt").write("src/new.txt", token(102));
    fs::rename(cached.project.path("src/5.txt"), cached.project.path("docs/moved.txt")).unwrap();
    let looked = cached.check();
    let places = places(&looked);
    assert!(places.iter().any(|place| place == "docs/moved.txt:2 acme-token"), "{places:?}");
    assert!(!places.iter().any(|place| place.starts_with("src/3.") || place.starts_with("src/5.")));
    cached.check();
    // Two files that change places keep their numbers on the device, and no path keeps its own.
    fs::rename(cached.project.path("src/6.txt"), cached.project.path("spare")).unwrap();
    fs::rename(cached.project.path("src/7.txt"), cached.project.path("src/6.txt")).unwrap();
    fs::rename(cached.project.path("spare"), cached.project.path("src/7.txt")).unwrap();
    cached.check();
}

#[test]
fn what_is_excluded_stays_out_and_comes_back() {
    let cached = Cached::new();
    cached.check();
    let mut run = cached.run();
    run.exclude = PathGlobs::parse(["src/"]).unwrap();
    assert!(!places(&run.tree()).iter().any(|place| place.starts_with("src/")));
    cached.check();
}

#[test]
fn other_rules_keys_and_options_are_not_answered_from_the_cache() {
    let cached = Cached::new();
    cached.check();
    let fresh = |adapt: &dyn Fn(&mut Run<'_>)| {
        let (mut with, mut without) = (cached.run(), cached.project.run());
        adapt(&mut with);
        adapt(&mut without);
        assert_eq!(everything(&with.tree()), everything(&without.tree()));
        everything(&with.tree())
    };
    let usual = fresh(&|_| {});
    let rules = RULES.replace("acme-token", "other-token");
    let others = [
        fresh(&|run| run.engine = engine_with(&rules, b"key")),
        fresh(&|run| run.engine = engine_with(RULES, b"other key")),
        fresh(&|run| run.source.archives.enabled = false),
        fresh(&|run| run.source.max_file_size = 10),
    ];
    for other in others {
        assert_ne!(usual, other);
    }
    cached.check();
}

#[test]
fn a_damaged_cut_or_foreign_cache_is_ignored_and_replaced() {
    let cached = Cached::new();
    cached.check();
    let file = cached.file();
    let good = fs::read(&file).unwrap();
    let damage = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let mut files = vec![Vec::new(), b"not a cache".to_vec(), good[..good.len() / 2].to_vec(), vec![0; 4096]];
    files.extend([0, 10, good.len() / 3, good.len() - 1].map(damage));
    // A body of nonsense whose checksum is right.
    let nonsense = vec![0xff; 300];
    files.push([nonsense.as_slice(), blake3_of(&nonsense).as_slice()].concat());
    for bytes in files {
        fs::write(&file, bytes).unwrap();
        cached.check();
        assert_eq!(fs::read(&file).unwrap(), good, "it is made anew");
    }
}

fn blake3_of(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

#[test]
fn the_cache_of_another_project_under_our_name_is_ignored() {
    let (ours, theirs) = (Cached::new(), Cached::new());
    theirs.project.write("src/1.txt", "nothing\n");
    ours.check();
    theirs.check();
    fs::copy(theirs.file(), ours.file()).unwrap();
    ours.check();
}

#[test]
fn fresh_files_are_not_trusted_later() {
    let cached = Cached::new();
    let mut run = cached.run();
    // The run begins at the moment in which the files were written.
    run.cache = Some(CacheOptions { now: SystemTime::now(), ..cached.options() });
    run.tree();
    let size = |file: &Path| fs::metadata(file).unwrap().len();
    let racy = size(&cached.file());
    cached.check();
    assert!(racy < size(&cached.file()) / 4, "{racy}: nothing to speak of was remembered");
}

#[test]
fn a_cache_that_cannot_be_written_costs_nothing_but_time() {
    let cached = Cached::new();
    cached.cache.write("cache", "a file where the folder should be");
    cached.check();
    cached.check();
}

#[test]
fn single_files_and_folders_of_a_project_have_caches_of_their_own() {
    let cached = Cached::new();
    cached.check();
    for name in ["src", "src/1.txt", "bundle.zip"] {
        let target = Target::Paths(vec![cached.project.path(name)]);
        let fresh = cached.project.run().look(&target).unwrap();
        assert!(!fresh.findings.is_empty());
        for _ in 0..2 {
            assert_eq!(everything(&cached.run().look(&target).unwrap()), everything(&fresh), "{name}");
        }
    }
}
