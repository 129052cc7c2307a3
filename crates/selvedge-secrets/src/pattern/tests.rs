//! Patterns in Go's spelling match what Go would match.

use super::{Pattern, go};

#[track_caller]
fn check(pattern: &str, text: &str, expected: Option<&str>) {
    let compiled = Pattern::new(pattern).expect("the pattern parses");
    let found = compiled.captures(text.as_bytes());
    assert_eq!(found.first().and_then(Clone::clone).map(|span| &text[span]), expected, "{pattern}");
}

#[test]
fn bare_braces_are_literal() {
    check(r"^\{\{[ \t]*[\w ().|]+[ \t]*}}$", "{{ x }}", Some("{{ x }}"));
    check(r"^\$(?:\d+|{\d+})$", "${12}", Some("${12}"));
    check(r"^\${(?:[A-Z_]+)}$", "${HOME}", Some("${HOME}"));
    check(r"a{2}", "caab", Some("aa"));
    check(r"a{,2}", "a{,2}", Some("a{,2}"));
    check(r"x{1,2}{", "xx{", Some("xx{"));
}

#[test]
fn classes_are_read_as_go_reads_them() {
    check(r"[[a]+", "b[a[", Some("[a["));
    check(r"[a&&b]+", "a&b", Some("a&b"));
    check(r"[]x]+", "x]", Some("x]"));
    check(r"[[:alpha:]]+", "12ab", Some("ab"));
    check(r"\s", "\u{b}", None);
    check(r"[\s]", "\u{b}", None);
    check(r"\w+", "é", None);
}

#[test]
fn quoting_and_angle_escapes() {
    check(r"\Qa.b\E+", "axb a.bb", Some("a.bb"));
    check(r"\<a\>", "<a>", Some("<a>"));
}

#[test]
fn mistakes_are_reported_not_panicked() {
    for bad in ["(", "[a", r"\", "(?P<>x)", "[z-a]"] {
        assert!(Pattern::new(bad).is_err(), "{bad} -> {}", go::translate(bad));
    }
    assert!(Pattern::new(&"(".repeat(100_000)).is_err());
    assert!(Pattern::new(&format!("{}{}", "(".repeat(5_000), ")".repeat(5_000))).is_err());
}

#[test]
fn a_pattern_over_the_size_limit_is_refused() {
    for vast in ["((a{1000}){1000}){10}", r"(?:[a-z0-9]{1,500}\.){1,500}x"] {
        assert!(matches!(Pattern::new(vast), Err(crate::PatternError::TooLarge)), "{vast}");
    }
    assert!(Pattern::new(r"[\s\S]{64,4096}").is_ok());
}
