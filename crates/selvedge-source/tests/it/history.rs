//! Every version of every file, and where it comes from.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use selvedge_model::{CommitInfo, Diagnostic, DiagnosticKind, Stats};
use selvedge_source::{Attribution, Attributions, BlobIndex, History, SourceOptions};

use crate::support::Fixture;

/// Everything there is to know about the history of a repository.
struct Whole {
    history: History,
    texts: BTreeMap<BlobIndex, String>,
    stats: Stats,
    diagnostics: Vec<Diagnostic>,
    attributions: Attributions,
}

impl Whole {
    fn of(fixture: &Fixture) -> Self {
        Self::with(fixture, &SourceOptions::default())
    }

    fn with(fixture: &Fixture, options: &SourceOptions) -> Self {
        let history = History::open(fixture.root(), options).unwrap();
        let texts = Mutex::new(BTreeMap::new());
        let diagnostics = Mutex::new(Vec::new());
        let diagnose = |diagnostic| diagnostics.lock().unwrap().push(diagnostic);
        let stats = history.for_each_blob(
            &|blob| {
                let text = String::from_utf8_lossy(blob.bytes).into_owned();
                assert_eq!(texts.lock().unwrap().insert(blob.index, text), None, "visited once");
            },
            &diagnose,
        );
        let texts = texts.into_inner().unwrap();
        let blobs: Vec<_> = texts.keys().copied().collect();
        let attributions = history.attribute(&blobs, Some(&|_| true), &diagnose).unwrap();
        let mut diagnostics = diagnostics.into_inner().unwrap();
        diagnostics.sort();
        Self { history, texts, stats, diagnostics, attributions }
    }

    /// Text, path and summary of every content, sorted; `-` if nothing leads to it.
    fn places(&self) -> Vec<(String, String, String)> {
        let mut places: Vec<_> = self
            .texts
            .values()
            .zip(&self.attributions.found)
            .map(|(text, found)| match found.first() {
                Some(found) => (text.clone(), found.path.clone(), found.commit.summary.clone()),
                None => (text.clone(), "-".to_owned(), "-".to_owned()),
            })
            .collect();
        places.sort();
        places
    }

    fn kinds(&self) -> Vec<DiagnosticKind> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.kind).collect()
    }
}

#[track_caller]
fn check(fixture: &Fixture, expected: &[(&str, &str, &str)]) {
    let whole = Whole::of(fixture);
    assert_eq!(whole.diagnostics, []);
    assert!(!whole.attributions.partial);
    let places = whole.places();
    let places: Vec<_> = places.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(places, expected);
}

/// Commits of one file, with and without directories, on two branches and a tag.
fn branched() -> Fixture {
    let fixture = Fixture::repository();
    fixture.write("a", "one\n").write("dir/sub/b", "deep\n");
    fixture.commit("first");
    fixture.write("a", "two\n").write("copy/of/b", "deep\n");
    fixture.commit("second");
    fixture.git(&["switch", "--quiet", "-c", "side", "HEAD~1"]);
    fixture.write("side", "on the side\n");
    fixture.commit("side");
    fixture.git(&["tag", "-a", "v1", "-m", "a tag"]);
    fixture.git(&["switch", "--quiet", "main"]);
    fixture.git(&["branch", "--quiet", "-D", "side"]);
    fixture.write("a", "one\n");
    fixture.commit("back to the first");
    fixture
}

const BRANCHED: [(&str, &str, &str); 4] = [
    ("deep\n", "dir/sub/b", "first"),
    ("on the side\n", "side", "side"),
    ("one\n", "a", "first"),
    ("two\n", "a", "second"),
];

/// Path and summary of each place, in order.
fn told(attributions: &[Attribution]) -> Vec<(&str, &str)> {
    attributions.iter().map(|place| (place.path.as_str(), place.commit.summary.as_str())).collect()
}

#[test]
fn every_path_of_a_content_is_told_with_its_first_commit() {
    let whole = Whole::of(&branched());
    let deep = whole.texts.values().position(|text| text == "deep\n").unwrap();
    let expected = [("dir/sub/b", "first"), ("copy/of/b", "second")];
    assert_eq!(told(&whole.attributions.found[deep]), expected);
    let expected = [("a", "first"), ("dir/sub/b", "first"), ("side", "side"), ("copy/of/b", "second")];
    let mut paths = told(&whole.attributions.paths);
    paths.sort_by_key(|(path, _)| expected.iter().position(|(known, _)| known == path));
    assert_eq!(paths, expected);
}

#[test]
fn a_repository_with_more_paths_than_can_be_told_is_looked_at_in_part() {
    let fixture = Fixture::repository();
    fixture.write("a", "content");
    fixture.git(&["add", "--all"]);
    let mut tree = fixture.git(&["write-tree"]);
    for _ in 0..40 {
        let twice = format!("040000 tree {tree}\tl\n040000 tree {tree}\tr\n");
        tree = fixture.git_with_input(&["mktree"], twice.as_bytes());
    }
    let commit = fixture.git(&["commit-tree", "-m", "bomb", &tree]);
    fixture.git(&["update-ref", "refs/heads/main", &commit]);
    let history = History::open(fixture.root(), &SourceOptions::default()).unwrap();
    let diagnostics = Mutex::new(Vec::new());
    let found =
        history.attribute(&[], Some(&|_| false), &|said| diagnostics.lock().unwrap().push(said)).unwrap();
    assert!(found.partial);
    let kinds: Vec<_> = diagnostics.into_inner().unwrap().iter().map(|said| said.kind).collect();
    assert_eq!(kinds, [DiagnosticKind::LimitReached]);
}

#[test]
fn loose_objects_are_visited_and_attributed() {
    check(&branched(), &BRANCHED);
}

#[test]
fn packed_objects_are_visited_and_attributed() {
    let fixture = branched();
    fixture.git(&["gc", "--quiet"]);
    assert_eq!(fixture.git(&["count-objects"]), "0 objects, 0 kilobytes");
    check(&fixture, &BRANCHED);
}

#[test]
fn an_object_in_two_packs_and_loose_is_visited_once() {
    let fixture = branched();
    fixture.git(&["repack", "--quiet"]);
    fixture.git(&["repack", "--quiet", "-a"]);
    fixture.write("later", "three\n");
    fixture.commit("third");
    fixture.git(&["repack", "--quiet"]);
    let packs = fs::read_dir(fixture.path(".git/objects/pack")).unwrap().count();
    assert!(packs >= 4, "two packs with their indexes at least, {packs} files");
    let mut expected = BRANCHED.to_vec();
    expected.insert(3, ("three\n", "later", "third"));
    check(&fixture, &expected);
}

#[test]
fn deltas_are_followed() {
    let fixture = Fixture::repository();
    let mut text: Vec<String> = (0..400_u64).map(|n| format!("{}\n", n * 7919 % 10_007)).collect();
    for version in 0..40 {
        text[version * 7] = format!("version {version}\n");
        fixture.write("big", text.concat());
        fixture.commit(&format!("version {version}"));
    }
    fixture.git(&["repack", "--quiet", "-adf", "--depth=50"]);
    let whole = Whole::of(&fixture);
    assert_eq!(whole.diagnostics, []);
    assert_eq!(whole.texts.len(), 40);
    for ((index, text), found) in whole.texts.iter().zip(&whole.attributions.found) {
        let version = text.matches("version").count() - 1;
        let found = &found[0];
        assert_eq!(found.commit.summary, format!("version {version}"));
        assert_eq!(found.order as usize, version);
        assert_eq!(whole.history.read(*index).unwrap(), text.as_bytes());
    }
    assert_eq!(whole.attributions.commits, 40);
}

#[test]
fn a_commit_is_described_as_it_was_recorded() {
    let fixture = Fixture::repository();
    fixture.write("a", "x");
    let id = fixture.commit("Add a file\n\nWith a body.");
    let whole = Whole::of(&fixture);
    let expected = CommitInfo {
        id,
        author: "Ada".to_owned(),
        email: "ada@example.org".to_owned(),
        date: "2020-05-17T10:20:30+02:00".to_owned(),
        summary: "Add a file".to_owned(),
    };
    assert_eq!(*whole.attributions.found[0][0].commit, expected);
}

#[test]
fn what_no_reference_leads_to_is_not_attributed() {
    let fixture = Fixture::repository();
    fixture.write("a", "kept");
    fixture.commit("first");
    fixture.write("a", "dropped");
    fixture.commit("second");
    fixture.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    fixture.git(&["reflog", "expire", "--expire=now", "--all"]);
    check(&fixture, &[("dropped", "-", "-"), ("kept", "a", "first")]);
}

#[test]
fn binaries_are_counted_and_large_texts_reported() {
    let fixture = Fixture::repository();
    fixture.write("bin", b"\0\x01\x02").write("big", "x".repeat(200)).write("u16", b"\xff\xfeo\0k\0");
    fixture.commit("first");
    let options = SourceOptions { max_file_size: 100, ..SourceOptions::default() };
    let whole = Whole::with(&fixture, &options);
    assert_eq!(whole.stats, Stats { files: 1, bytes: 6, binary: 1, skipped: 1, commits: 0 });
    assert_eq!(whole.texts.values().collect::<Vec<_>>(), ["ok"]);
    assert_eq!(whole.kinds(), [DiagnosticKind::TooLarge]);
}

#[test]
fn a_shallow_clone_is_said_to_be_partial() {
    let origin = branched();
    let fixture = Fixture::new();
    let url = format!("file://{}", origin.root().display());
    fixture.git(&["clone", "--quiet", "--depth=2", "--branch=main", &url, "."]);
    let whole = Whole::of(&fixture);
    assert!(whole.attributions.partial);
    assert_eq!(whole.kinds(), [DiagnosticKind::PartialHistory]);
    assert!(whole.diagnostics[0].message.starts_with("shallow clone: "), "{:?}", whole.diagnostics);
    assert_eq!(whole.attributions.commits, 2);
}

#[test]
fn a_partial_clone_is_said_to_be_partial() {
    let origin = branched();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let fixture = Fixture::new();
    let url = format!("file://{}", origin.root().display());
    fixture.git(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "."]);
    let whole = Whole::of(&fixture);
    assert!(whole.attributions.partial);
    assert_eq!(whole.kinds(), [DiagnosticKind::PartialHistory]);
    assert_eq!(whole.texts.len(), 0);
}

#[test]
fn borrowed_objects_are_visited() {
    let origin = branched();
    let fixture = Fixture::new();
    let path = origin.root().display().to_string();
    fixture.git(&["clone", "--quiet", "--shared", "--no-checkout", &path, "."]);
    check(&fixture, &BRANCHED);
}

fn only_file(fixture: &Fixture, directory: &str, extension: &str) -> PathBuf {
    let mut found = fs::read_dir(fixture.path(directory)).unwrap().map(|entry| entry.unwrap().path());
    found.find(|path| path.extension().is_some_and(|found| found == extension)).unwrap()
}

fn overwrite(path: &PathBuf, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_pack_entry_is_reported_and_the_rest_visited() {
    let fixture = Fixture::repository();
    for name in 'a'..='j' {
        let noise: String =
            (0..300_u32).map(|n| char::from(b'a' + (n * n * u32::from(name) % 23) as u8)).collect();
        fixture.write(&name.to_string(), noise);
    }
    fixture.commit("first");
    fixture.git(&["gc", "--quiet"]);
    let pack = only_file(&fixture, ".git/objects/pack", "pack");
    overwrite(&pack, |bytes| {
        let end = bytes.len() - 60;
        bytes[end..end + 20].fill(0x55);
    });
    let whole = Whole::of(&fixture);
    assert!(whole.kinds().iter().all(|kind| *kind == DiagnosticKind::BadObject), "{:?}", whole.diagnostics);
    assert!(!whole.kinds().is_empty());
    assert!(whole.texts.len() >= 7, "{} of 10", whole.texts.len());
}

#[test]
fn a_truncated_pack_and_a_damaged_index_are_reported() {
    let fixture = branched();
    fixture.git(&["gc", "--quiet"]);
    overwrite(&only_file(&fixture, ".git/objects/pack", "pack"), |bytes| bytes.truncate(40));
    fixture.git(&["update-ref", "-d", "refs/heads/gone"]);
    let whole = Whole::of(&fixture);
    assert!(whole.kinds().contains(&DiagnosticKind::BadObject), "{:?}", whole.diagnostics);

    let fixture = branched();
    fixture.git(&["gc", "--quiet"]);
    overwrite(&only_file(&fixture, ".git/objects/pack", "idx"), |bytes| bytes.truncate(1000));
    let whole = Whole::of(&fixture);
    assert!(whole.kinds().contains(&DiagnosticKind::BadObject), "{:?}", whole.diagnostics);
}

#[test]
fn a_damaged_loose_object_is_reported_and_the_rest_visited() {
    let fixture = branched();
    let id = fixture.git(&["rev-parse", "HEAD:a"]);
    let path = fixture.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    overwrite(&path, |bytes| bytes.fill(7));
    let whole = Whole::of(&fixture);
    assert_eq!(whole.kinds(), [DiagnosticKind::BadObject]);
    assert!(whole.diagnostics[0].message.contains(&id));
    assert_eq!(whole.texts.len(), 3);
    assert_eq!(whole.stats.skipped, 1);
}

#[test]
fn an_empty_repository_has_no_history() {
    check(&Fixture::repository(), &[]);
}

#[test]
fn the_result_does_not_depend_on_how_objects_are_stored_or_on_threads() {
    let fixture = branched();
    let found = |threads| {
        let whole = Whole::with(&fixture, &SourceOptions { threads, ..SourceOptions::default() });
        let mut found: Vec<_> = whole.texts.into_values().zip(whole.attributions.found).collect();
        found.sort();
        found
    };
    let loose = found(1);
    assert_eq!(found(4), loose);
    fixture.git(&["gc", "--quiet"]);
    assert_eq!(found(1), loose);
    assert_eq!(found(3), loose);
}
