//! Every version of every file, each secret told once, where it came first.

use selvedge_gate::PathGlobs;
use selvedge_model::DiagnosticKind;
use selvedge_scan::{Looked, Target};

use crate::support::{Project, RULES, engine_with, places, token};

#[track_caller]
fn check(looked: &Looked, expected: &[&str]) {
    assert_eq!(places(looked), expected, "{:?}", looked.diagnostics);
}

#[test]
fn a_secret_is_told_where_it_came_first() {
    let project = Project::repository();
    project.write("a.txt", "nothing\n");
    project.commit("first");
    project.write("a.txt", format!("nothing\n{}\n", token(1)));
    let second = project.commit("second");
    project.write("a.txt", format!("more\nnothing\n{}\n", token(1)));
    project.commit("moved");
    project.git(&["mv", "a.txt", "b.txt"]);
    project.commit("renamed");
    project.remove("b.txt").write("c.txt", format!("{}\n", token(2)));
    project.commit("removed");
    let looked = project.history();
    check(&looked, &["a.txt:2 acme-token @ second", "c.txt:1 acme-token @ removed"]);
    let commit = looked.findings[0].subject.location().unwrap().commit.clone().unwrap();
    assert_eq!((commit.id.as_str(), commit.author.as_str()), (second.as_str(), "Ada"));
    assert_eq!(
        (commit.email.as_str(), commit.date.as_str()),
        ("someone@example.org", "2020-05-17T10:20:30+02:00")
    );
    assert_eq!((looked.partial, looked.stats.commits), (false, 5));
    project.git(&["gc", "--quiet"]);
    check(&project.history(), &["a.txt:2 acme-token @ second", "c.txt:1 acme-token @ removed"]);
}

#[test]
fn deleted_branches_count_as_long_as_a_tag_leads_to_them() {
    let project = Project::repository();
    project.write("a.txt", "nothing\n");
    project.commit("first");
    for (branch, seed) in [("tagged", 1), ("lost", 2)] {
        project.git(&["switch", "--quiet", "-c", branch, "main"]);
        project.write(&format!("{branch}.txt"), format!("{}\n", token(seed)));
        project.commit(branch);
    }
    project.git(&["tag", "-a", "v1", "-m", "annotated", "tagged"]);
    project.git(&["switch", "--quiet", "main"]);
    project.git(&["branch", "--quiet", "-D", "tagged", "lost"]);
    check(&project.history(), &["tagged.txt:1 acme-token @ tagged"]);
}

#[test]
fn what_a_merge_adds_is_its_own() {
    let project = Project::repository();
    project.write("a.txt", "one\n");
    project.commit("first");
    project.git(&["switch", "--quiet", "-c", "side"]);
    project.write("side.txt", format!("{}\n", token(1)));
    project.commit("side");
    project.git(&["switch", "--quiet", "main"]);
    project.write("a.txt", "two\n");
    project.commit("main goes on");
    project.git(&["merge", "--quiet", "--no-ff", "--no-commit", "side"]);
    project.write("evil.txt", format!("{}\n", token(2)));
    project.commit("merge");
    check(&project.history(), &["evil.txt:1 acme-token @ merge", "side.txt:1 acme-token @ side"]);
}

#[test]
fn a_path_that_is_allowed_hides_only_itself() {
    let rules = RULES.replace(
        "keywords = ['acme_']",
        "keywords = ['acme_']\n[[rules.allowlists]]\npaths = ['''^tests/''']\n",
    );
    let project = Project::repository();
    project.write("tests/a.txt", format!("first {}\n", token(1)));
    project.commit("in tests");
    project.write("src/a.txt", format!("second {}\n", token(1)));
    project.commit("in the source");
    project.write("tests/b.txt", format!("third {}\n", token(2)));
    project.commit("in tests alone");
    let mut run = project.run();
    run.engine = engine_with(&rules, b"key");
    check(&run.look(&Target::History).unwrap(), &["src/a.txt:1 acme-token @ in the source"]);
}

#[test]
fn a_rule_for_some_paths_finds_what_comes_there_later() {
    let rules = RULES.replace("keywords = ['acme_']", "keywords = ['acme_']\npath = '''\\.env$'''");
    let project = Project::repository();
    project.write("a.txt", format!("first {}\n", token(1)));
    project.commit("elsewhere");
    project.write("b.env", format!("second {}\n", token(1)));
    project.commit("here");
    let mut run = project.run();
    run.engine = engine_with(&rules, b"key");
    check(&run.look(&Target::History).unwrap(), &["b.env:1 acme-token @ here"]);
}

#[test]
fn the_very_same_content_is_tried_under_each_of_its_paths() {
    let rules = RULES.replace(
        "keywords = ['acme_']",
        "keywords = ['acme_']\n[[rules.allowlists]]\npaths = ['''^tests/''']\n",
    );
    let project = Project::repository();
    let text = format!("first {}\n", token(1));
    project.write("tests/a.txt", &text).write("docs/a.txt", &text);
    project.commit("in tests and the documentation");
    project.write("other/tests/a.txt", &text);
    project.commit("elsewhere");
    let mut run = project.run();
    run.engine = engine_with(&rules, b"key");
    run.exclude = PathGlobs::parse(["docs/**"]).unwrap();
    let expected = ["other/tests/a.txt:1 acme-token @ elsewhere"];
    check(&run.look(&Target::History).unwrap(), &expected);
    project.git(&["gc", "--quiet"]);
    check(&run.look(&Target::History).unwrap(), &expected);
}

#[test]
fn a_rule_that_judges_by_path_alone_is_asked_about_every_path() {
    let rules = "[[rules]]\nid = 'key-store'\ndescription = 'Key store'\npath = '''\\.p12$'''\n";
    let project = Project::repository();
    project.write("a.txt", "nothing\n");
    project.commit("first");
    project.write("keys/a.p12", b"\0binary").write("excluded/a.p12", b"\0binary");
    let second = project.commit("second");
    project.git(&["archive", "-o", "bundle.zip", "HEAD:keys"]);
    project.git(&["mv", "keys", "moved"]);
    project.commit("moved");
    project.git(&["rm", "-r", "--quiet", "moved"]);
    project.commit("gone");
    let mut run = project.run();
    run.engine = engine_with(rules, b"key");
    run.exclude = PathGlobs::parse(["excluded/**"]).unwrap();
    let looked = run.look(&Target::History).unwrap();
    let expected = [
        "bundle.zip!a.p12:1 key-store @ moved",
        "keys/a.p12:1 key-store @ second",
        "moved/a.p12:1 key-store @ moved",
    ];
    check(&looked, &expected);
    let commit = looked.findings[1].subject.location().unwrap().commit.as_ref().unwrap();
    assert_eq!(commit.id, second);
}

#[test]
fn rules_that_need_each_other_may_be_met_in_pieces_of_different_age() {
    let rules = RULES
        .replace("keywords = ['acme_']", "keywords = ['acme_']\n[[rules.required]]\nid = 'acme-block'\n");
    let project = Project::repository();
    let prose = "a line of prose\n\n".repeat(400);
    let block = "BEGIN ACME\nblock\nEND ACME\n";
    project.write("a.txt", format!("{block}{prose}"));
    project.commit("the block");
    project.write("a.txt", format!("{block}{prose}{}\n", token(1)));
    project.commit("the token");
    let mut run = project.run();
    run.engine = engine_with(&rules, b"key");
    let looked = run.look(&Target::History).unwrap();
    let of_token: Vec<_> = places(&looked).into_iter().filter(|place| place.contains("acme-token")).collect();
    assert_eq!(of_token, ["a.txt:804 acme-token @ the token"]);
}

#[test]
fn inline_ignores_of_the_version_come_with_their_commit() {
    let project = Project::repository();
    project.write("a.py", format!("k = {} # selvedge:ignore acme-token gone\n", token(1)));
    let commit = project.commit("first");
    let looked = project.history();
    check(&looked, &["a.py:1 acme-token @ first"]);
    let ignores: Vec<_> =
        looked.ignores.iter().map(|ignore| (ignore.path.as_str(), ignore.commit.as_deref())).collect();
    assert_eq!(ignores, [("a.py", Some(commit.as_str()))]);
}

#[test]
fn wide_text_and_carriage_returns_are_text() {
    let project = Project::repository();
    let wide: Vec<u8> =
        format!("k\r\nk = {}\r\n", token(1)).encode_utf16().flat_map(u16::to_be_bytes).collect();
    project.write("wide.txt", [b"\xfe\xff".as_slice(), &wide].concat());
    project.commit("first");
    check(&project.history(), &["wide.txt:2 acme-token @ first"]);
}

#[test]
fn a_shallow_clone_is_partial() {
    let project = Project::repository();
    for number in 0..3 {
        project.write("a.txt", "\n".repeat(number as usize) + &token(number));
        project.commit(&number.to_string());
    }
    let clone = Project::new();
    let from = format!("file://{}", project.root().display());
    clone.git(&["clone", "--quiet", "--depth=2", &from, "."]);
    let looked = clone.history();
    check(&looked, &["a.txt:2 acme-token @ 1", "a.txt:3 acme-token @ 2"]);
    assert!(looked.partial);
    let kinds: Vec<_> = looked.diagnostics.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [DiagnosticKind::PartialHistory]);
}

#[test]
fn a_damaged_object_costs_itself_alone() {
    let project = Project::repository();
    project.write("a.txt", format!("{}\n", token(1))).write("b.txt", format!("{}\n", token(2)));
    project.commit("first");
    let id = project.git(&["rev-parse", "HEAD:a.txt"]);
    let object = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
    project.remove(&object).write(&object, b"damaged");
    let looked = project.history();
    check(&looked, &["b.txt:1 acme-token @ first"]);
    assert!(looked.partial);
    assert!(looked.diagnostics.iter().any(|entry| entry.kind == DiagnosticKind::BadObject));
}
