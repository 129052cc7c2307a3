//! What is looked at: trees, staged changes, changes since a revision, history, standard input, archives.

use std::io::Write;
use std::process::Stdio;

use crate::project::{Project, Ran, github_token, summary};

#[test]
fn a_tree_is_checked_with_hidden_files_and_without_ignored_ones() {
    let project = Project::git();
    let token = github_token(1);
    project.write(".env", format!("TOKEN={token}\n"));
    project.write("ignored/a.txt", format!("{}\n", github_token(2)));
    project.write(".gitignore", "ignored/\n");
    assert_eq!(project.findings(&[]), ["github-pat .env:1"]);
    assert_eq!(project.findings(&["--no-ignore"]), ["github-pat .env:1", "github-pat ignored/a.txt:1"]);
    assert_eq!(project.findings(&["--no-hidden"]), Vec::<String>::new());
    assert_eq!(project.findings(&["--exclude", ".env"]), Vec::<String>::new());
}

#[test]
fn paths_are_relative_to_the_project_whatever_the_target() {
    let project = Project::git();
    project.write("src/deep/a.txt", github_token(1));
    let whole = project.check(&[]);
    for target in ["src", "src/deep", "src/deep/a.txt"] {
        let part = project.check(&[target]);
        assert_eq!(part["findings"], whole["findings"], "{target}");
    }
}

#[test]
fn staged_means_the_index_and_its_added_lines() {
    let project = Project::git();
    project.write("old.txt", format!("{}\n", github_token(1))).commit("first");
    project.write("old.txt", format!("{}\nharmless\n", github_token(1)));
    project.write("new.txt", format!("x\n{}\n", github_token(2)));
    project.run_git(&["add", "-A"]);
    project.write("unstaged.txt", github_token(3));
    assert_eq!(project.findings(&["--staged"]), ["github-pat new.txt:2"]);
}

#[test]
fn since_means_what_changed_with_the_working_tree() {
    let project = Project::git();
    project.write("old.txt", format!("{}\n", github_token(1))).commit("first");
    project.write("committed.txt", format!("{}\n", github_token(2))).commit("second");
    project.write("untracked.txt", format!("{}\n", github_token(3)));
    let found = project.findings(&["--since", "HEAD~1"]);
    assert_eq!(found, ["github-pat committed.txt:1", "github-pat untracked.txt:1"]);
    let unknown = project.run(&["check", "--since", "no-such-branch"]).expect(2);
    assert!(unknown.err.contains("no-such-branch"), "{}", unknown.err);
}

#[test]
fn history_finds_what_was_removed_and_says_who_brought_it() {
    let project = Project::git();
    project.write("a.txt", "nothing\n").commit("first");
    project.write("conf/a.txt", format!("nothing\n{}\n", github_token(1))).commit("leak it");
    project.write("conf/a.txt", "nothing\n").commit("remove it");
    assert_eq!(project.findings(&[]), Vec::<String>::new());
    let report = project.check(&["--history"]);
    assert_eq!(summary(&report["findings"]), ["github-pat conf/a.txt:2"]);
    let commit = &report["findings"][0]["subject"]["location"]["commit"];
    assert_eq!(commit["summary"], "leak it");
    assert_eq!(commit["author"], "Ada");
    assert_eq!(commit["date"], "2024-02-03T04:05:06+00:00");
    let id = project.run_git(&["rev-parse", "HEAD~1"]);
    assert_eq!(commit["id"], id.trim());
}

#[test]
fn history_attributes_to_the_earliest_of_many_versions() {
    let project = Project::git();
    let filler =
        (0..400).map(|line| format!("line {line} of a file that grows\n")).collect::<Vec<_>>().concat();
    project.write("a.txt", format!("{filler}{}\n", github_token(1))).commit("leak it");
    for version in 0..5 {
        project.write("a.txt", format!("{version}\n{filler}{}\nmore {version}\n", github_token(1)));
        project.commit("edit");
    }
    project.run_git(&["gc", "-q"]);
    let report = project.check(&["--history"]);
    assert_eq!(summary(&report["findings"]), ["github-pat a.txt:401"]);
    assert_eq!(report["findings"][0]["subject"]["location"]["commit"]["summary"], "leak it");
}

#[test]
fn a_rule_about_names_meets_binary_files_too() {
    let project = Project::new();
    project.write("rules.toml", "[[rules]]\nid = \"key-store\"\npath = '(?i)\\.p12$'\n");
    project.write("cert.p12", b"\x30\x82\x00\x01\x00\x00");
    project.write("text.P12", "hello");
    let found = project.findings(&["--no-builtin", "--rules", "rules.toml"]);
    assert_eq!(found, ["key-store cert.p12:1", "key-store text.P12:1"]);
}

#[test]
fn standard_input_is_checked() {
    let project = Project::new();
    let mut child = project
        .command(&["check", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("a\nb {}\n", github_token(1)).as_bytes()).unwrap();
    let ran = Ran::of(&child.wait_with_output().unwrap()).expect(1);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary(&report["findings"]), ["github-pat <stdin>:2"]);
}

#[test]
fn archives_are_looked_into() {
    let project = Project::new();
    let mut archive = tar_of("inner/config.txt", github_token(1).as_bytes());
    project.write("backup.tar", &archive);
    archive.truncate(700);
    assert_eq!(project.findings(&[]), ["github-pat backup.tar!inner/config.txt:1"]);
    assert_eq!(project.findings(&["--no-archives"]), Vec::<String>::new());
}

/// A tar archive with one file (POSIX ustar).
fn tar_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[136..147].copy_from_slice(b"00000000000");
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[263..265].copy_from_slice(b"00");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let mut archive = header.to_vec();
    archive.extend(content);
    archive.resize(archive.len().div_ceil(512) * 512 + 1024, 0);
    archive
}
