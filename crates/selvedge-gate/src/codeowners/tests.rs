//! A file and a path in, owners out. The cases are the facts that both hosts document.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, cases: &[(&str, &str)]) {
    let (owners, notices) = CodeOwners::parse(text, "CODEOWNERS");
    assert!(notices.is_empty(), "{notices:?}");
    for (path, expected) in cases {
        assert_eq!(owners.owners(path).join(" "), *expected, "{path}");
    }
}

#[test]
fn the_last_line_that_matches_decides() {
    let text = "# all\n* @all\n*.js @js # inline @comment\n/build/logs/ @doctocat\ndocs/* docs@example.com\n\
                apps/ @octocat\n/scripts/ @a @b\n**/logs @logs\n/apps/ @apps\n/apps/github\n";
    check(
        text,
        &[
            ("README", "@all"),
            ("x/y/z", "@all"),
            ("src/a.js", "@js"),
            ("build/logs/today", "@logs"),
            ("docs/start.md", "docs@example.com"),
            ("docs/build-app/x.md", "@all"),
            ("x/docs/start.md", "@all"),
            ("x/apps/y", "@octocat"),
            ("scripts/deep/x", "@a @b"),
            ("deeply/nested/logs/x", "@logs"),
            ("apps/x", "@apps"),
            ("apps/github/x", ""),
        ],
    );
}

#[test]
fn a_folder_pattern_at_the_root_stays_there() {
    check("/build/logs/ @x\n", &[("build/logs/a/b", "@x"), ("x/build/logs/a", ""), ("build/logs", "")]);
}

#[test]
fn spaces_are_escaped_and_brackets_are_not_special() {
    check(
        "my\\ folder/ @x\na[b]{c}.txt @y\n",
        &[("my folder/f", "@x"), ("a[b]{c}.txt", "@y"), ("ab.txt", "")],
    );
}

#[test]
fn sections_decide_for_themselves() {
    let text = "* @default\n[Docs] @writers\n*.md\nREADME.md @readme\n^[Database][2] @dba\nmodel/db/\n\
                internal/x.rb @rb\n[docs]\nguide.md @guide\n";
    check(
        text,
        &[
            ("src/main.rb", "@default"),
            ("a/b.md", "@default @writers"),
            ("README.md", "@default @readme"),
            ("app/model/db/t.sql", "@default @dba"),
            ("deep/internal/x.rb", "@default @rb"),
            ("guide.md", "@default @guide"),
        ],
    );
}

#[test]
fn gitlab_excludes_from_a_section() {
    check(
        "[Ruby]\n*.rb @ruby\n!/config/**/*.rb\n/config/routes.rb @late\n",
        &[("a.rb", "@ruby"), ("config/x/a.rb", ""), ("config/routes.rb", "")],
    );
}

#[test]
fn lines_that_are_wrong_are_told() {
    let text = format!("!a @x\n{} @x\n* @all\n", "y".repeat(2000));
    let (owners, notices) = CodeOwners::parse(&text, "CODEOWNERS");
    let messages: Vec<_> = notices.iter().map(|n| format!("{}: {}", n.origin, n.message)).collect();
    assert_eq!(messages[0], "CODEOWNERS:1: GitHub does not know `!` in CODEOWNERS; the line is left out");
    assert!(messages[1].starts_with("CODEOWNERS:2: `yyyy"));
    assert!(
        messages[1]
            .ends_with("…` is not a path pattern: it is longer than 1024 characters; the line is left out")
    );
    assert_eq!(owners.owners("q"), ["@all"]);
}

#[test]
fn thousands_of_lines_compile() {
    let text: Vec<_> = (0..2000).map(|n| format!("/services/s{n}/**/x* @team{n}")).collect();
    let (owners, notices) = CodeOwners::parse(&text.join("\n"), "CODEOWNERS");
    assert!(notices.is_empty());
    assert_eq!(owners.owners("services/s1234/a/xy"), ["@team1234"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), ours in "[\\[\\]\\^!*/\\\\ @a#{},?\n-]{0,60}") {
        for text in [text, ours] {
            let _ = CodeOwners::parse(&text, "CODEOWNERS").0.owners("a/b");
        }
    }
}
