//! The working tree against a revision.

use selvedge_source::{SourceError, SourceOptions, visit_since};

use crate::support::{Collector, Fixture};

/// Path, text and changed lines.
type Expected<'a> = (&'a str, &'a str, Option<&'a [(u32, u32)]>);

/// Compares what differs from `rev` to what is expected.
#[track_caller]
fn check(fixture: &Fixture, rev: &str, expected: &[Expected<'_>]) {
    let collector = Collector::default();
    visit_since(fixture.root(), rev, &SourceOptions::default(), &collector).unwrap();
    assert_eq!(collector.diagnostics(), []);
    let seen = collector.seen();
    let seen: Vec<_> = seen
        .iter()
        .map(|seen| (seen.path.as_str(), std::str::from_utf8(&seen.bytes).unwrap(), seen.changed.as_deref()))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn committed_staged_modified_and_untracked_files_are_offered() {
    let fixture = Fixture::repository();
    fixture
        .write("same", "s\n")
        .write("committed", "1\n")
        .write("staged", "1\n")
        .write("dir/modified", "1\n");
    fixture.write("deleted", "1\n").write(".gitignore", "*.log\n");
    fixture.commit("first");
    fixture.write("committed", "1\n2\n");
    fixture.commit("second");
    fixture.write("staged", "2\n1\n").git(&["add", "staged"]);
    fixture.write("dir/modified", "x\n").write("dir/untracked", "u\n").write("ignored.log", "");
    std::fs::remove_file(fixture.path("deleted")).unwrap();
    let working = [
        ("dir/modified", "x\n", Some([(0, 1)].as_slice())),
        ("dir/untracked", "u\n", None),
        ("staged", "2\n1\n", Some(&[(0, 1)])),
    ];
    check(&fixture, "HEAD", &working);
    let mut all = vec![("committed", "1\n2\n", Some([(1, 2)].as_slice()))];
    all.extend(working);
    check(&fixture, "HEAD~1", &all);
}

#[test]
fn files_that_are_tracked_although_ignored_are_offered() {
    let fixture = Fixture::repository();
    fixture.commit("empty");
    fixture.write(".gitignore", "*.env\n").write("prod.env", "K=1\n");
    fixture.git(&["add", "--force", "prod.env"]);
    check(&fixture, "HEAD", &[(".gitignore", "*.env\n", None), ("prod.env", "K=1\n", None)]);
}

#[test]
fn line_end_conversion_changes_nothing() {
    let fixture = Fixture::repository();
    fixture.git(&["config", "core.autocrlf", "true"]);
    fixture.write("a.txt", "1\r\n2\r\n").write("b.txt", "1\r\n");
    fixture.commit("first");
    assert_eq!(fixture.git(&["cat-file", "-s", ":a.txt"]), "4");
    fixture.write("a.txt", "1\r\n2\r\n").write("b.txt", "1\r\nnew\r\n");
    check(&fixture, "HEAD", &[("b.txt", "1\r\nnew\r\n", Some(&[(1, 2)]))]);
}

#[test]
fn files_with_other_times_but_the_same_content_have_not_changed() {
    let fixture = Fixture::repository();
    fixture.write("a", "1\n");
    fixture.commit("first");
    let file = std::fs::File::options().write(true).open(fixture.path("a")).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    check(&fixture, "HEAD", &[]);
}

#[test]
fn other_repositories_in_the_tree_are_left_alone() {
    let fixture = Fixture::repository();
    fixture.commit("empty");
    fixture.write("inner/.git/HEAD", "ref: refs/heads/main\n").write("inner/a", "1").write("outer/b", "2");
    check(&fixture, "HEAD", &[("outer/b", "2", None)]);
}

#[test]
fn a_repository_without_working_tree_is_an_error() {
    let fixture = Fixture::new();
    fixture.git(&["init", "--quiet", "--bare"]);
    let error =
        visit_since(fixture.root(), "HEAD", &SourceOptions::default(), &Collector::default()).unwrap_err();
    assert!(matches!(error, SourceError::Bare { .. }), "{error}");
}

#[test]
#[cfg(unix)]
fn index_entries_behind_a_symbolic_link_are_not_followed_out_of_the_tree() {
    let outside = Fixture::new();
    outside.write("secret", "1");
    let fixture = Fixture::repository();
    fixture.write("dir/secret", "0\n");
    fixture.commit("first");
    std::fs::remove_dir_all(fixture.path("dir")).unwrap();
    std::os::unix::fs::symlink(outside.root(), fixture.path("dir")).unwrap();
    check(&fixture, "HEAD", &[]);
}
