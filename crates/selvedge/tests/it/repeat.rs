//! The same input gives the same bytes.

use crate::project::{Project, github_token};

fn project() -> Project {
    let project = Project::git();
    for file in 0..60 {
        project.write(
            &format!("d{}/f{file}.txt", file % 7),
            format!("{}\n\n{}\n", github_token(file), github_token(3)),
        );
    }
    project.commit("all");
    project
}

#[test]
fn threads_do_not_change_a_byte() {
    let project = project();
    for format in ["terminal", "json", "sarif", "html", "csv", "junit", "gitlab-secrets"] {
        let one = project.run(&["check", "--format", format, "--threads", "1", "--no-cache"]);
        let many = project.run(&["check", "--format", format, "--threads", "8", "--no-cache"]);
        assert_eq!(without_time(&one.out), without_time(&many.out), "{format}");
    }
}

#[test]
fn history_does_not_depend_on_threads() {
    let project = project();
    let one = project.run(&["check", "--history", "--format", "json", "--threads", "1"]);
    let many = project.run(&["check", "--history", "--format", "json", "--threads", "8"]);
    assert_eq!(one.out, many.out);
}

#[test]
fn the_cache_does_not_change_a_byte() {
    let project = project();
    let fresh = project.run(&["check", "--format", "json", "--no-cache"]);
    for _ in 0..2 {
        assert_eq!(project.run(&["check", "--format", "json"]).out, fresh.out);
    }
}

/// The terminal's summary ends with the time taken, the one thing that may differ.
fn without_time(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let cut = line.rfind(" in ").filter(|at| line[*at..].ends_with('s')).unwrap_or(line.len());
        kept.push_str(&line[..cut]);
        kept.push('\n');
    }
    kept
}
