//! Directory trees: what is looked at, what is not, and how trouble is reported.

use selvedge_model::{DiagnosticKind, Stats};
use selvedge_source::{Origin, SourceOptions, visit_stdin, visit_tree};

use crate::support::{Collector, Fixture};

fn walk(fixture: &Fixture, options: &SourceOptions) -> (Collector, Stats) {
    let collector = Collector::default();
    let stats = visit_tree(fixture.root(), options, &collector).unwrap();
    (collector, stats)
}

#[test]
fn hidden_files_are_looked_at_and_git_directories_are_not() {
    let fixture = Fixture::new();
    fixture.write("src/a.rs", "a").write(".env", "b").write(".git/config", "c").write("sub/.git", "d");
    let (collector, stats) = walk(&fixture, &SourceOptions::default());
    assert_eq!(collector.paths(), [".env", "src/a.rs"]);
    assert_eq!(stats, Stats { files: 2, bytes: 2, ..Stats::default() });
    let (collector, _) = walk(&fixture, &SourceOptions { hidden: false, ..SourceOptions::default() });
    assert_eq!(collector.paths(), ["src/a.rs"]);
}

#[test]
fn ignore_rules_apply_outside_of_repositories_too() {
    let fixture = Fixture::new();
    fixture
        .write(".gitignore", "*.log\n/out/\n")
        .write("a.log", "")
        .write("out/x", "")
        .write("src/out/y", "");
    let (collector, _) = walk(&fixture, &SourceOptions::default());
    assert_eq!(collector.paths(), [".gitignore", "src/out/y"]);
    let all = SourceOptions { respect_ignore_files: false, ..SourceOptions::default() };
    assert_eq!(walk(&fixture, &all).0.paths(), [".gitignore", "a.log", "out/x", "src/out/y"]);
}

#[test]
fn what_is_named_explicitly_is_looked_at_although_ignored() {
    let fixture = Fixture::new();
    fixture.write(".gitignore", "out/\n*.log\n").write("out/x", "1").write("a.log", "2");
    let collector = Collector::default();
    visit_tree(&fixture.path("out"), &SourceOptions::default(), &collector).unwrap();
    visit_tree(&fixture.path("a.log"), &SourceOptions::default(), &collector).unwrap();
    assert_eq!(collector.paths(), ["a.log", "x"]);
}

#[test]
fn binary_files_are_counted_and_utf16_is_text() {
    let fixture = Fixture::new();
    fixture.write("a.bin", b"\x7fELF\0\0").write("b.txt", b"\xff\xfek\0e\0y\0\r\0\n\0");
    let (collector, stats) = walk(&fixture, &SourceOptions::default());
    assert_eq!(collector.texts(), [("b.txt".to_owned(), "key\r\n".to_owned())]);
    assert_eq!(stats, Stats { files: 1, bytes: 12, binary: 1, ..Stats::default() });
}

#[test]
fn files_over_the_limit_are_reported_and_counted() {
    let fixture = Fixture::new();
    fixture.write("big.txt", "x".repeat(101)).write("fits.txt", "x".repeat(100));
    let options = SourceOptions { max_file_size: 100, ..SourceOptions::default() };
    let (collector, stats) = walk(&fixture, &options);
    assert_eq!(collector.paths(), ["fits.txt"]);
    assert_eq!(collector.problems(), [(DiagnosticKind::TooLarge, "big.txt".to_owned())]);
    assert_eq!(stats.skipped, 1);
}

#[test]
fn a_visitor_that_knows_a_file_is_not_shown_it_again() {
    let fixture = Fixture::new();
    fixture.write("a", "new").write("b", "known");
    let counts = Stats { files: 1, bytes: 5, ..Stats::default() };
    let mut collector = Collector::default();
    collector.known.push(("b".to_owned(), counts));
    let stats = visit_tree(fixture.root(), &SourceOptions::default(), &collector).unwrap();
    assert_eq!(collector.paths(), ["a"]);
    assert_eq!(collector.finished(), [("a".to_owned(), Stats { files: 1, bytes: 3, ..Stats::default() })]);
    assert_eq!(stats, Stats { files: 2, bytes: 8, ..Stats::default() });
}

#[test]
fn standard_input_is_one_file() {
    let collector = Collector::default();
    let stats = visit_stdin(&mut "abc".as_bytes(), "-", &SourceOptions::default(), &collector).unwrap();
    assert_eq!(collector.seen()[0].origin, Origin::Stdin);
    assert_eq!(collector.texts(), [("-".to_owned(), "abc".to_owned())]);
    assert_eq!(stats.files, 1);
}

#[test]
fn a_root_that_is_not_there_is_an_error() {
    let fixture = Fixture::new();
    let error = visit_tree(&fixture.path("gone"), &SourceOptions::default(), &Collector::default());
    assert!(error.unwrap_err().to_string().starts_with("cannot read "));
}
