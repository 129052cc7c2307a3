//! Bad input costs itself and nothing else: a clear message, and the rest of the run whole.

use crate::project::{Project, Ran, github_token, summary};

/// Diagnostics as `kind path`.
fn diagnostics(report: &serde_json::Value) -> Vec<String> {
    let one = |diagnostic: &serde_json::Value| {
        format!(
            "{} {}",
            diagnostic["kind"].as_str().unwrap_or("?"),
            diagnostic["path"].as_str().unwrap_or("-")
        )
    };
    report["diagnostics"].as_array().expect("a list").iter().map(one).collect()
}

fn project_with_a_leak() -> Project {
    let project = Project::new();
    project.write("leak.txt", github_token(1));
    project
}

#[test]
fn invalid_utf8_is_checked_all_the_same() {
    let project = Project::new();
    let mut bytes = vec![0xff, 0xfe, 0xfd, b'\n'];
    bytes.extend(github_token(1).as_bytes());
    project.write("latin.txt", &bytes[1..]);
    assert_eq!(project.findings(&[]), ["github-pat latin.txt:2"]);
}

#[test]
fn utf16_is_decoded_by_its_mark() {
    let project = Project::new();
    let text = format!("first\r\nkey {}\r\n", github_token(1));
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    project.write("windows.txt", bytes);
    assert_eq!(project.findings(&[]), ["github-pat windows.txt:2"]);
}

#[test]
fn a_damaged_archive_is_named_and_the_rest_is_checked() {
    let project = project_with_a_leak();
    project.write("broken.zip", b"PK\x03\x04this is no zip file at all, whatever its first bytes say");
    let report = project.check(&[]);
    assert_eq!(summary(&report["findings"]), ["github-pat leak.txt:1"]);
    assert_eq!(diagnostics(&report), ["bad-archive broken.zip"]);
    assert_eq!(report["run"]["partial"], true);
}

#[test]
fn a_file_over_the_limit_is_counted_and_named() {
    let project = project_with_a_leak();
    project.write("large.txt", "x".repeat(5000));
    let report = project.check(&["--max-file-size", "4KiB"]);
    assert_eq!(diagnostics(&report), ["too-large large.txt"]);
    assert_eq!(report["run"]["stats"]["skipped"], 1);
    assert_eq!(summary(&report["findings"]), ["github-pat leak.txt:1"]);
}

#[cfg(unix)]
#[test]
fn symlinks_are_not_followed_and_loops_are_named() {
    let project = project_with_a_leak();
    std::os::unix::fs::symlink(".", project.path("loop")).unwrap();
    std::os::unix::fs::symlink("/etc", project.path("outside")).unwrap();
    assert_eq!(project.findings(&[]), ["github-pat leak.txt:1"]);
    let followed = project.check(&["--follow"]);
    assert_eq!(summary(&followed["findings"]), ["github-pat leak.txt:1"]);
    assert!(diagnostics(&followed).contains(&"symlink-loop loop".to_owned()), "{followed}");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let project = project_with_a_leak();
    project.write("closed.txt", "x");
    std::fs::set_permissions(project.path("closed.txt"), PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::read(project.path("closed.txt")).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let report = project.check(&[]);
    assert_eq!(diagnostics(&report), ["unreadable closed.txt"]);
    assert_eq!(summary(&report["findings"]), ["github-pat leak.txt:1"]);
}

#[test]
fn a_target_that_is_not_there_cannot_be_checked() {
    let ran = Project::new().run(&["check", "no-such-folder"]).expect(2);
    assert!(ran.err.contains("no-such-folder"), "{}", ran.err);
}

#[test]
fn a_rule_that_does_not_compile_is_named_and_the_others_load() {
    let project = Project::new();
    project.write("rules.toml", "[[rules]]\nid = \"bad\"\nregex = '''(unclosed'''\n\n[[rules]]\nid = \"good\"\nregex = '''needle[0-9]{3}'''\nkeywords = [\"needle\"]\n");
    project.write("a.txt", "needle123");
    let report = project.check(&["--no-builtin", "--rules", "rules.toml"]);
    assert_eq!(summary(&report["findings"]), ["good a.txt:1"]);
    assert_eq!(diagnostics(&report), ["bad-rule rules.toml"]);
    assert!(report["diagnostics"][0]["message"].as_str().unwrap().contains("bad"), "{report}");
}

#[test]
fn a_rule_that_is_too_large_to_compile_is_named() {
    let project = Project::new();
    let vast = "[[rules]]\nid = \"vast\"\nregex = '''tok_((?:[a-z0-9]{1,500}\\.){1,500}x)'''\n";
    project.write("rules.toml", format!("{vast}[[rules]]\nid = \"good\"\nregex = '''^tok'''\n"));
    project.write("a.txt", "tok_abc.x");
    let report = project.check(&["--no-builtin", "--rules", "rules.toml"]);
    assert_eq!(summary(&report["findings"]), ["good a.txt:1"]);
    assert_eq!(diagnostics(&report), ["bad-rule rules.toml"]);
}

#[test]
fn a_rule_file_that_is_no_toml_stops_the_run() {
    let project = Project::new();
    project.write("rules.toml", "[[rules\n");
    let ran = project.run(&["check", "--rules", "rules.toml"]).expect(2);
    assert!(ran.err.contains("rules.toml:1"), "{}", ran.err);
    let missing = project.run(&["check", "--rules", "nowhere.toml"]).expect(2);
    assert!(missing.err.contains("nowhere.toml"), "{}", missing.err);
}

#[test]
fn an_unknown_key_is_named_with_line_and_nearest_name() {
    let project = Project::new();
    project.write("selvedge.toml", "[gate]\nfail-onn = \"high\"\n");
    let ran = project.run(&["check"]).expect(2);
    assert!(ran.err.contains("selvedge.toml:2") && ran.err.contains("`fail-on`"), "{}", ran.err);
}

#[test]
fn mistyped_flags_and_rules_get_the_nearest_name() {
    let project = Project::new();
    let flag = project.run(&["check", "--stagged"]).expect(2);
    assert!(flag.err.contains("--staged"), "{}", flag.err);
    let rule = project.run(&["explain", "github-patt"]).expect(2);
    assert!(rule.err.contains("github-pat"), "{}", rule.err);
    let disabled = project.run(&["check", "--disable", "github-patt"]).expect(2);
    assert!(disabled.err.contains("github-pat"), "{}", disabled.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_no_other_report() {
    let project = project_with_a_leak();
    let ran = project
        .run(&["check", "--format", "json", "--format", "sarif=/dev/full", "--format", "csv=ok.csv"])
        .expect(2);
    assert!(ran.err.contains("/dev/full"), "{}", ran.err);
    assert!(ran.out.contains("github-pat"), "standard output is complete");
    assert!(project.read("ok.csv").contains("github-pat"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_no_verdict() {
    let project = project_with_a_leak();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for format in ["terminal", "json"] {
        let mut command = project.command(&["check", "--format", format]);
        let ran = Ran::of(&command.stdout(full.try_clone().unwrap()).output().unwrap()).expect(2);
        assert!(ran.err.contains("standard output"), "{}", ran.err);
    }
}

#[test]
fn a_report_for_a_missing_folder_is_named() {
    let project = project_with_a_leak();
    let ran = project.run(&["check", "--format", "csv=missing/dir/out.csv"]).expect(2);
    assert!(ran.err.contains("missing/dir/out.csv"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_report_that_cannot_be_written_leaves_the_old_one() {
    let project = project_with_a_leak();
    project.write("out.csv", "the old report");
    // The shell lets no file grow, as on a full disk.
    let check = project.command(&["check", "--no-cache", "--format", "csv=out.csv"]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
    shell.arg(check.get_program()).args(check.get_args()).current_dir(project.root());
    shell.env("SELVEDGE_CACHE_DIR", project.cache());
    let ran = Ran::of(&shell.output().unwrap()).expect(2);
    assert!(ran.err.contains("out.csv"), "{}", ran.err);
    assert_eq!(project.read("out.csv"), "the old report");
    let left = std::fs::read_dir(project.root()).unwrap().count();
    assert_eq!(left, 2, "no half-written file is left");
}

#[test]
fn a_damaged_pack_is_named_and_the_rest_of_the_history_is_checked() {
    let project = Project::git();
    project.write("packed.txt", github_token(2)).commit("packed");
    project.run_git(&["gc", "-q"]);
    let folder = project.path(".git/objects/pack");
    let mut names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let index = names.find(|path| path.extension().is_some_and(|found| found == "idx")).unwrap();
    // Before the damage, since git could not commit after it.
    project.write("loose.txt", github_token(1)).commit("loose");
    std::fs::remove_file(&index).unwrap();
    std::fs::write(&index, b"damaged").unwrap();
    let report = project.check(&["--history"]);
    assert_eq!(summary(&report["findings"]), ["github-pat loose.txt:1"], "{report}");
    assert_eq!(report["run"]["partial"], true);
    let name = index.file_stem().unwrap().to_str().unwrap().to_owned();
    let messages = report["diagnostics"].as_array().unwrap().iter().map(|said| said["message"].to_string());
    assert!(messages.into_iter().any(|message| message.contains(&name)), "{report}");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    use std::process::Stdio;
    let project = Project::new();
    for file in 0..200 {
        project.write(&format!("{file}.txt"), github_token(file));
    }
    let mut child =
        project.command(&["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!(ran.err, "");
    assert_eq!(ran.code, 1, "the verdict stands, whoever reads");
}

#[test]
fn control_characters_in_names_do_not_reach_the_terminal() {
    let project = Project::new();
    project.write("a\u{1b}[31mred.txt", github_token(1));
    let ran = project.run(&["check"]).expect(1);
    assert!(!ran.out.contains('\u{1b}'), "{:?}", ran.out);
}
