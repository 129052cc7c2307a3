//! The index against HEAD.

use selvedge_model::Stats;
use selvedge_source::{SourceOptions, read_at, visit_staged};

use crate::support::{Collector, Fixture};

fn staged(fixture: &Fixture) -> (Collector, Stats) {
    let collector = Collector::default();
    let stats = visit_staged(fixture.root(), &SourceOptions::default(), &collector).unwrap();
    (collector, stats)
}

/// Path, text and changed lines.
type Expected<'a> = (&'a str, &'a str, Option<&'a [(u32, u32)]>);

/// Compares what is staged to what is expected.
#[track_caller]
fn check(fixture: &Fixture, expected: &[Expected<'_>]) {
    let (collector, _) = staged(fixture);
    assert_eq!(collector.diagnostics(), []);
    let seen = collector.seen();
    let seen: Vec<_> = seen
        .iter()
        .map(|seen| (seen.path.as_str(), std::str::from_utf8(&seen.bytes).unwrap(), seen.changed.as_deref()))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn only_what_differs_from_head_is_offered_with_its_lines() {
    let fixture = Fixture::repository();
    fixture.write("same.txt", "1\n").write("dir/sub/a.txt", "one\ntwo\n").write("dir/b.txt", "b\n");
    fixture.commit("first");
    fixture.write("dir/sub/a.txt", "one\nnew\ntwo\n").write("dir/new.txt", "n\n");
    check(&fixture, &[]);
    fixture.git(&["add", "--all"]);
    fixture.write("same.txt", "not staged\n");
    check(&fixture, &[("dir/new.txt", "n\n", None), ("dir/sub/a.txt", "one\nnew\ntwo\n", Some(&[(1, 2)]))]);
}

#[test]
fn everything_is_new_before_the_first_commit() {
    let fixture = Fixture::repository();
    check(&fixture, &[]);
    fixture.write("a", "1").git(&["add", "a"]);
    check(&fixture, &[("a", "1", None)]);
}

#[test]
fn a_moved_file_has_no_changed_lines() {
    let fixture = Fixture::repository();
    fixture.write("old/name", "content\n");
    fixture.commit("first");
    fixture.git(&["mv", "old", "new"]);
    check(&fixture, &[("new/name", "content\n", Some(&[]))]);
}

#[test]
fn a_file_in_place_of_a_directory_is_new() {
    let fixture = Fixture::repository();
    fixture.write("thing/inner", "1\n");
    fixture.commit("first");
    std::fs::remove_dir_all(fixture.path("thing")).unwrap();
    fixture.write("thing", "2\n").git(&["add", "--all"]);
    check(&fixture, &[("thing", "2\n", None)]);
}

#[test]
fn both_sides_of_a_conflict_are_offered() {
    let fixture = Fixture::repository();
    fixture.write("f", "base\n");
    fixture.commit("base");
    fixture.git(&["switch", "--quiet", "-c", "side"]);
    fixture.write("f", "theirs\n");
    fixture.commit("theirs");
    fixture.git(&["switch", "--quiet", "main"]);
    fixture.write("f", "ours\n");
    fixture.commit("ours");
    fixture.git_may_fail(&["merge", "side"]);
    check(&fixture, &[("f", "theirs\n", Some(&[(0, 1)]))]);
}

#[test]
fn files_without_their_blob_are_reported() {
    let fixture = Fixture::repository();
    fixture.write("a", "1").write("b", "2").git(&["add", "--all"]);
    let id = fixture.git(&["rev-parse", ":a"]);
    std::fs::remove_file(fixture.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let (collector, stats) = staged(&fixture);
    assert_eq!(collector.paths(), ["b"]);
    assert_eq!(collector.problems()[0].1, "a");
    assert_eq!(stats.skipped, 1);
}

#[test]
fn a_file_is_read_at_a_revision() {
    let fixture = Fixture::repository();
    fixture.write("dir/policy.toml", "one");
    fixture.commit("first");
    fixture.write("dir/policy.toml", "two");
    fixture.commit("second");
    let at = |rev: &str, path: &str| read_at(fixture.root(), rev, path).unwrap();
    assert_eq!(at("HEAD~1", "dir/policy.toml").unwrap(), b"one");
    assert_eq!(at("main", "./dir/policy.toml").unwrap(), b"two");
    assert_eq!(at("main", "dir"), None);
    assert_eq!(at("main", "gone"), None);
    let error = read_at(fixture.root(), "no-such", "x").unwrap_err();
    assert_eq!(error.to_string(), "cannot find the revision no-such");
}
