//! Which targets are looked at, and that a second run asks the engines nothing.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use selvedge_model::Engine;

use super::*;
use crate::engine::{FileView, Sink};

#[test]
fn nested_targets_are_looked_at_once() {
    let paths = ["/r/src", "/r/src/a.rs", "/r/docs", "/r/src-gen"].map(PathBuf::from);
    let kept: Vec<_> =
        without_nested(&paths).into_iter().map(|path| path.to_string_lossy().into_owned()).collect();
    assert_eq!(kept, ["/r/docs", "/r/src", "/r/src-gen"]);
}

/// Says one thing about every file, and remembers which files it was asked about.
#[derive(Default)]
struct Asked {
    version: u8,
    asked: Mutex<Vec<String>>,
}

impl FileEngine for Asked {
    fn engine(&self) -> Engine {
        Engine::Secrets
    }

    fn digest(&self) -> [u8; 32] {
        [self.version; 32]
    }

    fn wants(&self, path: &str) -> bool {
        !path.starts_with("unwanted")
    }

    fn inspect(&self, file: &FileView<'_>, sink: &mut Sink) {
        self.asked.lock().unwrap().push(file.path().to_owned());
        let message = format!("version {}, {} bytes", self.version, file.bytes().len());
        sink.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message).at(file.path()));
    }
}

/// What a run of one engine said, and which files it was asked about.
fn run(
    root: &Path,
    cache: &CacheOptions,
    version: u8,
    source: &SourceOptions,
) -> Result<(Vec<Diagnostic>, Stats, Vec<String>), ScanError> {
    let engine = Asked { version, ..Asked::default() };
    let target = Target::Paths(vec![root.to_owned()]);
    let exclude = PathGlobs::default();
    let options = LookOptions { root, target: &target, source, exclude: &exclude, cache: Some(cache) };
    let engines: [&dyn FileEngine; 1] = [&engine];
    let visited = look_at_paths(&options, &engines, None, &Progress::default(), &[root.to_owned()])?;
    let looked = Looked::new(visited, Conclusion::default());
    let mut asked = engine.asked.into_inner().unwrap();
    asked.sort();
    Ok((looked.diagnostics, looked.stats, asked))
}

#[test]
fn only_files_that_changed_reach_the_engines_again() {
    let (tree, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // An hour later, so that every file counts as long unchanged.
    let now = SystemTime::now() + Duration::from_hours(1);
    let cache = CacheOptions { folder: folder.path().to_owned(), now };
    let names = ["a", "b", "c", "d", "unwanted"];
    for name in names {
        fs::write(tree.path().join(name), name).unwrap();
    }
    let check = |version: u8, expected: &[&str]| {
        let (diagnostics, stats, asked) =
            run(tree.path(), &cache, version, &SourceOptions::default()).unwrap();
        assert_eq!(asked, expected);
        let sizes: BTreeMap<String, u64> = fs::read_dir(tree.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len()))
            .filter(|(name, _)| !name.starts_with("unwanted"))
            .collect();
        assert_eq!((stats.files, stats.bytes), (sizes.len() as u64, sizes.values().sum()));
        let said: Vec<_> =
            diagnostics.into_iter().map(|said| (said.path.unwrap_or_default(), said.message)).collect();
        let expected =
            sizes.into_iter().map(|(name, size)| (name, format!("version {version}, {size} bytes")));
        assert_eq!(said, expected.collect::<Vec<_>>());
    };
    check(1, &["a", "b", "c", "d"]);
    check(1, &[]);
    fs::write(tree.path().join("b"), "more than before").unwrap();
    fs::write(tree.path().join("e"), "new").unwrap();
    fs::remove_file(tree.path().join("c")).unwrap();
    check(1, &["b", "e"]);
    fs::rename(tree.path().join("a"), tree.path().join("f")).unwrap();
    check(1, &["f"]);
    check(1, &[]);
    check(2, &["b", "d", "e", "f"]);
    check(1, &[]);
}

#[test]
fn a_run_that_is_stopped_keeps_nothing() {
    let (tree, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(tree.path().join("a"), "a").unwrap();
    let now = SystemTime::now() + Duration::from_hours(1);
    let cache = CacheOptions { folder: folder.path().to_owned(), now };
    let cancel = std::sync::Arc::new(AtomicBool::new(true));
    let source = SourceOptions { cancel, ..SourceOptions::default() };
    assert!(matches!(run(tree.path(), &cache, 1, &source), Err(ScanError::Interrupted)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
