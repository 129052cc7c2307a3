//! Paths that overlap, paths left out, paths outside, and stopping early.

use std::sync::atomic::Ordering;

use selvedge_gate::PathGlobs;
use selvedge_model::DiagnosticKind;
use selvedge_scan::{CacheOptions, ScanError, Target};

use crate::support::{Project, places, token};

fn project() -> Project {
    let project = Project::repository();
    project.write("a.txt", token(1)).write("src/b.txt", token(2)).write("src/deep/c.txt", token(3));
    project.write("src-gen/d.txt", token(4));
    project.commit("all");
    project
}

#[track_caller]
fn check(targets: &[&str], expected: &[&str]) {
    let project = project();
    let target = Target::Paths(targets.iter().map(|name| project.path(name)).collect());
    let looked = project.run().look(&target).unwrap();
    assert_eq!(places(&looked), expected, "{targets:?}");
    assert_eq!(looked.stats.files, expected.len() as u64, "each file is counted once");
}

#[test]
fn paths_are_those_of_the_project_and_nested_targets_count_once() {
    let deep = "src/deep/c.txt:1 acme-token";
    check(&["src/deep"], &[deep]);
    check(&["src/deep/c.txt"], &[deep]);
    check(&["src/deep", "src", "src/b.txt", "src/deep/c.txt"], &["src/b.txt:1 acme-token", deep]);
    check(&["src-gen", "src", "src"], &["src-gen/d.txt:1 acme-token", "src/b.txt:1 acme-token", deep]);
    let all = ["a.txt:1 acme-token", "src-gen/d.txt:1 acme-token", "src/b.txt:1 acme-token", deep];
    check(&["src", "."], &all);
}

#[test]
fn what_is_excluded_is_out_of_every_kind_of_run() {
    let project = project();
    project.write("src/new.txt", token(5)).write("new.txt", token(6));
    project.git(&["add", "--all"]);
    let targets = [
        Target::Paths(vec![project.root().to_owned()]),
        Target::Paths(vec![project.path("src"), project.path("new.txt")]),
        Target::Staged,
        Target::Since("HEAD".to_owned()),
        Target::History,
    ];
    for target in targets {
        let mut run = project.run();
        run.exclude = PathGlobs::parse(["src/", "*.md"]).unwrap();
        let found = places(&run.look(&target).unwrap());
        assert!(!found.is_empty() && !found.iter().any(|place| place.starts_with("src/")), "{found:?}");
        run.exclude = PathGlobs::parse(["*.txt"]).unwrap();
        assert_eq!(places(&run.look(&target).unwrap()), [""; 0], "{target:?}");
    }
}

#[test]
fn a_target_that_is_not_there_is_an_error() {
    let project = project();
    let target = Target::Paths(vec![project.path("nowhere")]);
    let error = project.run().look(&target).unwrap_err();
    assert!(matches!(error, ScanError::Source(_)), "{error}");
    assert!(error.to_string().contains("nowhere"), "{error}");
    let plain = Project::new();
    assert!(matches!(plain.run().look(&Target::History), Err(ScanError::Source(_))));
}

#[test]
fn a_run_that_is_stopped_says_so_and_leaves_no_cache() {
    let project = project();
    let folder = Project::new();
    let targets = [
        Target::Paths(vec![project.root().to_owned()]),
        Target::Staged,
        Target::Since("HEAD".to_owned()),
        Target::History,
    ];
    for target in targets {
        let mut run = project.run();
        let now = std::time::SystemTime::now();
        run.cache = Some(CacheOptions { folder: folder.path("cache"), now });
        run.source.cancel.store(true, Ordering::SeqCst);
        assert!(matches!(run.look(&target), Err(ScanError::Interrupted)), "{target:?}");
    }
    assert!(!folder.path("cache").exists());
}

#[test]
fn what_could_not_be_looked_at_makes_a_run_partial() {
    let project = project();
    assert!(!project.check().partial);
    project.write("broken.gz", b"\x1f\x8b\x08\0not really gzip");
    let looked = project.check();
    let kinds: Vec<_> =
        looked.diagnostics.iter().map(|entry| (entry.kind, entry.path.as_deref().unwrap())).collect();
    assert_eq!(kinds, [(DiagnosticKind::BadArchive, "broken.gz")]);
    assert!(looked.partial);
    assert_eq!(looked.findings.len(), 4, "the rest is whole");
    let mut run = project.run();
    run.source.max_file_size = 5;
    assert!(run.tree().partial);
}
