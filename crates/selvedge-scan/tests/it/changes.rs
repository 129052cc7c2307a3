//! What is staged, and what changed since a revision: findings on changed lines only.

use selvedge_scan::Target;

use crate::support::{Project, places, token};

fn block(value: &str) -> String {
    format!("BEGIN ACME\n{value}\nEND ACME\n")
}

#[track_caller]
fn check(project: &Project, target: &Target, expected: &[&str]) {
    assert_eq!(places(&project.run().look(target).unwrap()), expected, "{target:?}");
}

fn since() -> Target {
    Target::Since("HEAD".to_owned())
}

#[test]
fn only_what_is_staged_counts() {
    let project = Project::repository();
    project.write("old.txt", format!("{}\n", token(1)));
    project.commit("first");
    project.write("old.txt", format!("{}\n{}\n", token(1), token(2))).write("new.txt", token(3));
    project.git(&["add", "--all"]);
    project.write("new.txt", "gone from the working tree\n").write("later.txt", token(4));
    check(&project, &Target::Staged, &["new.txt:1 acme-token", "old.txt:2 acme-token"]);
    check(&project, &since(), &["later.txt:1 acme-token", "old.txt:2 acme-token"]);
}

#[test]
fn a_finding_of_several_lines_counts_if_any_of_them_changed() {
    // A finding is where its secret is: from the line after the first marker to the one before the last.
    let lines = |middle: &str| format!("intro\n{}outro\n", block(&format!("one\n{middle}\nthree")));
    let project = Project::repository();
    project.write("a.txt", lines("two"));
    project.commit("first");
    check(&project, &since(), &[]);
    project.write("a.txt", lines("2"));
    check(&project, &since(), &["a.txt:3 acme-block"]);
    project.write("a.txt", lines("two").replace("intro", "other intro").replace("outro", "other outro"));
    check(&project, &since(), &[]);
    project.write("a.txt", lines("two").replace("one", "1"));
    check(&project, &since(), &["a.txt:3 acme-block"]);
    project.write("a.txt", lines("two").replace("three", "3"));
    check(&project, &since(), &["a.txt:3 acme-block"]);
    project.git(&["add", "--all"]);
    check(&project, &Target::Staged, &["a.txt:3 acme-block"]);
}

#[test]
fn a_moved_finding_is_not_changed() {
    let project = Project::repository();
    project.write("a.txt", format!("{}\n", token(1)));
    project.commit("first");
    project.write("a.txt", format!("a\nb\nc\n{}\n", token(1)));
    check(&project, &since(), &[]);
    project.git(&["mv", "a.txt", "b.txt"]);
    project.git(&["add", "--all"]);
    check(&project, &Target::Staged, &["b.txt:4 acme-token"]);
}

#[test]
fn a_revision_further_back_tells_more() {
    let project = Project::repository();
    project.write("a.txt", "nothing\n");
    let first = project.commit("first");
    project.write("a.txt", format!("{}\n", token(1)));
    project.commit("second");
    project.write("b.txt", token(2));
    check(&project, &since(), &["b.txt:1 acme-token"]);
    check(&project, &Target::Since(first), &["a.txt:1 acme-token", "b.txt:1 acme-token"]);
}

#[test]
fn a_revision_that_is_not_there_is_an_error() {
    let project = Project::repository();
    project.commit("first");
    let error = project.run().look(&Target::Since("no-such".to_owned())).unwrap_err();
    assert!(error.to_string().contains("no-such"), "{error}");
}
