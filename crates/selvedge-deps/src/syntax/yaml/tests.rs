//! Where YAML values stand, how aliases and merge keys are resolved, and what is kept of broken files.

use std::fmt::Write as _;

use super::*;

#[test]
fn every_value_knows_its_bytes_and_line() {
    let text = "é: 1\npackages:\n  /a@1.10:\n    dev: true\n    v: 1.10\n  'b': {c: [x, \"y\"]}\n";
    let document = parse(text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let at = |span: Span| (&text[span.start as usize..span.end as usize], span.line);
    let packages = document.root.get("packages").unwrap();
    assert_eq!(at(packages.entries()[0].key_span), ("/a@1.10", 3));
    assert_eq!(packages.entries()[0].value.text_at("v"), Some("1.10"));
    assert!(packages.entries()[0].value.is_true("dev"));
    assert_eq!(at(packages.entries()[1].key_span), ("'b'", 6));
    assert_eq!(at(packages.at(&["b", "c"]).unwrap().items()[1].span), ("\"y\"", 6));
}

#[test]
fn aliases_and_merge_keys_are_resolved() {
    let document = parse("base: &b {image: x, tag: 1}\nuse:\n  <<: *b\n  tag: 2\nsame: *b\n");
    let root = &document.root;
    assert_eq!(root.at(&["use", "image"]).and_then(Node::text), Some("x"));
    assert_eq!(root.at(&["use", "tag"]).and_then(Node::text), Some("2"));
    assert_eq!(root.at(&["same", "tag"]).and_then(Node::text), Some("1"));
}

#[test]
fn nothing_and_null_are_null_unless_quoted() {
    let document = parse("a:\nb: null\nc: 'null'\nd: ~");
    let kinds: Vec<bool> = document.root.entries().iter().map(|entry| entry.value.is_null()).collect();
    assert_eq!(kinds, [true, true, false, true]);
}

#[test]
fn aliases_that_multiply_are_stopped() {
    let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..20 {
        let items = vec![format!("*a{}", level - 1); 10].join(",");
        writeln!(text, "a{level}: &a{level} [{items}]").unwrap();
    }
    let document = parse(&text);
    assert!(document.errors[0].message.contains("too many values"), "{:?}", document.errors);
}

#[test]
fn what_stands_before_a_mistake_is_kept() {
    let document = parse("a:\n  b: 1\nc: [x\nd: }\n");
    assert_eq!(document.root.at(&["a", "b"]).and_then(Node::text), Some("1"));
    assert_eq!(document.errors.len(), 1);
    assert!(document.errors[0].line >= 3, "{:?}", document.errors);
}

#[test]
fn deep_nesting_is_refused() {
    assert!(!parse(&"[".repeat(100_000)).errors.is_empty());
    assert!(!parse(&"- ".repeat(100_000)).errors.is_empty());
}

#[test]
fn every_document_is_read() {
    assert_eq!(parse_all("a: 1\n---\nb: 2\n").len(), 2);
    assert_eq!(parse_all("").len(), 0);
}
