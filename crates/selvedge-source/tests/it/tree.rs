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

#[test]
fn ignored_files_that_git_tracks_are_looked_at() {
    let fixture = Fixture::repository();
    fixture.write(".gitignore", "*.env\n").write("dir/prod.env", "K=1").write("other.env", "K=2");
    fixture.git(&["add", "--force", ".gitignore", "dir/prod.env"]);
    assert_eq!(walk(&fixture, &SourceOptions::default()).0.paths(), [".gitignore", "dir/prod.env"]);
    let collector = Collector::default();
    visit_tree(&fixture.path("dir"), &SourceOptions::default(), &collector).unwrap();
    assert_eq!(collector.paths(), ["prod.env"]);
}

#[test]
fn a_mistake_in_an_ignore_file_is_reported_with_its_line() {
    let fixture = Fixture::new();
    fixture.write("dir/.gitignore", "ok\n{bad\n").write("dir/ok", "").write("dir/b", "");
    let (collector, stats) = walk(&fixture, &SourceOptions::default());
    assert_eq!(collector.paths(), ["dir/.gitignore", "dir/b"]);
    let diagnostics = collector.diagnostics();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].kind, DiagnosticKind::BadConfig);
    assert_eq!((diagnostics[0].path.as_deref(), diagnostics[0].line), (Some("dir/.gitignore"), Some(2)));
    assert_eq!(stats.skipped, 0);
}

#[test]
fn a_run_that_is_cancelled_ends() {
    let fixture = Fixture::new();
    fixture.write("a", "1").write("b", "2");
    let options = SourceOptions::default();
    options.cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(walk(&fixture, &options).1, Stats::default());
}

#[test]
fn a_large_file_and_many_small_ones_share_the_memory() {
    let fixture = Fixture::new();
    fixture.write("large", vec![b'x'; 32 << 20]);
    for n in 0..40 {
        fixture.write(&format!("small{n}"), "x".repeat(1000 * n));
    }
    let (collector, stats) = walk(&fixture, &SourceOptions { threads: 4, ..SourceOptions::default() });
    assert_eq!(stats.files, 41);
    assert_eq!(collector.seen().iter().map(|seen| seen.bytes.len()).max(), Some(32 << 20));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::fs::{self, Permissions};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn following() -> SourceOptions {
        SourceOptions { follow_links: true, ..SourceOptions::default() }
    }

    #[test]
    fn links_are_followed_only_when_asked_and_never_out_of_the_root() {
        let outside = Fixture::new();
        outside.write("secret", "1");
        let fixture = Fixture::new();
        fixture.write("real/a", "1");
        symlink("real", fixture.path("dir")).unwrap();
        symlink("real/a", fixture.path("file")).unwrap();
        symlink(outside.root(), fixture.path("out-dir")).unwrap();
        symlink(outside.path("secret"), fixture.path("out-file")).unwrap();
        let (collector, stats) = walk(&fixture, &SourceOptions::default());
        assert_eq!(collector.paths(), ["real/a"]);
        assert_eq!(stats.skipped, 0);
        let (collector, stats) = walk(&fixture, &following());
        assert_eq!(collector.paths(), ["dir/a", "file", "real/a"]);
        let problem = |path: &str| (DiagnosticKind::SymlinkLoop, path.to_owned());
        assert_eq!(collector.problems(), [problem("out-dir"), problem("out-file")]);
        assert_eq!(stats.skipped, 2);
    }

    #[test]
    fn loops_of_links_end_and_are_reported() {
        let fixture = Fixture::new();
        fixture.write("dir/a", "1");
        symlink("..", fixture.path("dir/up")).unwrap();
        symlink("self", fixture.path("self")).unwrap();
        let (collector, _) = walk(&fixture, &following());
        assert_eq!(collector.paths(), ["dir/a"]);
        assert!(collector.problems().iter().all(|(kind, _)| *kind == DiagnosticKind::SymlinkLoop));
        let paths: Vec<_> = collector.problems().into_iter().map(|(_, path)| path).collect();
        assert_eq!(paths, ["dir/up", "self"]);
    }

    #[test]
    fn links_between_directories_full_of_links_do_not_multiply() {
        let fixture = Fixture::new();
        for level in 0..12 {
            fixture.write(&format!("d{level}/file"), "1");
            for link in ["x", "y", "z"] {
                symlink(format!("../d{}", level + 1), fixture.path(&format!("d{level}/{link}"))).unwrap();
            }
        }
        fixture.write("d12/file", "1");
        let (collector, _) = walk(&fixture, &following());
        assert_eq!(collector.paths().len(), 13 + 12 * 3);
    }

    #[test]
    fn unreadable_files_and_directories_are_reported() {
        let fixture = Fixture::new();
        fixture.write("closed", "1").write("locked/inner", "2").write("open", "3");
        fs::set_permissions(fixture.path("closed"), Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(fixture.path("locked"), Permissions::from_mode(0o000)).unwrap();
        // The superuser reads everything.
        let superuser = fs::read(fixture.path("closed")).is_ok();
        let (collector, stats) = walk(&fixture, &SourceOptions::default());
        fs::set_permissions(fixture.path("locked"), Permissions::from_mode(0o700)).unwrap();
        if superuser {
            assert_eq!(collector.paths(), ["closed", "locked/inner", "open"]);
            return;
        }
        assert_eq!(collector.paths(), ["open"]);
        let problem = |path: &str| (DiagnosticKind::Unreadable, path.to_owned());
        assert_eq!(collector.problems(), [problem("closed"), problem("locked")]);
        assert_eq!(stats.skipped, 2);
    }

    #[test]
    fn names_that_are_not_utf8_are_shown_as_well_as_can_be() {
        let fixture = Fixture::new();
        let name = OsStr::from_bytes(b"caf\xe9.txt");
        if fs::write(fixture.root().join(name), "1").is_err() {
            return; // The file system only takes UTF-8.
        }
        let (collector, _) = walk(&fixture, &SourceOptions::default());
        assert_eq!(collector.paths(), ["caf\u{fffd}.txt"]);
    }

    #[test]
    fn a_file_that_vanishes_after_it_was_listed_is_reported() {
        use std::path::PathBuf;

        use selvedge_model::Diagnostic;
        use selvedge_source::{File, Stamp, Visitor};

        /// Deletes each file when asked whether it is known.
        struct Remover(PathBuf, Collector);
        impl Visitor for Remover {
            fn known(&self, path: &str, _stamp: &Stamp) -> Option<Stats> {
                fs::remove_file(self.0.join(path)).unwrap();
                None
            }
            fn visit(&self, file: &File<'_>) {
                self.1.visit(file);
            }
            fn diagnose(&self, diagnostic: Diagnostic) {
                self.1.diagnose(diagnostic);
            }
        }
        let fixture = Fixture::new();
        fixture.write("a", "1");
        let remover = Remover(fixture.root().to_owned(), Collector::default());
        let stats = visit_tree(fixture.root(), &SourceOptions::default(), &remover).unwrap();
        assert_eq!(remover.1.problems(), [(DiagnosticKind::Vanished, "a".to_owned())]);
        assert_eq!(stats, Stats { skipped: 1, ..Stats::default() });
    }

    #[test]
    fn pipes_and_sockets_in_a_tree_are_left_alone() {
        let fixture = Fixture::new();
        let _listener = std::os::unix::net::UnixListener::bind(fixture.path("socket")).unwrap();
        fixture.write("a", "1");
        assert_eq!(walk(&fixture, &SourceOptions::default()).0.paths(), ["a"]);
    }
}

mod parallel {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn many_threads_see_what_one_sees(
            files in prop::collection::btree_map("[ab]{1,2}(/[abc]{1,2}){0,3}/[f-i]{1,3}", prop::collection::vec(any::<u8>(), 0..40), 0..40),
            ignored in prop::collection::vec("[abf*]{1,3}", 0..3),
        ) {
            let fixture = Fixture::new();
            for (name, content) in &files {
                fixture.write(name, content);
            }
            fixture.write(".gitignore", ignored.join("\n"));
            let with = |threads| {
                let (collector, stats) = walk(&fixture, &SourceOptions { threads, ..SourceOptions::default() });
                (collector.seen(), collector.finished(), collector.diagnostics(), stats)
            };
            prop_assert_eq!(with(1), with(4));
        }
    }
}
