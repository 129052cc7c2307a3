//! The conditions of rules and allowlists, one by one.

use crate::support::{found, scanner};

#[track_caller]
fn check(pack: &str, path: Option<&str>, text: &str, expected: &[&str]) {
    assert_eq!(found(&scanner(pack), path, text), expected);
}

#[test]
fn the_secret_is_the_first_group_that_holds_something() {
    let pack = "[[rules]]\nid='r'\nregex='''key=(?:(a+)|(b+))'''\nkeywords=['key']\n";
    check(pack, Some("f"), "key=bbb key=aa", &["r:bbb", "r:aa"]);
}

#[test]
fn the_secret_group_is_the_one_named() {
    let pack = "[[rules]]\nid='r'\nregex='''(k)ey=(b+)'''\nsecretGroup=2\nkeywords=['key']\n";
    check(pack, Some("f"), "KEY=bbb key=bb", &["r:bb"]);
}

#[test]
fn a_keyword_anywhere_in_the_text_opens_the_rule() {
    let pack = "[[rules]]\nid='r'\nregex='''\\d{6}'''\nkeywords=['Acme']\n";
    check(pack, Some("f"), "123456", &[]);
    check(pack, Some("f"), "123456 ... ACME", &["r:123456"]);
}

#[test]
fn a_keyword_that_the_pattern_does_not_hold_is_still_needed() {
    let pack = "[[rules]]\nid='r'\nregex='''tok_[a-z]{4}'''\nkeywords=['acme']\n";
    check(pack, Some("f"), "tok_abcd", &[]);
    check(pack, Some("f"), "Acme tok_abcd", &["r:tok_abcd"]);
}

#[test]
fn entropy_at_the_threshold_discards() {
    let pack = "[[rules]]\nid='r'\nregex='''k_[a-z]{2}'''\nentropy=2.0\n";
    check(pack, Some("f"), "k_ab", &[]);
    check(&pack.replace("2.0", "1.99"), Some("f"), "k_ab", &["r:k_ab"]);
}

#[test]
fn allowlists_by_path_regex_and_stopword() {
    let pack =
        |list: &str| format!("[[rules]]\nid='r'\nregex='''k_([a-z]+)'''\n[[rules.allowlists]]\n{list}\n");
    check(&pack("paths=['test/']"), Some("test/a"), "k_abc", &[]);
    check(&pack("paths=['test/']"), None, "k_abc", &["r:abc"]);
    check(&pack("regexes=['^a']"), Some("f"), "k_abc k_bcd", &["r:bcd"]);
    check(&pack("regexes=['^k_a']\nregexTarget='match'"), Some("f"), "k_abc k_bcd", &["r:bcd"]);
    check(&pack("regexes=['fake']\nregexTarget='line'"), Some("f"), "k_abc fake\nk_bcd\n", &["r:bcd"]);
    check(&pack("stopwords=['BC']"), Some("f"), "k_abc k_xyz", &["r:xyz"]);
    let both = "condition='AND'\npaths=['test/']\nregexes=['^a']";
    check(&pack(both), Some("src/a"), "k_abc", &["r:abc"]);
    check(&pack(both), Some("test/a"), "k_abc k_bcd", &["r:bcd"]);
    check(&pack("condition='AND'\npaths=['test/']"), Some("test/a"), "k_abc", &[]);
}

#[test]
fn global_allowlists_and_targets() {
    let rules = "[[rules]]\nid='a'\nregex='''k_(\\w+)'''\n[[rules]]\nid='b'\nregex='''j_(\\w+)'''\n";
    check(&format!("{rules}[allowlist]\nregexes=['^x']"), Some("f"), "k_x j_x k_y", &["a:y"]);
    let targeted = format!("{rules}[[allowlists]]\ntargetRules=['a']\nregexes=['^x']");
    check(&targeted, Some("f"), "k_x j_x", &["b:x"]);
    check(&format!("{rules}[allowlist]\npaths=['^vendor/']"), Some("vendor/f"), "k_y", &[]);
}

#[test]
fn a_generic_rule_yields_on_the_same_line() {
    let pack =
        "[[rules]]\nid='generic-key'\nregex='''key=(\\w+)'''\n[[rules]]\nid='acme'\nregex='''acme_\\w+'''\n";
    check(pack, Some("f"), "key=acme_1", &["acme:acme_1"]);
    check(pack, Some("f"), "key=other\nacme_1", &["generic-key:other", "acme:acme_1"]);
    check(pack, None, "key=acme_1", &["generic-key:acme_1", "acme:acme_1"]);
}

#[test]
fn path_rules() {
    let pack = "[[rules]]\nid='file'\npath='''\\.p12$'''\n[[rules]]\nid='both'\npath='''\\.env$'''\nregex='''k_\\w+'''\n";
    check(pack, Some("a.p12"), "k_x", &["file:"]);
    check(pack, Some("a.env"), "k_x", &["both:k_x"]);
    check(pack, Some("a.txt"), "k_x", &[]);
    check(pack, None, "k_x", &["both:k_x"]);
}

#[test]
fn required_rules_must_be_near() {
    let pack = |limit: &str| {
        format!(
            "[[rules]]\nid='main'\nregex='''main_\\w+'''\n[[rules.required]]\nid='aux'\n{limit}\n[[rules]]\nid='aux'\nregex='''aux_\\w+'''\nskipReport=true\n"
        )
    };
    check(&pack(""), Some("f"), "main_1", &[]);
    check(&pack(""), Some("f"), "main_1\n\n\naux_1", &["main:main_1"]);
    check(&pack("withinLines=2"), Some("f"), "main_1\n\n\naux_1", &[]);
    check(&pack("withinLines=3"), Some("f"), "main_1\n\n\naux_1", &["main:main_1"]);
    check(&pack("withinColumns=4"), Some("f"), "main_1 aux_1", &[]);
}

#[test]
fn newlines_around_a_match_are_no_part_of_the_secret() {
    let pack = "[[rules]]\nid='r'\nregex='''\\nk_[a-z]+(?:\\n|$)'''\n";
    check(pack, Some("f"), "x\nk_abc\ny", &["r:k_abc"]);
}

#[test]
fn an_allow_comment_is_noted_not_lost() {
    let scanner = scanner("[[rules]]\nid='r'\nregex='''k_[a-z]+'''\n");
    let text = b"k_abc # gitleaks:allow\nk_bcd\n";
    let hits = scanner.scan(Some("f"), text, &mut Vec::new());
    let allowed: Vec<_> = hits.iter().map(|hit| hit.allowed).collect();
    assert_eq!(allowed, [Some("gitleaks:allow"), None]);
}

#[test]
fn too_many_matches_are_cut_and_told() {
    let scanner = scanner("[[rules]]\nid='r'\nregex='''k_'''\n");
    let mut diagnostics = Vec::new();
    let hits = scanner.scan(Some("f"), "k_".repeat(30_000).as_bytes(), &mut diagnostics);
    assert!(hits.len() <= 20_000);
    assert_eq!(diagnostics[0].to_string(), "f: rule `r` matches more than 10000 times; the rest is not told");
}
