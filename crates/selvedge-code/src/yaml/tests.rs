//! What the reader makes of YAML as rule files use it.

use std::fmt::Write as _;

use super::*;

#[test]
fn keys_and_values_keep_their_lines() {
    let (root, error) = parse("rules:\n- id: a\n  pattern: |\n    foo(...)\n  on: true\n");
    assert_eq!(error, None);
    let root = root.expect("a document");
    let rule = &root.get("rules").and_then(Node::list).expect("a list")[0];
    assert_eq!(rule.get("pattern").and_then(Node::text), Some("foo(...)\n"));
    assert_eq!(rule.map().expect("a map")[1].line, 3);
    assert_eq!(rule.get("on").and_then(Node::bool), Some(true));
}

#[test]
fn what_stands_before_a_mistake_is_kept() {
    let (root, error) = parse("a: 1\nb: [1, 2\nc: {");
    assert!(error.is_some());
    assert_eq!(root.expect("a document").get("a").and_then(Node::text), Some("1"));
}

#[test]
fn nested_aliases_do_not_multiply_without_bound() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", [inner.as_str(); 9].join(", "))
            .expect("a string takes all");
    }
    let (_, error) = parse(&text);
    assert!(error.expect("a limit").message.contains("values"));
}

#[test]
fn merge_keys_give_what_the_map_lacks() {
    let (root, _) = parse("d: &d {a: 1, b: 2}\nm:\n  <<: *d\n  b: 3\n");
    let root = root.expect("a document");
    let map = root.get("m").expect("a map");
    assert_eq!(map.get("a").and_then(Node::text), Some("1"));
    assert_eq!(map.get("b").and_then(Node::text), Some("3"));
}
